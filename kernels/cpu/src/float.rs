//! The primitives of SPEC 2 and 3 without branches, for loops that become vector instructions.
//!
//! Arguments are members of F or results of one operation on such; so NaN does not occur, and [`rne`]
//! may leave out the saturation of the definition where the caller states its bound.

use assay_kernels_exact::float::{MAX_MAG, MIN_MAG};

pub(crate) const SIGN: u32 = 0x8000_0000;
/// 1.5 * 2^23, whose addition rounds to an integer, and its bits.
const RNE_MAGIC: f32 = 12_582_912.0;
const RNE_MAGIC_BITS: u32 = 0x4b40_0000;

/// Bits of |x|.
#[inline(always)]
pub(crate) const fn mag(x: f32) -> u32 {
	x.to_bits() & !SIGN
}

/// CANON, for every bit pattern.
#[inline(always)]
pub(crate) fn canon(x: f32) -> f32 {
	let (bits, mag) = (x.to_bits(), mag(x));
	let limited = (bits & SIGN) | mag.min(MAX_MAG);
	f32::from_bits(if mag < MIN_MAG { 0 } else { limited })
}

/// RNE for |x| <= 2^22.
#[inline(always)]
pub(crate) fn rne(x: f32) -> i32 {
	(x + RNE_MAGIC).to_bits().wrapping_sub(RNE_MAGIC_BITS) as i32
}

/// 2^n for n in -126..=127.
#[inline(always)]
pub(crate) fn pow2(n: i32) -> f32 {
	f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// ex(x): the unbiased exponent field.
#[inline(always)]
pub(crate) fn exponent(x: f32) -> i32 {
	((x.to_bits() >> 23) & 255) as i32 - 127
}

/// |x|, by its bits.
#[inline(always)]
pub(crate) fn abs(x: f32) -> f32 {
	f32::from_bits(mag(x))
}

/// `x` limited from above.
#[inline(always)]
pub(crate) fn at_most(x: f32, high: f32) -> f32 {
	if x > high {
		high
	} else {
		x
	}
}

/// `x` limited to `low..=high`.
#[inline(always)]
pub(crate) fn limit(x: f32, low: f32, high: f32) -> f32 {
	if x < low {
		low
	} else {
		at_most(x, high)
	}
}

/// An integer that orders members of F like their values, 0 for +0; its own inverse.
#[inline(always)]
pub(crate) fn signed_key(bits: i32) -> i32 {
	bits ^ (((bits >> 31) as u32) >> 1) as i32
}

/// ABSMAX of members of F.
#[inline(always)]
pub(crate) fn absmax(row: &[f32]) -> f32 {
	f32::from_bits(row.iter().fold(0, |most, &x| most.max(mag(x))))
}

#[cfg(test)]
mod tests {
	use assay_kernels_exact::float as exact;

	use super::*;

	#[test]
	fn primitives_equal_the_definition_over_a_sweep_of_all_floats() {
		for bits in (0..=u32::MAX).step_by(173) {
			let x = f32::from_bits(bits);
			assert_eq!(canon(x).to_bits(), exact::canon(x).to_bits(), "{bits:08x}");
			assert_eq!(exponent(x), exact::exponent(x), "{bits:08x}");
			if mag(x) <= 0x4a80_0000 {
				assert_eq!(rne(x), exact::rne(x), "{bits:08x}");
			}
		}
		for bits in [0, SIGN, 0x1780_0000, 0x177f_ffff, 0x5380_0000, 0x5380_0001, 0xff80_0000] {
			let x = f32::from_bits(bits);
			assert_eq!(canon(x).to_bits(), exact::canon(x).to_bits(), "{bits:08x}");
		}
		for n in -126..=127 {
			assert_eq!(pow2(n), exact::pow2(n));
		}
	}

	#[test]
	fn signed_keys_order_like_values_and_return() {
		let ascending = [-1.0e12_f32, -2.5, -1.0e-20, 0.0, 1.0e-20, 0.5, 1.0e12];
		let keys = ascending.map(|x| signed_key(x.to_bits() as i32));
		assert!(keys.is_sorted());
		assert_eq!(keys[3], 0);
		let back = keys.map(|key| f32::from_bits(signed_key(key) as u32));
		assert_eq!(back, ascending);
	}
}
