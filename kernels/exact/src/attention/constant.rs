//! The softmax constant of a head dimension, used at import only.

/// log2(e) rounded to f64.
const LOG2_E: f64 = f64::from_bits(0x3ff7_1547_652b_82fe);

/// C = (f32)(log2(e) / sqrt(n)) for a softmax scale of 1 / sqrt(n); root and quotient are f64
/// operations, each rounded once. `n` is usually the head dimension; 0 is read as 1.
pub fn softmax_constant(n: u32) -> f32 {
	(LOG2_E / sqrt(n.max(1))) as f32
}

/// The f64 square root of a positive integer, rounded to nearest.
fn sqrt(n: u32) -> f64 {
	// An even shift that brings the radicand into 2^104..2^106, so that the root has 53 bits.
	let shift = (n.leading_zeros() + 74) & !1;
	let radicand = u128::from(n) << shift;
	let floor = radicand.isqrt();
	let root = floor + u128::from(radicand - floor * floor > floor);
	debug_assert!((1 << 52..=1 << 53).contains(&root));
	let unit = f64::from_bits(u64::from(1023 - shift / 2) << 52);
	root as f64 * unit
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_root_equals_the_hardware() {
		for n in (1..70_000).chain((1..1000).map(|k| u32::MAX / k)) {
			assert_eq!(sqrt(n).to_bits(), f64::from(n).sqrt().to_bits(), "{n}");
		}
	}

	#[test]
	fn constants_of_the_usual_head_dimensions() {
		assert_eq!(softmax_constant(64), (core::f64::consts::LOG2_E / 8.0) as f32);
		assert_eq!(softmax_constant(0), softmax_constant(1));
	}
}
