//! The elementary functions and activations of SPEC 4 and 5 without branches.
//!
//! Steps of the definition that change nothing for arguments in F are left out: EXP2 is called here
//! with arguments inside its limits only, and an argument too small for F gives 2^0 either way.

use assay_kernels_exact::activation::Activation;

use crate::float::{abs, at_most, canon, pow2, rne, SIGN};

const LOG2_E: f32 = f32::from_bits(0x3fb8_aa3b);
const HALF_LOG2_E: f32 = f32::from_bits(0x3f38_aa3b);
const TWO_LOG2_E: f32 = f32::from_bits(0x4038_aa3b);
const POLY2: [u32; 6] =
	[0x3920_bd2e, 0x3aaf_84a3, 0x3c1d_96e9, 0x3d63_57bd, 0x3e75_fdee, 0x3f31_7218];
const PHI_SCALE: f32 = f32::from_bits(0x3e8f_5c29);
const PHI: [u32; 6] =
	[0xbdda_a2a8, 0x3ec9_a1bc, 0xbe79_5822, 0x3e8c_6a80, 0x3d85_c6ed, 0x3def_5b0d];
const GELU_CUBIC: f32 = f32::from_bits(0x3d92_2279);
const GELU_LINEAR: f32 = f32::from_bits(0x3fcc_422a);
/// Radians of 2^-32 turns.
const RADIANS: f32 = f32::from_bits(0x30c9_0fdb);
const SIN: [u32; 3] = [0xb94c_6e88, 0x3c08_82df, 0xbe2a_aaa0];
const COS: [u32; 3] = [0x37cc_f076, 0xbab6_060d, 0x3d2a_aaa5];

#[inline(always)]
fn horner<const N: usize>(coefficients: [u32; N], x: f32) -> f32 {
	let mut p = f32::from_bits(coefficients[0]);
	let mut i = 1;
	while i < N {
		p = p * x + f32::from_bits(coefficients[i]);
		i += 1;
	}
	p
}

/// POLY2: 2^f for |f| <= 1/2.
#[inline(always)]
pub(crate) fn poly2(f: f32) -> f32 {
	horner(POLY2, f) * f + 1.0
}

/// EXP2 for |z| <= 126.
#[inline(always)]
pub(crate) fn exp2(z: f32) -> f32 {
	let n = rne(z);
	poly2(z - n as f32) * pow2(n)
}

/// SIGM.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
	let e = exp2(-(at_most(abs(x), 64.0) * LOG2_E));
	let r = 1.0 / (1.0 + e);
	if x < 0.0 {
		e * r
	} else {
		r
	}
}

/// PHI.
#[inline(always)]
pub(crate) fn phi(x: f32) -> f32 {
	let a = at_most(abs(x), 12.0);
	let e = exp2(-((a * a) * HALF_LOG2_E));
	let t = 1.0 / (1.0 + a * PHI_SCALE);
	let tail = (horner(PHI, t) * t) * e;
	if x < 0.0 {
		tail
	} else {
		1.0 - tail
	}
}

/// TANH.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
	let e = exp2(-(at_most(abs(x), 32.0) * TWO_LOG2_E));
	let t = (1.0 - e) / (1.0 + e);
	f32::from_bits(t.to_bits() ^ if x < 0.0 { SIGN } else { 0 })
}

/// SINCOS: (cosine, sine) of 2^-32 turns.
#[inline(always)]
pub(crate) fn sincos(turns: u32) -> (f32, f32) {
	let quadrant = turns.wrapping_add(1 << 29) >> 30;
	let rest = turns.wrapping_sub(quadrant << 30) as i32;
	let x = rest as f32 * RADIANS;
	let z = x * x;
	let sin = x + x * (z * horner(SIN, z));
	let cos = (1.0 - 0.5 * z) + (z * z) * horner(COS, z);
	let (first, second) = if quadrant & 1 == 0 { (cos, sin) } else { (sin, cos) };
	let first_sign = if quadrant == 1 || quadrant == 2 { SIGN } else { 0 };
	let second_sign = if quadrant >= 2 { SIGN } else { 0 };
	(f32::from_bits(first.to_bits() ^ first_sign), f32::from_bits(second.to_bits() ^ second_sign))
}

/// An activation as a type, so that a loop holds one of them and no choice.
pub(crate) trait Activate {
	/// ACT(x) for x in F.
	fn apply(x: f32) -> f32;
}

macro_rules! activations {
	($($name:ident: |$x:ident| $value:expr;)*) => {$(
		pub(crate) struct $name;

		impl Activate for $name {
			#[inline(always)]
			fn apply($x: f32) -> f32 {
				canon($value)
			}
		}
	)*};
}

activations! {
	Relu: |x| if x > 0.0 { x } else { 0.0 };
	Silu: |x| x * sigmoid(x);
	Gelu: |x| x * phi(x);
	GeluTanh: |x| x * sigmoid(x * ((x * x) * GELU_CUBIC + GELU_LINEAR));
	Tanh: |x| tanh(x);
}

/// Calls a function that is generic over the activation with the one that a value names.
macro_rules! with_activation {
	($activation:expr, $function:ident($($argument:expr),*)) => {
		match $activation {
			Activation::Relu => $function::<$crate::elementary::Relu>($($argument),*),
			Activation::Silu => $function::<$crate::elementary::Silu>($($argument),*),
			Activation::Gelu => $function::<$crate::elementary::Gelu>($($argument),*),
			Activation::GeluTanh => $function::<$crate::elementary::GeluTanh>($($argument),*),
			Activation::Tanh => $function::<$crate::elementary::Tanh>($($argument),*),
		}
	};
}

/// y = ACT(y) for each element.
#[inline(always)]
pub(crate) fn activate(activation: Activation, y: &mut [f32]) {
	#[inline(always)]
	fn each<A: Activate>(y: &mut [f32]) {
		for y in y {
			*y = A::apply(*y);
		}
	}
	with_activation!(activation, each(y));
}

/// gate = CANON(ACT(gate) * up) for each element.
#[inline(always)]
pub(crate) fn gate(activation: Activation, gate: &mut [f32], up: &[f32]) {
	#[inline(always)]
	fn each<A: Activate>(gate: &mut [f32], up: &[f32]) {
		for (gate, &up) in gate.iter_mut().zip(up) {
			*gate = canon(A::apply(*gate) * up);
		}
	}
	with_activation!(activation, each(gate, up));
}

#[cfg(test)]
mod tests {
	use assay_kernels_exact::{activation as exact, elementary, float};

	use super::*;

	/// A step through all members of F.
	fn members() -> impl Iterator<Item = f32> {
		let positive = (float::MIN_MAG..=float::MAX_MAG).step_by(397).map(f32::from_bits);
		positive.flat_map(|x| [x, -x]).chain([0.0])
	}

	#[test]
	fn activations_equal_the_definition() {
		use Activation::{Gelu, GeluTanh, Relu, Silu, Tanh};
		for x in members() {
			for activation in [Relu, Silu, Gelu, GeluTanh, Tanh] {
				let mut y = [x];
				activate(activation, &mut y);
				let expected = activation.apply(x).to_bits();
				assert_eq!(y[0].to_bits(), expected, "{activation:?} {:08x}", x.to_bits());
			}
			assert_eq!(sigmoid(x).to_bits(), exact::sigmoid(x).to_bits(), "{:08x}", x.to_bits());
			assert_eq!(phi(x).to_bits(), exact::phi(x).to_bits(), "{:08x}", x.to_bits());
		}
	}

	#[test]
	fn sine_and_cosine_equal_the_definition() {
		for turns in (0..=u32::MAX).step_by(499).chain((0..4).map(|q| (q << 30) + (1 << 29))) {
			let (cos, sin) = sincos(turns);
			let (exact_cos, exact_sin) = elementary::sincos(turns);
			assert_eq!(cos.to_bits(), exact_cos.to_bits(), "{turns:08x}");
			assert_eq!(sin.to_bits(), exact_sin.to_bits(), "{turns:08x}");
		}
	}
}
