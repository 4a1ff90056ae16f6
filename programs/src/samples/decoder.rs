//! A decoder of the Llama family: rotary positions, grouped queries, gated SiLU.

use alloc::{vec, vec::Vec};

use assay_kernels_exact::{attention::softmax_constant, rope, NUMERICS_VERSION};

use super::{op, table::TensorTable};
use crate::{
	constant::Constant,
	op::{
		Activation, Attention, Codes, Digits, Embed, Gated, HeadNorm, Heads, Linear, LinearWeights,
		Mask, Norm, Op, OpKind, Quantise, Register, Role, TakeRows,
	},
	program::{Block, Kind, Program, Rotation},
	tensor::TensorId,
};

/// Dimensions of a decoder.
#[derive(Clone, Debug)]
pub struct Decoder {
	/// Token ids.
	pub vocabulary: u32,
	/// Channels between the layers.
	pub hidden: u32,
	/// Query heads.
	pub heads: u16,
	/// Key and value heads.
	pub key_heads: u16,
	/// Channels of a head.
	pub head_dim: u32,
	/// Channels inside of the feed-forward layers.
	pub inner: u32,
	/// Layers.
	pub layers: u16,
	/// Positions.
	pub max_positions: u32,
	/// Codes of the rows that layers read.
	pub codes: Codes,
	/// Digits of the layers' weights.
	pub weights: Digits,
	/// Whether the layers' weights have group multipliers.
	pub groups: bool,
	/// Digits of queries and keys.
	pub key_digits: Digits,
	/// Whether queries, keys and values have biases.
	pub biases: bool,
	/// Whether queries and keys are normalised by head.
	pub head_norms: bool,
	/// Whether the word table is also the last layer's weights.
	pub tied: bool,
	/// What a query sees.
	pub mask: Mask,
	/// Ids that end the output.
	pub stop_ids: Vec<u32>,
}

impl Default for Decoder {
	fn default() -> Self {
		Self {
			vocabulary: 96,
			hidden: 64,
			heads: 4,
			key_heads: 2,
			head_dim: 16,
			inner: 160,
			layers: 2,
			max_positions: 1200,
			codes: Codes::One,
			weights: Digits::One,
			groups: false,
			key_digits: Digits::One,
			biases: false,
			head_norms: false,
			tied: false,
			mask: Mask::Causal,
			stop_ids: vec![2],
		}
	}
}

/// Registers: the residual stream, and values within a layer.
const STREAM: Register = 0;
const INPUT: Register = 1;
const QUERY: Register = 2;
const KEY: Register = 3;
const VALUE: Register = 4;

impl Decoder {
	/// The program; it is admitted if the dimensions are.
	pub fn program(&self) -> Program {
		let mut table = TensorTable::default();
		let words = table.table(self.vocabulary, self.hidden, self.weights);
		let layer = self.layer(&mut table);
		let gain = table.vector(self.hidden, 1);
		let head = if self.tied {
			LinearWeights { codes: words.codes, scales: words.scales, groups: None, bias: None }
		} else {
			table.layer(self.vocabulary, self.hidden, self.weights, false, 1)
		};
		let first = vec![op(STREAM, OpKind::Embed(Embed { words, encoder: None }))];
		let last = vec![
			op(STREAM, OpKind::Take { input: STREAM, rows: TakeRows::Outputs }),
			self.quantise(INPUT, STREAM, Some(gain)),
			linear(STREAM, INPUT, head, None),
		];
		let pairs = usize::try_from(self.head_dim / 2).unwrap_or(usize::MAX).min(rope::MAX_PAIRS);
		let phases = rope::phases(10_000, pairs).expect("a number of pairs within its bounds");
		Program {
			numerics_version: NUMERICS_VERSION,
			kind: Kind::Generate { stop_ids: self.stop_ids.clone() },
			vocabulary: self.vocabulary,
			max_positions: self.max_positions,
			rotations: vec![Rotation { phases, pairing: crate::op::Pairing::Halves }],
			tensors: table.tensors,
			blocks: vec![
				Block { repeat: 1, ops: first },
				Block { repeat: self.layers, ops: layer },
				Block { repeat: 1, ops: last },
			],
		}
	}

	fn layer(&self, table: &mut TensorTable) -> Vec<Op> {
		let copies = self.layers;
		let mut layer = |outputs, inputs, bias| {
			let weights = table.layer(outputs, inputs, self.weights, bias, copies);
			if self.groups {
				table.grouped(weights, inputs, copies)
			} else {
				weights
			}
		};
		let queries = u32::from(self.heads) * self.head_dim;
		let keys = u32::from(self.key_heads) * self.head_dim;
		let query = layer(queries, self.hidden, self.biases);
		let key = layer(keys, self.hidden, self.biases);
		let value = layer(keys, self.hidden, self.biases);
		let output = layer(self.hidden, queries, false);
		let gate = layer(self.inner, self.hidden, false);
		let up = layer(self.inner, self.hidden, false);
		let down = layer(self.hidden, self.inner, false);
		let [attention_gain, inner_gain] = [(); 2].map(|()| table.vector(self.hidden, copies));
		let [query_gain, key_gain] =
			[(); 2].map(|()| self.head_norms.then(|| table.vector(self.head_dim, copies)));
		let attention = Attention {
			query: QUERY,
			key: KEY,
			value: VALUE,
			constant: Constant::new(softmax_constant(self.head_dim)),
			mask: self.mask,
		};
		let gated = Gated { input: INPUT, gate, up, activation: Activation::Silu };
		vec![
			self.quantise(INPUT, STREAM, Some(attention_gain)),
			linear(QUERY, INPUT, query, None),
			linear(KEY, INPUT, key, None),
			linear(VALUE, INPUT, value, None),
			self.split(QUERY, self.heads, Role::Query, query_gain),
			self.split(KEY, self.key_heads, Role::Key, key_gain),
			self.split(VALUE, self.key_heads, Role::Value, None),
			op(INPUT, OpKind::Attention(attention)),
			self.quantise(INPUT, INPUT, None),
			linear(STREAM, INPUT, output, Some(STREAM)),
			self.quantise(INPUT, STREAM, Some(inner_gain)),
			op(INPUT, OpKind::Gated(gated)),
			self.quantise(INPUT, INPUT, None),
			linear(STREAM, INPUT, down, Some(STREAM)),
		]
	}

	fn quantise(&self, output: Register, input: Register, gain: Option<TensorId>) -> Op {
		let norm = gain.map(|gain| Norm::Rms { gain, eps: Constant::new(1e-5) });
		op(output, OpKind::Quantise(Quantise { input, norm, multipliers: None, codes: self.codes }))
	}

	/// Quantised heads in place, rotated unless they are values.
	fn split(&self, register: Register, heads: u16, role: Role, gain: Option<TensorId>) -> Op {
		let value = role == Role::Value;
		let heads = Heads {
			input: register,
			heads,
			role,
			norm: gain.map(|gain| HeadNorm { gain, eps: Constant::new(1e-6) }),
			rotation: (!value).then_some(0),
			digits: if value { Digits::One } else { self.key_digits },
		};
		op(register, OpKind::Heads(heads))
	}
}

const fn linear(
	output: Register,
	input: Register,
	weights: LinearWeights,
	residual: Option<Register>,
) -> Op {
	op(output, OpKind::Linear(Linear { input, weights, activation: None, residual }))
}
