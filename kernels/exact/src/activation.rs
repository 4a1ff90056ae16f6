//! Activation functions, scalar and over tiles (SPEC 5).

use alloc::vec::Vec;

use crate::{
	elementary::{exp2, horner, LOG2_E},
	elementwise::map,
	error::Error,
	float::{abs, canon, is_zero_row},
};

/// log2(e) / 2, rounded to f32: exp(-a^2 / 2) = 2^(-a^2 * this).
const HALF_LOG2_E: f32 = f32::from_bits(0x3f38_aa3b);
/// 2 * log2(e), rounded to f32: exp(-2a) = 2^(-a * this).
const TWO_LOG2_E: f32 = f32::from_bits(0x4038_aa3b);
/// The normal distribution's tail: scale of the argument of t, then the polynomial in t.
const PHI_SCALE: f32 = f32::from_bits(0x3e8f_5c29);
const PHI: [u32; 6] =
	[0xbdda_a2a8, 0x3ec9_a1bc, 0xbe79_5822, 0x3e8c_6a80, 0x3d85_c6ed, 0x3def_5b0d];
/// GELU's tanh form as a sigmoid: 2 * sqrt(2 / pi) * 0.044715 and 2 * sqrt(2 / pi).
const GELU_CUBIC: f32 = f32::from_bits(0x3d92_2279);
const GELU_LINEAR: f32 = f32::from_bits(0x3fcc_422a);

/// An activation function of one variable, applied to each element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
	/// x for x > 0, else +0.
	Relu,
	/// x * SIGM(x).
	Silu,
	/// x * PHI(x): GELU in the error-function form.
	Gelu,
	/// GELU in the tanh form.
	GeluTanh,
	/// Hyperbolic tangent.
	Tanh,
}

impl Activation {
	/// CANON of the function at CANON(x).
	pub fn apply(self, x: f32) -> f32 {
		let x = canon(x);
		canon(match self {
			Self::Relu => {
				if x > 0.0 {
					x
				} else {
					0.0
				}
			}
			Self::Silu => x * sigmoid(x),
			Self::Gelu => x * phi(x),
			Self::GeluTanh => x * sigmoid(x * ((x * x) * GELU_CUBIC + GELU_LINEAR)),
			Self::Tanh => tanh(x),
		})
	}
}

/// SIGM: 1 / (1 + e^-x), absolute error below 1e-7. Applies CANON to its argument.
pub fn sigmoid(x: f32) -> f32 {
	let x = canon(x);
	let a = if abs(x) > 64.0 { 64.0 } else { abs(x) };
	let e = exp2(-(a * LOG2_E));
	let r = 1.0 / (1.0 + e);
	if x < 0.0 {
		e * r
	} else {
		r
	}
}

/// PHI: the standard normal distribution function, absolute error below 2.5e-7; for x < 0 without
/// cancellation. Applies CANON to its argument.
pub fn phi(x: f32) -> f32 {
	let x = canon(x);
	let a = if abs(x) > 12.0 { 12.0 } else { abs(x) };
	let e = exp2(-((a * a) * HALF_LOG2_E));
	let t = 1.0 / (1.0 + a * PHI_SCALE);
	let tail = (horner(PHI, t) * t) * e;
	if x < 0.0 {
		tail
	} else {
		1.0 - tail
	}
}

/// TANH, absolute error below 1.3e-7. Applies CANON to its argument.
pub fn tanh(x: f32) -> f32 {
	let x = canon(x);
	let a = if abs(x) > 32.0 { 32.0 } else { abs(x) };
	let e = exp2(-(a * TWO_LOG2_E));
	let t = (1.0 - e) / (1.0 + e);
	if x < 0.0 {
		-t
	} else {
		t
	}
}

/// Applies `activation` to each element.
pub fn activate(activation: Activation, x: &[f32]) -> Vec<f32> {
	map(x, |x| activation.apply(x))
}

/// CANON(activation(gate) * up), the gated unit of a feed-forward layer (SwiGLU for SiLU).
///
/// # Errors
/// [`Error::Length`] when the operands differ in length.
pub fn gated(activation: Activation, gate: &[f32], up: &[f32]) -> Result<Vec<f32>, Error> {
	crate::elementwise::zip("gated", "up", gate, up, |gate, up| activation.apply(gate) * up)
}

/// CANON(cap * TANH(x * (1 / cap))); +0 everywhere when |cap| < 2^-40.
pub fn softcap(cap: f32, x: &[f32]) -> Vec<f32> {
	let cap = canon(cap);
	if is_zero_row(cap) {
		return map(x, |_| 0.0);
	}
	let inverse = 1.0 / cap;
	map(x, |x| cap * tanh(x * inverse))
}

#[cfg(test)]
mod tests {
	use super::*;

	fn sweep() -> impl Iterator<Item = f32> {
		(0..0x4200_0000_u32)
			.step_by(1013)
			.map(f32::from_bits)
			.flat_map(|x| [x, -x])
			.filter(|x| x.abs() >= 1e-6)
	}

	/// The complementary error function in f64 by its continued fraction or its series.
	fn normal_distribution(x: f64) -> f64 {
		let density = (-x * x / 2.0).exp() / (core::f64::consts::TAU).sqrt();
		if x.abs() < 3.0 {
			let (mut term, mut sum) = (x, x);
			for n in 1..200 {
				term *= x * x / f64::from(2 * n + 1);
				sum += term;
			}
			return 0.5 + density * sum;
		}
		let mut fraction = x.abs();
		for n in (1..200).rev() {
			fraction = x.abs() + f64::from(n) / fraction;
		}
		if x < 0.0 {
			density / fraction
		} else {
			1.0 - density / fraction
		}
	}

	#[test]
	fn sigmoid_and_tanh_are_within_their_stated_errors() {
		for x in sweep() {
			let wide = f64::from(x);
			let error = f64::from(sigmoid(x)) - 1.0 / (1.0 + (-wide).exp());
			assert!(error.abs() <= 1.0e-7, "sigmoid {x:e}: {error:e}");
			let error = f64::from(tanh(x)) - wide.tanh();
			assert!(error.abs() <= 1.3e-7, "tanh {x:e}: {error:e}");
		}
	}

	#[test]
	fn phi_is_within_its_stated_error() {
		for x in sweep() {
			let error = f64::from(phi(x)) - normal_distribution(f64::from(x));
			assert!(error.abs() <= 2.6e-7, "{x:e}: {error:e}");
		}
	}

	#[test]
	fn activations_follow_the_real_functions() {
		for x in sweep() {
			let wide = f64::from(x);
			let bound = 2.0e-7 * wide.abs().max(1.0);
			let cubic = (2.0 / core::f64::consts::PI).sqrt() * (wide + 0.044_715 * wide.powi(3));
			for (activation, expected) in [
				(Activation::Silu, wide / (1.0 + (-wide).exp())),
				(Activation::Gelu, wide * normal_distribution(wide)),
				(Activation::GeluTanh, 0.5 * wide * (1.0 + cubic.tanh())),
				(Activation::Relu, wide.max(0.0)),
			] {
				let error = f64::from(activation.apply(x)) - expected;
				assert!(error.abs() <= bound, "{activation:?} {x:e}: {error:e}");
			}
		}
	}

	#[test]
	fn a_vanishing_cap_gives_zero_and_a_large_one_the_identity_nearly() {
		assert_eq!(softcap(0.0, &[1.0, f32::NAN]), [0.0, 0.0]);
		assert_eq!(softcap(-0.0, &[1.0]), [0.0]);
		let y = softcap(50.0, &[1.0])[0];
		assert!((y - 50.0 * (0.02_f32).tanh()).abs() < 1e-5, "{y}");
	}
}
