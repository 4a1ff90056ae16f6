//! `cargo xtask lint`: everything that can be said about the repository without running it.

use crate::{
	environment::Environment,
	house_rules,
	paths::Paths,
	process::{run_step, succeeds_within, Elapsed, Step},
	setup::{self, Needs},
};
use anyhow::{bail, Result};
use std::{
	process::Command,
	time::{Duration, Instant},
};

/// How long fetching the database of advisories may take.
const ADVISORIES_TIME_LIMIT: Duration = Duration::from_secs(60);

/// One check: its title, and what does it.
type Check = (&'static str, fn(&Environment, &Paths) -> Result<()>);

/// All checks, the quick ones first.
const CHECKS: [Check; 6] = [
	("house rules", house_rules),
	("rustfmt", rustfmt),
	("taplo", taplo),
	("cargo deny", cargo_deny),
	("advisories", advisories),
	("clippy", clippy),
];

/// Prepares the machine and runs every check.
///
/// With `fix`, formats the files in place instead.
pub(crate) fn run(paths: &Paths, fix: bool) -> Result<()> {
	let environment = setup::prepare(paths, Needs::LINT)?;
	if fix {
		return format_files(&environment, paths);
	}
	let started = Instant::now();
	check(&environment, paths)?;
	eprintln!("lint: everything in order after {}", Elapsed(started.elapsed()));
	Ok(())
}

/// Runs every check, also after one failed, and fails with the names of all that did.
pub(crate) fn check(environment: &Environment, paths: &Paths) -> Result<()> {
	let mut failed = Vec::new();
	for (name, check) in CHECKS {
		if let Err(error) = check(environment, paths) {
			eprintln!("error: {name}: {error:#}");
			failed.push(name);
		}
	}
	if !failed.is_empty() {
		bail!("lint failed: {}", failed.join(", "));
	}
	Ok(())
}

fn house_rules(_: &Environment, paths: &Paths) -> Result<()> {
	let step = Step::begin("House rules", "3 s");
	house_rules::check(&paths.root)?;
	step.done();
	Ok(())
}

fn rustfmt(environment: &Environment, _: &Paths) -> Result<()> {
	run_step(
		"Formatting of Rust files",
		"5 s; mend with `cargo xtask lint --fix`",
		&mut environment.cargo(&["fmt", "--all", "--check"]),
	)
}

fn taplo(environment: &Environment, paths: &Paths) -> Result<()> {
	run_step(
		"Formatting of TOML files",
		"2 s; mend with `cargo xtask lint --fix`",
		environment.command(setup::TAPLO.program(paths)).args(["format", "--check"]),
	)
}

fn format_files(environment: &Environment, paths: &Paths) -> Result<()> {
	run_step("Formatting Rust files", "5 s", &mut environment.cargo(&["fmt", "--all"]))?;
	run_step(
		"Formatting TOML files",
		"2 s",
		environment.command(setup::TAPLO.program(paths)).arg("format"),
	)
}

fn cargo_deny(environment: &Environment, paths: &Paths) -> Result<()> {
	run_step(
		"Licences, sources and bans of dependencies",
		"10 s",
		environment
			.command(setup::CARGO_DENY.program(paths))
			.args(["--locked", "check", "--hide-inclusion-graph"])
			// Some crates of the SDK write licence names in an older form, which is understood.
			.args(["--allow", "parse-error", "bans", "licenses", "sources"]),
	)
}

/// Shows known vulnerabilities, where the database of advisories can be fetched.
///
/// Never fails: what it finds depends on the day and not on the commit, and a commit that was in
/// order has to stay so.
fn advisories(environment: &Environment, paths: &Paths) -> Result<()> {
	let step = Step::begin("Security advisories about dependencies", "15 s");
	let deny = || environment.command(setup::CARGO_DENY.program(paths));
	if !succeeds_within(ADVISORIES_TIME_LIMIT, deny().args(["--locked", "fetch", "db"]))? {
		eprintln!("SKIPPED: advisories: the database could not be fetched, see above");
		return Ok(());
	}
	let mut check = deny();
	check.args(["--locked", "--offline", "check", "--hide-inclusion-graph", "advisories"]);
	if let Err(error) = crate::process::run(&mut check) {
		eprintln!("WARNING: advisories about dependencies, see above ({error:#})");
	}
	step.done();
	Ok(())
}

/// Clippy and the lints of the compiler over every target, warnings denied.
///
/// `cargo clippy` is `cargo check` with clippy's driver in the place of rustc. Checked dependencies
/// do not serve a build nor built ones a check, so that `cargo clippy` would analyse the thousand
/// crates of the node once more. Here the driver compiles our own crates within `cargo build`
/// instead, which uses the dependencies that the tests need anyway.
///
/// Nothing of this disturbs other builds:
/// - cargo keeps what a wrapper of the compiler makes of our crates apart, runs of their build
///   scripts included, so that skipping the Wasm here does not make the next build redo it;
/// - the programs, which nobody should run, go to a folder of their own.
fn clippy(environment: &Environment, paths: &Paths) -> Result<()> {
	run_step(
		"Clippy",
		"2 to 4 min, and first the build of all dependencies, about 30 min on two cores",
		&mut clippy_command(environment, paths),
	)
}

fn clippy_command(environment: &Environment, paths: &Paths) -> Command {
	let mut cargo = environment.cargo(&["build", "--workspace", "--all-targets", "--locked"]);
	cargo
		.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
		// How `cargo clippy -- -D warnings` passes its arguments to the driver.
		.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
		.env("SKIP_WASM_BUILD", "1")
		// Code that will not run needs no optimisation. Dependencies have a level of their own.
		.env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
		.env("CARGO_BUILD_BUILD_DIR", &paths.target)
		.env("CARGO_TARGET_DIR", paths.lint_outputs());
	cargo
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		process::{capture, succeeds_quietly},
		test_report::SKIP_MARK,
	};
	use std::{fs, io::Write};

	fn lint_crate(source: &str) -> Result<()> {
		let folder = tempfile::tempdir().expect("a temporary folder");
		let manifest = "[package]\nname = \"linted\"\nedition = \"2021\"\n\n[workspace]\n";
		fs::create_dir(folder.path().join("src")).expect("a source folder");
		fs::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
		let lock = "version = 4\n\n[[package]]\nname = \"linted\"\nversion = \"0.0.0\"\n";
		fs::write(folder.path().join("Cargo.lock"), lock).expect("a lock file");
		fs::write(folder.path().join("src/lib.rs"), source).expect("a source file");
		let target = folder.path().join("target");
		let paths = Paths { root: folder.path().to_owned(), cache: target.clone(), target };
		capture(&mut clippy_command(&Environment::new(&paths), &paths)).map(drop)
	}

	/// The way in which arguments reach the driver is clippy's own affair; this notices a change.
	#[test]
	fn should_fail_on_a_warning_of_clippy() {
		if !succeeds_quietly(Command::new("clippy-driver").arg("--version")) {
			let mut out = std::io::stdout();
			writeln!(out, "{SKIP_MARK} clippy is not installed").expect("standard output");
			return;
		}
		lint_crate("pub fn none(list: &[u8]) -> bool {\n\tlist.is_empty()\n}\n")
			.expect("no warning");
		let error = lint_crate("pub fn none(list: &[u8]) -> bool {\n\tlist.len() == 0\n}\n")
			.expect_err("a warning");
		assert!(error.to_string().contains("could not compile"), "{error}");
	}
}
