//! Symmetric quantisation: code = round(x * Q / a), scale = a / Q, with a the row's maximum.

use alloc::vec::Vec;

use super::{multiplied, Digits};
use crate::{
	error::Error,
	float::{absmax, canon, clamp, is_zero_row, rne},
};

/// What a row's elements need before they can be quantised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SymmetricStats {
	/// a: the greatest magnitude of the (multiplied) row.
	pub max: f32,
	/// s: the value of one code step, `max` / Q; +0 for a zero row.
	pub scale: f32,
}

/// A quantised row.
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricRow {
	/// Maximum and scale.
	pub stats: SymmetricStats,
	/// One code per element, in -Q..=Q.
	pub codes: Vec<i16>,
}

/// Maximum and scale of the row `x`, multiplied per channel where `multipliers` are given.
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn symmetric_stats(
	x: &[f32],
	multipliers: Option<&[f32]>,
	digits: Digits,
) -> Result<SymmetricStats, Error> {
	let max = absmax(&multiplied("quantise symmetric", x, multipliers)?);
	let scale = if is_zero_row(max) { 0.0 } else { canon(max / digits.max_code() as f32) };
	Ok(SymmetricStats { max, scale })
}

/// Codes of some elements of a row whose maximum is `max`; all 0 when `max` < 2^-40.
///
/// `max` is read from another tile and may be anything; codes stay in -Q..=Q.
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn symmetric_codes(
	x: &[f32],
	multipliers: Option<&[f32]>,
	max: f32,
	digits: Digits,
) -> Result<Vec<i16>, Error> {
	let x = multiplied("quantise symmetric", x, multipliers)?;
	let max = canon(max);
	let limit = digits.max_code();
	let inverse = if is_zero_row(max) { 0.0 } else { limit as f32 / max };
	Ok(x.iter().map(|&x| clamp(rne(canon(x) * inverse), -limit, limit) as i16).collect())
}

/// Quantises a whole row: [`symmetric_stats`], then [`symmetric_codes`].
///
/// # Errors
/// [`Error::Length`] when `multipliers` has another length than `x`.
pub fn symmetric(
	x: &[f32],
	multipliers: Option<&[f32]>,
	digits: Digits,
) -> Result<SymmetricRow, Error> {
	let stats = symmetric_stats(x, multipliers, digits)?;
	Ok(SymmetricRow { stats, codes: symmetric_codes(x, multipliers, stats.max, digits)? })
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn codes_are_within_half_a_step_of_the_value() {
		let x = [0.75, -1.25, 3.0, 0.001, -0.02];
		for digits in [Digits::One, Digits::Two] {
			let row = symmetric(&x, None, digits).unwrap();
			for (&x, &code) in x.iter().zip(&row.codes) {
				let error = f64::from(x) - f64::from(code) * f64::from(row.stats.scale);
				assert!(error.abs() <= f64::from(row.stats.scale) * 0.5001, "{x} {code}");
			}
			assert_eq!(i32::from(row.codes[2]), digits.max_code());
		}
	}

	#[test]
	fn rows_below_the_zero_threshold_vanish() {
		let below = f32::from_bits(crate::float::ZERO_ROW_MAG - 1);
		let row = symmetric(&[below, -below], None, Digits::One).unwrap();
		assert_eq!(row.codes, [0, 0]);
		assert_eq!(row.stats.scale.to_bits(), 0);
		let at = f32::from_bits(crate::float::ZERO_ROW_MAG);
		assert_eq!(symmetric(&[at, -at], None, Digits::Two).unwrap().codes, [32_512, -32_512]);
	}

	#[test]
	fn a_false_maximum_cannot_leave_the_code_range() {
		let codes = symmetric_codes(&[1.0e9, f32::NAN, -1.0], None, 1.0e-9, Digits::One).unwrap();
		assert_eq!(codes, [127, 127, -127]);
	}

	#[test]
	fn multipliers_apply_before_the_maximum() {
		let row = symmetric(&[1.0, 100.0], Some(&[2.0, 0.01]), Digits::One).unwrap();
		assert_eq!(row.stats.max, 2.0);
		assert!(symmetric(&[1.0], Some(&[]), Digits::One).is_err());
	}
}
