//! `cargo xtask test`: every test of the workspace, counted.

use crate::{
	build,
	environment::Environment,
	paths::Paths,
	process::{self, Step},
	replay,
	setup::{self, Needs},
	test_report::Counts,
};
use anyhow::Result;
use std::process::ExitCode;

/// Prepares the machine, builds, runs the tests, and closes with one line of counts.
pub(crate) fn run(paths: &Paths, filter: Option<&str>) -> Result<ExitCode> {
	let environment = setup::prepare(paths, Needs::TEST)?;
	Ok(run_tests(&environment, paths, filter)?.close())
}

/// What a run of the tests showed.
pub(crate) struct Report {
	counts: Counts,
	/// Why the run is no success: a test failed, a test program did not finish, or no test ran.
	failure: Option<String>,
}

impl Report {
	/// Prints the outcome, the counts last, and returns the matching exit code.
	pub(crate) fn close(self) -> ExitCode {
		if let Some(failure) = &self.failure {
			eprintln!("error: {failure}");
		}
		println!("{}", self.counts);
		match self.failure {
			Some(_) => ExitCode::FAILURE,
			None => ExitCode::SUCCESS,
		}
	}
}

/// Builds and runs the tests whose name contains `filter`.
///
/// Fails when something does not compile; failing tests are part of the report.
pub(crate) fn run_tests(
	environment: &Environment,
	paths: &Paths,
	filter: Option<&str>,
) -> Result<Report> {
	// Tests with running nodes start the programs that lie beside their own, which `cargo test`
	// alone does not build.
	build::workspace(environment, paths, build::Profile::Dev, build::Targets::ProgramsAndTests)?;

	let step = Step::begin("Running the tests", "5 to 10 min; nodes run in some of them");
	let mut cargo = environment.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
	cargo.args(filter);
	let mut counts = Counts::default();
	let status = process::stream(&mut cargo, |line| {
		eprintln!("{line}");
		counts.add_line(line);
	})?;
	step.done();
	// A filter asks for single tests; these replays are no part of any.
	if filter.is_none() {
		replay::run(environment, paths, &mut counts);
	}
	Ok(judge(counts, status.success(), filter))
}

fn judge(mut counts: Counts, succeeded: bool, filter: Option<&str>) -> Report {
	if !succeeded && counts.failed == 0 {
		// A program that crashed prints no summary; its tests must not pass for "none failed".
		counts.failed = 1;
	}
	let failure = if counts.failed > 0 {
		Some(format!("{} failed; see above for each", tests(counts.failed)))
	} else if counts.passed == 0 {
		Some(match filter {
			Some(filter) => format!("no test ran: no name contains {filter:?}"),
			None => "no test ran".to_owned(),
		})
	} else {
		None
	};
	Report { counts, failure }
}

fn tests(number: u64) -> String {
	match number {
		1 => "1 test".to_owned(),
		_ => format!("{number} tests"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const GREEN: Counts = Counts { passed: 3, failed: 0, skipped: 1, taken_for_passed: 0 };

	#[test]
	fn should_succeed_when_tests_ran_and_none_failed() {
		assert_eq!(judge(GREEN, true, None).failure, None);
	}

	#[test]
	fn should_fail_when_no_test_ran() {
		let none = Counts { skipped: 4, ..Counts::default() };
		assert_eq!(judge(none, true, None).failure.as_deref(), Some("no test ran"));
		assert_eq!(
			judge(none, true, Some("sync")).failure.as_deref(),
			Some("no test ran: no name contains \"sync\"")
		);
	}

	#[test]
	fn should_count_a_crashed_test_program_as_failed() {
		let report = judge(GREEN, false, None);
		assert_eq!(report.counts.failed, 1);
		assert_eq!(report.failure.as_deref(), Some("1 test failed; see above for each"));
	}
}
