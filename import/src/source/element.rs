//! Elements of source tensors as f32.

use half::{bf16, f16};
use safetensors::Dtype;

/// What [`decode`] understands, for errors.
pub(crate) const FLOATS: &str = "F32, F16 and BF16";

/// Bytes of an element of a type that [`decode`] understands.
pub(crate) const fn float_bytes(dtype: Dtype) -> Option<usize> {
	match dtype {
		Dtype::F32 => Some(4),
		Dtype::F16 | Dtype::BF16 => Some(2),
		_ => None,
	}
}

/// Appends the elements of `bytes` to `out`; each is an f32 without rounding.
pub(crate) fn decode(dtype: Dtype, bytes: &[u8], out: &mut Vec<f32>) {
	match dtype {
		Dtype::F32 => out.extend(words(bytes).map(f32::from_le_bytes)),
		Dtype::F16 => out.extend(words(bytes).map(|word| f16::from_le_bytes(word).to_f32())),
		Dtype::BF16 => out.extend(words(bytes).map(|word| bf16::from_le_bytes(word).to_f32())),
		_ => {}
	}
}

fn words<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
	// Chunks of exactly N bytes.
	bytes.chunks_exact(N).map(|chunk| chunk.try_into().unwrap_or([0; N]))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_f16_has_the_value_of_its_fields() {
		for bits in 0..=u16::MAX {
			let mut out = Vec::new();
			decode(Dtype::F16, &bits.to_le_bytes(), &mut out);
			let (sign, exponent, fraction) =
				(bits >> 15, (bits >> 10) & 31, f64::from(bits & 1023));
			let magnitude = match exponent {
				0 => fraction * 2_f64.powi(-24),
				31 if fraction == 0.0 => f64::INFINITY,
				31 => f64::NAN,
				_ => (1.0 + fraction / 1024.0) * 2_f64.powi(i32::from(exponent) - 15),
			};
			let expected = if sign == 1 { -magnitude } else { magnitude };
			let got = f64::from(out[0]);
			assert!(got == expected || (got.is_nan() && expected.is_nan()), "{bits:04x}");
		}
	}

	#[test]
	fn bf16_is_the_upper_half_of_an_f32() {
		let mut out = Vec::new();
		decode(Dtype::BF16, &[0x49, 0x40, 0x80, 0xbf], &mut out);
		assert_eq!(out, [3.140_625, -1.0]);
	}
}
