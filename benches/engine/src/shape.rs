//! The decoder that is measured: the shape of TinyLlama-1.1B, with weights that look random.

use std::{collections::BTreeSet, fmt};

use assay_kernels_backend::{WeightError, WeightSource};
use assay_programs::{
	op::{Codes, Norm, Op, OpKind, Quantise},
	samples::Decoder,
	Element, Program, TensorId,
};
use serde::{Deserialize, Serialize};

/// The shape of TinyLlama-1.1B.
pub(crate) fn tiny_llama() -> Decoder {
	Decoder {
		vocabulary: 32_000,
		hidden: 2048,
		heads: 32,
		key_heads: 4,
		head_dim: 64,
		inner: 5632,
		layers: 22,
		max_positions: 2048,
		..Decoder::default()
	}
}

/// Tokens that look random, the same ones each time.
pub(crate) fn tokens(count: usize) -> Vec<u32> {
	(1..).map(|i| mix(i) % tiny_llama().vocabulary).take(count).collect()
}

/// Bytes of the weights of a program, one for each digit; scales and gains not counted.
pub(crate) fn weight_bytes(program: &Program) -> u64 {
	let codes = program.tensors.iter().filter(|tensor| tensor.element.digits().is_some());
	codes.map(assay_programs::Tensor::total_bytes).sum()
}

/// Bytes of the weights that every token reads: all of them but the table of words, of which it reads
/// a row.
pub(crate) fn bytes_per_token(program: &Program) -> u64 {
	let words = u64::from(tiny_llama().vocabulary) * u64::from(tiny_llama().hidden);
	weight_bytes(program).saturating_sub(words)
}

/// Bytes of keys and values of so many positions, one for each channel.
pub(crate) fn cache_bytes(shape: &Decoder, positions: u32) -> u64 {
	let channels = u64::from(shape.key_heads) * u64::from(shape.head_dim);
	2 * channels * u64::from(shape.layers) * u64::from(positions)
}

/// Digits of what the linear layers read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Precision {
	/// The profile w8a8, in which a decoder is imported unless told otherwise: two digits before the
	/// down projections and the head, one elsewhere.
	W8A8,
	/// One digit everywhere.
	OneDigit,
}

impl Precision {
	/// The decoder in this precision.
	pub(crate) fn program(self) -> Program {
		let mut program = tiny_llama().program();
		if self == Self::W8A8 {
			for block in &mut program.blocks {
				// The last layers of a block are the down projection and the head.
				let [.., before, last] = block.ops.as_mut_slice() else { continue };
				let kinds = (&mut before.kind, &last.kind);
				if let (OpKind::Quantise(quantise), OpKind::Linear(_)) = kinds {
					quantise.codes = Codes::Two;
				}
			}
		}
		program
	}
}

impl fmt::Display for Precision {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::W8A8 => "assay w8a8",
			Self::OneDigit => "assay one digit",
		})
	}
}

/// Weights that look random. They are made when they are read, so that nothing but the executor's own
/// form of them is in memory.
///
/// Their size is that of trained weights: activations neither vanish nor grow, so that every layer and
/// the attention matter to the tokens that are chosen.
pub(crate) struct Noise<'p> {
	program: &'p Program,
	gains: BTreeSet<TensorId>,
}

impl<'p> Noise<'p> {
	/// Weights of a program.
	pub(crate) fn new(program: &'p Program) -> Self {
		let gain = |op: &Op| match op.kind {
			OpKind::Quantise(Quantise { norm: Some(Norm::Rms { gain, .. }), .. }) => Some(gain),
			_ => None,
		};
		let gains = program.blocks.iter().flat_map(|block| &block.ops).filter_map(gain).collect();
		Self { program, gains }
	}
}

impl WeightSource for Noise<'_> {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		let seed = mix(u32::from(tensor.0) << 16 | u32::from(copy));
		let shape = self.program.tensors.get(usize::from(tensor.0));
		let shape = shape.ok_or(WeightError::Missing { tensor, copy })?;
		if shape.element == Element::F32 {
			// A code has a standard deviation of 74, a row some 2000 of them.
			let unit = if self.gains.contains(&tensor) { 1.0 } else { 0.0003 };
			for (i, element) in (0..).zip(out.chunks_exact_mut(4)) {
				let [low, high, ..] = mix(i ^ seed).to_le_bytes();
				let share = f32::from(u16::from_le_bytes([low, high])) / 65_536.0;
				element.copy_from_slice(&(unit * (0.5 + share)).to_le_bytes());
			}
		} else {
			for (i, byte) in (0..).zip(out) {
				[*byte, ..] = mix(i ^ seed).to_le_bytes();
			}
		}
		Ok(())
	}
}

/// A number that looks random: every bit depends on all bits of the other.
fn mix(mut word: u32) -> u32 {
	for multiplier in [0x7feb_352d, 0x846c_a68b] {
		word = (word ^ (word >> 16)).wrapping_mul(multiplier);
	}
	word ^ (word >> 15)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_shape_is_that_of_tiny_llama() {
		let program = Precision::W8A8.program();
		program.validate().expect("a valid program");
		// 1,100,048,384 parameters, less 45 norms of 2048 gains.
		assert_eq!(weight_bytes(&program), 1_099_956_224);
		assert_eq!(cache_bytes(&tiny_llama(), 512), 512 * 11_264);
		assert_eq!(bytes_per_token(&program), 1_034_420_224);
	}

	#[test]
	fn the_default_profile_has_two_digits_before_the_down_projection_and_the_head() {
		let wide = |precision: Precision| {
			let blocks = precision.program().blocks;
			let of_block = |ops: &[Op]| {
				let is_wide =
					|op: &Op| matches!(&op.kind, OpKind::Quantise(q) if q.codes == Codes::Two);
				ops.iter().filter(|op| is_wide(op)).count()
			};
			blocks.iter().map(|block| of_block(&block.ops)).collect::<Vec<_>>()
		};
		assert_eq!(wide(Precision::W8A8), [0, 1, 1]);
		assert_eq!(wide(Precision::OneDigit), [0, 0, 0]);
	}

	#[test]
	fn gains_are_near_one_and_scales_small() {
		let program = Precision::W8A8.program();
		let noise = Noise::new(&program);
		assert_eq!(noise.gains.len(), 3);
		for (id, tensor) in (0..).map(TensorId).zip(&program.tensors) {
			if tensor.element == Element::F32 {
				let mut bytes = [0; 64];
				noise.read(id, 0, &mut bytes).expect("a tensor of the program");
				let first = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
				let expected =
					if noise.gains.contains(&id) { 0.5..1.5 } else { 0.000_15..0.000_45 };
				assert!(expected.contains(&first), "tensor {}: {first}", id.0);
			}
		}
	}

	#[test]
	fn tokens_are_of_the_vocabulary_and_differ() {
		let tokens = tokens(512);
		assert!(tokens.iter().all(|&token| token < 32_000));
		assert!(tokens.iter().collect::<BTreeSet<_>>().len() > 500);
	}
}
