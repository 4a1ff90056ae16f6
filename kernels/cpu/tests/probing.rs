//! What is shown of quantisations is what the reference quantises.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod models;

use std::collections::BTreeMap;

use assay_kernels_backend::{
	reference::{FloatRows, Interpreter, Observer},
	BackendError, MemoryWeights, OperationError,
};
use assay_kernels_vectors::stream;
use assay_programs::{
	program::Step,
	samples::{Decoder, Encoder},
	Kind, Program, TensorId,
};
use models::{backends, bits, decoders, encoders, tokens, weights, Bytes};
use proptest::prelude::*;

/// Bits of the rows of each quantisation, by block, iteration and index, text after text.
#[derive(Debug, Default, PartialEq)]
struct Quantised(BTreeMap<(usize, u16, usize), Vec<u32>>);

impl Observer for Quantised {
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		let place = (step.block, step.iteration, step.index);
		self.0.entry(place).or_default().extend(bits(&rows.elements));
	}
}

fn by_definition(program: &Program, weights: &MemoryWeights, texts: &[Vec<u32>]) -> Quantised {
	let interpreter = Interpreter::new(program, weights).unwrap();
	let mut seen = Quantised::default();
	for text in texts {
		let outputs = match program.kind {
			Kind::Generate { .. } => text.len() as u32,
			Kind::Embed => 1,
		};
		interpreter.run(text, outputs, &mut seen).unwrap();
	}
	seen
}

/// Compares all backends with the reference; returns how many passes the texts took.
fn compare(program: &Program, lengths: impl Iterator<Item = usize>, seed: u64, kind: Bytes) -> u32 {
	let weights = weights(program, seed, kind);
	let texts: Vec<Vec<u32>> =
		(0..).zip(lengths).map(|(i, length)| tokens(program, length, seed ^ i)).collect();
	let expected = by_definition(program, &weights, &texts);
	let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
	let mut passes = 0;
	for cpu in backends() {
		let mut probe = cpu.probe(program, &weights).unwrap();
		let (mut seen, mut rest) = (Quantised::default(), &texts[..]);
		passes = 0;
		while !rest.is_empty() {
			let done = probe
				.run(rest, &mut |rows| {
					assert_eq!(rows.elements.len() % rows.columns, 0);
					let place = (rows.block, rows.iteration, rows.index);
					seen.0.entry(place).or_default().extend(bits(rows.elements));
				})
				.unwrap();
			rest = &rest[done..];
			passes += 1;
		}
		assert_eq!(seen, expected, "{cpu:?}");
	}
	passes
}

fn lengths(count: u64, seed: u64) -> impl Iterator<Item = usize> {
	(0..count).map(move |i| 1 + (stream(seed, i) % 20) as usize)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn rows_of_decoders_are_those_of_the_reference(
		program in decoders(),
		hostile: bool,
		seed: u64,
		texts in 1_u64..5,
	) {
		let kind = if hostile { Bytes::Hostile } else { Bytes::Honest };
		compare(&program, lengths(texts, seed), seed, kind);
	}

	#[test]
	fn rows_of_encoders_are_those_of_the_reference(
		program in encoders(),
		hostile: bool,
		seed: u64,
		texts in 1_u64..5,
	) {
		let kind = if hostile { Bytes::Hostile } else { Bytes::Honest };
		compare(&program, lengths(texts, seed), seed, kind);
	}
}

#[test]
fn long_texts_and_many_texts_take_several_passes() {
	let decoder = Decoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		key_heads: 1,
		head_dim: 4,
		inner: 8,
		layers: 2,
		..Decoder::default()
	};
	let lengths = [1100, 3, 509].into_iter().chain([2; 70]);
	let passes = compare(&decoder.program(), lengths, 4, Bytes::Honest);
	// The long one, two that fill a pass, 64 of the others, and what is left.
	assert_eq!(passes, 4);
}

#[test]
fn texts_without_tokens_and_weights_that_are_missing_are_refused() {
	let program = Encoder::default().program();
	let all = weights(&program, 1, Bytes::Honest);
	let codes = program.tensors.iter().position(|tensor| tensor.columns > 1).unwrap();
	let lacking = MemoryWeights::for_program(&program, |id, copy, _| {
		let bytes = all.get(id, copy).unwrap();
		bytes[usize::from(id == TensorId(codes as u16))..].to_vec()
	});
	for cpu in backends() {
		let mut see = |_: assay_kernels_cpu::backend::ProbedRows<'_>| ();
		let mut probe = cpu.probe(&program, &all).unwrap();
		assert!(matches!(probe.run(&[&[1], &[]], &mut see), Err(BackendError::NoTokens)));
		assert_eq!(probe.run(&[], &mut see).unwrap(), 0);
		let error = cpu.probe(&program, &lacking).unwrap().run(&[&[1]], &mut see).unwrap_err();
		let BackendError::Operation { reason: OperationError::Weights(_), .. } = &error else {
			panic!("{error}");
		};
	}
}
