//! Operations on rows of f32 against the definition: quantisation, norms, rotation, pooling.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_cpu::{
	heads::{quantise_heads, Heads},
	norm::{norm, norm_quantise, Norm},
	pool::mean_pool,
	quantise::{quantise, Scheme},
	rope::{rotate, Angles},
	Codes, Engine,
};
use assay_kernels_exact::{
	norm as exact_norm, pool as exact_pool,
	quantise::{self as exact_quantise, Digits},
	rope::{self as exact_rope, Pairing},
};
use common::{all_codes, assert_bits, digits, on_every_engine, values, Values};
use proptest::prelude::*;

/// Codes, scales and zero points by the definition.
fn quantised(
	x: &[f32],
	columns: usize,
	scheme: Scheme,
	multipliers: Option<&[f32]>,
) -> (Vec<i16>, Vec<f32>, Vec<i8>) {
	let (mut codes, mut scales, mut zeros) = (Vec::new(), Vec::new(), Vec::new());
	for row in x.chunks(columns) {
		match scheme {
			Scheme::Symmetric(digits) => {
				let row = exact_quantise::symmetric(row, multipliers, digits).unwrap();
				codes.extend(row.codes);
				scales.push(row.stats.scale);
				zeros.push(0);
			}
			Scheme::Asymmetric => {
				let row = exact_quantise::asymmetric(row, multipliers).unwrap();
				codes.extend(row.codes.iter().map(|&code| i16::from(code)));
				scales.push(row.stats.scale);
				zeros.push(row.stats.zero_point);
			}
		}
	}
	(codes, scales, zeros)
}

#[track_caller]
fn assert_codes(
	got: &Codes,
	(codes, scales, zeros): &(Vec<i16>, Vec<f32>, Vec<i8>),
	engine: Engine<'_>,
) {
	assert_eq!(&all_codes(got), codes, "codes on {}", engine.level());
	assert_bits(got.scales(), scales, engine, "scales");
	assert_eq!(got.zero_points(), zeros, "zero points on {}", engine.level());
}

fn scheme() -> impl Strategy<Value = Scheme> {
	prop::sample::select(vec![
		Scheme::Symmetric(Digits::One),
		Scheme::Symmetric(Digits::Two),
		Scheme::Asymmetric,
	])
}

fn normed(x: &[f32], columns: usize, norm: Norm<'_>) -> Vec<f32> {
	let row = |x: &[f32]| match norm {
		Norm::Rms { gain, eps } => {
			let r = exact_norm::rms_stats(x, eps).unwrap();
			exact_norm::rms_elements(x, r, gain).unwrap()
		}
		Norm::Layer { gain, bias, eps } => {
			let stats = exact_norm::layer_stats(x, eps).unwrap();
			exact_norm::layer_elements(x, stats, gain, bias).unwrap()
		}
		Norm::L2 => exact_norm::l2_elements(x, exact_norm::l2_stats(x).unwrap()),
	};
	x.chunks(columns).flat_map(row).collect()
}

fn check_norms(x: &[f32], columns: usize, scheme: Scheme, seed: u64) {
	let gain = Values::Unit.take(columns, seed + 1);
	let bias = Values::Unit.take(columns, seed + 2);
	let multipliers = Values::Unit.take(columns, seed + 3);
	for eps in [1.0e-5, 0.0] {
		let rms = Norm::Rms { gain: &gain, eps };
		for kind in [rms, Norm::Layer { gain: &gain, bias: &bias, eps }, Norm::L2] {
			let expected = normed(x, columns, kind);
			let codes = quantised(&expected, columns, scheme, Some(&multipliers));
			on_every_engine(|engine| {
				let mut out = vec![0.0; x.len()];
				norm(engine, x, columns, kind, &mut out).unwrap();
				assert_bits(&out, &expected, engine, &format!("{kind:?}"));
				let mut out = Codes::new();
				let multipliers = Some(&multipliers[..]);
				norm_quantise(engine, x, columns, kind, scheme, multipliers, &mut out).unwrap();
				assert_codes(&out, &codes, engine);
			});
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn quantisation_equals_the_definition(
		(rows, columns) in (0..30_usize, 1..700_usize),
		values in values(),
		multipliers in prop::option::of(values()),
		scheme in scheme(),
		seed in 0..u64::MAX / 2,
	) {
		let x = values.take(rows * columns, seed);
		let multipliers = multipliers.map(|m| m.take(columns, seed + 1));
		let expected = quantised(&x, columns, scheme, multipliers.as_deref());
		on_every_engine(|engine| {
			let mut out = Codes::new();
			quantise(engine, &x, columns, scheme, multipliers.as_deref(), &mut out).unwrap();
			assert_codes(&out, &expected, engine);
		});
	}

	#[test]
	fn norms_equal_the_definition(
		(rows, columns) in (1..20_usize, 1..600_usize),
		values in values(),
		scheme in scheme(),
		seed in 0..u64::MAX / 2,
	) {
		check_norms(&values.take(rows * columns, seed), columns, scheme, seed);
	}

	#[test]
	fn heads_equal_norm_rotation_and_quantisation(
		(rows, heads, head_dim) in (1..12_usize, 1..5_usize, 2..=256_usize),
		values in values(),
		(gained, rotated, interleaved) in any::<(bool, bool, bool)>(),
		digits in digits(),
		seed in 0..u64::MAX / 2,
		share in 0..=100_usize,
	) {
		let columns = heads * head_dim;
		let x = values.take(rows * columns, seed);
		let gain = Values::Unit.take(head_dim, seed + 1);
		let pairs = (head_dim / 2 * share).div_ceil(100).min(128);
		let phases = exact_rope::phases(10_000, pairs.max(1)).unwrap();
		let phases = &phases[..pairs];
		let pairing = if interleaved { Pairing::Interleaved } else { Pairing::Halves };
		let positions: Vec<u32> = (0..rows as u32).map(|row| (seed as u32).wrapping_add(row)).collect();
		let mut plain = Vec::new();
		let mut expected = Vec::new();
		for (row, x) in x.chunks(columns).enumerate() {
			for head in x.chunks(head_dim) {
				plain.extend(exact_rope::rotate(head, phases, pairing, positions[row]).unwrap());
				let mut head = head.to_vec();
				if gained {
					head = normed(&head, head_dim, Norm::Rms { gain: &gain, eps: 1e-6 });
				}
				if rotated {
					head = exact_rope::rotate(&head, phases, pairing, positions[row]).unwrap();
				}
				expected.extend(head);
			}
		}
		let expected = quantised(&expected, head_dim, Scheme::Symmetric(digits), None);
		on_every_engine(|engine| {
			let mut angles = Angles::new();
			angles.fill(engine, phases, &positions);
			let mut out = x.clone();
			rotate(engine, &mut out, columns, head_dim, &angles, pairing).unwrap();
			assert_bits(&out, &plain, engine, "rotation");
			let norm = gained.then_some((&gain[..], 1e-6));
			let rotation = rotated.then_some((&angles, pairing));
			let what = Heads { heads, head_dim, norm, rotation, digits };
			let mut out = Codes::new();
			quantise_heads(engine, &x, &what, &mut out).unwrap();
			assert_codes(&out, &expected, engine);
		});
	}

	#[test]
	fn mean_pooling_equals_the_definition(
		positions in prop::collection::vec(1..40_usize, 0..6),
		columns in 1..200_usize,
		values in values(),
		seed in 0..u64::MAX / 2,
	) {
		let x = values.take(positions.iter().sum::<usize>() * columns, seed);
		let (mut expected, mut rest) = (Vec::new(), &x[..]);
		for &count in &positions {
			let (sequence, others) = rest.split_at(count * columns);
			expected.extend(exact_pool::mean_pool(sequence, columns).unwrap());
			rest = others;
		}
		on_every_engine(|engine| {
			let mut out = vec![0.0; expected.len()];
			mean_pool(engine, &x, columns, &positions, &mut out).unwrap();
			assert_bits(&out, &expected, engine, "mean");
		});
	}
}

#[test]
fn the_longest_rows_equal_the_definition() {
	let columns = assay_kernels_exact::MAX_K;
	for values in [Values::Unit, Values::Outliers, Values::Shifted] {
		check_norms(&values.take(columns, 3), columns, Scheme::Asymmetric, 5);
	}
	// Every square as great as it can be.
	let x: Vec<f32> = (0..columns).map(|k| if k % 2 == 0 { 7.5 } else { -7.5 }).collect();
	check_norms(&x, columns, Scheme::Symmetric(Digits::Two), 5);
}

#[test]
fn rows_next_to_the_zero_threshold_equal_the_definition() {
	for bits in [0x2b7f_ffff_u32, 0x2b80_0000, 0x2b80_0001] {
		let x = [f32::from_bits(bits), -f32::from_bits(bits - 7), 0.0];
		for scheme in [Scheme::Symmetric(Digits::One), Scheme::Asymmetric] {
			check_norms(&x, 3, scheme, 1);
			let expected = quantised(&x, 3, scheme, None);
			on_every_engine(|engine| {
				let mut out = Codes::new();
				quantise(engine, &x, 3, scheme, None, &mut out).unwrap();
				assert_codes(&out, &expected, engine);
			});
		}
	}
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
	let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
	let engine = Engine::new(&pool);
	let (mut codes, mut out) = (Codes::new(), [0.0; 4]);
	let scheme = Scheme::Asymmetric;
	assert!(quantise(engine, &[0.0; 5], 2, scheme, None, &mut codes).is_err());
	assert!(quantise(engine, &[], 0, scheme, None, &mut codes).is_err());
	assert!(quantise(engine, &[0.0; 4], 2, scheme, Some(&[1.0]), &mut codes).is_err());
	let rms = Norm::Rms { gain: &[1.0; 3], eps: 0.0 };
	assert!(norm(engine, &[0.0; 4], 2, rms, &mut out).is_err());
	assert!(norm(engine, &[0.0; 4], 2, Norm::L2, &mut out[1..]).is_err());
	assert!(mean_pool(engine, &[0.0; 4], 2, &[3], &mut out[..2]).is_err());
	assert!(mean_pool(engine, &[0.0; 4], 2, &[0, 2], &mut out).is_err());
	assert!(mean_pool(engine, &[0.0; 4], 2, &[1], &mut out[..2]).is_err());
	let heads = Heads { heads: 2, head_dim: 2, norm: None, rotation: None, digits: Digits::One };
	assert!(quantise_heads(engine, &[0.0; 5], &heads, &mut codes).is_err());
	let mut angles = Angles::new();
	angles.fill(engine, &[1, 2], &[0]);
	assert!(rotate(engine, &mut out, 4, 3, &angles, Pairing::Halves).is_err());
	assert!(rotate(engine, &mut out, 4, 2, &angles, Pairing::Halves).is_err());
	assert!(rotate(engine, &mut out, 4, 4, &angles, Pairing::Halves).is_ok());
}
