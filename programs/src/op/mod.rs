//! What a program can say: the operations and their operands.
//!
//! An operation reads registers and weight tensors and writes one register. It computes in one or
//! more stages, each a function of `kernels/SPEC.md`; each stage is a section of the trace, so that a
//! reduction is always a stage of its own, before the elements that need it.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

mod heads;
mod layer;
mod quantise;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

pub use {
	heads::{Attention, HeadNorm, Heads, Mask, Pairing, Role},
	layer::{Activation, Gated, Linear, LinearWeights},
	quantise::{Codes, Digits, Norm, Quantise},
};

use crate::{constant::Constant, tensor::TensorId};

/// The name of a value while the program runs. An operation overwrites what the register held.
pub type Register = u8;

/// One operation.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Op {
	/// Where the result goes.
	pub output: Register,
	/// What is computed.
	pub kind: OpKind,
}

/// What an operation computes.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum OpKind {
	/// Token ids to f32 rows, one per position.
	Embed(Embed),
	/// f32 rows to f32 rows of norm 1. Stages: statistics, elements.
	Normalise {
		/// f32 rows.
		input: Register,
		/// Which norm.
		norm: Norm,
	},
	/// f32 rows to codes. Stages: statistics of the norm if any, range, codes.
	Quantise(Quantise),
	/// Codes to f32 rows: matrix product and what follows it in the same tile.
	Linear(Linear),
	/// Codes to f32 rows: ACT(gate row) x up row (SPEC 5, `gated`).
	Gated(Gated),
	/// f32 rows to quantised heads: norm, rotation, scale and codes.
	Heads(Heads),
	/// Heads of queries, keys and values to f32 rows. Stages: block records, merge.
	Attention(Attention),
	/// f32 rows to f32 rows, element by element.
	Elementwise(Elementwise),
	/// Some of the rows of an f32 value.
	Take {
		/// f32 rows, one per position.
		input: Register,
		/// Which of them.
		rows: TakeRows,
	},
	/// f32 rows to the one row of their means. Stages: maxima and their reductions, sums and their
	/// reductions, mean.
	MeanPool {
		/// f32 rows, one per position.
		input: Register,
	},
}

/// A table of codes and the value of a step in each row.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Table {
	/// `Codes [rows][columns]`, one or two digits.
	pub codes: TensorId,
	/// `f32 [rows]`.
	pub scales: TensorId,
}

/// Embedding of tokens: rows of tables, dequantised and summed (SPEC 6).
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Embed {
	/// `[vocabulary][columns]`, read at the token's id.
	pub words: Table,
	/// The encoder's further tables, if it has them.
	pub encoder: Option<EncoderTables>,
}

/// What encoders of the BERT family add to the word's row: `embedding_sum` of the three.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct EncoderTables {
	/// `[at least max_positions][columns]`, read at the position.
	pub positions: Table,
	/// `[at least 1][columns]`, read at row 0: texts have one segment.
	pub kinds: Table,
}

/// A function of the elements at the same place (SPEC 5 and 6).
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Elementwise {
	/// x + y.
	Add {
		/// f32 rows.
		x: Register,
		/// f32 rows of the same shape.
		y: Register,
	},
	/// x × y.
	Mul {
		/// f32 rows.
		x: Register,
		/// f32 rows of the same shape.
		y: Register,
	},
	/// x × factor.
	Scale {
		/// f32 rows.
		x: Register,
		/// The factor.
		factor: Constant,
	},
	/// An activation function.
	Activate {
		/// f32 rows.
		x: Register,
		/// Which.
		activation: Activation,
	},
	/// cap × TANH(x ÷ cap).
	Softcap {
		/// f32 rows.
		x: Register,
		/// The bound that the result approaches.
		cap: Constant,
	},
}

/// Which rows to take.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum TakeRows {
	/// Those whose logits choose an output token. Only for programs that generate.
	Outputs,
	/// The first. Only for programs that embed.
	First,
	/// The last. Only for programs that embed.
	Last,
}
