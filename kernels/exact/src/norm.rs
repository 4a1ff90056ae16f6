//! RMS, layer and L2 normalisation over rows in fixed point (SPEC 9).
//!
//! A row is scaled so that its maximum is 2^21; sums of the resulting integers and of their squares
//! are exact. The statistics of a row are one step, its elements another, so that a tile of elements
//! needs no sum.

use alloc::vec::Vec;

use crate::{
	elementwise::map,
	error::{length, range, Error},
	float::{absmax, canon, is_zero_row, pow2, rne},
	sqrt::sqrt,
	MAX_K,
};

/// 2^21: the fixed-point value of a row's maximum.
const ONE: f32 = 2_097_152.0;
/// 2^-60: epsilons below are raised to it, so that no divisor vanishes.
const MIN_EPSILON: f32 = f32::from_bits(0x2180_0000);

// Sums of squares and of squared deviations stay below 2^63.
const _: () = assert!((MAX_K as i64) << 42 <= 1 << 58);
const _: () = assert!((MAX_K as i64) << 44 <= 1 << 60);

/// A row as integers t of magnitude at most 2^21 in units of u; both zero for a zero row.
struct FixedRow {
	t: Vec<i64>,
	u: f32,
}

impl FixedRow {
	fn new(x: &[f32]) -> Self {
		let max = absmax(x);
		if is_zero_row(max) {
			return Self { t: alloc::vec![0; x.len()], u: 0.0 };
		}
		let inverse = ONE / max;
		let t = x.iter().map(|&x| i64::from(rne(canon(x) * inverse))).collect();
		Self { t, u: max * pow2(-21) }
	}

	fn sum_of_squares(&self) -> i64 {
		self.t.iter().map(|t| t * t).sum()
	}
}

/// The epsilon that is added under the root.
fn epsilon(eps: f32) -> f32 {
	let eps = canon(eps);
	if eps < MIN_EPSILON {
		MIN_EPSILON
	} else {
		eps
	}
}

/// r = 1 / sqrt(mean(x^2) + eps) of a row of 1..=65536 elements. `eps` is at least 2^-60.
///
/// # Errors
/// [`Error::Range`] for a row out of bounds.
pub fn rms_stats(x: &[f32], eps: f32) -> Result<f32, Error> {
	range("rms norm", "K", 1, MAX_K, x.len())?;
	let row = FixedRow::new(x);
	let mean_square = (row.sum_of_squares() as f32 / x.len() as f32) * (row.u * row.u);
	Ok(canon(1.0 / sqrt(mean_square + epsilon(eps))))
}

/// y_j = CANON((x_j * r) * g_j) for some elements of a row with the given r.
///
/// # Errors
/// [`Error::Length`] when the gain has another length than `x`.
pub fn rms_elements(x: &[f32], r: f32, gain: &[f32]) -> Result<Vec<f32>, Error> {
	let r = canon(r);
	crate::elementwise::zip("rms norm", "gain", x, gain, |x, g| (x * r) * g)
}

/// Mean and reciprocal standard deviation of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerStats {
	/// The row's mean.
	pub mean: f32,
	/// 1 / sqrt(variance + eps).
	pub r: f32,
}

/// Statistics of layer normalisation of a row of 1..=65536 elements. `eps` is at least 2^-60.
///
/// Two stages: the mean M rounded toward zero, then exact squared deviations from M, then the rest
/// of the mean in f32. The variance so obtained is never negative: a row of unequal integers has a
/// variance of at least 1 / 65536 before rounding, rounding moves it by at most 2^-22 where the
/// correction matters, and equal integers give exactly zero.
///
/// # Errors
/// [`Error::Range`] for a row out of bounds.
pub fn layer_stats(x: &[f32], eps: f32) -> Result<LayerStats, Error> {
	range("layer norm", "K", 1, MAX_K, x.len())?;
	let row = FixedRow::new(x);
	let count = x.len() as i64;
	let sum: i64 = row.t.iter().sum();
	let mean = sum / count;
	let rest = sum - count * mean;
	let squares: i64 = row.t.iter().map(|t| (t - mean) * (t - mean)).sum();
	let count = x.len() as f32;
	let delta = rest as f32 / count;
	let variance = (squares as f32 / count) - (delta * delta);
	debug_assert!(variance >= 0.0);
	Ok(LayerStats {
		mean: canon((mean as f32 + delta) * row.u),
		r: canon(1.0 / sqrt((variance * (row.u * row.u)) + epsilon(eps))),
	})
}

/// y_j = CANON((((x_j - mean) * r) * g_j) + b_j) for some elements of a row.
///
/// # Errors
/// [`Error::Length`] when gain or bias has another length than `x`.
pub fn layer_elements(
	x: &[f32],
	stats: LayerStats,
	gain: &[f32],
	bias: &[f32],
) -> Result<Vec<f32>, Error> {
	length("layer norm", "gain", x.len(), gain.len())?;
	length("layer norm", "bias", x.len(), bias.len())?;
	let (mean, r) = (canon(stats.mean), canon(stats.r));
	let element = |((&x, &g), &b): ((&f32, &f32), &f32)| {
		canon((((canon(x) - mean) * r) * canon(g)) + canon(b))
	};
	Ok(x.iter().zip(gain).zip(bias).map(element).collect())
}

/// The Euclidean length of a row of 1..=65536 elements, +0 for a zero row.
///
/// # Errors
/// [`Error::Range`] for a row out of bounds.
pub fn l2_stats(x: &[f32]) -> Result<f32, Error> {
	range("l2 norm", "K", 1, MAX_K, x.len())?;
	let row = FixedRow::new(x);
	Ok(canon(sqrt(row.sum_of_squares() as f32) * row.u))
}

/// y_j = CANON(x_j / norm); +0 everywhere when |norm| < 2^-40.
pub fn l2_elements(x: &[f32], norm: f32) -> Vec<f32> {
	let norm = canon(norm);
	if is_zero_row(norm) {
		return map(x, |_| 0.0);
	}
	map(x, |x| x / norm)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn wide(x: &[f32]) -> impl Iterator<Item = f64> + '_ {
		x.iter().map(|&x| f64::from(x))
	}

	fn noise(n: usize) -> Vec<f32> {
		(0..n as u32)
			.map(|j| (j.wrapping_mul(2_654_435_769) >> 8) as f32 / 8_388_608.0 - 1.0)
			.collect()
	}

	#[test]
	fn rms_follows_f64_with_and_without_an_outlier() {
		for outlier in [1.0, 1.0e3, 1.0e6] {
			let mut x = noise(4096);
			x[7] *= outlier;
			let expected =
				1.0 / (wide(&x).map(|x| x * x).sum::<f64>() / x.len() as f64 + 1e-5).sqrt();
			let got = f64::from(rms_stats(&x, 1e-5).unwrap());
			assert!((got / expected - 1.0).abs() < 1e-6, "{outlier}: {got} {expected}");
		}
	}

	#[test]
	fn layer_stats_follow_f64_even_at_a_mean_of_ten_thousand_deviations() {
		for (offset, bound) in [(0.0, 1e-5), (1.0e3, 1e-4), (1.0e4, 2e-3)] {
			let x: Vec<f32> = noise(768).iter().map(|x| x + offset).collect();
			let mean = wide(&x).sum::<f64>() / x.len() as f64;
			let variance = wide(&x).map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
			let stats = layer_stats(&x, 1e-12).unwrap();
			assert!((f64::from(stats.mean) - mean).abs() <= 1e-6 * mean.abs().max(1.0));
			let relative = f64::from(stats.r) * variance.sqrt() - 1.0;
			assert!(relative.abs() < bound, "{offset}: {relative}");
		}
	}

	#[test]
	fn constant_rows_have_variance_zero() {
		for value in [1.0, -3.7, 1.0e10] {
			let stats = layer_stats(&[value; 65], 0.0).unwrap();
			assert_eq!(stats.r.to_bits(), pow2(30).to_bits());
			assert!((stats.mean / value - 1.0).abs() < 1e-6);
		}
	}

	#[test]
	fn the_smallest_variance_at_the_greatest_row_is_positive() {
		for max in [ONE, -ONE] {
			let mut x = alloc::vec![max; MAX_K];
			x[0] = max - max.signum();
			let stats = layer_stats(&x, 0.0).unwrap();
			let deviation = (1.0_f64 / 65_536.0 * (1.0 - 1.0 / 65_536.0)).sqrt();
			assert!((f64::from(stats.r) * deviation - 1.0).abs() < 1e-2, "{}", stats.r);
		}
	}

	#[test]
	fn zero_rows_give_the_root_of_epsilon_and_zero_l2() {
		let x = [1.0e-13, -1.0e-13];
		assert_eq!(rms_stats(&x, 0.25).unwrap(), 2.0);
		assert_eq!(layer_stats(&x, 0.25).unwrap(), LayerStats { mean: 0.0, r: 2.0 });
		assert_eq!(l2_stats(&x).unwrap().to_bits(), 0);
		assert_eq!(l2_elements(&x, 0.0), [0.0, 0.0]);
	}

	#[test]
	fn l2_gives_unit_length() {
		let x = noise(384);
		let y = l2_elements(&x, l2_stats(&x).unwrap());
		let length = wide(&y).map(|y| y * y).sum::<f64>();
		assert!((length - 1.0).abs() < 1e-6, "{length}");
	}

	#[test]
	fn epsilon_is_raised_to_the_least_one() {
		for eps in [0.0, -1.0, f32::NEG_INFINITY, 1.0e-30] {
			assert_eq!(rms_stats(&[0.0], eps).unwrap().to_bits(), pow2(30).to_bits());
		}
	}

	#[test]
	fn empty_and_overlong_rows_are_refused() {
		assert!(rms_stats(&[], 1e-5).is_err());
		assert!(layer_stats(&alloc::vec![0.0; MAX_K + 1], 1e-5).is_err());
	}
}
