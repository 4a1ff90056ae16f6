//! `cargo xtask ci`: what continuous integration runs, which is lint and then test.

use crate::{
	lint,
	paths::Paths,
	process::Elapsed,
	setup::{self, Needs},
	test,
};
use anyhow::{bail, Result};
use std::time::Instant;

/// Runs lint and test and closes with the time and the counts.
///
/// The tests run even when lint fails, so that one run shows everything there is to mend.
pub(crate) fn run(paths: &Paths) -> Result<()> {
	let started = Instant::now();
	let environment = setup::prepare(paths, Needs::EVERYTHING)?;
	let prepared = started.elapsed();

	let lint = lint::check(&environment, paths);
	let linted = started.elapsed();

	let report = test::run_tests(&environment, paths, None)?;
	let total = started.elapsed();

	eprintln!(
		"ci: set-up {}, lint {}, test {}, together {}",
		Elapsed(prepared),
		Elapsed(linted - prepared),
		Elapsed(total - linted),
		Elapsed(total)
	);
	println!("{}", report.counts);
	match (lint, report.into_result()) {
		(Ok(()), tests) => tests,
		(Err(lint), Ok(())) => Err(lint),
		(Err(lint), Err(tests)) => bail!("{lint:#}; {tests:#}"),
	}
}
