//! The bytes of programs: a program's identity is their hash, so they never change by accident.

use alloc::{vec, vec::Vec};

use super::fnv;
use crate::{
	op::{
		Activation, Attention, Codes, Digits, Elementwise, Embed, EncoderTables, Gated, HeadNorm,
		Heads, Linear, LinearWeights, Mask, Norm, Op, OpKind, Pairing, Quantise, Role, Table,
		TakeRows,
	},
	program::{Block, DecodeError, Kind, Rotation, MAX_BYTES},
	samples,
	tensor::{Element, Tensor, TensorId},
	Constant, Program,
};

/// A program that says everything that can be said; it would not be admitted.
fn everything() -> Program {
	let table = Table { codes: TensorId(1), scales: TensorId(2) };
	let encoder = EncoderTables { positions: table, kinds: table };
	let rms = Norm::Rms { gain: TensorId(3), eps: Constant(4) };
	let layer = Norm::Layer { gain: TensorId(5), bias: TensorId(6), eps: Constant(7) };
	let weights = LinearWeights {
		codes: TensorId(8),
		scales: TensorId(9),
		groups: Some(TensorId(10)),
		bias: None,
	};
	let quantise = |norm, codes| {
		OpKind::Quantise(Quantise { input: 11, norm, multipliers: Some(TensorId(12)), codes })
	};
	let linear = |activation| {
		OpKind::Linear(Linear {
			input: 13,
			weights,
			activation: Some(activation),
			residual: Some(14),
		})
	};
	let heads = |role, digits| {
		let norm = Some(HeadNorm { gain: TensorId(15), eps: Constant(16) });
		OpKind::Heads(Heads { input: 17, heads: 18, role, norm, rotation: Some(19), digits })
	};
	let attention = |mask| {
		OpKind::Attention(Attention { query: 20, key: 21, value: 22, constant: Constant(23), mask })
	};
	let take = |rows| OpKind::Take { input: 24, rows };
	let activation = Activation::Relu;
	let kinds = vec![
		OpKind::Embed(Embed { words: table, encoder: Some(encoder) }),
		OpKind::Normalise { input: 25, norm: Norm::L2 },
		quantise(Some(rms), Codes::One),
		quantise(Some(layer), Codes::OneAsymmetric),
		quantise(None, Codes::Two),
		linear(Activation::Silu),
		linear(Activation::Gelu),
		linear(Activation::GeluTanh),
		linear(Activation::Tanh),
		OpKind::Gated(Gated { input: 26, gate: weights, up: weights, activation }),
		heads(Role::Query, Digits::One),
		heads(Role::Key, Digits::Two),
		heads(Role::Value, Digits::One),
		attention(Mask::Causal),
		attention(Mask::Sliding { window: 27 }),
		attention(Mask::Full),
		OpKind::Elementwise(Elementwise::Add { x: 28, y: 29 }),
		OpKind::Elementwise(Elementwise::Mul { x: 30, y: 31 }),
		OpKind::Elementwise(Elementwise::Scale { x: 32, factor: Constant(33) }),
		OpKind::Elementwise(Elementwise::Activate { x: 34, activation }),
		OpKind::Elementwise(Elementwise::Softcap { x: 35, cap: Constant(36) }),
		take(TakeRows::Outputs),
		take(TakeRows::First),
		take(TakeRows::Last),
		OpKind::MeanPool { input: 37 },
	];
	let tensor = |element| Tensor { element, rows: 38, columns: 39, copies: 40 };
	let rotation = |pairing| Rotation { phases: vec![41, 42], pairing };
	Program {
		numerics_version: 1,
		kind: Kind::Generate { stop_ids: vec![43, 44] },
		vocabulary: 45,
		max_positions: 46,
		rotations: vec![rotation(Pairing::Halves), rotation(Pairing::Interleaved)],
		tensors: [Element::F32, Element::I8, Element::I16, Element::U8].map(tensor).to_vec(),
		blocks: vec![Block {
			repeat: 47,
			ops: (48..).zip(kinds).map(|(output, kind)| Op { output, kind }).collect(),
		}],
	}
}

#[test]
fn bytes_are_what_they_were() {
	let golden = [everything(), samples::decoder(), samples::encoder()].map(|program| {
		let bytes = program.to_bytes();
		(bytes.len(), fnv(&bytes))
	});
	assert_eq!(
		golden,
		[(375, 0x2e29_3aa4_ff2b_810b), (512, 0xf5aa_6b72_0714_a215), (555, 0x505c_13a7_432a_cb0a)]
	);
}

#[test]
fn reading_undoes_writing() {
	for program in [everything(), samples::decoder(), samples::encoder()] {
		assert_eq!(Program::from_bytes(&program.to_bytes()), Ok(program));
	}
}

#[test]
fn other_bytes_are_refused() {
	let bytes = samples::decoder().to_bytes();
	let with = |more: &[u8]| Program::from_bytes(&[&bytes, more].concat());
	assert_eq!(with(&[0]), Err(DecodeError::Malformed));
	assert_eq!(Program::from_bytes(&bytes[..bytes.len() - 1]), Err(DecodeError::Malformed));
	assert_eq!(Program::from_bytes(&[]), Err(DecodeError::Malformed));
	let long: Vec<u8> = vec![0; MAX_BYTES + 1];
	assert_eq!(Program::from_bytes(&long), Err(DecodeError::TooLong { bytes: MAX_BYTES + 1 }));
}
