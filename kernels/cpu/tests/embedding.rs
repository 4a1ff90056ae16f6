//! Texts are embedded to the bytes of the reference, whichever others share the call.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod models;

use assay_kernels_backend::Executor;
use assay_kernels_vectors::stream;
use assay_programs::{
	samples::{self, Encoder},
	Program,
};
use models::{backends, bits, encoders, load, reference, tokens, weights, Bytes};
use proptest::prelude::*;

fn embedded(executor: &mut dyn Executor, texts: &[Vec<u32>]) -> Vec<Vec<u32>> {
	let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
	executor.embed(&texts).unwrap().iter().map(|row| bits(row)).collect()
}

fn compare(program: &Program, lengths: impl Iterator<Item = usize>, seed: u64, kind: Bytes) {
	let weights = weights(program, seed, kind);
	let texts: Vec<Vec<u32>> =
		(0..).zip(lengths).map(|(i, length)| tokens(program, length, seed ^ i)).collect();
	let expected = embedded(&mut *reference(program, &weights), &texts);
	for cpu in backends() {
		let mut executor = load(&cpu, program, &weights);
		// Twice: what the first call has left does not show.
		for _ in 0..2 {
			assert_eq!(embedded(&mut *executor, &texts), expected, "{cpu:?}");
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn embeddings_are_the_bytes_of_the_reference(
		program in encoders(),
		hostile: bool,
		seed: u64,
		batch in prop::sample::select(vec![0_u64, 1, 3, 8]),
	) {
		let lengths = (0..batch).map(|i| 1 + (stream(seed, i) % 20) as usize);
		compare(&program, lengths, seed, if hostile { Bytes::Hostile } else { Bytes::Honest });
	}
}

#[test]
fn long_texts_and_many_texts_take_several_passes_and_pages() {
	let encoder = Encoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		inner: 8,
		layers: 1,
		max_positions: 1200,
		..Encoder::default()
	};
	let lengths = [1100, 3, 513, 512].into_iter().chain([2; 70]);
	compare(&encoder.program(), lengths, 4, Bytes::Honest);
}

#[test]
fn calls_for_the_other_kind_are_refused() {
	let (decoder, encoder) = (samples::decoder(), samples::encoder());
	for cpu in backends() {
		let mut executor = load(&cpu, &decoder, &weights(&decoder, 1, Bytes::Honest));
		let error = executor.embed(&[&[1]]).unwrap_err();
		assert_eq!(error.to_string(), "an embedding needs a program that embeds");
		let mut executor = load(&cpu, &encoder, &weights(&encoder, 1, Bytes::Honest));
		assert_eq!(
			executor.open(1).unwrap_err().to_string(),
			"a sequence needs a program that generates"
		);
		let error = executor.embed(&[&[1], &[encoder.vocabulary]]).unwrap_err();
		assert_eq!(error.to_string(), "token 96 is not in the vocabulary of 96 tokens");
		assert!(executor.embed(&[&[1], &[]]).is_err());
	}
}
