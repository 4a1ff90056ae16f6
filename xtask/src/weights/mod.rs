//! `cargo xtask weights`: measures what the calls of each pallet cost.
//!
//! frame-omni-bencher runs the benchmarks inside the runtime's own Wasm, built with the feature
//! `runtime-benchmarks`, and writes one Rust file per pallet.

mod table;

use crate::{
	build,
	environment::Environment,
	paths::Paths,
	process::{capture, run_step},
	setup::{self, Needs},
};
use anyhow::{bail, Context, Result};
use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
};

/// Where the results go, from the root of the repository.
const OUTPUT: &str = "runtime/src/weights";

/// The page that shows them all, from the root of the repository.
const PAGE: &str = "docs/weights.md";

/// How the results are written.
const TEMPLATE: &str = "xtask/weights.hbs";

/// The genesis preset of the runtime on which the benchmarks run.
const PRESET: &str = "development";

/// Pallets whose benchmarks measure something else than the calls of their own `WeightInfo`: checks
/// of equivocation proofs and the handling of offences, which other pallets charge for.
const NO_WEIGHTS: [&str; 3] = ["pallet_babe", "pallet_grandpa", "pallet_offences"];

/// What to measure, and how thoroughly.
#[derive(clap::Args)]
pub(crate) struct Options {
	/// Measure these pallets only, for example `pallet_balances`; all without it.
	#[arg(long = "pallet")]
	pallets: Vec<String>,
	/// How many values of each parameter to measure.
	#[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..))]
	steps: u32,
	/// How often to measure each value.
	#[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
	repeat: u32,
}

/// Installs the bencher, builds the runtime with benchmarks and writes the weights.
pub(crate) fn run(paths: &Paths, options: &Options) -> Result<()> {
	let environment = setup::prepare(paths, Needs::BUILD)?;
	setup::libclang::require()?;
	setup::FRAME_OMNI_BENCHER.require(&environment, paths)?;
	let runtime = build::benchmark_runtime(&environment, paths)?;
	let bencher = Bencher { environment: &environment, paths, runtime };
	let known = bencher.pallets()?;
	let selected = select(&known, &options.pallets)?;
	let folder = paths.root.join(OUTPUT);
	fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
	let mut failed = Vec::new();
	for (number, pallet) in selected.iter().enumerate() {
		let title = format!("Measuring {pallet} ({} of {})", number + 1, selected.len());
		// One pallet's failure does not cost the hours of the others.
		if let Err(error) = run_step(&title, "1 to 30 min", &mut bencher.measure(pallet, options)) {
			eprintln!("error: {error:#}");
			failed.push(pallet.as_str());
		}
	}
	write_index(&folder)?;
	table::write(&folder, &paths.root.join(PAGE))?;
	if !failed.is_empty() {
		bail!("not measured, see above; their files are as they were: {}", failed.join(", "));
	}
	Ok(())
}

/// The measuring program, about to run on one runtime.
struct Bencher<'a> {
	environment: &'a Environment,
	paths: &'a Paths,
	runtime: PathBuf,
}

impl Bencher<'_> {
	fn command(&self) -> Command {
		let mut command = self.environment.command(setup::FRAME_OMNI_BENCHER.program(self.paths));
		command
			.args(["v1", "benchmark", "pallet", "--runtime"])
			.arg(&self.runtime)
			.args(["--genesis-builder-preset", PRESET]);
		command
	}

	/// The pallets of the runtime that have weights to measure.
	fn pallets(&self) -> Result<Vec<String>> {
		let listed = capture(self.command().args(["--all", "--list=pallets", "--no-csv-header"]))?;
		let pallets: Vec<_> = listed
			.lines()
			.map(str::trim)
			.filter(|line| !line.is_empty() && !NO_WEIGHTS.contains(line))
			.map(str::to_owned)
			.collect();
		if pallets.is_empty() {
			bail!("the runtime lists no pallet with benchmarks");
		}
		Ok(pallets)
	}

	/// Measures one pallet. Each runs on its own, so that an interrupted run keeps what it has.
	fn measure(&self, pallet: &str, options: &Options) -> Command {
		let mut command = self.command();
		command
			.args(["--pallet", pallet, "--extrinsic", "*"])
			.args(["--steps", &options.steps.to_string(), "--repeat", &options.repeat.to_string()])
			// A chain of its own has no proofs of storage that would have to be recorded.
			.arg("--disable-proof-recording")
			.args(["--quiet", "--template", TEMPLATE])
			// A folder: pallets with several instances get one file per instance.
			.args(["--output", OUTPUT]);
		command
	}
}

/// The wanted pallets, all of them when none is named.
fn select(known: &[String], wanted: &[String]) -> Result<Vec<String>> {
	if wanted.is_empty() {
		return Ok(known.to_vec());
	}
	wanted
		.iter()
		.map(|name| {
			// Crates are called with `-`, the runtime's list has `_`.
			let name = name.replace('-', "_");
			if known.contains(&name) {
				return Ok(name);
			}
			bail!("no benchmarks for `{name}`; the runtime has them for: {}", known.join(", "))
		})
		.collect()
}

/// Writes the `mod.rs` that declares every file of the folder.
fn write_index(folder: &Path) -> Result<()> {
	let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
	let mut modules = Vec::new();
	for entry in entries {
		let name = entry?.file_name().to_string_lossy().into_owned();
		modules.extend(name.strip_suffix(".rs").filter(|name| *name != "mod").map(str::to_owned));
	}
	let index = folder.join("mod.rs");
	fs::write(&index, index_text(modules)).with_context(|| format!("writing {}", index.display()))
}

fn index_text(mut modules: Vec<String>) -> String {
	modules.sort();
	let declared: String = modules.iter().map(|name| format!("pub mod {name};\n")).collect();
	format!(
		"//! Measured weights, one module per pallet.\n//!\n\
		 //! @generated by `cargo xtask weights`; edits would be lost.\n\n{declared}"
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn names(names: &[&str]) -> Vec<String> {
		names.iter().map(|name| (*name).to_owned()).collect()
	}

	#[test]
	fn should_select_all_pallets_or_those_named() {
		let known = names(&["frame_system", "pallet_balances"]);
		assert_eq!(select(&known, &[]).unwrap(), known);
		assert_eq!(
			select(&known, &names(&["pallet-balances"])).unwrap(),
			names(&["pallet_balances"])
		);
		let error = select(&known, &names(&["pallet_jobs"])).unwrap_err().to_string();
		assert!(error.contains("`pallet_jobs`") && error.contains("frame_system"), "{error}");
	}

	#[test]
	fn should_declare_modules_in_order() {
		let text = index_text(names(&["pallet_balances", "frame_system"]));
		assert!(text.ends_with("\n\npub mod frame_system;\npub mod pallet_balances;\n"), "{text}");
	}
}
