//! The golden vectors of the kernels, replayed where `cargo test` does not reach: in WebAssembly, as
//! the runtime runs them; with denormals flushed to zero, as some hosts run them; and by the second
//! implementation, which shares nothing with the first but the specification. The instructions of
//! ARM, which this machine may be unable to run, are at least compiled.

use crate::{
	environment::{clean_command, Environment},
	paths::Paths,
	process::{self, find_program, Step},
	test_report::{Counts, SKIP_MARK},
};
use anyhow::Result;
use std::process::Command;

const PACKAGE: &str = "assay-kernels-vectors";
const WASM_TARGET: &str = "wasm32v1-none";
const NEON_TARGET: &str = "aarch64-unknown-linux-gnu";

/// Runs every replay and adds each to `counts` as one test.
pub(crate) fn run(environment: &Environment, paths: &Paths, counts: &mut Counts) {
	let step = Step::begin("Replaying the golden vectors elsewhere", "1 min");
	record(counts, "replay::webassembly", Outcome::of(in_webassembly(environment, paths)));
	record(counts, "replay::flush_to_zero", flushing_to_zero(environment, paths));
	record(counts, "replay::second_implementation", by_second_implementation(environment));
	record(counts, "replay::neon_compiles", neon(environment, paths));
	step.done();
}

enum Outcome {
	Passed,
	Failed(anyhow::Error),
	Skipped(&'static str),
}

impl Outcome {
	fn of(result: Result<()>) -> Self {
		match result {
			Ok(()) => Self::Passed,
			Err(error) => Self::Failed(error),
		}
	}
}

fn record(counts: &mut Counts, name: &str, outcome: Outcome) {
	match outcome {
		Outcome::Passed => {
			eprintln!("test {name} ... ok");
			counts.passed += 1;
		}
		Outcome::Failed(error) => {
			eprintln!("test {name} ... FAILED: {error:#}");
			counts.failed += 1;
		}
		Outcome::Skipped(reason) => {
			eprintln!("test {name} ... {SKIP_MARK} {reason}");
			counts.skipped += 1;
		}
	}
}

fn in_webassembly(environment: &Environment, paths: &Paths) -> Result<()> {
	let target = paths.replay_target();
	process::run(
		wasm_cargo(environment)
			.args(["build", "--release", "--locked", "--target", WASM_TARGET])
			.args(["--package", PACKAGE, "--example", "wasm_replay"])
			.env("CARGO_TARGET_DIR", &target),
	)?;
	let module = target.join(WASM_TARGET).join("release/examples/wasm_replay.wasm");
	process::run(environment.command("node").arg("kernels/vectors/wasm.mjs").arg(module))
}

/// `cargo` of the toolchain that compiles the runtime.
fn wasm_cargo(environment: &Environment) -> Command {
	match environment.wasm_toolchain() {
		Some(toolchain) => {
			let mut command = environment.command("rustup");
			command.arg("run").arg(toolchain).arg("cargo");
			command
		}
		None => environment.cargo(&[]),
	}
}

/// gcc's start-up code for fast arithmetic sets the processor's flags before `main`; no Rust code
/// has to, so that this stays a plain run of the same test.
fn flushing_to_zero(environment: &Environment, paths: &Paths) -> Outcome {
	if !cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) {
		return Outcome::Skipped("the flags are set by gcc's start-up code on x86-64 Linux");
	}
	Outcome::of(process::run(
		environment
			.cargo(&["test", "--locked", "--package", PACKAGE, "--test", "golden"])
			.env("CARGO_TARGET_DIR", paths.replay_target())
			.env("RUSTFLAGS", "-C link-arg=-ffast-math")
			.env("ASSAY_FLUSH_TO_ZERO", "1"),
	))
}

/// Checks the NEON code of the backend `cpu`, of which no other processor's build sees a line.
fn neon(environment: &Environment, paths: &Paths) -> Outcome {
	if cfg!(target_arch = "aarch64") {
		return Outcome::Skipped("this machine has NEON, so the tests above ran it");
	}
	let mut add = environment.command("rustup");
	add.args(["target", "add", NEON_TARGET]);
	if find_program("rustup").is_none() || !process::succeeds_quietly(&mut add) {
		return Outcome::Skipped(
			"`rustup target add aarch64-unknown-linux-gnu` does not work here",
		);
	}
	let mut cargo = environment.cargo(&["check", "--locked", "--lib", "--target", NEON_TARGET]);
	cargo.args(["--package", "assay-kernels-cpu"]);
	cargo.env("CARGO_TARGET_DIR", paths.replay_target());
	Outcome::of(process::run(&mut cargo))
}

fn by_second_implementation(environment: &Environment) -> Outcome {
	let mut python = clean_command("python3");
	python.args(["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]);
	if find_program("python3").is_none() || !process::succeeds_quietly(&mut python) {
		return Outcome::Skipped("it is written in Python; install Python 3.9 or newer to run it");
	}
	Outcome::of(process::run(environment.command("python3").arg("kernels/vectors/check.py")))
}
