//! Asymmetric one-digit quantisation: the window of codes is centred on the row's mid-range.

use alloc::vec::Vec;

use super::{multiplied, ONE_DIGIT};
use crate::{
	error::Error,
	float::{canon, clamp, is_zero_row, rne},
};

/// What a row's elements need before they can be quantised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsymmetricStats {
	/// h: half of (max(row, 0) - min(row, 0)).
	pub half_range: f32,
	/// s: the value of one code step, `half_range` / 127; +0 for a zero row.
	pub scale: f32,
	/// z: the window's centre in steps, -127..=127.
	pub zero_point: i8,
}

/// A quantised row.
#[derive(Clone, Debug, PartialEq)]
pub struct AsymmetricRow {
	/// Half range, scale and zero point.
	pub stats: AsymmetricStats,
	/// One stored code per element, in -127..=127; the value is (code + zero point) * scale.
	pub codes: Vec<i8>,
}

/// Half range, scale and zero point of the row `x`, multiplied per channel where `multipliers`
/// are given.
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn asymmetric_stats(x: &[f32], multipliers: Option<&[f32]>) -> Result<AsymmetricStats, Error> {
	let x = multiplied("quantise asymmetric", x, multipliers)?;
	let (mut high, mut low) = (0.0, 0.0);
	for x in x.iter().map(|&x| canon(x)) {
		if x > high {
			high = x;
		}
		if x < low {
			low = x;
		}
	}
	let half_range = canon((high - low) * 0.5);
	let centre = (high + low) * 0.5;
	if is_zero_row(half_range) {
		return Ok(AsymmetricStats { half_range, scale: 0.0, zero_point: 0 });
	}
	let inverse = ONE_DIGIT as f32 / half_range;
	Ok(AsymmetricStats {
		half_range,
		scale: canon(half_range / ONE_DIGIT as f32),
		zero_point: clamp(rne(centre * inverse), -ONE_DIGIT, ONE_DIGIT) as i8,
	})
}

/// Stored codes of some elements of a row with the given half range and zero point; all 0 when
/// |`half_range`| < 2^-40. Both may be anything; the zero point is limited to -127..=127.
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn asymmetric_codes(
	x: &[f32],
	multipliers: Option<&[f32]>,
	half_range: f32,
	zero_point: i8,
) -> Result<Vec<i8>, Error> {
	let x = multiplied("quantise asymmetric", x, multipliers)?;
	let half_range = canon(half_range);
	if is_zero_row(half_range) {
		return Ok(alloc::vec![0; x.len()]);
	}
	let zero = clamp(zero_point.into(), -ONE_DIGIT, ONE_DIGIT);
	let inverse = ONE_DIGIT as f32 / half_range;
	let code = |&x: &f32| {
		let code = clamp(rne(canon(x) * inverse), zero - ONE_DIGIT, zero + ONE_DIGIT);
		(code - zero) as i8
	};
	Ok(x.iter().map(code).collect())
}

/// Quantises a whole row: [`asymmetric_stats`], then [`asymmetric_codes`].
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn asymmetric(x: &[f32], multipliers: Option<&[f32]>) -> Result<AsymmetricRow, Error> {
	let stats = asymmetric_stats(x, multipliers)?;
	let codes = asymmetric_codes(x, multipliers, stats.half_range, stats.zero_point)?;
	Ok(AsymmetricRow { stats, codes })
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn one_sided_rows_use_the_whole_window() {
		let row = asymmetric(&[0.0, 1.0, 2.0, 10.0], None).unwrap();
		assert_eq!(row.stats.zero_point, 127);
		assert_eq!(row.codes, [-127, -102, -76, 127]);
		let row = asymmetric(&[0.0, -10.0], None).unwrap();
		assert_eq!((row.stats.zero_point, row.codes), (-127, alloc::vec![127, -127]));
	}

	#[test]
	fn values_return_within_half_a_step() {
		let x = [-1.0, 0.5, 7.25, 3.0, 0.0];
		let row = asymmetric(&x, None).unwrap();
		for (&x, &code) in x.iter().zip(&row.codes) {
			let code = f64::from(code) + f64::from(row.stats.zero_point);
			let error = f64::from(x) - code * f64::from(row.stats.scale);
			assert!(error.abs() <= f64::from(row.stats.scale) * 0.5001, "{x}");
		}
	}

	#[test]
	fn false_stats_cannot_leave_the_code_range() {
		let codes = asymmetric_codes(&[1.0e9, -1.0e9, 0.0], None, 1.0e-9, -128).unwrap();
		assert_eq!(codes, [127, -127, 127]);
		assert_eq!(asymmetric_codes(&[5.0], None, 1.0e-13, 9).unwrap(), [0]);
	}
}
