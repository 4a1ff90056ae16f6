//! An encoder of the BERT family: position and kind tables, norms after the residual, GELU.

use alloc::{vec, vec::Vec};

use assay_kernels_exact::{attention::softmax_constant, NUMERICS_VERSION};

use super::{op, table::TensorTable};
use crate::{
	constant::Constant,
	op::{
		Activation, Attention, Codes, Digits, Embed, EncoderTables, Heads, Linear, LinearWeights,
		Mask, Norm, Op, OpKind, Quantise, Register, Role, TakeRows,
	},
	program::{Block, Kind, Program},
};

/// Dimensions of an encoder.
#[derive(Clone, Debug)]
pub struct Encoder {
	/// Token ids.
	pub vocabulary: u32,
	/// Channels between the layers.
	pub hidden: u32,
	/// Heads of queries, keys and values.
	pub heads: u16,
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
	/// Whether the layers' inputs have multipliers.
	pub multipliers: bool,
	/// Which row is taken, instead of the mean of all.
	pub take: Option<TakeRows>,
}

impl Default for Encoder {
	fn default() -> Self {
		Self {
			vocabulary: 96,
			hidden: 64,
			heads: 4,
			inner: 160,
			layers: 2,
			max_positions: 600,
			codes: Codes::OneAsymmetric,
			weights: Digits::One,
			multipliers: false,
			take: None,
		}
	}
}

/// Registers: the residual stream, and values within a layer.
const STREAM: Register = 0;
const INPUT: Register = 1;
const QUERY: Register = 2;
const KEY: Register = 3;
const VALUE: Register = 4;

impl Encoder {
	/// The program.
	pub fn program(&self) -> Program {
		let mut table = TensorTable::default();
		let embed = Embed {
			words: table.table(self.vocabulary, self.hidden, self.weights),
			encoder: Some(EncoderTables {
				positions: table.table(self.max_positions, self.hidden, self.weights),
				kinds: table.table(2, self.hidden, self.weights),
			}),
		};
		let first = vec![op(STREAM, OpKind::Embed(embed)), normalise(self.norm(&mut table, 1))];
		let layer = self.layer(&mut table);
		let pool = match self.take {
			Some(rows) => OpKind::Take { input: STREAM, rows },
			None => OpKind::MeanPool { input: STREAM },
		};
		let last = vec![op(STREAM, pool), normalise(Norm::L2)];
		Program {
			numerics_version: NUMERICS_VERSION,
			kind: Kind::Embed,
			vocabulary: self.vocabulary,
			max_positions: self.max_positions,
			rotations: vec![],
			tensors: table.tensors,
			blocks: vec![
				Block { repeat: 1, ops: first },
				Block { repeat: self.layers, ops: layer },
				Block { repeat: 1, ops: last },
			],
		}
	}

	fn layer(&self, table: &mut TensorTable) -> Vec<Op> {
		let (copies, hidden, inner) = (self.layers, self.hidden, self.inner);
		let mut layer = |outputs, inputs| table.layer(outputs, inputs, self.weights, true, copies);
		let [query, key, value, output] = [(); 4].map(|()| layer(hidden, hidden));
		let (up, down) = (layer(inner, hidden), layer(hidden, inner));
		let norms = [(); 2].map(|()| self.norm(table, copies));
		let attention = Attention {
			query: QUERY,
			key: KEY,
			value: VALUE,
			constant: Constant::new(softmax_constant(hidden / u32::from(self.heads))),
			mask: Mask::Full,
		};
		vec![
			self.quantise(table, STREAM, hidden),
			linear(QUERY, query, None, None),
			linear(KEY, key, None, None),
			linear(VALUE, value, None, None),
			self.split(QUERY, Role::Query),
			self.split(KEY, Role::Key),
			self.split(VALUE, Role::Value),
			op(INPUT, OpKind::Attention(attention)),
			self.quantise(table, INPUT, hidden),
			linear(STREAM, output, None, Some(STREAM)),
			normalise(norms[0]),
			self.quantise(table, STREAM, hidden),
			linear(INPUT, up, Some(Activation::Gelu), None),
			self.quantise(table, INPUT, inner),
			linear(STREAM, down, None, Some(STREAM)),
			normalise(norms[1]),
		]
	}

	fn norm(&self, table: &mut TensorTable, copies: u16) -> Norm {
		Norm::Layer {
			gain: table.vector(self.hidden, copies),
			bias: table.vector(self.hidden, copies),
			eps: Constant::new(1e-12),
		}
	}

	/// The codes of a register that a layer reads.
	fn quantise(&self, table: &mut TensorTable, input: Register, columns: u32) -> Op {
		let multipliers = self.multipliers.then(|| table.vector(columns, self.layers));
		op(INPUT, OpKind::Quantise(Quantise { input, norm: None, multipliers, codes: self.codes }))
	}

	/// Quantised heads in place.
	const fn split(&self, register: Register, role: Role) -> Op {
		let heads = Heads {
			input: register,
			heads: self.heads,
			role,
			norm: None,
			rotation: None,
			digits: Digits::One,
		};
		op(register, OpKind::Heads(heads))
	}
}

const fn normalise(norm: Norm) -> Op {
	op(STREAM, OpKind::Normalise { input: STREAM, norm })
}

const fn linear(
	output: Register,
	weights: LinearWeights,
	activation: Option<Activation>,
	residual: Option<Register>,
) -> Op {
	op(output, OpKind::Linear(Linear { input: INPUT, weights, activation, residual }))
}
