//! `cargo xtask build`: compiles everything and says where the results lie.

use crate::{
	environment::Environment,
	paths::Paths,
	process::{ensure_success, run_step, stream, Step},
	setup::{self, Needs},
};
use anyhow::{bail, Result};
use std::{
	collections::BTreeMap,
	path::{Path, PathBuf},
};

/// The programs that a build has to bring forth.
const BINARIES: [&str; 4] = ["assay-node", "assay-worker", "assay-localnet", "assay-benches-node"];

/// The crate that is also compiled to Wasm.
const RUNTIME: &str = "assay-runtime";

/// What a runtime on a public chain has besides: the metadata hash that hardware wallets check.
const PRODUCTION_FEATURES: &str = "assay-runtime/on-chain-release-build";

/// How a build is optimised.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Profile {
	/// For daily work and all tests: dependencies optimised, own crates checked.
	#[default]
	Dev,
	/// For operators: slow to build, small and fast.
	Production,
}

impl Profile {
	fn name(self) -> &'static str {
		match self {
			Self::Dev => "dev",
			Self::Production => "production",
		}
	}

	/// Cargo's folder below the target folder.
	fn folder(self) -> &'static str {
		match self {
			Self::Dev => "debug",
			Self::Production => "production",
		}
	}

	fn expectation(self) -> &'static str {
		match self {
			Self::Dev => "the first time about 35 min on two cores, later seconds to minutes",
			Self::Production => "about an hour on two cores the first time",
		}
	}
}

/// What of the workspace is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Targets {
	/// What people run.
	Programs,
	/// The tests as well. In one build with the programs, they compile while the one thread that
	/// optimises the runtime's Wasm holds up the node.
	ProgramsAndTests,
}

impl Targets {
	fn flags(self) -> &'static [&'static str] {
		match self {
			Self::Programs => &[],
			Self::ProgramsAndTests => &["--lib", "--bins", "--examples", "--tests"],
		}
	}
}

/// Prepares the machine, builds, and prints one line `name path` per result.
pub(crate) fn run(paths: &Paths, profile: Profile) -> Result<()> {
	let environment = setup::prepare(paths, Needs::BUILD)?;
	for (name, path) in workspace(&environment, paths, profile, Targets::Programs)? {
		println!("{name} {}", path.display());
	}
	Ok(())
}

/// Builds the workspace and returns where each result lies, by name.
///
/// Fails when cargo does, and when a result is missing.
pub(crate) fn workspace(
	environment: &Environment,
	paths: &Paths,
	profile: Profile,
	targets: Targets,
) -> Result<BTreeMap<String, PathBuf>> {
	let step = Step::begin(
		&format!("Building the workspace, profile {}", profile.name()),
		profile.expectation(),
	);
	// Always the whole workspace: cargo unifies features over the packages that it is asked for,
	// and another selection would compile the same dependencies again with other features.
	let mut cargo = environment.cargo(&["build", "--workspace", "--locked", "--profile"]);
	cargo.arg(profile.name()).arg("--message-format=json-render-diagnostics").args(targets.flags());
	if profile == Profile::Production {
		cargo.args(["--features", PRODUCTION_FEATURES]);
	}
	set_wasm_profile(&mut cargo, profile);
	let mut results = BTreeMap::new();
	let status = stream(&mut cargo, |message| {
		if let Some((name, path)) = executable(message) {
			results.insert(name, path);
		}
	})?;
	ensure_success(&cargo, status)?;
	step.done();
	results.retain(|name, _| BINARIES.contains(&name.as_str()));
	for binary in BINARIES {
		if !results.contains_key(binary) {
			bail!("the build brought forth no `{binary}`");
		}
	}
	let wasm = runtime_wasm(&paths.target, profile);
	if !wasm.is_file() {
		bail!("the build brought forth no runtime at {}", wasm.display());
	}
	results.insert(RUNTIME.to_owned(), wasm);
	Ok(results)
}

/// Builds the Wasm of the runtime with benchmarks, in a target folder of its own, and returns its
/// path.
pub(crate) fn benchmark_runtime(environment: &Environment, paths: &Paths) -> Result<PathBuf> {
	let target = paths.benchmark_target();
	// The build script makes the Wasm; nothing runs the native runtime, so checking it is enough.
	let mut cargo = environment.cargo(&["check", "--locked", "--package", RUNTIME]);
	cargo.args(["--features", "runtime-benchmarks"]).env("CARGO_TARGET_DIR", &target);
	// What is measured should be what operators run.
	set_wasm_profile(&mut cargo, Profile::Production);
	run_step("Building the runtime with benchmarks", "20 min on two cores", &mut cargo)?;
	let wasm = runtime_wasm(&target, Profile::Dev);
	if !wasm.is_file() {
		bail!("the build brought forth no runtime at {}", wasm.display());
	}
	Ok(wasm)
}

/// The program `name` of the dev build.
pub(crate) fn dev_binary(paths: &Paths, name: &str) -> PathBuf {
	paths.target.join(Profile::Dev.folder()).join(name)
}

/// For dev builds `.cargo/config.toml` says how the Wasm is compiled; production overrides it.
fn set_wasm_profile(cargo: &mut std::process::Command, profile: Profile) {
	if profile == Profile::Production {
		cargo.env("WASM_BUILD_TYPE", profile.name());
	}
}

fn runtime_wasm(target: &Path, profile: Profile) -> PathBuf {
	target
		.join(profile.folder())
		.join("wbuild")
		.join(RUNTIME)
		.join(format!("{}.compact.compressed.wasm", RUNTIME.replace('-', "_")))
}

/// Name and path when this message of cargo is about a finished program.
fn executable(message: &str) -> Option<(String, PathBuf)> {
	let message: serde_json::Value = serde_json::from_str(message).ok()?;
	if message["reason"] != "compiler-artifact" || message["profile"]["test"] == true {
		return None;
	}
	let path = message["executable"].as_str()?;
	Some((message["target"]["name"].as_str()?.to_owned(), path.into()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_read_programs_from_the_messages_of_cargo() {
		let program = r#"{"reason":"compiler-artifact","target":{"kind":["bin"],
			"name":"assay-node"},"executable":"/target/debug/assay-node","fresh":true}"#;
		assert_eq!(
			executable(program),
			Some(("assay-node".to_owned(), "/target/debug/assay-node".into()))
		);
	}

	#[test]
	fn should_pass_over_libraries_tests_and_text() {
		let library = r#"{"reason":"compiler-artifact","target":{"name":"log"},"executable":null}"#;
		let test = r#"{"reason":"compiler-artifact","target":{"name":"assay-node"},
			"profile":{"test":true},"executable":"/target/debug/deps/assay_node-1f"}"#;
		let end = r#"{"reason":"build-finished","success":true}"#;
		for message in [library, test, end, "Compiling", ""] {
			assert_eq!(executable(message), None, "{message}");
		}
	}

	#[test]
	fn should_know_the_names_that_wasm_builder_gives() {
		assert_eq!(
			runtime_wasm(Path::new("/t"), Profile::Dev),
			Path::new("/t/debug/wbuild/assay-runtime/assay_runtime.compact.compressed.wasm")
		);
	}
}
