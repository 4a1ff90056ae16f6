//! Tiny models with seeded weights.

#![allow(dead_code, reason = "each test file uses a part")]

use assay_kernels_backend::{
	reference::{Interpreter, ReferenceExecutor},
	Limits, MemoryWeights,
};
use assay_programs::{
	op::{Codes, Digits, Elementwise, Mask, Op, OpKind, Pairing},
	samples::{Decoder, Encoder},
	Constant, Element, Program,
};

/// What the bytes of weights are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bytes {
	/// Any codes; scales, gains and biases of magnitude 2^-6 to 2^-2, which
	/// leave attention between uniform and one position.
	Honest,
	/// Anything: NaN, infinity, codes out of range.
	Hostile,
}

/// A generator of 64-bit words.
pub(crate) struct Words(u64);

impl Words {
	pub(crate) fn new(seed: u64) -> Self {
		Self(seed)
	}

	pub(crate) fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mut z = self.0;
		z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	/// A number below `bound`.
	pub(crate) fn below(&mut self, bound: usize) -> usize {
		(self.next() >> 33) as usize % bound
	}

	pub(crate) fn tokens(&mut self, count: usize, program: &Program) -> Vec<u32> {
		(0..count).map(|_| self.below(program.vocabulary as usize) as u32).collect()
	}
}

/// Weights for a program.
pub(crate) fn weights(program: &Program, seed: u64, kind: Bytes) -> MemoryWeights {
	let mut words = Words::new(seed);
	MemoryWeights::for_program(program, |_, _, tensor| {
		let mut bytes: Vec<u8> = Vec::new();
		while (bytes.len() as u64) < tensor.copy_bytes() {
			let word = words.next();
			match (tensor.element, kind) {
				(Element::F32, Bytes::Honest) => {
					let sign = (word >> 63) as u32;
					let exponent = 121 + (word >> 32) as u32 % 4;
					let bits = sign << 31 | exponent << 23 | (word as u32 & 0x007f_ffff);
					bytes.extend(bits.to_le_bytes());
				}
				_ => bytes.extend(word.to_le_bytes()),
			}
		}
		bytes.truncate(tensor.copy_bytes() as usize);
		bytes
	})
}

fn tiny() -> Decoder {
	Decoder {
		vocabulary: 40,
		hidden: 16,
		heads: 4,
		key_heads: 2,
		head_dim: 4,
		inner: 24,
		..Decoder::default()
	}
}

/// Programs that generate, each with something of its own.
pub(crate) fn decoders() -> Vec<Program> {
	let mut interleaved = tiny().program();
	interleaved.rotations[0].pairing = Pairing::Interleaved;
	[
		tiny(),
		Decoder { weights: Digits::Two, ..tiny() },
		Decoder { codes: Codes::Two, key_digits: Digits::Two, ..tiny() },
		Decoder { codes: Codes::Two, weights: Digits::Two, groups: true, ..tiny() },
		Decoder { codes: Codes::OneAsymmetric, hidden: 72, groups: true, ..tiny() },
		Decoder { biases: true, head_norms: true, ..tiny() },
		Decoder { tied: true, key_heads: 1, layers: 3, ..tiny() },
		Decoder { mask: Mask::Sliding { window: 3 }, ..tiny() },
	]
	.iter()
	.map(Decoder::program)
	.chain([interleaved, capped()])
	.collect()
}

/// A decoder whose logits are scaled and capped.
fn capped() -> Program {
	let mut program = tiny().program();
	let last = program.blocks.last_mut().unwrap();
	let register = last.ops.last().unwrap().output;
	for kind in [
		Elementwise::Scale { x: register, factor: Constant::new(0.25) },
		Elementwise::Softcap { x: register, cap: Constant::new(30.0) },
		Elementwise::Add { x: register, y: register },
	] {
		last.ops.push(Op { output: register, kind: OpKind::Elementwise(kind) });
	}
	program
}

/// Programs that embed, each with something of its own.
pub(crate) fn encoders() -> Vec<Program> {
	use assay_programs::op::TakeRows;
	let tiny = || Encoder {
		vocabulary: 40,
		hidden: 16,
		inner: 24,
		max_positions: 40,
		..Encoder::default()
	};
	let mut causal = Encoder { take: Some(TakeRows::Last), ..tiny() }.program();
	for op in causal.blocks.iter_mut().flat_map(|block| &mut block.ops) {
		if let OpKind::Attention(attention) = &mut op.kind {
			attention.mask = Mask::Causal;
		}
	}
	let mut programs: Vec<Program> = [
		tiny(),
		Encoder { codes: Codes::Two, weights: Digits::Two, ..tiny() },
		Encoder { multipliers: true, take: Some(TakeRows::First), ..tiny() },
	]
	.iter()
	.map(Encoder::program)
	.collect();
	programs.push(causal);
	programs
}

/// A loaded model without limits of its own.
pub(crate) fn executor(program: &Program, weights: &MemoryWeights) -> ReferenceExecutor<'static> {
	ReferenceExecutor::new(interpreter(program, weights), Limits::NONE)
}

pub(crate) fn interpreter(program: &Program, weights: &MemoryWeights) -> Interpreter<'static> {
	Interpreter::new(program, weights).unwrap_or_else(|error| panic!("{error}"))
}

/// Bits of f32, which compare exactly.
pub(crate) fn bits(values: &[f32]) -> Vec<u32> {
	values.iter().map(|value| value.to_bits()).collect()
}
