//! The merge of a head's block records into its output.

use alloc::vec::Vec;

use super::{Record, MAX_BLOCKS};
use crate::{
	error::{length, range, Error},
	float::{canon, clamp, pow2},
};

const OP: &str = "attention merge";
/// Records come from tiles: their exponents and sums are limited to these.
const MAX_EXPONENT: i32 = 131_072;
const MAX_SUM: i64 = 1 << 40;
/// Outputs are aligned to 2^-22 below the greatest record.
const ALIGNMENT: i32 = 22;

// Sums over all blocks, for every content of the records.
const _: () = assert!((MAX_BLOCKS as i64) << 40 <= 1 << 49);
const _: () = assert!((MAX_BLOCKS as i128) << (31 + ALIGNMENT) < 1 << 63);

struct Limited<'a> {
	max_exponent: i32,
	max_weighted: i32,
	sum: i64,
	output: &'a [i32],
}

impl<'a> Limited<'a> {
	fn new(record: &'a Record) -> Self {
		Self {
			max_exponent: clamp(record.max_exponent, -MAX_EXPONENT, MAX_EXPONENT),
			max_weighted: clamp(record.max_weighted, -MAX_EXPONENT, MAX_EXPONENT),
			sum: record.sum.clamp(0, MAX_SUM),
			output: &record.output,
		}
	}
}

/// The output of one head, one f32 per channel, from 1..=512 records of equal width.
///
/// The order of the records does not matter.
///
/// # Errors
/// [`Error::Range`] for a number of records out of bounds, [`Error::Length`] when they differ in
/// width.
pub fn merge(records: &[Record]) -> Result<Vec<f32>, Error> {
	range(OP, "records", 1, MAX_BLOCKS, records.len())?;
	let channels = records[0].output.len();
	for record in records {
		length(OP, "record", channels, record.output.len())?;
	}
	let records: Vec<Limited<'_>> = records.iter().map(Limited::new).collect();
	let greatest = |f: fn(&Limited<'_>) -> i32| records.iter().map(f).max().unwrap_or(super::EMPTY);
	let max_exponent = greatest(|r| r.max_exponent);
	let max_weighted = greatest(|r| r.max_weighted);

	let sum: i64 = records.iter().map(|r| r.sum >> (max_exponent - r.max_exponent).min(62)).sum();
	let divisor = sum.max(1) as f32 * pow2(-29);
	let mut output = alloc::vec![0_i64; channels];
	for record in &records {
		let shift = ALIGNMENT - (max_weighted - record.max_weighted);
		for (total, &part) in output.iter_mut().zip(record.output) {
			let part = i64::from(part);
			*total += if shift >= 0 { part << shift } else { part >> (-shift).min(62) };
		}
	}

	let scale = max_weighted - max_exponent;
	if scale < -80 {
		return Ok(alloc::vec![0.0; channels]);
	}
	let unit = pow2(scale.min(80) - 35);
	Ok(output.iter().map(|&total| canon((total as f32 * unit) / divisor)).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn record(max_exponent: i32, max_weighted: i32, sum: i64, output: i32) -> Record {
		Record { max_exponent, max_weighted, sum, output: alloc::vec![output] }
	}

	#[test]
	fn an_empty_record_changes_nothing() {
		let records = [record(3, -2, 1 << 31, 12_345), record(-9, 1, 1 << 30, -77)];
		let expected = merge(&records).unwrap();
		let [a, b] = records;
		assert_eq!(merge(&[a, Record::empty(1), b]).unwrap(), expected);
		assert_eq!(merge(&[Record::empty(1)]).unwrap(), [0.0]);
	}

	#[test]
	fn small_blocks_shift_out() {
		let base = record(0, 0, 1 << 29, 1 << 20);
		let alone = merge(core::slice::from_ref(&base)).unwrap();
		for gap in [23, 62, 63, 90, 40_000] {
			let far = record(-gap, -gap, 63, 1);
			assert_eq!(merge(&[base.clone(), far]).unwrap(), alone, "{gap}");
		}
		// Arithmetic shift: a negative rest stays -1.
		let far = record(-90, -90, 0, -1);
		let output = ((1_i64 << 42) - 1) as f32 * pow2(-35);
		assert_eq!(merge(&[base, far]).unwrap(), [output]);
	}

	#[test]
	fn the_result_vanishes_below_two_to_minus_80_only() {
		assert_eq!(merge(&[record(81, 0, 1 << 29, 1 << 30)]).unwrap()[0].to_bits(), 0);
		assert_ne!(merge(&[record(80, 0, 1 << 29, 1 << 30)]).unwrap()[0].to_bits(), 0);
	}

	#[test]
	fn hostile_records_at_the_greatest_count_stay_in_range() {
		let hostile = record(i32::MIN, i32::MAX, i64::MIN, i32::MIN);
		let out = merge(&alloc::vec![hostile; MAX_BLOCKS]).unwrap();
		assert_eq!(out[0].to_bits(), crate::float::MAX_MAG | 0x8000_0000);
		assert!(merge(&[]).is_err());
		assert!(merge(&[record(0, 0, 0, 0), Record::empty(2)]).is_err());
	}
}
