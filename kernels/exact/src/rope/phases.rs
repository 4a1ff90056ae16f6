//! Phases from the base frequency, in integers only, so that every import gives the same program.

use alloc::vec::Vec;

use super::natural::Natural;
use crate::error::{range, Error};

/// Most pairs of a head: head_dim / 2 at the greatest head_dim, 256.
pub const MAX_PAIRS: usize = 128;
/// floor(2^64 / (2 pi)): the phase of one radian per position.
const RADIAN: u64 = 0x28be_60db_9391_054a;
/// 1.0 in the fixed-point parameters of the scalings.
const FIXED_ONE: u128 = 1 << 32;

/// Phases Phi_i in units of 2^-64 turns per position, i < `pairs`, for frequencies theta^(-i / pairs).
///
/// Phi_0 is one radian; Phi_i = floor(Phi_(i-1) * r / 2^64), r the greatest u64 with
/// r^pairs * theta <= 2^(64 * pairs).
///
/// # Errors
/// [`Error::Range`] for theta < 2 or `pairs` outside 1..=128.
pub fn phases(theta: u64, pairs: usize) -> Result<Vec<u64>, Error> {
	range("rope phases", "pairs", 1, MAX_PAIRS, pairs)?;
	if theta < 2 {
		let (op, operand) = ("rope phases", "theta");
		return Err(Error::Range { op, operand, min: 2, max: u64::MAX, got: theta });
	}
	let ratio = ratio(theta, pairs);
	let next = |phase: &u64| Some(high_product(*phase, ratio));
	Ok(core::iter::successors(Some(RADIAN), next).take(pairs).collect())
}

/// The greatest r < 2^64 with r^pairs * theta <= 2^(64 * pairs).
fn ratio(theta: u64, pairs: usize) -> u64 {
	let fits = |r: u64| {
		(0..pairs).fold(Natural::from_u64(theta), |power, _| power.times(r)).at_most_power(pairs)
	};
	(0..64).rev().fold(0, |r, bit| if fits(r | 1 << bit) { r | 1 << bit } else { r })
}

/// floor(a * b / 2^64).
fn high_product(a: u64, b: u64) -> u64 {
	((u128::from(a) * u128::from(b)) >> 64) as u64
}

/// floor(phase * 2^32 / factor), `factor` in units of 2^-32 and at least 1.0.
fn divided(phase: u64, factor: u64) -> u64 {
	let factor = u128::from(factor).max(FIXED_ONE);
	// At most `phase`, because the factor is at least one.
	((u128::from(phase) * FIXED_ONE) / factor) as u64
}

/// Linear position scaling: every phase divided by `factor` (units of 2^-32; below 1.0 read as 1.0).
pub fn linear_phases(phases: &[u64], factor: u64) -> Vec<u64> {
	phases.iter().map(|&phase| divided(phase, factor)).collect()
}

/// Parameters of the Llama 3 frequency scaling; all factors in units of 2^-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Llama3Scaling {
	/// `factor`: long waves are slowed down by this; below 1.0 read as 1.0.
	pub factor: u64,
	/// `low_freq_factor`: phases with fewer turns over the original context are long waves.
	pub low: u64,
	/// `high_freq_factor`: phases with more turns over the original context stay as they are.
	pub high: u64,
	/// `original_max_position_embeddings`, in positions.
	pub context: u32,
}

/// Llama 3 scaling of phases: unchanged, divided by the factor, or in between by linear interpolation.
///
/// # Errors
/// [`Error::Range`] unless low < high < 2^36 (16.0).
pub fn llama3_phases(phases: &[u64], scaling: Llama3Scaling) -> Result<Vec<u64>, Error> {
	let Llama3Scaling { factor, low, high, context } = scaling;
	if low >= high || high >= 1 << 36 {
		let (op, operand) = ("rope phases", "high_freq_factor");
		return Err(Error::Range {
			op,
			operand,
			min: low.saturating_add(1),
			max: (1 << 36) - 1,
			got: high,
		});
	}
	let scaled = |&phase: &u64| {
		// Turns over the original context, in units of 2^-32.
		let turns = ((u128::from(phase) * u128::from(context)) >> 32) as u64;
		let slow = divided(phase, factor);
		if turns > high {
			phase
		} else if turns < low {
			slow
		} else {
			let weight = u128::from(turns - low);
			let step = u128::from(phase - slow) * weight / u128::from(high - low);
			slow + step as u64
		}
	};
	Ok(phases.iter().map(scaled).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn phases_of_the_usual_bases() {
		assert_eq!(ratio(10_000, 64), 0xddaf_d680_5591_6068);
		let phi = phases(10_000, 64).unwrap();
		assert_eq!((phi[0], phi[1]), (RADIAN, 0x2348_55e5_5644_662e));
		assert_eq!(phi[63], 0x0001_3458_e2f5_9021);
		assert_eq!(ratio(500_000, 64), 0xd08a_c14a_2bfd_eed7);
		let phi = phases(500_000, 64).unwrap();
		assert_eq!((phi[1], phi[63]), (0x2130_c415_f351_4e9f, 0x0000_068e_3fbd_e7a4));
		assert_eq!(ratio(1_000_000, 32), 0xa63d_dfe6_3e31_dff7);
		assert_eq!(phases(1_000_000, 32).unwrap()[31], 0x0000_041c_a3ea_b5f9);
	}

	#[test]
	fn phases_follow_the_real_frequencies() {
		for (theta, pairs) in [(2, 1), (10_000, 128), (1_000_000, 64), (u64::MAX, 16)] {
			for (i, &phase) in phases(theta, pairs).unwrap().iter().enumerate() {
				let turns =
					(theta as f64).powf(-(i as f64) / pairs as f64) / core::f64::consts::TAU;
				// Flooring loses at most one unit a step.
				let error = (phase as f64 - turns * 18_446_744_073_709_551_616.0).abs();
				assert!(error <= phase as f64 * 1e-13 + 130.0, "{theta} {i}");
			}
		}
	}

	#[test]
	fn llama3_scaling_follows_its_formula() {
		let base = phases(500_000, 64).unwrap();
		let one = 1_u64 << 32;
		let scaling = Llama3Scaling { factor: 8 * one, low: one, high: 4 * one, context: 8192 };
		let scaled = llama3_phases(&base, scaling).unwrap();
		let (mut kept, mut slowed, mut blended) = (0, 0, 0);
		for (&phase, &got) in base.iter().zip(&scaled) {
			let turns = phase as f64 / 18_446_744_073_709_551_616.0 * 8192.0;
			let smooth = ((turns - 1.0) / 3.0).clamp(0.0, 1.0);
			let expected = phase as f64 * ((1.0 - smooth) / 8.0 + smooth);
			assert!((got as f64 - expected).abs() <= expected * 1e-8 + 2.0);
			kept += u32::from(smooth == 1.0);
			slowed += u32::from(smooth == 0.0);
			blended += u32::from(smooth > 0.0 && smooth < 1.0);
		}
		assert!(kept > 0 && slowed > 0 && blended > 0);
	}

	#[test]
	fn linear_scaling_divides() {
		assert_eq!(linear_phases(&[1001], 2 << 32), [500]);
		assert_eq!(linear_phases(&[1001], 0), [1001]);
		assert_eq!(linear_phases(&[u64::MAX], 1 << 32), [u64::MAX]);
	}

	#[test]
	fn parameters_out_of_range_are_refused() {
		assert!(phases(1, 4).is_err() && phases(10_000, 0).is_err());
		assert!(phases(10_000, MAX_PAIRS + 1).is_err());
		let scaling = Llama3Scaling { factor: 1 << 35, low: 5, high: 5, context: 1 };
		assert!(llama3_phases(&[1], scaling).is_err());
	}
}
