//! A program as a whole, and its bytes.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use alloc::vec::Vec;

use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use crate::{
	op::{Op, Pairing},
	tensor::Tensor,
};

/// Greatest size of an encoded program, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// A model program. Its identity is the hash of its SCALE encoding.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Program {
	/// Version of the arithmetic that the operations mean.
	pub numerics_version: u32,
	/// What goes in and what comes out.
	pub kind: Kind,
	/// Number of token ids.
	pub vocabulary: u32,
	/// Greatest number of positions of one run.
	pub max_positions: u32,
	/// Rotary position embeddings, named by their index.
	pub rotations: Vec<Rotation>,
	/// The weights' table, named by index. Its order is the order of the weights' tree.
	pub tensors: Vec<Tensor>,
	/// What is run, in order. The result is what the last operation writes.
	pub blocks: Vec<Block>,
}

/// What goes in and what comes out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Kind {
	/// Tokens in, tokens out. The result is a row of logits for each token to choose.
	Generate {
		/// Token ids that end the output, in ascending order.
		stop_ids: Vec<u32>,
	},
	/// Tokens in, one vector out. The result is one f32 row.
	Embed,
}

/// Operations that run `repeat` times in a row.
///
/// A register that an iteration reads before it writes it holds what the iteration before left, in
/// the first one what the blocks before left.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Block {
	/// How often, at least once.
	pub repeat: u16,
	/// The operations of one iteration, at least one.
	pub ops: Vec<Op>,
}

/// A rotary position embedding.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Rotation {
	/// One phase per pair of channels, in 2^-64 turns per position.
	pub phases: Vec<u64>,
	/// Which channels form a pair.
	pub pairing: Pairing,
}

/// Why bytes are no program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
	/// More than [`MAX_BYTES`].
	TooLong {
		/// Bytes given.
		bytes: usize,
	},
	/// Not an encoding of a program, or followed by other bytes.
	Malformed,
}

impl core::fmt::Display for DecodeError {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		match self {
			Self::TooLong { bytes } => {
				write!(f, "the program has {bytes} bytes, at most {MAX_BYTES} are admitted")
			}
			Self::Malformed => write!(f, "the bytes are no SCALE encoding of a program"),
		}
	}
}

impl core::error::Error for DecodeError {}

impl Program {
	/// Reads a program from exactly these bytes. It may still be invalid.
	///
	/// # Errors
	/// If there are too many bytes, too few, or bytes that mean nothing.
	pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
		if bytes.len() > MAX_BYTES {
			return Err(DecodeError::TooLong { bytes: bytes.len() });
		}
		Self::decode_all(&mut &*bytes).map_err(|_| DecodeError::Malformed)
	}

	/// The program's bytes.
	pub fn to_bytes(&self) -> Vec<u8> {
		self.encode()
	}

	/// Leaves of the weights' tree. Saturates for programs that are not admitted.
	pub fn weight_leaves(&self) -> u64 {
		let leaves =
			|tensor: &Tensor| tensor.leaves_per_copy().saturating_mul(tensor.copies.into());
		self.tensors.iter().map(leaves).fold(0, u64::saturating_add)
	}

	/// Every operation in the order of execution, with its iteration.
	pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
		self.blocks.iter().enumerate().flat_map(|(block, content)| {
			(0..content.repeat).flat_map(move |iteration| {
				content.ops.iter().enumerate().map(move |(index, op)| Step {
					block,
					iteration,
					index,
					op,
				})
			})
		})
	}
}

/// An operation at its place in the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
	/// Index of the block.
	pub block: usize,
	/// Which repetition of the block, also the copy of repeated tensors that is read.
	pub iteration: u16,
	/// Index of the operation in its block.
	pub index: usize,
	/// The operation.
	pub op: &'a Op,
}
