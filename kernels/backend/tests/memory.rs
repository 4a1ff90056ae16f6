//! How much memory the reference backend says that a program takes.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use assay_kernels_backend::{reference::Reference, Backend, BackendError, Limits, Memory};
use assay_programs::samples::{Decoder, Encoder};

fn limits(positions: u32) -> Limits {
	Limits { sequences: 1, positions: positions.into(), step_tokens: positions }
}

fn memory(positions: u32) -> Memory {
	let decoder = Decoder { layers: 3, key_heads: 2, head_dim: 16, ..Decoder::default() };
	Reference.memory(&decoder.program(), &limits(positions)).unwrap()
}

#[test]
fn weights_are_those_of_the_program() {
	let program = Encoder::default().program();
	let bytes = |tensor: &assay_programs::Tensor| tensor.total_bytes();
	let expected: u64 = program.tensors.iter().map(bytes).sum();
	assert_eq!(Reference.memory(&program, &limits(8)).unwrap().weights, expected);
}

#[test]
fn the_cache_grows_with_the_positions() {
	// Of each layer and head: codes of one digit and a scale, of key and value.
	let position = 3 * 2 * (2 * 16 + 8);
	for positions in [1, 10, 30] {
		// Twice, as the lists grow by doubling.
		assert_eq!(memory(positions).cache, u64::from(positions) * 2 * position);
	}
	assert_eq!(memory(1).weights, memory(30).weights);
	assert!(memory(1).work <= memory(30).work);
}

#[test]
fn no_limit_takes_more_than_any_number() {
	let program = Decoder::default().program();
	let memory = Reference.memory(&program, &Limits::NONE).unwrap();
	assert_eq!((memory.cache, memory.total()), (u64::MAX, u64::MAX));
}

#[test]
fn a_program_that_is_not_valid_is_refused() {
	let mut program = Decoder::default().program();
	program.blocks.clear();
	let error = Reference.memory(&program, &limits(8)).unwrap_err();
	assert!(matches!(error, BackendError::Program(_)), "{error}");
}
