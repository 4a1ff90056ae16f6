//! Rotary position embedding from 64-bit phases (SPEC 10).

mod natural;
mod phases;

pub use phases::{linear_phases, llama3_phases, phases, Llama3Scaling, MAX_PAIRS};

use alloc::vec::Vec;

use crate::{
	elementary::sincos,
	error::{range, Error},
	float::canon,
};

/// Which two channels form a pair i of `rot / 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
	/// (i, i + rot / 2).
	Halves,
	/// (2 i, 2 i + 1).
	Interleaved,
}

/// The angle of a position in units of 2^-32 turns: the high half of position * phase mod 2^64.
pub const fn turns(position: u32, phase: u64) -> u32 {
	((position as u64).wrapping_mul(phase) >> 32) as u32
}

/// Rotates the first 2 * `phases.len()` channels of one head; the others pass through CANON.
///
/// # Errors
/// [`Error::Range`] when the head has fewer channels than the phases rotate.
pub fn rotate(
	head: &[f32],
	phases: &[u64],
	pairing: Pairing,
	position: u32,
) -> Result<Vec<f32>, Error> {
	range("rope", "phases", 0, head.len() / 2, phases.len())?;
	let mut out: Vec<f32> = head.iter().map(|&x| canon(x)).collect();
	for (i, &phase) in phases.iter().enumerate() {
		let (first, second) = match pairing {
			Pairing::Halves => (i, i + phases.len()),
			Pairing::Interleaved => (2 * i, 2 * i + 1),
		};
		let (cos, sin) = sincos(turns(position, phase));
		let (x1, x2) = (out[first], out[second]);
		out[first] = canon((x1 * cos) - (x2 * sin));
		out[second] = canon((x2 * cos) + (x1 * sin));
	}
	Ok(out)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn position_zero_is_the_identity() {
		let head = [1.0, 2.0, 3.0, 4.0, 5.0];
		let phases = phases(10_000, 2).unwrap();
		for pairing in [Pairing::Halves, Pairing::Interleaved] {
			assert_eq!(rotate(&head, &phases, pairing, 0).unwrap(), head);
		}
	}

	#[test]
	fn rotation_follows_f64_at_the_last_position_of_a_long_context() {
		let phases = phases(500_000, 64).unwrap();
		let head: Vec<f32> = (0..128).map(|c| (c as f32 - 60.0) / 32.0).collect();
		let position = (1 << 17) - 1;
		let out = rotate(&head, &phases, Pairing::Halves, position).unwrap();
		for i in 0..64 {
			let angle = f64::from(position) * 500_000_f64.powf(-(i as f64) / 64.0);
			let (x1, x2) = (f64::from(head[i]), f64::from(head[i + 64]));
			let expected = x1 * angle.cos() - x2 * angle.sin();
			assert!((f64::from(out[i]) - expected).abs() < 1e-6, "{i}");
			let expected = x2 * angle.cos() + x1 * angle.sin();
			assert!((f64::from(out[i + 64]) - expected).abs() < 1e-6, "{i}");
		}
	}

	#[test]
	fn interleaved_pairs_are_halves_permuted() {
		let phases = phases(10_000, 2).unwrap();
		let halves = rotate(&[1.0, 2.0, 3.0, 4.0], &phases, Pairing::Halves, 9).unwrap();
		let mixed = rotate(&[1.0, 3.0, 2.0, 4.0], &phases, Pairing::Interleaved, 9).unwrap();
		assert_eq!(halves, [mixed[0], mixed[2], mixed[1], mixed[3]]);
	}

	#[test]
	fn more_phases_than_pairs_are_refused() {
		assert!(rotate(&[1.0; 3], &[1, 2], Pairing::Halves, 1).is_err());
	}
}
