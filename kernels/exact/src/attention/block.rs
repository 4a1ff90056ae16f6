//! The record of one query head over one block of keys.

use alloc::vec::Vec;

use super::{Record, BLOCK, EMPTY, MAX_HEAD_DIM};
use crate::{
	elementary::poly2,
	error::{length, range, Error},
	float::{canon, clamp, clamp_f32, exponent, pow2, rne},
	quantise::Code,
};

const OP: &str = "attention block";
/// Scores are limited to +- this many powers of two.
const MAX_SCORE: f32 = 16_384.0;
/// Weights P have 15 bits and a sign.
const MAX_WEIGHT: i32 = 32_767;

// The sums of one block hold for every bit pattern of its operands.
const _: () = assert!(BLOCK as i64 * MAX_WEIGHT as i64 * 128 < 1 << 31);
const _: () = assert!((BLOCK as i64) * (1 << 30) <= 1 << 39);

/// One quantised query head.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a, K> {
	/// Codes, one per channel.
	pub codes: &'a [K],
	/// s_qc: the scale with the softmax constant, see [`query_scale`](super::query_scale).
	pub scale: f32,
}

/// The visible keys and values of one head, one row per position.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a, K> {
	/// Key codes, row after row, each as long as the query.
	pub keys: &'a [K],
	/// Value of one key code step per position.
	pub key_scales: &'a [f32],
	/// Value codes, row after row, each of `channels`.
	pub values: &'a [i8],
	/// Value of one value code step per position.
	pub value_scales: &'a [f32],
	/// Channels per value row: the head dimension or a part of it.
	pub channels: usize,
}

impl<'a, K: Code> Block<'a, K> {
	/// The positions `from..to` of this block.
	pub(super) fn slice(
		&self,
		query: &Query<'_, K>,
		from: usize,
		to: usize,
	) -> Result<Self, Error> {
		self.check(query)?;
		let (d, channels) = (query.codes.len(), self.channels);
		Ok(Self {
			keys: &self.keys[from * d..to * d],
			key_scales: &self.key_scales[from..to],
			values: &self.values[from * channels..to * channels],
			value_scales: &self.value_scales[from..to],
			channels,
		})
	}

	fn check(&self, query: &Query<'_, K>) -> Result<(), Error> {
		let positions = self.key_scales.len();
		range(OP, "head dimension", 1, MAX_HEAD_DIM, query.codes.len())?;
		range(OP, "channels", 1, MAX_HEAD_DIM, self.channels)?;
		length(OP, "keys", positions.saturating_mul(query.codes.len()), self.keys.len())?;
		length(OP, "values", positions.saturating_mul(self.channels), self.values.len())?;
		length(OP, "value scales", positions, self.value_scales.len())
	}
}

/// A position's weight 2^z as mantissa and exponent, and the exponent of its scaled value.
struct Score {
	mantissa: f32,
	exponent: i32,
	weighted: i32,
	value_scale: f32,
}

fn score<K: Code>(query: &Query<'_, K>, key: &[K], key_scale: f32, value_scale: f32) -> Score {
	let dot: i64 =
		query.codes.iter().zip(key).map(|(&q, &k)| i64::from(q.read()) * i64::from(k.read())).sum();
	let z = (dot as f32 * canon(query.scale)) * canon(key_scale);
	let z = clamp_f32(z, -MAX_SCORE, MAX_SCORE);
	let n = rne(z);
	let value_scale = canon(value_scale);
	Score {
		mantissa: poly2(z - n as f32),
		exponent: n,
		weighted: n + exponent(value_scale),
		value_scale,
	}
}

/// The record of the visible positions of one block, at most 512 of them.
///
/// # Errors
/// [`Error::Range`] for more than 512 positions or a dimension outside 1..=256, [`Error::Length`]
/// when the operands do not fit each other.
pub fn block<K: Code>(query: &Query<'_, K>, block: &Block<'_, K>) -> Result<Record, Error> {
	block.check(query)?;
	range(OP, "positions", 0, BLOCK, block.key_scales.len())?;
	let scores: Vec<Score> = block
		.keys
		.chunks(query.codes.len())
		.zip(block.key_scales.iter().zip(block.value_scales))
		.map(|(key, (&key_scale, &value_scale))| score(query, key, key_scale, value_scale))
		.collect();
	let max_exponent = scores.iter().map(|s| s.exponent).max().unwrap_or(EMPTY);
	let max_weighted = scores.iter().map(|s| s.weighted).max().unwrap_or(EMPTY);

	let mut record = Record { max_exponent, max_weighted, ..Record::empty(block.channels) };
	for (score, values) in scores.iter().zip(block.values.chunks(block.channels)) {
		let mass = i64::from(rne(score.mantissa * pow2(21))) * 256;
		record.sum += mass >> (max_exponent - score.exponent).min(31);
		let shift = clamp(13 + score.exponent - max_weighted, -60, 60);
		let weight = rne((score.mantissa * score.value_scale) * pow2(shift));
		let weight = clamp(weight, -MAX_WEIGHT, MAX_WEIGHT);
		for (output, &value) in record.output.iter_mut().zip(values) {
			*output += weight * i32::from(value);
		}
	}
	Ok(record)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_worked_example_of_the_specification() {
		let query = Query { codes: &[127_i8, -3, 40, 9], scale: 0.001 };
		let visible = Block {
			keys: &[127, -3, 40, 9, -127, 3, -40, -9, 5, 6, 7, 8],
			key_scales: &[0.01, 0.02, 0.03],
			values: &[127, 0, -127, 1, 3, 4, 5, 6, -100, 100, 50, -50],
			value_scales: &[0.02, 0.0, 1.5],
			channels: 4,
		};
		let record = block(&query, &visible).unwrap();
		assert_eq!((record.max_exponent, record.max_weighted), (0, 0));
		assert_eq!(record.sum, 1_574_610_176);
		assert_eq!(record.output, [-1_230_305, 1_253_800, 603_405, -626_715]);
		let out: Vec<u32> =
			super::super::merge(&[record]).unwrap().iter().map(|x| x.to_bits()).collect();
		assert_eq!(out, [0xc24c_d2cd, 0x4250_bc24, 0x41c8_e976, 0xc1d0_ac60]);
	}

	#[test]
	fn hostile_scales_stay_in_the_integer_bounds() {
		let keys = [-128_i8; BLOCK];
		let scales = [f32::NEG_INFINITY; BLOCK];
		let visible = Block {
			keys: &keys,
			key_scales: &scales,
			values: &keys,
			value_scales: &scales,
			channels: 1,
		};
		let record = block(&Query { codes: &[-128], scale: f32::NAN }, &visible).unwrap();
		assert_eq!(record.max_exponent, -16_384);
		assert_eq!(record.max_weighted, -16_384 + 40);
		assert_eq!(record.output, [512 * 8192 * 128]);
	}

	#[test]
	fn more_than_a_block_is_refused() {
		let keys = [0_i8; BLOCK + 1];
		let scales = [1.0; BLOCK + 1];
		let visible = Block {
			keys: &keys,
			key_scales: &scales,
			values: &keys,
			value_scales: &scales,
			channels: 1,
		};
		assert!(block(&Query { codes: &[1], scale: 1.0 }, &visible).is_err());
	}
}
