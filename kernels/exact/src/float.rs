//! The domain of f32 values and the integer primitives on their bits (SPEC 2 and 3).
//!
//! F = {+0} and all f32 with 2^-80 <= |x| <= 2^40. Every f32 that an operation reads passes
//! through [`canon`], and so does every f32 that it returns; therefore NaN, infinity, denormals
//! and -0 reach no arithmetic, and no result depends on how a processor treats them.
//!
//! The small ones are marked `#[inline]` because other crates call them for every element.

/// Bits of 2^-80, the least magnitude in F other than zero.
pub const MIN_MAG: u32 = 0x1780_0000;
/// Bits of 2^40, the greatest magnitude in F.
pub const MAX_MAG: u32 = 0x5380_0000;
/// Bits of 2^-40: a row whose greatest magnitude is below is treated as a row of zeros.
pub const ZERO_ROW_MAG: u32 = 0x2b80_0000;
/// [`rne`] saturates at plus and minus this.
pub const RNE_LIMIT: i32 = 1 << 22;

const SIGN: u32 = 0x8000_0000;
/// 1.5 * 2^23: adding it to |x| <= 2^22 leaves the rounded integer in the low mantissa bits.
const RNE_MAGIC: f32 = 12_582_912.0;
const RNE_MAGIC_BITS: i32 = 0x4b40_0000;
const RNE_LIMIT_MAG: u32 = 0x4a80_0000;

/// Bits of |x|.
#[inline]
pub const fn mag(x: f32) -> u32 {
	x.to_bits() & !SIGN
}

/// Unbiased exponent field of `x`, -127 (zero, denormals) to 128 (infinity, NaN).
#[inline]
pub const fn exponent(x: f32) -> i32 {
	((x.to_bits() >> 23) & 255) as i32 - 127
}

/// CANON: the nearest member of F, chosen by bits alone. NaN goes to 2^40 with its sign bit.
#[inline]
pub const fn canon(x: f32) -> f32 {
	let m = mag(x);
	if m < MIN_MAG {
		0.0
	} else if m > MAX_MAG {
		f32::from_bits((x.to_bits() & SIGN) | MAX_MAG)
	} else {
		x
	}
}

/// 2^n; `n` is clamped to -126..=127, the normal range.
#[inline]
pub const fn pow2(n: i32) -> f32 {
	f32::from_bits((clamp(n, -126, 127) + 127).unsigned_abs() << 23)
}

/// RNE: `x` rounded to the nearest integer, ties to even, saturated at +-2^22.
///
/// NaN saturates by its sign bit. Exact for every |x| <= 2^22.
#[inline]
pub fn rne(x: f32) -> i32 {
	if mag(x) > RNE_LIMIT_MAG {
		return if x.to_bits() & SIGN == 0 { RNE_LIMIT } else { -RNE_LIMIT };
	}
	(x + RNE_MAGIC).to_bits() as i32 - RNE_MAGIC_BITS
}

/// KEY: an unsigned integer that orders like the value, for all of F.
pub const fn key(x: f32) -> u32 {
	let bits = x.to_bits();
	if bits & SIGN == 0 {
		bits | SIGN
	} else {
		!bits
	}
}

/// Inverse of [`key`].
pub const fn unkey(key: u32) -> f32 {
	f32::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
}

/// ABSMAX: the greatest magnitude in `row` after CANON, +0 for an empty row.
pub fn absmax(row: &[f32]) -> f32 {
	f32::from_bits(row.iter().fold(0, |most, &x| most.max(mag(canon(x)))))
}

/// The zero rule: whether a divisor `a` is too small to divide by (|a| < 2^-40).
#[inline]
pub const fn is_zero_row(a: f32) -> bool {
	mag(a) < ZERO_ROW_MAG
}

/// `value` limited to `low..=high`; `Ord::clamp` for constant contexts.
#[inline]
pub(crate) const fn clamp(value: i32, low: i32, high: i32) -> i32 {
	if value < low {
		low
	} else if value > high {
		high
	} else {
		value
	}
}

/// `x` limited to `low..=high` by comparison and selection.
#[inline]
pub(crate) fn clamp_f32(x: f32, low: f32, high: f32) -> f32 {
	if x < low {
		low
	} else if x > high {
		high
	} else {
		x
	}
}

/// |x|, by its bits.
#[inline]
pub(crate) fn abs(x: f32) -> f32 {
	f32::from_bits(mag(x))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn canon_keeps_f_and_replaces_everything_else() {
		for (bits, expected) in [
			(0x0000_0000, 0x0000_0000),
			(0x8000_0000, 0x0000_0000),
			(0x0000_0001, 0x0000_0000),
			(0x177f_ffff, 0x0000_0000),
			(0x9780_0000, 0x9780_0000),
			(0x5380_0001, 0x5380_0000),
			(0x7f80_0000, 0x5380_0000),
			(0xff80_0000, 0xd380_0000),
			(0x7fc0_0000, 0x5380_0000),
			(0xffc0_0001, 0xd380_0000),
			(0x7f80_0001, 0x5380_0000),
		] {
			assert_eq!(canon(f32::from_bits(bits)).to_bits(), expected, "{bits:08x}");
		}
	}

	#[test]
	fn rne_equals_rounding_in_f64_over_a_sweep_of_all_floats() {
		let check = |bits: u32| {
			let x = f32::from_bits(bits);
			let expected = f64::from(x).round_ties_even().clamp(-4_194_304.0, 4_194_304.0) as i32;
			assert_eq!(rne(x), expected, "{bits:08x}");
		};
		for bits in (0..=0x7f80_0000_u32).step_by(211) {
			check(bits);
			check(bits | SIGN);
		}
		for half in -8_388_608_i32..=8_388_608 {
			check((half as f32 * 0.5).to_bits());
		}
	}

	#[test]
	fn rne_of_nan_and_infinity_saturates_by_sign() {
		assert_eq!(rne(f32::INFINITY), RNE_LIMIT);
		assert_eq!(rne(f32::NEG_INFINITY), -RNE_LIMIT);
		assert_eq!(rne(f32::from_bits(0x7fc0_0000)), RNE_LIMIT);
		assert_eq!(rne(f32::from_bits(0xffc0_0000)), -RNE_LIMIT);
	}

	#[test]
	fn key_orders_like_the_value_and_returns() {
		let ascending = [-1.0e12, -2.5, -1.0e-20, 0.0, 1.0e-20, 0.5, 1.0, 1.0e12];
		for pair in ascending.windows(2) {
			assert!(key(pair[0]) < key(pair[1]));
		}
		for x in ascending {
			assert_eq!(unkey(key(x)).to_bits(), x.to_bits());
		}
	}

	#[test]
	fn pow2_is_exact_and_clamped() {
		for n in -126..=127 {
			assert_eq!(f64::from(pow2(n)), 2.0_f64.powi(n));
		}
		assert_eq!(pow2(-1000), pow2(-126));
		assert_eq!(pow2(1000), pow2(127));
	}
}
