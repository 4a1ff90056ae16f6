//! Mean pooling over positions in fixed point per channel (SPEC 12): maxima, sums, mean.

use alloc::vec::Vec;

use crate::{
	error::{length, range, rows, Error},
	float::{canon, is_zero_row, mag, pow2, rne},
};

const OP: &str = "mean pool";
/// 2^21: the fixed-point value of a channel's maximum.
const ONE: f32 = 2_097_152.0;
/// Most positions of one pooling.
pub const MAX_POSITIONS: usize = 1 << 18;

/// Greatest magnitude per channel of `rows` x `columns` values, or of partial maxima.
///
/// # Errors
/// [`Error::Length`] unless `x` is a whole number of rows, [`Error::Range`] for dimensions out of
/// bounds.
pub fn column_maxima(x: &[f32], columns: usize) -> Result<Vec<f32>, Error> {
	rows(OP, "positions", columns, MAX_POSITIONS, x.len())?;
	let mut maxima = alloc::vec![0_u32; columns];
	for row in x.chunks(columns) {
		for (most, &x) in maxima.iter_mut().zip(row) {
			*most = (*most).max(mag(canon(x)));
		}
	}
	Ok(maxima.into_iter().map(f32::from_bits).collect())
}

/// Fixed-point sum per channel of `rows` x `columns` values, given the channels' maxima.
///
/// # Errors
/// As [`column_maxima`], and [`Error::Length`] when `maxima` is not one per column.
pub fn column_sums(x: &[f32], maxima: &[f32]) -> Result<Vec<i64>, Error> {
	let columns = maxima.len();
	rows(OP, "positions", columns, MAX_POSITIONS, x.len())?;
	let inverse = |&a: &f32| if is_zero_row(canon(a)) { 0.0 } else { ONE / canon(a) };
	let inverses: Vec<f32> = maxima.iter().map(inverse).collect();
	let mut sums = alloc::vec![0_i64; columns];
	for row in x.chunks(columns) {
		for ((sum, &x), &inverse) in sums.iter_mut().zip(row).zip(&inverses) {
			*sum += i64::from(rne(canon(x) * inverse));
		}
	}
	Ok(sums)
}

/// Sum per channel of partial sums; additions wrap, which only false partial sums can show.
///
/// # Errors
/// As [`column_maxima`].
pub fn add_sums(partial: &[i64], columns: usize) -> Result<Vec<i64>, Error> {
	rows(OP, "positions", columns, MAX_POSITIONS, partial.len())?;
	let mut sums = alloc::vec![0_i64; columns];
	for row in partial.chunks(columns) {
		for (sum, &part) in sums.iter_mut().zip(row) {
			*sum = sum.wrapping_add(part);
		}
	}
	Ok(sums)
}

/// CANON(((f32)sum * (max * 2^-21)) / (f32)positions) per channel, +0 where max < 2^-40.
///
/// # Errors
/// [`Error::Range`] for `positions` outside 1..=2^18, [`Error::Length`] unless there is one maximum
/// per sum.
pub fn mean(sums: &[i64], maxima: &[f32], positions: usize) -> Result<Vec<f32>, Error> {
	range(OP, "positions", 1, MAX_POSITIONS, positions)?;
	length(OP, "maxima", sums.len(), maxima.len())?;
	let element = |(&sum, &max): (&i64, &f32)| {
		let max = canon(max);
		if is_zero_row(max) {
			return 0.0;
		}
		canon((sum as f32 * (max * pow2(-21))) / positions as f32)
	};
	Ok(sums.iter().zip(maxima).map(element).collect())
}

/// Mean over all rows of `x`, channel by channel.
///
/// # Errors
/// As [`column_maxima`].
pub fn mean_pool(x: &[f32], columns: usize) -> Result<Vec<f32>, Error> {
	let maxima = column_maxima(x, columns)?;
	mean(&column_sums(x, &maxima)?, &maxima, x.len() / columns)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn pooling_follows_f64() {
		let columns = 5;
		let x: Vec<f32> = (0..columns as u32 * 300)
			.map(|i| (i.wrapping_mul(77_777) % 1000) as f32 - 300.0)
			.collect();
		for (c, &got) in mean_pool(&x, columns).unwrap().iter().enumerate() {
			let sum: f64 = x.iter().skip(c).step_by(columns).map(|&x| f64::from(x)).sum();
			assert!((f64::from(got) - sum / 300.0).abs() < 1e-3, "{c}");
		}
	}

	#[test]
	fn tiny_channels_vanish_beside_others() {
		let y = mean_pool(&[1.0e-33, 4.0, -1.0e-33, 2.0], 2).unwrap();
		assert_eq!((y[0].to_bits(), y[1]), (0, 3.0));
	}

	#[test]
	fn false_partials_give_defined_values() {
		assert_eq!(add_sums(&[i64::MAX, 1], 1).unwrap(), [i64::MIN]);
		let y = mean(&[i64::MIN], &[f32::NAN], 1).unwrap();
		assert_eq!(y[0].to_bits(), crate::float::MAX_MAG | 0x8000_0000);
		assert_eq!(column_sums(&[5.0], &[-1.0]).unwrap(), [-i64::from(crate::float::RNE_LIMIT)]);
	}

	#[test]
	fn shapes_that_do_not_fit_are_refused() {
		assert!(mean_pool(&[1.0; 5], 2).is_err());
		assert!(mean_pool(&[], 2).is_err() && mean_pool(&[], 0).is_err());
		assert!(mean(&[1], &[1.0], 0).is_err() && mean(&[1], &[], 1).is_err());
	}
}
