//! Costs against counts made by hand, and their growth.

use crate::{
	cost::{Cost, Weights},
	op::{Codes, Digits, Mask},
	samples::{self, Decoder, Encoder},
	Program, Shape,
};

fn cost(program: &Program, input: u32, output: u32) -> Cost {
	let shape = Shape::new(program, input, output).expect("lengths within the program's");
	program.types().expect("a typed program").cost(shape)
}

#[test]
fn products_are_those_of_the_matrices() {
	let decoder = Decoder::default();
	let program = decoder.program();
	// Query and output 64 x 64, key and value 32 x 64, gate, up and down 160 x 64, in two layers; the
	// head 96 x 64 for output tokens only.
	let layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 160 * 64;
	let found = cost(&program, 10, 4);
	assert_eq!(found.layer_products, 13 * 2 * layer + 4 * 96 * 64);
	// Four heads of 16 channels: one product for the key, two for the value, over 1 + … + 13 pairs.
	assert_eq!(found.attention_products, 2 * 91 * 4 * 16 * 3);
	assert_eq!(found.output_tokens, 4);
	// Codes and scales of all layers and of the head, once a token.
	let scales = 4 * (2 * 64 + 2 * 32 + 2 * 160 + 64);
	assert_eq!(found.output_bytes, 4 * (2 * (layer + scales) + 96 * 64 + 4 * 96));
}

#[test]
fn digits_multiply_products() {
	let one = cost(&samples::decoder(), 10, 4);
	let decoder = Decoder {
		codes: Codes::Two,
		weights: Digits::Two,
		key_digits: Digits::Two,
		..Decoder::default()
	};
	let two = cost(&decoder.program(), 10, 4);
	assert_eq!(two.layer_products, 4 * one.layer_products);
	assert_eq!(two.attention_products, 2 * one.attention_products);
}

#[test]
fn windows_bound_attention() {
	let causal = cost(&samples::decoder(), 1000, 1);
	let mask = Mask::Sliding { window: 100 };
	let sliding = cost(&Decoder { mask, ..Decoder::default() }.program(), 1000, 1);
	let pairs = (100 * 101 / 2) + 900 * 100;
	assert_eq!(causal.attention_products / (1000 * 1001 / 2), sliding.attention_products / pairs);
	assert!(sliding.trace_bytes < causal.trace_bytes);
}

#[test]
fn embedding_has_no_output_tokens() {
	let found = cost(&samples::encoder(), 10, 0);
	assert_eq!((found.output_tokens, found.output_bytes), (0, 0));
	assert_eq!(found.attention_products, 2 * 100 * 4 * 16 * 3);
}

#[test]
fn costs_never_fall_with_a_length() {
	let weights = Weights::default();
	let parts = |cost: Cost| {
		[
			cost.layer_products,
			cost.attention_products,
			cost.elements,
			cost.trace_bytes,
			cost.output_tokens,
			cost.output_bytes,
			cost.compute_units(&weights).0,
		]
	};
	let not_less = |more: Cost, less: Cost| {
		assert!(parts(more).iter().zip(parts(less)).all(|(more, less)| *more >= less));
	};
	let window = Mask::Sliding { window: 300 };
	for mask in [Mask::Causal, window] {
		let program = Decoder { mask, ..Decoder::default() }.program();
		for (input, output) in [(1, 1), (2, 1), (15, 2), (500, 13), (511, 1), (512, 1), (1000, 100)]
		{
			let here = cost(&program, input, output);
			not_less(cost(&program, input + 1, output), here);
			not_less(cost(&program, input, output + 1), here);
		}
	}
	let program = Encoder::default().program();
	for input in [1, 15, 16, 17, 255, 256, 257, 511, 512] {
		not_less(cost(&program, input + 1, 0), cost(&program, input, 0));
	}
}
