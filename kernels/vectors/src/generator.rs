//! Generated inputs: element i of a stream is a pure function of (class, seed, i), in integers.

/// Word `index` of the stream `seed`: the output function of SplitMix64 at its `index`-th state.
pub fn stream(seed: u64, index: u64) -> u64 {
	let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
	z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
	z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
	z ^ (z >> 31)
}

/// An f32 of the class from one word, `None` for an unknown class.
pub(crate) fn float(class: &str, word: u64) -> Option<f32> {
	let high = (word >> 32) as u32;
	let mantissa = word as u32 & 0x007f_ffff;
	let from_fields =
		|sign: u32, exponent: u32| Some(f32::from_bits((sign << 31) | (exponent << 23) | mantissa));
	// k * 2^-shift for 24 bits read as a signed integer k: exact.
	let fixed = |shift: i32| {
		let k = (word >> 40) as i32 - (1 << 23);
		Some(k as f32 * assay_kernels_exact::float::pow2(-shift))
	};
	match class {
		"bits" => Some(f32::from_bits(word as u32)),
		"unit" => fixed(22),
		"logit" => fixed(19),
		"wide" => from_fields(high >> 31, 47 + (high & 0x7fff_ffff) % 120),
		"scale" => from_fields(0, 115 + (high & 7)),
		_ => None,
	}
}

/// A signed integer of the class from one word, for a type of `bits` bits; truncating it to the
/// type gives the element.
pub(crate) fn integer(class: &str, word: u64, bits: u32) -> Option<i64> {
	// The greatest honest code of a one-byte and a two-byte type.
	let limit = match bits {
		8 => Some(127_i64),
		16 => Some(32_512),
		_ => None,
	};
	match class {
		"any" => Some(word as i64),
		"code" => limit.map(|limit| ((word >> 32) % (2 * limit as u64 + 1)) as i64 - limit),
		"sat" if bits == 8 => Some(if word >> 63 == 1 { -128 } else { 127 }),
		"sat" => limit.map(|limit| if word >> 63 == 1 { -limit } else { limit }),
		_ => None,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_stream_is_splitmix64() {
		// First outputs of the published generator for seed 1234567.
		let expected: [u64; 3] =
			[6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
		for (index, expected) in (0..).zip(expected) {
			assert_eq!(stream(1_234_567, index), expected);
		}
	}

	#[test]
	fn classes_stay_in_their_ranges() {
		for index in 0..20_000 {
			let word = stream(9, index);
			assert!((-2.0..2.0).contains(&float("unit", word).unwrap()));
			assert!((-16.0..16.0).contains(&float("logit", word).unwrap()));
			let wide = float("wide", word).unwrap();
			assert_eq!(assay_kernels_exact::float::canon(wide).to_bits(), wide.to_bits());
			assert!((2.0_f32.powi(-12)..2.0_f32.powi(-4)).contains(&float("scale", word).unwrap()));
			assert!(integer("code", word, 16).unwrap().abs() <= 32_512);
			assert!(integer("code", word, 8).unwrap().abs() <= 127);
		}
		assert_eq!(float("any", 0), None);
		assert_eq!(integer("code", 0, 32), None);
	}
}
