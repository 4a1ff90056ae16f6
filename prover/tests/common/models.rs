//! Programs, weights, runs.

use std::sync::{Arc, OnceLock};

use assay_kernels_backend::{
	reference::Reference, Backend, Chunk, Executor, Limits, MemoryWeights, Output, Wanted,
};
use assay_kernels_cpu::{backend::Cpu, Level};
use assay_kernels_exact::sampler::Sampling;
use assay_programs::{
	op::{Activation, Codes, Digits, Elementwise, Mask, Norm, Op, OpKind, Quantise, TakeRows},
	samples::{Decoder, Encoder},
	Constant, Element, Kind, Program,
};
use assay_prover::Run;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// A generator of 64-bit words.
pub(crate) struct Words(pub(crate) u64);

impl Words {
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
}

/// Weights for a program: any codes; scales, gains and biases of magnitude 2^-6 to 2^-2.
pub(crate) fn weights(program: &Program, seed: u64) -> MemoryWeights {
	let mut words = Words(seed);
	MemoryWeights::for_program(program, |_, _, tensor| {
		let mut word = || {
			let word = words.next();
			if tensor.element != Element::F32 {
				return (word >> 32) as u32;
			}
			let (sign, exponent) = ((word >> 63) as u32, 121 + (word >> 32) as u32 % 4);
			sign << 31 | exponent << 23 | (word as u32 & 0x007f_ffff)
		};
		let count = tensor.copy_bytes().div_ceil(4);
		let bytes = (0..count).flat_map(|_| word().to_le_bytes());
		bytes.take(tensor.copy_bytes() as usize).collect()
	})
}

pub(crate) fn load(
	backend: &dyn Backend,
	program: &Program,
	weights: &MemoryWeights,
) -> Box<dyn Executor> {
	backend.load(program, weights, &Limits::NONE).unwrap_or_else(|error| panic!("{error}"))
}

/// A program with its weights.
pub(crate) struct Model {
	pub(crate) program: Program,
	pub(crate) weights: MemoryWeights,
}

impl Model {
	pub(crate) fn new(program: Program) -> Self {
		let weights = weights(&program, 3);
		Self { program, weights }
	}

	pub(crate) fn load(&self, backend: &dyn Backend) -> Box<dyn Executor> {
		load(backend, &self.program, &self.weights)
	}

	/// A run as a backend computes it.
	pub(crate) fn run(
		&self,
		backend: &dyn Backend,
		inputs: u32,
		outputs: u32,
		sampling: Sampling,
	) -> Run {
		let mut executor = self.load(backend);
		let mut words = Words(u64::from(inputs));
		let vocabulary = u64::from(self.program.vocabulary);
		let input: Vec<u32> = (0..inputs).map(|_| words.below(vocabulary) as u32).collect();
		let output = match self.program.kind {
			Kind::Embed => {
				let rows = executor.embed(&[&input]).unwrap();
				rows[0].iter().map(|element| element.to_bits()).collect()
			}
			Kind::Generate { .. } => {
				let sequence = executor.open(inputs + outputs).unwrap();
				let (mut output, mut next) = (Vec::new(), input.clone());
				for _ in 0..outputs {
					let wanted = Wanted::Tokens { rows: 1, sampling: &sampling };
					let chunk = Chunk { sequence, tokens: &next, wanted };
					let Output::Tokens(tokens) = executor.step(&[chunk]).unwrap().remove(0) else {
						panic!("tokens are wanted")
					};
					output.extend(&tokens);
					next = tokens;
				}
				output
			}
		};
		Run { input, output, sampling }
	}
}

/// Every level of instructions of this machine on one thread and on three. Which it lacks is told by the
/// golden vectors' tests of the backend, of which there is one for each level.
pub(crate) fn cpus() -> Vec<Cpu> {
	static POOLS: OnceLock<[Arc<ThreadPool>; 2]> = OnceLock::new();
	let pool = |threads| Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
	let pools = POOLS.get_or_init(|| [1, 3].map(pool));
	let levels = Level::available();
	levels
		.flat_map(|level| {
			pools.each_ref().map(|pool| Cpu::new(Arc::clone(pool)).with_level(level).unwrap())
		})
		.collect()
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

/// Programs that generate, each with something of its own.
pub(crate) fn decoders() -> Vec<Program> {
	[
		decoder(),
		Decoder { weights: Digits::Two, vocabulary: 2100, ..decoder() },
		Decoder { codes: Codes::Two, key_digits: Digits::Two, ..decoder() },
		Decoder { codes: Codes::OneAsymmetric, hidden: 72, groups: true, ..decoder() },
		Decoder { biases: true, head_norms: true, tied: true, key_heads: 1, ..decoder() },
		Decoder { mask: Mask::Sliding { window: 3 }, layers: 3, ..decoder() },
		Decoder { heads: 2, key_heads: 1, head_dim: 192, layers: 1, inner: 300, ..decoder() },
	]
	.iter()
	.map(Decoder::program)
	.chain([elementwise()])
	.collect()
}

/// A decoder with every elementwise operation and a norm of its own, before and after its logits.
fn elementwise() -> Program {
	let mut program = decoder().program();
	let norm = program.blocks[1].ops.iter().find_map(|op| match op.kind {
		OpKind::Quantise(Quantise { norm: Some(norm), .. }) => Some(norm),
		_ => None,
	});
	let norm = norm.unwrap_or(Norm::L2);
	let layer = &mut program.blocks[1].ops;
	layer.insert(0, Op { output: 6, kind: OpKind::Normalise { input: 0, norm } });
	let activate = Elementwise::Activate { x: 6, activation: Activation::GeluTanh };
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
	}
	[
		encoder(),
		Encoder { codes: Codes::Two, weights: Digits::Two, ..encoder() },
		Encoder { multipliers: true, take: Some(TakeRows::First), ..encoder() },
		Encoder { hidden: 320, layers: 1, ..encoder() },
		Encoder { hidden: 1032, heads: 8, layers: 1, ..encoder() },
	]
	.iter()
	.map(Encoder::program)
	.chain([causal])
	.collect()
}
