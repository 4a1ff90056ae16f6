//! Attention in base-2 block floating point (SPEC 11): one record per query, head and block of 512
//! key positions, then one merge. All sums and maxima are integers, so how a context is divided
//! among blocks, batches or machines does not show in the result, beyond the fixed grid of blocks.

mod block;
mod constant;
mod merge;

pub use block::{block, Block, Query};
pub use constant::softmax_constant;
pub use merge::merge;

use alloc::vec::Vec;

use crate::{error::Error, float::canon, quantise::Code};

/// Key positions per block; block b covers positions 512 b to 512 b + 511.
pub const BLOCK: usize = 512;
/// Greatest number of blocks of one merge: a context of 262144 positions.
pub const MAX_BLOCKS: usize = 512;
/// Greatest head dimension.
pub const MAX_HEAD_DIM: usize = 256;

/// The `max_exponent` and `max_weighted` of a record without visible keys.
pub const EMPTY: i32 = -131_072;

/// What one query head sees in one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
	/// M: the greatest rounded base-2 score.
	pub max_exponent: i32,
	/// R: the greatest rounded score plus exponent of the value scale.
	pub max_weighted: i32,
	/// L: sum of the weights, in units of 2^(M - 29).
	pub sum: i64,
	/// O: sum of weighted value codes per channel, in units of 2^(R - 13).
	pub output: Vec<i32>,
}

impl Record {
	/// The record of a block in which nothing is visible; it does not affect a merge.
	pub fn empty(channels: usize) -> Self {
		Self { max_exponent: EMPTY, max_weighted: EMPTY, sum: 0, output: alloc::vec![0; channels] }
	}
}

/// s_qc = CANON(s_q * C): the query's scale with the softmax constant folded in.
pub fn query_scale(scale: f32, constant: f32) -> f32 {
	canon(canon(scale) * canon(constant))
}

/// Attention over a whole visible range: records of the blocks that it touches, merged.
///
/// `visible` holds the keys and values of the positions `first`, `first` + 1, …; the blocks' grid
/// starts at position 0.
///
/// # Errors
/// As [`block()`] and [`merge()`].
pub fn attend<K: Code>(
	query: &Query<'_, K>,
	visible: &Block<'_, K>,
	first: usize,
) -> Result<Vec<f32>, Error> {
	let mut records = Vec::new();
	let count = visible.key_scales.len();
	let mut from = 0;
	while from < count {
		let to = count.min(from + BLOCK - (first % BLOCK + from) % BLOCK);
		records.push(block(query, &visible.slice(query, from, to)?)?);
		from = to;
	}
	if records.is_empty() {
		records.push(Record::empty(visible.channels));
	}
	merge(&records)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::quantise::{symmetric, Digits};

	fn noise(n: usize, seed: u32) -> Vec<f32> {
		(0..n as u32)
			.map(|j| {
				let bits = (j ^ seed).wrapping_mul(2_654_435_769).wrapping_add(seed);
				((bits ^ (bits >> 15)).wrapping_mul(2_246_822_519) >> 8) as f32 / 8_388_608.0 - 1.0
			})
			.collect()
	}

	#[test]
	fn attention_follows_softmax_in_f64() {
		let (d, tokens) = (32, 1300);
		let query = symmetric(&noise(d, 1), None, Digits::One).unwrap();
		let (mut k, mut v, mut s_k, mut s_v) =
			(alloc::vec![], alloc::vec![], alloc::vec![], alloc::vec![]);
		for t in 0..tokens {
			let row = symmetric(&noise(d, 100 + t), None, Digits::One).unwrap();
			k.extend(row.codes);
			s_k.push(row.stats.scale * 5.0);
			let row = symmetric(&noise(d, 9000 + t), None, Digits::One).unwrap();
			v.extend(row.codes.iter().map(|&c| c as i8));
			s_v.push(row.stats.scale);
		}
		let constant = softmax_constant(d as u32);
		let scale = query_scale(query.stats.scale, constant);
		let out = attend(
			&Query { codes: &query.codes, scale },
			&Block { keys: &k, key_scales: &s_k, values: &v, value_scales: &s_v, channels: d },
			0,
		)
		.unwrap();

		let mut total = 0.0;
		let mut expected = alloc::vec![0.0; d];
		for t in 0..tokens as usize {
			let dot: i32 =
				(0..d).map(|c| i32::from(query.codes[c]) * i32::from(k[t * d + c])).sum();
			let weight = (f64::from(dot) * f64::from(scale) * f64::from(s_k[t])).exp2();
			total += weight;
			for c in 0..d {
				expected[c] += weight * f64::from(v[t * d + c]) * f64::from(s_v[t]);
			}
		}
		let largest = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs())) / total;
		for (got, expected) in out.iter().zip(&expected) {
			let error = (f64::from(*got) - expected / total).abs() / largest;
			assert!(error < 3.6e-3, "{error}");
		}
	}

	#[test]
	fn the_offset_of_the_first_position_sets_the_blocks() {
		let keys = [1_i8; 4];
		let values = [1_i8, 2, 3, 4];
		let visible = Block {
			keys: &keys,
			key_scales: &[1.0; 4],
			values: &values,
			value_scales: &[1.0; 4],
			channels: 1,
		};
		let query = Query { codes: &[1], scale: 1.0 };
		assert_eq!(attend(&query, &visible, 510).unwrap(), [2.5]);
		assert_eq!(attend(&query, &visible, 0).unwrap(), [2.5]);
	}

	#[test]
	fn nothing_visible_gives_zero() {
		let none =
			Block { keys: &[], key_scales: &[], values: &[], value_scales: &[], channels: 2 };
		assert_eq!(attend(&Query { codes: &[1_i8], scale: 1.0 }, &none, 0).unwrap(), [0.0, 0.0]);
	}
}
