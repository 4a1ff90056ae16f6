//! `cargo xtask ci`: what continuous integration runs, which is lint and then test.

use crate::{
	lint,
	paths::Paths,
	process::Elapsed,
	setup::{self, Needs},
	test,
};
use anyhow::Result;
use std::{process::ExitCode, time::Instant};

/// Runs lint and test and closes with the time and the counts.
///
/// The tests run even when lint fails, so that one run shows everything there is to mend.
pub(crate) fn run(paths: &Paths) -> Result<ExitCode> {
	let started = Instant::now();
	let environment = setup::prepare(paths, Needs::EVERYTHING)?;
	let prepared = started.elapsed();

	let lint = lint::check(&environment, paths);
	let linted = started.elapsed();

	let report = test::run_tests(&environment, paths, None);
	let total = started.elapsed();

	eprintln!(
		"ci: set-up {}, lint {}, test {}, together {}",
		Elapsed(prepared),
		Elapsed(linted - prepared),
		Elapsed(total - linted),
		Elapsed(total)
	);
	if let Err(error) = &lint {
		eprintln!("error: {error:#}");
	}
	let tested = report?.close();
	Ok(if lint.is_ok() { tested } else { ExitCode::FAILURE })
}
