//! The linear layer: exact integer dot products and one rounding per scale (SPEC 8).

use alloc::vec::Vec;

use crate::{
	error::{length, range, Error},
	float::{canon, clamp},
	quantise::{group_multiplier, group_multipliers_len, Code, GROUP},
	MAX_K,
};

const OP: &str = "linear";

/// One quantised input row.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a, Q> {
	/// Codes, one per input channel.
	pub codes: &'a [Q],
	/// Value of one code step.
	pub scale: f32,
	/// Added to every code; 0 unless the row is asymmetric. Limited to -127..=127.
	pub zero_point: i8,
}

/// Some rows of a weight matrix, one per output.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'a, W> {
	/// Codes, row after row, each as long as the input.
	pub codes: &'a [W],
	/// Value of one code step, one per output.
	pub scales: &'a [f32],
	/// Packed group multipliers, row after row, each row starting at a byte, if the matrix has any.
	pub groups: Option<&'a [u8]>,
	/// One addend per output, if the layer has any.
	pub bias: Option<&'a [f32]>,
}

// |code + zero point| <= 128 + 127 for one digit, so every bound below holds for hostile tiles too.
const _: () = assert!(<i8 as Code>::MAX_MAGNITUDE * 128 * (MAX_K as i64) < 1 << 31);
const _: () = assert!((128 + 127) * 128 * (MAX_K as i64) < 1 << 31);
const _: () = assert!(<i16 as Code>::MAX_MAGNITUDE * 128 * (MAX_K as i64) <= 1 << 38);
const _: () =
	assert!(16 * (i16::MAX as i64 + 128) * <i16 as Code>::MAX_MAGNITUDE * (MAX_K as i64) < 1 << 51);

/// The exact accumulator: sum over k of (q_k + zero point) * w_k * multiplier(k / 64).
///
/// Magnitude below 2^51 for every bit pattern. Both slices must have one length of at most
/// [`MAX_K`]; of a longer one the excess is ignored.
fn accumulate<Q: Code, W: Code>(q: &[Q], zero_point: i8, w: &[W], groups: Option<&[u8]>) -> i64 {
	let zero = clamp(zero_point.into(), -127, 127);
	let dot = |q: &[Q], w: &[W]| -> i64 {
		q.iter().zip(w).map(|(&q, &w)| i64::from(q.read() + zero) * i64::from(w.read())).sum()
	};
	let Some(packed) = groups else { return dot(q, w) };
	q.chunks(GROUP)
		.zip(w.chunks(GROUP))
		.enumerate()
		.map(|(group, (q, w))| group_multiplier(packed, group) * dot(q, w))
		.sum()
}

/// Outputs y_n = CANON(((f32)acc_n * s) * s_n [+ b_n]), one per weight row.
///
/// K = the input's length is 1..=65536; `weights.scales.len()` is the number of outputs.
///
/// # Errors
/// [`Error::Range`] for K out of bounds, [`Error::Length`] when weights, multipliers or bias do not
/// fit K and the number of outputs.
pub fn linear<Q: Code, W: Code>(
	input: &Input<'_, Q>,
	weights: &Weights<'_, W>,
) -> Result<Vec<f32>, Error> {
	let k = input.codes.len();
	let outputs = weights.scales.len();
	range(OP, "K", 1, MAX_K, k)?;
	length(OP, "weights", k.saturating_mul(outputs), weights.codes.len())?;
	let group_bytes = group_multipliers_len(k);
	if let Some(groups) = weights.groups {
		length(OP, "group multipliers", group_bytes.saturating_mul(outputs), groups.len())?;
	}
	if let Some(bias) = weights.bias {
		length(OP, "bias", outputs, bias.len())?;
	}
	let scale = canon(input.scale);
	let row = |(n, (w, &weight_scale)): (usize, (&[W], &f32))| {
		let groups = weights.groups.map(|all| &all[n * group_bytes..(n + 1) * group_bytes]);
		let acc = accumulate(input.codes, input.zero_point, w, groups);
		// On hostile scales the product can overflow to an infinity of defined sign, which CANON
		// maps into F; a NaN cannot arise, as both factors are finite here and so is the bias.
		let y = (acc as f32 * scale) * canon(weight_scale);
		canon(match weights.bias {
			Some(bias) => y + canon(bias[n]),
			None => y,
		})
	};
	Ok(weights.codes.chunks(k).zip(weights.scales).enumerate().map(row).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn weights<'a, W>(codes: &'a [W], scales: &'a [f32]) -> Weights<'a, W> {
		Weights { codes, scales, groups: None, bias: None }
	}

	#[test]
	fn saturated_operands_at_the_greatest_k_are_exact() {
		let q = alloc::vec![-128_i8; MAX_K];
		let input = Input { codes: &q, scale: 1.0, zero_point: -128 };
		let y = linear(&input, &weights(&q, &[1.0])).unwrap();
		assert_eq!(y, [(255.0_f64 * 128.0 * 65_536.0) as f32]);
	}

	#[test]
	fn odd_accumulators_above_two_to_the_24_round_once_to_even() {
		// 127 * 127 * 1041 + 1 = 16 790 290: not a multiple of 2, above 2^24.
		let mut q = alloc::vec![127_i8; 1042];
		let mut w = q.clone();
		(q[1041], w[1041]) = (1, 2);
		let acc = 127 * 127 * 1041 + 2;
		let input = Input { codes: &q, scale: 1.0, zero_point: 0 };
		assert_eq!(linear(&input, &weights(&w, &[1.0])).unwrap(), [acc as f32]);
		w[1041] = 1;
		assert_eq!(linear(&input, &weights(&w, &[1.0])).unwrap(), [(acc - 1) as f32]);
	}

	#[test]
	fn two_digits_equal_the_sum_of_digit_products() {
		use crate::quantise::Digits;
		let q: Vec<i16> = (0..300).map(|k| (k * 997 % 65_536) as u16 as i16).collect();
		let w: Vec<i16> = (0..300).map(|k| (k * 40_503 % 65_536) as u16 as i16).collect();
		let mut expected = 0_i64;
		for (&q, &w) in q.iter().zip(&w) {
			let ((qh, ql), (wh, wl)) = (Digits::split(q), Digits::split(w));
			let product = |a: i8, b: i8| i64::from(a) * i64::from(b);
			expected += 65_536 * product(qh, wh)
				+ 256 * (product(qh, wl) + product(ql, wh))
				+ product(ql, wl);
		}
		assert_eq!(accumulate(&q, 0, &w, None), expected);
	}

	#[test]
	fn zero_points_and_group_multipliers_enter_the_integer_sum() {
		let q = alloc::vec![3_i8; 130];
		let w = alloc::vec![-2_i8; 130];
		assert_eq!(accumulate(&q, 7, &w, None), 130 * 10 * -2);
		let packed = [0x20, 0x0f];
		assert_eq!(accumulate(&q, 0, &w, Some(&packed)), -6 * (64 + 3 * 64 + 16 * 2));
	}

	#[test]
	fn hostile_scales_give_members_of_f() {
		let q = alloc::vec![i16::MAX; MAX_K];
		let groups = alloc::vec![0xff; group_multipliers_len(MAX_K)];
		let input = Input { codes: &q, scale: f32::INFINITY, zero_point: 0 };
		let weights = Weights {
			codes: &q,
			scales: &[f32::NAN],
			groups: Some(&groups),
			bias: Some(&[f32::NEG_INFINITY]),
		};
		assert_eq!(linear(&input, &weights).unwrap()[0].to_bits(), crate::float::MAX_MAG);
	}

	#[test]
	fn shapes_that_do_not_fit_are_refused() {
		let input = Input { codes: &[1_i8; 4], scale: 1.0, zero_point: 0 };
		assert!(linear(&input, &weights(&[1_i8; 7], &[1.0, 1.0])).is_err());
		let long = alloc::vec![0_i8; MAX_K + 1];
		let input = Input { codes: &long, scale: 1.0, zero_point: 0 };
		assert_eq!(
			linear(&input, &weights(&long, &[1.0])),
			Err(Error::Range { op: OP, operand: "K", min: 1, max: 65_536, got: 65_537 })
		);
	}
}
