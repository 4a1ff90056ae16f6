//! Exponential, logarithm, sine and cosine as polynomials without contraction (SPEC 4).
//!
//! Each public function applies CANON to its argument and limits it to its domain, so it is total;
//! the domain holds every argument that an operation produces. Results are plain f32, not members
//! of F: an operation applies CANON when it writes.

use crate::float::{canon, clamp_f32, pow2, rne};

/// 2^-80 as a value: the least argument of [`ln`].
const LEAST: f32 = f32::from_bits(crate::float::MIN_MAG);
/// log2(e), rounded to f32.
pub(crate) const LOG2_E: f32 = f32::from_bits(0x3fb8_aa3b);

/// 2^f on |f| <= 1/2, highest power first, before the last step `* f + 1`.
const POLY2: [u32; 6] =
	[0x3920_bd2e, 0x3aaf_84a3, 0x3c1d_96e9, 0x3d63_57bd, 0x3e75_fdee, 0x3f31_7218];
/// 2 * atanh(s) for |s| <= 0.1716, in s^2.
const ATANH: [u32; 3] = [0x3e98_f043, 0x3ecc_af6b, 0x3f2a_aabd];
/// ln 2 in two parts; the first has nine significant bits, so its product with an exponent is exact.
const LN2_HIGH: f32 = f32::from_bits(0x3f31_8000);
const LN2_LOW: f32 = f32::from_bits(0xb95e_8083);
/// Bits of sqrt(1/2): [`ln`] reduces its argument to sqrt(1/2) <= m < sqrt(2).
const SQRT_HALF_BITS: i32 = 0x3f35_04f3;

/// 2 pi / 2^32: radians in one unit of a turn.
const RADIANS: f32 = f32::from_bits(0x30c9_0fdb);
const SIN: [u32; 3] = [0xb94c_6e88, 0x3c08_82df, 0xbe2a_aaa0];
const COS: [u32; 3] = [0x37cc_f076, 0xbab6_060d, 0x3d2a_aaa5];

/// Horner's rule, one rounding per multiplication and per addition; highest power first.
pub(crate) fn horner<const N: usize>(coefficients: [u32; N], x: f32) -> f32 {
	let mut p = f32::from_bits(coefficients[0]);
	for &c in &coefficients[1..] {
		p = p * x + f32::from_bits(c);
	}
	p
}

/// POLY2: 2^f for |f| <= 1/2 in [0.7071, 1.4143], relative error below 1e-7.
pub(crate) fn poly2(f: f32) -> f32 {
	horner(POLY2, f) * f + 1.0
}

/// EXP2: 2^z; `z` is limited to -126..=126.
pub fn exp2(z: f32) -> f32 {
	let z = clamp_f32(canon(z), -126.0, 126.0);
	let n = rne(z);
	poly2(z - n as f32) * pow2(n)
}

/// EXP: e^x for x in [-64, 0], to which the argument is limited.
pub fn exp(x: f32) -> f32 {
	exp2(clamp_f32(canon(x), -64.0, 0.0) * LOG2_E)
}

/// ATL: 2 * atanh(s) for |s| <= 0.1716.
pub(crate) fn atl(s: f32) -> f32 {
	let z = s * s;
	let r = horner(ATANH, z) * z;
	(s + s) + (s * r)
}

/// LN: the natural logarithm of x in [2^-80, 2^40], to which the argument is limited.
pub fn ln(x: f32) -> f32 {
	let x = canon(x);
	let bits = if x < LEAST { crate::float::MIN_MAG } else { x.to_bits() } as i32;
	let exponent = (bits - SQRT_HALF_BITS) >> 23;
	let m = f32::from_bits((bits - (exponent << 23)) as u32);
	let s = (m - 1.0) / (m + 1.0);
	let e = exponent as f32;
	(e * LN2_HIGH) + ((e * LN2_LOW) + atl(s))
}

/// SINCOS: (cosine, sine) of `turns` / 2^32 of a full turn.
pub fn sincos(turns: u32) -> (f32, f32) {
	let quadrant = turns.wrapping_add(1 << 29) >> 30;
	let rest = turns.wrapping_sub(quadrant << 30) as i32;
	let x = rest as f32 * RADIANS;
	let z = x * x;
	let sin = x + x * (z * horner(SIN, z));
	let cos = (1.0 - 0.5 * z) + (z * z) * horner(COS, z);
	match quadrant {
		0 => (cos, sin),
		1 => (-sin, cos),
		2 => (-cos, -sin),
		_ => (sin, -cos),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn every_float(from: f32, to: f32, step: usize) -> impl Iterator<Item = f32> {
		(from.to_bits()..=to.to_bits()).step_by(step).map(f32::from_bits)
	}

	#[test]
	fn exp2_is_within_its_stated_error() {
		for x in every_float(1.5e-8, 100.0, 97) {
			let relative = f64::from(exp2(-x)) / (-f64::from(x)).exp2() - 1.0;
			assert!(relative.abs() <= 9.2e-8, "{x:e}: {relative:e}");
		}
		assert_eq!(exp2(0.0).to_bits(), 0x3f80_0000);
	}

	#[test]
	fn exp_is_within_its_stated_error() {
		for (from, to, bound) in [(1e-8, 8.0, 5.1e-7), (8.0, 20.0, 1.0e-6), (20.0, 64.0, 3.7e-6)] {
			for x in every_float(from, to, 89) {
				let relative = f64::from(exp(-x)) / (-f64::from(x)).exp() - 1.0;
				assert!(relative.abs() <= bound, "{x:e}: {relative:e}");
			}
		}
	}

	#[test]
	fn ln_is_within_its_stated_error() {
		for x in every_float(4.7e-10, 128.0, 61).filter(|&x| x != 1.0) {
			let relative = f64::from(ln(x)) / f64::from(x).ln() - 1.0;
			assert!(relative.abs() <= 1.9e-7, "{x:e}: {relative:e}");
		}
	}

	#[test]
	fn sincos_is_within_its_stated_error() {
		for turns in (0..=u32::MAX).step_by(1009) {
			let angle = f64::from(turns) / 4_294_967_296.0 * core::f64::consts::TAU;
			let (cos, sin) = sincos(turns);
			assert!((f64::from(cos) - angle.cos()).abs() <= 1.3e-7, "cos {turns:08x}");
			assert!((f64::from(sin) - angle.sin()).abs() <= 1.3e-7, "sin {turns:08x}");
		}
	}

	#[test]
	fn arguments_outside_the_domain_are_limited() {
		for (x, expected) in [(f32::NAN, 126), (f32::INFINITY, 126), (f32::NEG_INFINITY, -126)] {
			assert_eq!(exp2(x), pow2(expected));
		}
		assert_eq!(exp(1.0).to_bits(), 0x3f80_0000);
		assert_eq!(exp(-1.0e9).to_bits(), exp(-64.0).to_bits());
		for x in [0.0, -0.0, -1.0, f32::NEG_INFINITY, f32::MIN_POSITIVE] {
			assert_eq!(ln(x).to_bits(), ln(LEAST).to_bits());
		}
		assert_eq!(ln(f32::INFINITY).to_bits(), ln(pow2(40)).to_bits());
	}
}
