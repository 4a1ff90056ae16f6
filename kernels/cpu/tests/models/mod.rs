//! Random small programs, with weights.

#![allow(dead_code, reason = "each test file uses a part")]

use std::sync::{Arc, OnceLock};

use assay_kernels_backend::{reference::Reference, Backend, Executor, Limits, MemoryWeights};
use assay_kernels_cpu::{backend::Cpu, Level};
use assay_kernels_vectors::stream;
use assay_programs::{
	op::{Codes, Digits, Elementwise, Mask, Op, OpKind, Pairing, TakeRows},
	samples::{Decoder, Encoder},
	Constant, Element, Program,
};
use proptest::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// What the bytes of weights are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bytes {
	/// Any codes; scales, gains and biases of magnitude 2^-6 to 2^-2.
	Honest,
	/// Anything: NaN, infinity, codes out of range.
	Hostile,
}

/// Weights for a program.
pub(crate) fn weights(program: &Program, seed: u64, kind: Bytes) -> MemoryWeights {
	let mut index = 0;
	MemoryWeights::for_program(program, |_, _, tensor| {
		let mut bytes: Vec<u8> = Vec::new();
		while (bytes.len() as u64) < tensor.copy_bytes() {
			let word = stream(seed, index);
			index += 1;
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

/// Tokens that a program has.
pub(crate) fn tokens(program: &Program, count: usize, seed: u64) -> Vec<u32> {
	let token = |i| (stream(seed, i) % u64::from(program.vocabulary)) as u32;
	(0..count as u64).map(token).collect()
}

fn digits() -> impl Strategy<Value = Digits> {
	prop::sample::select(vec![Digits::One, Digits::Two])
}

fn codes() -> impl Strategy<Value = Codes> {
	prop::sample::select(vec![Codes::One, Codes::OneAsymmetric, Codes::Two])
}

/// Query heads, key heads.
fn head_counts() -> impl Strategy<Value = (u16, u16)> {
	prop::sample::select(vec![(4, 2), (4, 4), (3, 1), (1, 1), (6, 2)])
}

fn masks() -> impl Strategy<Value = Mask> {
	let window = prop::sample::select(vec![1, 3, 8]);
	prop_oneof![Just(Mask::Causal), window.prop_map(|window| Mask::Sliding { window })]
}

/// Programs that generate, with every knob in any position.
pub(crate) fn decoders() -> impl Strategy<Value = Program> {
	let widths = (1_u32..5, prop::sample::select(vec![8_u32, 24, 72, 136]), 1_u32..90);
	let layer = (codes(), digits(), digits(), masks(), any::<[bool; 4]>());
	(widths, head_counts(), layer, 33_u32..70, 1_u16..4, any::<[bool; 2]>()).prop_map(
		|(widths, (heads, key_heads), layer, vocabulary, layers, [interleaved, capped])| {
			let (pairs, hidden, inner) = widths;
			let (codes, weights, key_digits, mask, [groups, biases, head_norms, tied]) = layer;
			let decoder = Decoder {
				vocabulary,
				hidden,
				heads,
				key_heads,
				head_dim: 2 * pairs,
				inner,
				layers,
				codes,
				weights,
				groups,
				key_digits,
				biases,
				head_norms,
				tied,
				mask,
				..Decoder::default()
			};
			let mut program = decoder.program();
			if interleaved {
				program.rotations[0].pairing = Pairing::Interleaved;
			}
			if capped {
				cap(&mut program);
			}
			program
		},
	)
}

/// Elementwise operations on the logits: in place, out of place, and of a register with itself.
fn cap(program: &mut Program) {
	let last = program.blocks.last_mut().unwrap();
	let register = last.ops.last().unwrap().output;
	let (free, factor) = (register + 9, Constant::new(0.25));
	for (output, kind) in [
		(register, Elementwise::Scale { x: register, factor }),
		(free, Elementwise::Softcap { x: register, cap: Constant::new(30.0) }),
		(register, Elementwise::Add { x: register, y: free }),
		(register, Elementwise::Mul { x: free, y: register }),
		(register, Elementwise::Add { x: register, y: register }),
	] {
		last.ops.push(Op { output, kind: OpKind::Elementwise(kind) });
	}
}

/// Programs that embed, with every knob in any position.
pub(crate) fn encoders() -> impl Strategy<Value = Program> {
	let take = prop::sample::select(vec![None, Some(TakeRows::First), Some(TakeRows::Last)]);
	let widths = (prop::sample::select(vec![1_u16, 2, 4]), 1_u32..20, 1_u32..90);
	(widths, codes(), digits(), any::<[bool; 2]>(), take, 1_u16..4).prop_map(
		|((heads, head_dim, inner), codes, weights, [multipliers, causal], take, layers)| {
			let hidden = u32::from(heads) * head_dim;
			let (vocabulary, max_positions) = (40, 1200);
			let encoder = Encoder {
				vocabulary,
				hidden,
				heads,
				inner,
				layers,
				max_positions,
				codes,
				weights,
				multipliers,
				take,
			};
			let mut program = encoder.program();
			for op in program.blocks.iter_mut().flat_map(|block| &mut block.ops) {
				if let (OpKind::Attention(attention), true) = (&mut op.kind, causal) {
					attention.mask = Mask::Causal;
				}
			}
			program
		},
	)
}

/// A level of instructions that this machine has, on one thread and on two.
pub(crate) fn backends_of(level: Level) -> [Cpu; 2] {
	static POOLS: OnceLock<[Arc<ThreadPool>; 2]> = OnceLock::new();
	let pool = |threads| Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
	let pools = POOLS.get_or_init(|| [1, 2].map(pool));
	pools.each_ref().map(|pool| Cpu::new(Arc::clone(pool)).with_level(level).unwrap())
}

/// Every level of instructions of this machine, on one thread and on two. Which it lacks is told by the
/// golden vectors' tests, of which there is one for each level.
pub(crate) fn backends() -> Vec<Cpu> {
	Level::available().flat_map(backends_of).collect()
}

/// What a program computes by definition.
pub(crate) fn reference(program: &Program, weights: &MemoryWeights) -> Box<dyn Executor> {
	load(&Reference, program, weights)
}

pub(crate) fn load(
	backend: &dyn Backend,
	program: &Program,
	weights: &MemoryWeights,
) -> Box<dyn Executor> {
	backend.load(program, weights, &Limits::NONE).unwrap_or_else(|error| panic!("{error}"))
}

/// Bits of f32, which compare exactly.
pub(crate) fn bits(values: &[f32]) -> Vec<u32> {
	values.iter().map(|value| value.to_bits()).collect()
}
