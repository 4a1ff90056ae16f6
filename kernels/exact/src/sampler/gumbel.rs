//! Gumbel noise from 30 random bits, and the greatest of logit plus noise.

use super::{
	argmax::{ids_from, pack, NONE},
	philox::philox,
	scaled,
};
use crate::{
	elementary::{atl, ln},
	float::{key, pow2},
};

/// Below this value of the 30-bit integer, 1 - v >= sqrt(1/2) and the logarithm's series is used
/// directly on v, which keeps its relative precision near zero.
const SERIES_BELOW: u32 = 0x12be_c333;

/// The random word of a token id at a sequence position.
pub fn word(seed: [u32; 4], position: u32, id: u32) -> u32 {
	let counter = [id >> 2, position, seed[2], seed[3]];
	philox(counter, [seed[0], seed[1]])[(id & 3) as usize]
}

/// E = -ln(1 - v) for v = (2 (word >> 2) + 1) / 2^31, an exponential variate in [2^-31, 21.5].
pub fn uniform_to_exponential(word: u32) -> f32 {
	let k = word >> 2;
	if k < SERIES_BELOW {
		let v = (2 * k + 1) as i32 as f32 * pow2(-31);
		atl(v / (2.0 - v))
	} else {
		let u = (0x7fff_ffff - 2 * k) as i32 as f32 * pow2(-31);
		-ln(u)
	}
}

/// G = -ln(E): Gumbel noise in [-3.07, 21.49].
pub fn gumbel(word: u32) -> f32 {
	-ln(uniform_to_exponential(word))
}

/// The greatest y + G among the logits of a tile with KEY(y) >= `threshold`, as a packed record;
/// [`NONE`] when no logit passes. `first` is the id of the tile's first logit.
pub fn best_noisy(
	logits: &[f32],
	inverse_temperature: f32,
	threshold: u32,
	seed: [u32; 4],
	position: u32,
	first: u32,
) -> u64 {
	logits
		.iter()
		.zip(ids_from(first))
		.map(|(&logit, id)| (scaled(logit, inverse_temperature), id))
		.filter(|&(y, _)| key(y) >= threshold)
		.map(|(y, id)| pack(y + gumbel(word(seed, position, id)), id))
		.max()
		.unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn noise_of_the_specified_words() {
		for (word, e, g) in [
			(0x0000_0000, 0x3000_0000, 0x41ab_e687),
			(0x0000_0003, 0x3000_0000, 0x41ab_e687),
			(0x0000_0004, 0x30c0_0000, 0x41a3_1c92),
			(0x1234_5678, 0x3d97_12b5, 0x4026_d6b8),
			(0x4afb_0ccb, 0x3eb1_7218, 0x3f87_a2f1),
			(0x4afb_0ccc, 0x3eb1_7218, 0x3f87_a2f1),
			(0x4afb_0cd0, 0x3eb1_7218, 0x3f87_a2f1),
			(0x8000_0000, 0x3f31_7218, 0x3ebb_a795),
			(0xdead_beef, 0x4002_7ea8, 0xbf36_631e),
			(0xffff_ffff, 0x41ab_e687, 0xc044_5180),
		] {
			assert_eq!(uniform_to_exponential(word).to_bits(), e, "{word:08x}");
			assert_eq!(gumbel(word).to_bits(), g, "{word:08x}");
		}
	}

	#[test]
	fn noise_follows_the_real_function() {
		for word in (0..=u32::MAX).step_by(4099) {
			let v = (2.0 * f64::from(word >> 2) + 1.0) / 2_147_483_648.0;
			let expected = -(-(-v).ln_1p()).ln();
			assert!((f64::from(gumbel(word)) - expected).abs() <= 1.0e-6, "{word:08x}");
		}
	}

	#[test]
	fn nothing_above_the_threshold_gives_no_token() {
		assert_eq!(best_noisy(&[1.0, 2.0], 1.0, u32::MAX, [0; 4], 0, 0), NONE);
		assert_eq!(super::super::id_of(NONE), u32::MAX);
	}
}
