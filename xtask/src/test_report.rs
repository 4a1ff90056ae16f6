//! Counting what the test programs report.

use std::fmt;

/// What a test prints when it cannot run on this machine; the reason follows. The test has to
/// write it to `std::io::stdout()` itself: what goes through `println!` in a passing test is
/// captured.
pub(crate) const SKIP_MARK: &str = "assay-skip:";

/// How the tests of a run ended.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
	/// Tests that ran and succeeded.
	pub(crate) passed: u64,
	/// Tests that ran and failed.
	pub(crate) failed: u64,
	/// Tests marked `#[ignore]` and tests that said that they cannot run here.
	pub(crate) skipped: u64,
	/// Of those, the ones that the summary of their test program, which is still to come, will count
	/// as passed.
	pub(crate) taken_for_passed: u64,
}

impl Counts {
	/// Adds what this line of the output of `cargo test` says.
	pub(crate) fn add_line(&mut self, line: &str) {
		if line.contains(SKIP_MARK) {
			self.skipped += 1;
			self.taken_for_passed += 1;
		}
		let Some(summary) = line.strip_prefix("test result: ") else { return };
		// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`
		let Some((_, numbers)) = summary.split_once(". ") else { return };
		for part in numbers.split("; ") {
			let Some((number, what)) = part.split_once(' ') else { continue };
			let Ok(number) = number.parse::<u64>() else { continue };
			match what {
				"passed" => {
					let skipped = core::mem::take(&mut self.taken_for_passed);
					self.passed += number.saturating_sub(skipped);
				}
				"failed" => self.failed += number,
				"ignored" => self.skipped += number,
				_ => {}
			}
		}
	}
}

impl fmt::Display for Counts {
	fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { passed, failed, skipped, .. } = self;
		write!(out, "assay: {passed} passed, {failed} failed, {skipped} skipped")
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn count(lines: &[&str]) -> Counts {
		let mut counts = Counts::default();
		lines.iter().for_each(|line| counts.add_line(line));
		counts
	}

	#[test]
	fn should_sum_up_over_test_programs() {
		let counts = count(&[
			"running 4 tests",
			"test a ... ok",
			"test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
			"   Doc-tests assay_primitives",
			"test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
		]);
		assert_eq!(counts, Counts { passed: 8, failed: 2, skipped: 1, ..Counts::default() });
		assert_eq!(counts.to_string(), "assay: 8 passed, 2 failed, 1 skipped");
	}

	#[test]
	fn should_count_a_loud_skip_as_skipped_and_not_as_passed() {
		let counts = count(&[
			"test network::should_sync ... assay-skip: no network namespace",
			"test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
			"test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
		]);
		assert_eq!(counts, Counts { passed: 2, failed: 0, skipped: 1, ..Counts::default() });
	}

	#[test]
	fn should_pass_over_what_tests_print() {
		let counts =
			count(&["5 passed; 1 failed", "test result: nonsense", "result: ok. 1 passed"]);
		assert_eq!(counts, Counts::default());
	}
}
