//! Programs of the dimensions of known models are admitted.

use crate::{
	bound::Bound,
	op::{Codes, Digits, Mask},
	samples::{Decoder, Encoder},
	stage::{Stage, Trace},
	Program, Shape,
};

/// The greatest witness of a program, with its stage.
fn greatest(program: &Program) -> (Stage, Bound) {
	let typed = program.admit().unwrap_or_else(|fault| panic!("{fault}"));
	let bounds = typed
		.ops()
		.flat_map(|(place, ..)| typed.bounds(place.block, place.op, program.max_positions));
	bounds.max_by_key(|(_, bound)| bound.bytes).expect("a stage")
}

/// Tiles and bytes of a trace.
fn trace(program: &Program, input: u32, output: u32) -> (u64, u64) {
	let typed = program.types().expect("a typed program");
	let trace = Trace::new(&typed, Shape::new(program, input, output).expect("a run"));
	(trace.leaves(), trace.bytes())
}

fn llama_8b() -> Decoder {
	Decoder {
		vocabulary: 128_256,
		hidden: 4096,
		heads: 32,
		key_heads: 8,
		head_dim: 128,
		inner: 14_336,
		layers: 32,
		max_positions: 32_768,
		..Decoder::default()
	}
}

#[test]
fn llama_8b_is_admitted_in_every_precision() {
	for codes in [Codes::One, Codes::OneAsymmetric, Codes::Two] {
		for weights in [Digits::One, Digits::Two] {
			for groups in [false, true] {
				let program = Decoder { codes, weights, groups, ..llama_8b() }.program();
				assert_eq!(program.validate(), Ok(()), "{codes:?} {weights:?} {groups}");
			}
		}
	}
	let program = llama_8b().program();
	assert!(program.to_bytes().len() < 1024);
	let (leaves, bytes) = trace(&program, 1536, 513);
	assert_eq!(leaves.next_power_of_two(), 1 << 28, "{leaves}");
	assert_eq!(bytes >> 30, 12, "{bytes}");
}

#[test]
fn llama_70b_is_admitted_with_two_digit_rows_and_keys() {
	let decoder = Decoder {
		hidden: 8192,
		heads: 64,
		inner: 28_672,
		layers: 80,
		codes: Codes::Two,
		key_digits: Digits::Two,
		groups: true,
		biases: true,
		..llama_8b()
	};
	let (stage, bound) = greatest(&decoder.program());
	assert_eq!((stage, bound.leaves), (Stage::Records, 1025));
	assert!(bound.bytes > 215 * 1024, "the widest keys that are admitted: {}", bound.bytes);
}

#[test]
fn gemma_with_heads_of_256_channels_is_admitted() {
	let decoder = Decoder {
		vocabulary: 256_000,
		hidden: 3584,
		heads: 16,
		head_dim: 256,
		layers: 42,
		max_positions: 8192,
		mask: Mask::Sliding { window: 4096 },
		head_norms: true,
		tied: true,
		..llama_8b()
	};
	assert_eq!(greatest(&decoder.program()).0, Stage::Records);
}

#[test]
fn minilm_is_admitted_in_full_precision() {
	let encoder = Encoder {
		vocabulary: 30_522,
		hidden: 384,
		heads: 12,
		inner: 1536,
		layers: 6,
		max_positions: 512,
		weights: Digits::Two,
		codes: Codes::Two,
		multipliers: true,
		take: None,
	};
	let program = encoder.program();
	assert_eq!(program.validate(), Ok(()));
	assert_eq!(trace(&program, 128, 0).1 >> 20, 20);
}

#[test]
fn the_widest_rows_are_admitted() {
	// A layer of 49152 inputs has tiles of two outputs; of them 8192 make a row of 4096 leaves.
	let decoder = Decoder { hidden: 8192, inner: 49_152, layers: 1, ..Decoder::default() };
	let program = decoder.program();
	let fault = program.validate().expect_err("12288 leaves of the gated rows");
	assert!(alloc::format!("{fault}").contains("leaves"), "{fault}");
	let mut wide = Decoder { hidden: 64, inner: 49_152, layers: 1, ..Decoder::default() };
	assert_eq!(wide.program().validate(), Ok(()));
	wide.codes = Codes::Two;
	assert_eq!(wide.program().validate(), Ok(()));
	wide.weights = Digits::Two;
	assert!(wide.program().validate().is_err(), "four digits of 49152 inputs fill no tile");
}
