//! `cargo xtask lint`: everything that can be said about the repository without running it.

mod analysis;
mod clippy;

pub(crate) use analysis::run_as_compiler;

use crate::{
	environment::Environment,
	house_rules,
	paths::Paths,
	process::{run_step, succeeds_within, Elapsed, Step},
	setup::{self, Needs},
};
use anyhow::{bail, Result};
use std::time::{Duration, Instant};

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
	("clippy", clippy::check),
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
