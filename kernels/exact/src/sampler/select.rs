//! Selection by mass: the threshold key above which enough mass lies, whole or by radix rounds.

use alloc::vec::Vec;

use super::scaled;
use crate::{
	elementary::exp,
	float::{canon, key},
};

/// Rounds of the radix form, four bits of the key each, highest first.
pub const ROUNDS: u32 = 8;

/// Mass per value of the next four bits of the key.
pub type Histogram = [u64; 16];

/// How much mass a selection must reach; at least 1 in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
	/// This much mass.
	Count(u32),
	/// ceil(total * share / 65536), the share limited to 65536.
	Share(u32),
}

impl Target {
	/// The mass to reach when the candidates' mass is `total`.
	fn of(self, total: u64) -> u64 {
		let target = match self {
			Self::Count(count) => count.into(),
			Self::Share(share) => {
				let share = u64::from(share.min(super::ONE_16));
				// (total * share + 65535) >> 16 without a product wider than 64 bits.
				((total >> 16) * share).wrapping_add(((total & 0xffff) * share + 0xffff) >> 16)
			}
		};
		target.max(1)
	}
}

/// W: floor(EXP(y - max) * 2^29), an integer in 0..=2^29; y - max is limited to [-64, 0].
pub(crate) fn weight(y: f32, max: f32) -> u64 {
	let bits = exp(canon(y) - canon(max)).to_bits();
	let mantissa = u64::from((bits & 0x007f_ffff) | 0x0080_0000);
	let shift = 121 - (bits >> 23) as i32;
	match shift {
		..=0 => mantissa << -shift,
		1..=31 => mantissa >> shift,
		_ => 0,
	}
}

/// SELECT: the greatest key whose candidates with an equal or greater key have mass `target`
/// together; 0 when all together have less. Candidates are (key, mass).
pub fn select(candidates: &[(u32, u64)], target: Target) -> u32 {
	let target = target.of(candidates.iter().fold(0, |sum: u64, c| sum.wrapping_add(c.1)));
	let mut descending: Vec<_> = candidates.to_vec();
	descending.sort_unstable_by_key(|&(key, _)| core::cmp::Reverse(key));
	let mut mass = 0_u64;
	for (key, part) in descending {
		mass = mass.wrapping_add(part);
		if mass >= target {
			return key;
		}
	}
	0
}

/// Which logits take part in a selection, and with what mass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filter {
	/// All, each with mass 1.
	Count,
	/// Those with a key of at least `floor`, each with its weight relative to `max`.
	Probability {
		/// The greatest scaled logit of the whole row.
		max: f32,
		/// The threshold of the filter before.
		floor: u32,
	},
}

/// State of a selection between rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
	/// The threshold's bits found so far, the others 0. After the last round, the threshold.
	pub prefix: u32,
	/// Mass still to reach among the keys with this prefix.
	pub remaining: u64,
}

/// One tile's histogram of round `round` (0..8): mass by the next four bits of the key, over the
/// candidates whose higher bits equal `prefix`. A round of 8 or more is read as 7.
pub fn histogram(
	logits: &[f32],
	inverse_temperature: f32,
	filter: Filter,
	round: u32,
	prefix: u32,
) -> Histogram {
	let shift = digit_shift(round);
	let mut masses = [0_u64; 16];
	for &logit in logits {
		let y = scaled(logit, inverse_temperature);
		let key = key(y);
		// The bits above the digit; none in round 0.
		if u64::from(key) >> (shift + 4) != u64::from(prefix) >> (shift + 4) {
			continue;
		}
		let mass = match filter {
			Filter::Count => 1,
			Filter::Probability { floor, .. } if key < floor => 0,
			Filter::Probability { max, .. } => weight(y, max),
		};
		let digit = (key >> shift) as usize & 15;
		masses[digit] = masses[digit].wrapping_add(mass);
	}
	masses
}

/// The selection after round `round`, from the histograms of all tiles. Additions wrap, which only
/// false histograms can show. Round 0 ignores `state` and starts from the target.
pub fn next_digit(
	histograms: &[Histogram],
	round: u32,
	state: Selection,
	target: Target,
) -> Selection {
	let mut masses = [0_u64; 16];
	for histogram in histograms {
		for (mass, &part) in masses.iter_mut().zip(histogram) {
			*mass = mass.wrapping_add(part);
		}
	}
	let Selection { prefix, remaining } = if round == 0 {
		let total = masses.iter().fold(0, |sum: u64, &mass| sum.wrapping_add(mass));
		Selection { prefix: 0, remaining: target.of(total) }
	} else {
		state
	};
	let mut above = 0_u64;
	let mut digit = 15;
	while digit > 0 && above.wrapping_add(masses[digit]) < remaining {
		above = above.wrapping_add(masses[digit]);
		digit -= 1;
	}
	Selection {
		prefix: prefix | ((digit as u32) << digit_shift(round)),
		remaining: remaining.wrapping_sub(above),
	}
}

/// How far the four bits of a round lie above bit 0.
fn digit_shift(round: u32) -> u32 {
	28 - 4 * round.min(ROUNDS - 1)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn weights_are_floors_of_scaled_exponentials() {
		assert_eq!(weight(3.0, 3.0), 1 << 29);
		assert_eq!(weight(5.0, 3.0), 1 << 29);
		assert_eq!(weight(-64.0, 0.0), 0);
		for step in 0..400 {
			let x = step as f32 * -0.05;
			let expected = f64::from(exp(x)) * 536_870_912.0;
			assert_eq!(weight(x, 0.0), expected.floor() as u64, "{x}");
		}
	}

	#[test]
	fn targets_round_up_and_are_at_least_one() {
		assert_eq!(Target::Count(0).of(9), 1);
		assert_eq!(Target::Share(0).of(9), 1);
		assert_eq!(Target::Share(32_768).of(9), 5);
		assert_eq!(Target::Share(u32::MAX).of(u64::MAX >> 16), u64::MAX >> 16);
		let total = (1_u64 << 49) + 12_345;
		let exact = (u128::from(total) * 60_001 + 65_535) >> 16;
		assert_eq!(u128::from(Target::Share(60_001).of(total)), exact);
	}

	#[test]
	fn selection_keeps_ties_and_everything_when_mass_is_short() {
		let candidates = [(5, 1), (9, 1), (5, 1), (7, 1)];
		for (target, expected) in [(1, 9), (2, 7), (3, 5), (4, 5), (5, 0)] {
			assert_eq!(select(&candidates, Target::Count(target)), expected);
		}
	}

	#[test]
	fn a_prefix_past_the_candidates_gives_an_empty_histogram() {
		assert_eq!(histogram(&[1.0, -1.0], 1.0, Filter::Count, 4, 0x1234_0000), [0; 16]);
		assert_eq!(histogram(&[1.0, -1.0], 1.0, Filter::Count, 0, u32::MAX).iter().sum::<u64>(), 2);
	}
}
