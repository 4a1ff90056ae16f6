//! The page of all measured weights, for people who ask what a call costs.

use anyhow::{bail, Context, Result};
use std::{fmt::Write, fs, path::Path};

const INTRODUCTION: &str = "# Weights

What the calls of each pallet cost, as measured by frame-omni-bencher in the runtime's own Wasm. Written by `cargo xtask weights`;
edits would be lost. The runtime uses the same figures, from `runtime/src/weights/`.

Execution is in microseconds on the machine that each file names, without the database; a letter stands for the call's parameter of
that name, as the pallet's benchmarks define it. Proof is the size of the storage that is read, by its bounds. One block has
2,000,000 microseconds, of which three quarters are for ordinary calls.
";

/// Writes the page from the files of weights in `folder`.
pub(super) fn write(folder: &Path, page: &Path) -> Result<()> {
	let mut files = Vec::new();
	for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
		let path = entry?.path();
		let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
		if path.extension().is_some_and(|extension| extension == "rs") && name != "mod" {
			files.push((name, path));
		}
	}
	files.sort();
	let mut text = INTRODUCTION.to_owned();
	for (pallet, path) in files {
		let source =
			fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
		let calls = calls(&source).with_context(|| format!("in {}", path.display()))?;
		section(&mut text, &pallet, &calls)?;
	}
	fs::write(page, text).with_context(|| format!("writing {}", page.display()))
}

fn section(text: &mut String, pallet: &str, calls: &[Call]) -> Result<()> {
	writeln!(text, "\n## `{pallet}`\n")?;
	writeln!(text, "| call | execution, µs | proof, bytes | reads | writes |")?;
	writeln!(text, "| --- | --- | --- | --- | --- |")?;
	for Call { name, execution, proof, reads, writes } in calls {
		let execution = execution.text(|picoseconds| {
			// Slopes are often a few nanoseconds.
			let digits = if picoseconds < 10_000_000 { 3 } else { 1 };
			format!("{:.digits$}", picoseconds as f64 / 1e6)
		});
		let [proof, reads, writes] = [proof, reads, writes].map(|sum| sum.text(|n| n.to_string()));
		writeln!(text, "| `{name}` | {execution} | {proof} | {reads} | {writes} |")?;
	}
	Ok(())
}

/// A figure that may grow with the parameters of a call.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
	base: u64,
	slopes: Vec<(String, u64)>,
}

impl Sum {
	fn text(&self, number: impl Fn(u64) -> String) -> String {
		let mut text = number(self.base);
		for (parameter, slope) in self.slopes.iter().filter(|(_, slope)| *slope > 0) {
			text += &format!(" + {} {parameter}", number(*slope));
		}
		text
	}
}

/// What a call costs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Call {
	name: String,
	execution: Sum,
	proof: Sum,
	reads: Sum,
	writes: Sum,
}

/// Reads what `xtask/weights.hbs` writes; any other form is an error.
fn calls(source: &str) -> Result<Vec<Call>> {
	let mut calls: Vec<Call> = Vec::new();
	for line in source.lines().map(str::trim) {
		if let Some(signature) = line.strip_prefix("fn ") {
			let name = signature.split('(').next().unwrap_or_default().to_owned();
			calls.push(Call { name, ..Call::default() });
			continue;
		}
		let Some(call) = calls.last_mut() else { continue };
		let numbers = numbers(line);
		let parameter = parameter(line);
		if line.starts_with("Weight::from_parts(") {
			[call.execution.base, call.proof.base] = pair(&numbers, line)?;
		} else if line.starts_with(".saturating_add(Weight::from_parts(") {
			let parameter = parameter.with_context(|| format!("no parameter in {line:?}"))?;
			let [execution, proof] = pair(&numbers, line)?;
			call.execution.slopes.push((parameter.clone(), execution));
			call.proof.slopes.push((parameter, proof));
		} else if line.starts_with(".saturating_add(T::DbWeight::get().") {
			let sum = if line.contains(".reads(") { &mut call.reads } else { &mut call.writes };
			let [number] = numbers[..] else { bail!("not one number in {line:?}") };
			match parameter {
				Some(parameter) => sum.slopes.push((parameter, number)),
				None => sum.base = number,
			}
		} else if line.starts_with('.') {
			bail!("an unknown form: {line:?}");
		}
	}
	Ok(calls)
}

fn pair(numbers: &[u64], line: &str) -> Result<[u64; 2]> {
	numbers.try_into().ok().with_context(|| format!("not two numbers in {line:?}"))
}

/// Literals; `_` within and types behind them are passed over.
fn numbers(line: &str) -> Vec<u64> {
	line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
		.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
		.filter_map(|word| word.trim_end_matches("_u64").replace('_', "").parse().ok())
		.collect()
}

/// What a slope is multiplied with: `.saturating_mul(n.into())`.
fn parameter(line: &str) -> Option<String> {
	let (_, rest) = line.split_once(".saturating_mul(")?;
	rest.split_once(".into()").map(|(parameter, _)| parameter.to_owned())
}

#[cfg(test)]
mod tests {
	use super::*;

	const SOURCE: &str = "\
	/// Storage: `X::Y` (r:1 w:1)
	fn submit(t: u32, _w: u32, ) -> Weight {
		Weight::from_parts(41_000_000, 3593)
			// Standard error: 1_204
			.saturating_add(Weight::from_parts(5_120, 0).saturating_mul(t.into()))
			.saturating_add(Weight::from_parts(0, 64).saturating_mul(t.into()))
			.saturating_add(T::DbWeight::get().reads(5))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(t.into())))
			.saturating_add(T::DbWeight::get().writes(3))
	}
	fn poke() -> Weight {
		Weight::from_parts(1_500_000, 0)
	}
";

	#[test]
	fn should_read_what_the_template_writes() {
		let calls = calls(SOURCE).expect("a known form");
		let mut text = String::new();
		section(&mut text, "pallet_jobs", &calls).expect("text");
		let rows: Vec<_> = text.lines().skip(5).collect();
		assert_eq!(
			rows,
			[
				"| `submit` | 41.0 + 0.005 t | 3593 + 64 t | 5 + 2 t | 3 |",
				"| `poke` | 1.500 | 0 | 0 | 0 |",
			]
		);
	}

	#[test]
	fn should_refuse_a_form_that_it_does_not_know() {
		let source = "fn f() -> Weight {\n\tWeight::zero()\n\t.mul(2)\n}\n";
		assert!(calls(source).unwrap_err().to_string().contains(".mul(2)"));
		assert!(calls("fn f() -> Weight {\n\tWeight::from_parts(1)\n}\n").is_err());
	}
}
