//! Operations on corresponding elements against the definition.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_cpu::elementwise::{activate, add, embedding_sum, gated, mul, scale, softcap};
use assay_kernels_exact::{
	activation::{self, Activation},
	elementwise, embedding,
};
use common::{assert_bits, on_every_engine, values};
use proptest::prelude::*;

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn elementwise_operations_equal_the_definition(
		// Above 16384 elements an operation has several tasks.
		count in prop_oneof![0..300_usize, 16_000..40_000_usize],
		(a, b, c) in (values(), values(), values()),
		seed in 0..u64::MAX / 2,
	) {
		let (x, y, z) = (a.take(count, seed), b.take(count, seed + 1), c.take(count, seed + 2));
		let factor = b.take(1, seed + 3)[0];
		let sum = elementwise::add(&x, &y).unwrap();
		let product = elementwise::mul(&x, &y).unwrap();
		let scaled = elementwise::scale(&x, factor);
		let capped = activation::softcap(factor, &x);
		let embedded = embedding::sum(&x, &y, &z).unwrap();
		on_every_engine(|engine| {
			let check = |what: &str, expected: &[f32], f: &dyn Fn(&mut [f32])| {
				let mut out = x.clone();
				f(&mut out);
				assert_bits(&out, expected, engine, what);
			};
			check("add", &sum, &|x| add(engine, x, &y).unwrap());
			check("mul", &product, &|x| mul(engine, x, &y).unwrap());
			check("scale", &scaled, &|x| scale(engine, x, factor));
			check("softcap", &capped, &|x| softcap(engine, factor, x));
			check("embedding sum", &embedded, &|x| embedding_sum(engine, x, &y, &z).unwrap());
		});
	}

	#[test]
	fn activations_equal_the_definition(
		count in prop_oneof![0..300_usize, 16_000..40_000_usize],
		(a, b) in (values(), values()),
		seed in 0..u64::MAX / 2,
	) {
		use Activation::{Gelu, GeluTanh, Relu, Silu, Tanh};
		let (x, up) = (a.take(count, seed), b.take(count, seed + 1));
		for kind in [Relu, Silu, Gelu, GeluTanh, Tanh] {
			let activated = activation::activate(kind, &x);
			let multiplied = activation::gated(kind, &x, &up).unwrap();
			on_every_engine(|engine| {
				let mut out = x.clone();
				activate(engine, kind, &mut out);
				assert_bits(&out, &activated, engine, &format!("{kind:?}"));
				let mut out = x.clone();
				gated(engine, kind, &mut out, &up).unwrap();
				assert_bits(&out, &multiplied, engine, &format!("gated {kind:?}"));
			});
		}
	}
}

#[test]
fn operands_of_different_length_are_refused() {
	on_every_engine(|engine| {
		assert!(add(engine, &mut [0.0], &[]).is_err());
		assert!(mul(engine, &mut [0.0], &[]).is_err());
		assert!(gated(engine, Activation::Relu, &mut [], &[0.0]).is_err());
		assert!(embedding_sum(engine, &mut [0.0], &[0.0], &[]).is_err());
	});
}
