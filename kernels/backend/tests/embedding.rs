//! Programs that embed.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_backend::{BackendError, ContextLimit, Executor};
use common::{bits, encoders, executor, interpreter, weights, Bytes, Words};
use proptest::prelude::*;

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	#[test]
	fn a_text_is_embedded_as_if_it_were_alone(
		model in 0..encoders().len(),
		hostile: bool,
		seed: u64,
		lengths in prop::collection::vec(1_usize..20, 1..4),
	) {
		let program = &encoders()[model];
		let kind = if hostile { Bytes::Hostile } else { Bytes::Honest };
		let weights = weights(program, seed, kind);
		let mut words = Words::new(seed);
		let texts: Vec<Vec<u32>> =
			lengths.iter().map(|&length| words.tokens(length, program)).collect();
		let borrowed: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
		let together = executor(program, &weights).embed(&borrowed).unwrap();
		for (text, row) in texts.iter().zip(&together) {
			let alone = interpreter(program, &weights).run(text, 1, &mut ()).unwrap();
			prop_assert_eq!(alone.len(), 1);
			prop_assert_eq!(bits(row), bits(alone.row(0)));
		}
	}
}

#[test]
fn embeddings_have_length_one_and_depend_on_every_token() {
	for program in encoders() {
		let mut executor = executor(&program, &weights(&program, 1, Bytes::Honest));
		let mut text = Words::new(1).tokens(9, &program);
		let before = executor.embed(&[&text]).unwrap().remove(0);
		let square: f64 = before.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
		assert!((square - 1.0).abs() < 1e-5, "{square}");
		text[4] = (text[4] + 1) % program.vocabulary;
		assert_ne!(bits(&executor.embed(&[&text]).unwrap()[0]), bits(&before));
	}
}

#[test]
fn texts_that_do_not_fit_are_refused() {
	let program = &encoders()[0];
	let mut executor = executor(program, &weights(program, 1, Bytes::Honest));
	let long = vec![0; 41];
	for (text, message) in [
		(&[][..], "no token is given where at least one is needed"),
		(&[40], "token 40 is not in the vocabulary of 40 tokens"),
		(&long, "41 positions are more than the 40 that the program admits (max_positions)"),
	] {
		let error = executor.embed(&[&[1, 2], text]).unwrap_err();
		assert_eq!(error.to_string(), message);
	}
	assert!(matches!(
		executor.embed(&[&long]),
		Err(BackendError::Context { positions: 41, limit: 40, by: ContextLimit::Program })
	));
}
