//! Operations in steps: blocks and reductions equal the whole, and integer parts do not depend on
//! order.

#![allow(
	clippy::cast_possible_truncation,
	reason = "noise is truncated on purpose, and lengths are small"
)]

use assay_kernels_exact::{
	attention::{attend, block, merge, Block, Query, BLOCK},
	linear::{linear, Input, Weights},
	norm::{layer_stats, rms_elements, rms_stats},
	pool::{add_sums, column_maxima, column_sums, mean, mean_pool},
	quantise::{symmetric, symmetric_codes, Digits},
	sampler::{best, reduce},
};
use proptest::{collection::vec, prelude::*};

fn finite() -> impl Strategy<Value = f32> {
	(-1000_i32..=1000, 0..20_u32).prop_map(|(k, shift)| k as f32 / (1_u32 << shift) as f32)
}

/// A permutation of 0..n.
fn permutation(n: usize) -> impl Strategy<Value = Vec<usize>> {
	Just((0..n).collect::<Vec<_>>()).prop_shuffle()
}

fn permuted<T: Clone>(rows: &[T], columns: usize, order: &[usize]) -> Vec<T> {
	order.iter().flat_map(|&r| rows[r * columns..(r + 1) * columns].to_vec()).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(200))]

	#[test]
	fn pooling_in_a_tree_equals_the_whole(x in vec(finite(), 3 * 50), cut in 1_usize..49) {
		let columns = 3;
		let parts = || [&x[..cut * columns], &x[cut * columns..]];
		let maxima: Vec<f32> =
			parts().iter().flat_map(|part| column_maxima(part, columns).unwrap()).collect();
		let maxima = column_maxima(&maxima, columns).unwrap();
		let sums: Vec<i64> =
			parts().iter().flat_map(|part| column_sums(part, &maxima).unwrap()).collect();
		let sums = add_sums(&sums, columns).unwrap();
		prop_assert_eq!(mean(&sums, &maxima, 50).unwrap(), mean_pool(&x, columns).unwrap());
	}

	#[test]
	fn pooling_and_norms_do_not_depend_on_order(x in vec(finite(), 64), order in permutation(64)) {
		let y = permuted(&x, 1, &order);
		prop_assert_eq!(mean_pool(&x, 1).unwrap(), mean_pool(&y, 1).unwrap());
		prop_assert_eq!(rms_stats(&x, 1e-5).unwrap(), rms_stats(&y, 1e-5).unwrap());
		prop_assert_eq!(layer_stats(&x, 1e-5).unwrap(), layer_stats(&y, 1e-5).unwrap());
	}

	#[test]
	fn elements_of_a_tile_equal_those_of_the_row(x in vec(finite(), 64), cut in 0_usize..64) {
		let row = symmetric(&x, None, Digits::Two).unwrap();
		let tile = symmetric_codes(&x[cut..], None, row.stats.max, Digits::Two).unwrap();
		prop_assert_eq!(&tile, &row.codes[cut..]);
		let r = rms_stats(&x, 1e-5).unwrap();
		let whole = rms_elements(&x, r, &x).unwrap();
		prop_assert_eq!(&rms_elements(&x[cut..], r, &x[cut..]).unwrap(), &whole[cut..]);
	}

	#[test]
	fn linear_sums_do_not_depend_on_order(
		q in vec(any::<i8>(), 200),
		w in vec(any::<i8>(), 200),
		order in permutation(200),
	) {
		let run = |q: &[i8], w: &[i8]| {
			let input = Input { codes: q, scale: 0.37, zero_point: 5 };
			linear(&input, &Weights { codes: w, scales: &[0.11], groups: None, bias: None }).unwrap()
		};
		prop_assert_eq!(run(&q, &w), run(&permuted(&q, 1, &order), &permuted(&w, 1, &order)));
	}

	#[test]
	fn records_do_not_depend_on_the_order_of_positions(
		q in vec(any::<i8>(), 4),
		k in vec(any::<i8>(), 4 * 60),
		v in vec(any::<i8>(), 2 * 60),
		s_k in vec(finite(), 60),
		s_v in vec(finite(), 60),
		order in permutation(60),
	) {
		let query = Query { codes: &q, scale: 0.01 };
		let visible =
			Block { keys: &k, key_scales: &s_k, values: &v, value_scales: &s_v, channels: 2 };
		let (k2, v2) = (permuted(&k, 4, &order), permuted(&v, 2, &order));
		let (s_k2, s_v2) = (permuted(&s_k, 1, &order), permuted(&s_v, 1, &order));
		let shuffled =
			Block { keys: &k2, key_scales: &s_k2, values: &v2, value_scales: &s_v2, channels: 2 };
		prop_assert_eq!(block(&query, &visible).unwrap(), block(&query, &shuffled).unwrap());
	}

	#[test]
	fn attention_in_records_equals_the_whole(
		q in vec(any::<i8>(), 2),
		first in 0_usize..2000,
		count in 1_usize..1500,
		seed in any::<u32>(),
		rotation in 0_usize..4,
	) {
		let noise = |i: usize| (i as u32 ^ seed).wrapping_mul(2_654_435_769);
		let k: Vec<i8> = (0..2 * count).map(|i| (noise(i) >> 24) as i8).collect();
		let v: Vec<i8> = (0..2 * count).map(|i| (noise(i) >> 16) as i8).collect();
		let s: Vec<f32> = (0..count).map(|i| (noise(i) >> 20) as f32 / 65_536.0).collect();
		let query = Query { codes: &q, scale: 0.02 };
		let visible = Block { keys: &k, key_scales: &s, values: &v, value_scales: &s, channels: 2 };
		let whole = attend(&query, &visible, first).unwrap();

		let mut records = Vec::new();
		for b in first / BLOCK..=(first + count - 1) / BLOCK {
			let from = (b * BLOCK).max(first) - first;
			let to = ((b + 1) * BLOCK).min(first + count) - first;
			let part = Block {
				keys: &k[2 * from..2 * to],
				key_scales: &s[from..to],
				values: &v[2 * from..2 * to],
				value_scales: &s[from..to],
				channels: 2,
			};
			records.push(block(&query, &part).unwrap());
		}
		let turn = rotation % records.len();
		records.rotate_left(turn);
		prop_assert_eq!(merge(&records).unwrap(), whole.clone());

		// Channels apart equal channels together.
		let v0: Vec<i8> = v.iter().copied().step_by(2).collect();
		let first_channel =
			Block { keys: &k, key_scales: &s, values: &v0, value_scales: &s, channels: 1 };
		prop_assert_eq!(attend(&query, &first_channel, first).unwrap(), &whole[..1]);
	}

	#[test]
	fn the_greatest_of_tiles_is_the_greatest_of_the_row(x in vec(finite(), 100), cut in 1_usize..99) {
		let tiles = [best(&x[..cut], 1.0, 0), best(&x[cut..], 1.0, cut as u32)];
		prop_assert_eq!(reduce(&tiles), best(&x, 1.0, 0));
	}
}
