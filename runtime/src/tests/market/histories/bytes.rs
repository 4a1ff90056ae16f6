//! Histories as bytes, for fuzzing: every list of bytes is a history, and a byte that changes leaves the
//! other steps alone.
//!
//! Each step takes [`STEP_BYTES`], with which the strategy of the random histories is seeded. So there
//! is one mapping to actions, and whatever one of both finds, the other one could.

use super::{step, Step, LENGTH};
use proptest::{
	prelude::*,
	strategy::ValueTree,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// Bytes of a step: the seed of the quickest generator.
pub(super) const STEP_BYTES: usize = 16;

/// The history that bytes stand for. What does not fill a step, and what comes after the longest
/// history, is left out.
pub(super) fn history(bytes: &[u8]) -> Vec<Step> {
	bytes.chunks_exact(STEP_BYTES).take(LENGTH).map(step_of).collect()
}

fn step_of(seed: &[u8]) -> Step {
	let rng = TestRng::from_seed(RngAlgorithm::XorShift, seed);
	let config = Config { failure_persistence: None, ..Config::default() };
	let mut runner = TestRunner::new_with_rng(config, rng);
	step().new_tree(&mut runner).expect("no step is rejected").current()
}

/// Bytes as text: a line of hexadecimal digits for each step.
pub(super) fn to_text(bytes: &[u8]) -> String {
	let line = |step: &[u8]| -> String {
		let digits: String = step.iter().map(|byte| format!("{byte:02x}")).collect();
		digits + "\n"
	};
	bytes.chunks(STEP_BYTES).map(line).collect()
}

/// Bytes from text; `None` if it has something else than pairs of digits and lines.
pub(super) fn from_text(text: &str) -> Option<Vec<u8>> {
	let mut bytes = Vec::new();
	for line in text.lines() {
		for place in (0..line.len()).step_by(2) {
			bytes.push(u8::from_str_radix(line.get(place..place + 2)?, 16).ok()?);
		}
	}
	Some(bytes)
}

#[test]
fn text_should_hold_all_bytes() {
	let bytes: Vec<u8> = (0..=255).chain([7]).collect();
	assert_eq!(from_text(&to_text(&bytes)), Some(bytes));
	for refused in ["0", "0g", "a\u{e9}"] {
		assert_eq!(from_text(refused), None, "{refused}");
	}
}

#[test]
fn a_changed_byte_should_leave_the_other_steps_alone() {
	let before = vec![3; 3 * STEP_BYTES + 1];
	let mut after = before.clone();
	after[STEP_BYTES + 5] ^= 0x40;
	let text = |bytes: &[u8]| -> Vec<String> {
		history(bytes).iter().map(|step| format!("{step:?}")).collect()
	};
	let (before, after) = (text(&before), text(&after));
	assert_eq!(before.len(), 3);
	assert_eq!((&before[0], &before[2]), (&after[0], &after[2]));
	assert_ne!(before[1], after[1]);
}
