//! Small programs, each with something of its own, and weights for them.

use assay_kernels_backend::MemoryWeights;
use assay_programs::{
	op::{
		Activation, Codes, Digits, Elementwise, Linear, Mask, Norm, Op, OpKind, Pairing, Quantise,
		TakeRows,
	},
	samples::{Decoder, Encoder},
	Constant, Element, Program,
};

/// What the bytes of weights are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bytes {
	/// Any codes; scales, gains and biases of magnitude 2^-6 to 2^-2.
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
	pub(crate) fn below(&mut self, bound: u64) -> u64 {
		(self.next() >> 16) % bound
	}

	fn pick<T: Copy>(&mut self, of: &[T]) -> T {
		of[self.below(of.len() as u64) as usize]
	}

	pub(crate) fn tokens(&mut self, count: u32, program: &Program) -> Vec<u32> {
		(0..count).map(|_| self.below(program.vocabulary.into()) as u32).collect()
	}

	pub(crate) fn bytes(&mut self, count: u64) -> Vec<u8> {
		let words = (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
		words.take(count as usize).collect()
	}
}

/// Weights for a program.
pub(crate) fn weights(program: &Program, seed: u64, kind: Bytes) -> MemoryWeights {
	let mut words = Words::new(seed);
	MemoryWeights::for_program(program, |_, _, tensor| match (tensor.element, kind) {
		(Element::F32, Bytes::Honest) => {
			let mut element = || {
				let word = words.next();
				let exponent = 121 + (word >> 32) as u32 % 4;
				let sign = (word >> 63) as u32;
				sign << 31 | exponent << 23 | (word as u32 & 0x007f_ffff)
			};
			let count = tensor.rows * tensor.columns;
			(0..count).flat_map(|_| element().to_le_bytes()).collect()
		}
		_ => words.bytes(tensor.copy_bytes()),
	})
}

fn decoder() -> Decoder {
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

fn encoder() -> Encoder {
	Encoder { vocabulary: 40, hidden: 16, inner: 24, ..Encoder::default() }
}

/// Programs that generate.
pub(crate) fn decoders() -> Vec<Program> {
	let mut interleaved = decoder().program();
	interleaved.rotations[0].pairing = Pairing::Interleaved;
	[
		decoder(),
		Decoder { weights: Digits::Two, vocabulary: 2100, ..decoder() },
		Decoder { codes: Codes::Two, key_digits: Digits::Two, ..decoder() },
		Decoder { codes: Codes::Two, weights: Digits::Two, groups: true, ..decoder() },
		Decoder { codes: Codes::OneAsymmetric, hidden: 72, groups: true, ..decoder() },
		Decoder { biases: true, head_norms: true, ..decoder() },
		Decoder { tied: true, key_heads: 1, layers: 3, ..decoder() },
		Decoder { mask: Mask::Sliding { window: 3 }, ..decoder() },
		Decoder { heads: 2, key_heads: 1, head_dim: 192, layers: 1, inner: 300, ..decoder() },
	]
	.iter()
	.map(Decoder::program)
	.chain([interleaved, elementwise()])
	.collect()
}

/// A decoder with every elementwise operation and a norm of its own, before and after its logits.
fn elementwise() -> Program {
	let mut program = decoder().program();
	let gain = program.blocks[1].ops.iter().find_map(|op| match op.kind {
		OpKind::Quantise(Quantise { norm: Some(norm), .. }) => Some(norm),
		_ => None,
	});
	let norm = gain.unwrap_or(Norm::L2);
	let layer = &mut program.blocks[1].ops;
	let activation = Activation::GeluTanh;
	layer.insert(0, Op { output: 6, kind: OpKind::Normalise { input: 0, norm } });
	let activate = Elementwise::Activate { x: 6, activation };
	layer.insert(1, Op { output: 7, kind: OpKind::Elementwise(activate) });
	let product = Elementwise::Mul { x: 6, y: 7 };
	layer.insert(2, Op { output: 0, kind: OpKind::Elementwise(product) });
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

/// Programs that embed.
pub(crate) fn encoders() -> Vec<Program> {
	let mut causal = Encoder { take: Some(TakeRows::Last), ..encoder() }.program();
	for op in causal.blocks.iter_mut().flat_map(|block| &mut block.ops) {
		if let OpKind::Attention(attention) = &mut op.kind {
			attention.mask = Mask::Causal;
		}
		if let OpKind::Linear(Linear { activation: Some(activation), .. }) = &mut op.kind {
			*activation = Activation::Tanh;
		}
	}
	[
		encoder(),
		Encoder { codes: Codes::Two, weights: Digits::Two, ..encoder() },
		Encoder { multipliers: true, take: Some(TakeRows::First), ..encoder() },
		Encoder { hidden: 320, layers: 1, ..encoder() },
	]
	.iter()
	.map(Encoder::program)
	.chain([causal])
	.collect()
}

/// An admitted program of random dimensions and precisions.
pub(crate) fn random_program(words: &mut Words) -> Program {
	loop {
		let program =
			if words.below(3) > 0 { random_decoder(words) } else { random_encoder(words) };
		if program.validate().is_ok() {
			return program;
		}
	}
}

fn random_decoder(words: &mut Words) -> Program {
	let key_heads = 1 + words.below(2) as u16;
	let window = 1 + words.below(6) as u32;
	let mut flag = || words.below(2) == 1;
	let (groups, biases, head_norms, tied) = (flag(), flag(), flag(), flag());
	Decoder {
		vocabulary: 5 + words.below(1200) as u32,
		hidden: 1 + words.below(150) as u32,
		heads: key_heads * (1 + words.below(3) as u16),
		key_heads,
		head_dim: words.pick(&[2, 4, 6, 16, 130, 192]),
		inner: 1 + words.below(150) as u32,
		layers: 1 + words.below(2) as u16,
		codes: words.pick(&[Codes::One, Codes::OneAsymmetric, Codes::Two]),
		weights: words.pick(&[Digits::One, Digits::Two]),
		key_digits: words.pick(&[Digits::One, Digits::Two]),
		mask: words.pick(&[Mask::Causal, Mask::Sliding { window }]),
		groups,
		biases,
		head_norms,
		tied,
		..Decoder::default()
	}
	.program()
}

fn random_encoder(words: &mut Words) -> Program {
	let heads = 1 + words.below(4) as u16;
	Encoder {
		vocabulary: 5 + words.below(100) as u32,
		hidden: u32::from(heads) * (1 + words.below(80) as u32),
		heads,
		inner: 1 + words.below(150) as u32,
		layers: 1 + words.below(2) as u16,
		codes: words.pick(&[Codes::One, Codes::OneAsymmetric, Codes::Two]),
		weights: words.pick(&[Digits::One, Digits::Two]),
		multipliers: words.below(2) == 1,
		take: words.pick(&[None, Some(TakeRows::First), Some(TakeRows::Last)]),
		..Encoder::default()
	}
	.program()
}
