//! The user's sampling parameters and what follows from them.

use super::select::Target;
use crate::{
	elementary::ln,
	float::{canon, clamp_f32, key, pow2},
};

/// 1.0 in units of 1/65536, the unit of `top_p` and `min_p`.
pub const ONE_16: u32 = 1 << 16;

/// Sampling parameters as a job states them. Every content is defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
	/// Temperature; after CANON, 0 or less means the greatest logit without chance.
	pub temperature: f32,
	/// Keep the `top_k` greatest logits and those equal to the last of them; 0 keeps all.
	pub top_k: u32,
	/// Keep the least set of greatest logits with at least this probability, in 1/65536; 65536 and
	/// above keep all.
	pub top_p: u32,
	/// Keep logits whose probability is at least this share of the greatest, in 1/65536, read as
	/// at most 65536; 0 keeps all.
	pub min_p: u32,
	/// Seed of the noise: the first 16 bytes of the job's seed as little-endian words.
	pub seed: [u32; 4],
}

impl Sampling {
	/// 1 / temperature, limited to 2^-10..=2^10; `None` for the choice without chance.
	pub fn inverse_temperature(&self) -> Option<f32> {
		let temperature = canon(self.temperature);
		(temperature > 0.0).then(|| clamp_f32(1.0 / temperature, pow2(-10), pow2(10)))
	}

	/// The target of the top-k selection, if the filter is on.
	pub fn top_k_target(&self) -> Option<Target> {
		(self.top_k > 0).then_some(Target::Count(self.top_k))
	}

	/// The target of the top-p selection, if the filter is on.
	pub fn top_p_target(&self) -> Option<Target> {
		(self.top_p < ONE_16).then_some(Target::Share(self.top_p))
	}

	/// The least key that all filters keep, `max` being the greatest scaled logit.
	pub fn threshold(&self, top_k: u32, top_p: u32, max: f32) -> u32 {
		let min_p = match self.min_p.min(ONE_16) {
			0 => 0,
			share => key(canon(canon(max) + ln(share as f32 * pow2(-16)))),
		};
		top_k.max(top_p).max(min_p)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn temperatures_are_limited() {
		let inverse = |temperature| {
			let seed = [0; 4];
			Sampling { temperature, top_k: 0, top_p: 0, min_p: 0, seed }.inverse_temperature()
		};
		assert_eq!(inverse(2.0), Some(0.5));
		assert_eq!(inverse(1.0e-9), Some(1024.0));
		assert_eq!(inverse(f32::NAN), Some(pow2(-10)));
		assert_eq!(inverse(0.0), None);
		assert_eq!(inverse(-0.0), None);
		assert_eq!(inverse(f32::NEG_INFINITY), None);
	}

	#[test]
	fn the_threshold_is_the_tightest_filter() {
		let half =
			Sampling { temperature: 1.0, top_k: 0, top_p: 0, min_p: ONE_16 / 2, seed: [0; 4] };
		assert_eq!(half.threshold(0, 0, 1.0), key(1.0 + ln(0.5)));
		assert_eq!(half.threshold(key(0.9), 0, 1.0), key(0.9));
		assert_eq!(Sampling { min_p: 0, ..half }.threshold(3, 5, 1.0), 5);
	}
}
