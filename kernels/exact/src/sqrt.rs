//! The correctly rounded square root in integers: `core` has no `f32::sqrt`.

/// SQRT: the square root of a positive normal f32, rounded to nearest even.
///
/// Equal to the IEEE-754 operation there. Zero, denormals and every pattern with the sign bit give
/// +0; infinity and NaN without sign are read as if exponent 128 were an ordinary one, so that the
/// function is total. No operation reaches either case.
pub fn sqrt(x: f32) -> f32 {
	let bits = x.to_bits();
	let biased = (bits >> 23) as i32;
	if !(1..=255).contains(&biased) {
		return 0.0;
	}
	let exponent = biased - 127;
	let odd = exponent & 1;
	let mantissa = u64::from((bits & 0x007f_ffff) | 0x0080_0000);
	// 2^46 <= radicand < 2^48, so the root has exactly 24 bits.
	let radicand = mantissa << (23 + odd);
	let floor = radicand.isqrt();
	// radicand - floor^2 > floor means that the root lies above floor + 1/2. It cannot be equal to
	// it, and the greatest radicand, 2^48 - 2^24, does not round up to 2^24.
	let root = floor + u64::from(radicand - floor * floor > floor);
	debug_assert!((1 << 23..1 << 24).contains(&root));
	let field = ((exponent - odd) / 2 + 127) as u32;
	f32::from_bits((field << 23) | (root as u32 & 0x007f_ffff))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// The result depends on the exponent only through its parity and half, so all mantissas at
	/// two neighbouring exponents are a proof for every normal number.
	#[test]
	fn sqrt_equals_the_hardware_for_every_mantissa_and_parity() {
		for bits in 0x3f80_0000_u32..0x4080_0000 {
			let x = f32::from_bits(bits);
			assert_eq!(sqrt(x).to_bits(), x.sqrt().to_bits(), "{bits:08x}");
		}
	}

	#[test]
	fn sqrt_equals_the_hardware_at_every_exponent() {
		for exponent in 1_u32..=254 {
			for mantissa in [0, 1, 2, 0x2a_aaaa, 0x35_04f3, 0x7f_fffe, 0x7f_ffff] {
				let x = f32::from_bits((exponent << 23) | mantissa);
				assert_eq!(sqrt(x).to_bits(), x.sqrt().to_bits(), "{:08x}", x.to_bits());
			}
		}
	}

	#[test]
	fn sqrt_of_zero_denormal_negative_and_nan_is_defined() {
		for bits in [0, 1, 0x007f_ffff, 0x8000_0000, 0xbf80_0000, 0xff80_0000, 0xffff_ffff] {
			assert_eq!(sqrt(f32::from_bits(bits)).to_bits(), 0);
		}
		assert_eq!(sqrt(f32::INFINITY).to_bits(), 0x5f80_0000);
		assert_eq!(sqrt(f32::from_bits(0x7fc0_0000)).to_bits(), 0x5f9c_c471);
	}
}
