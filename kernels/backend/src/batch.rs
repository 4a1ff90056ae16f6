//! What goes into a pass and what comes out.

use alloc::vec::Vec;

use assay_kernels_exact::sampler::Sampling;

/// Names a sequence of an executor. Never given twice by the same executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceId(pub u64);

impl core::fmt::Display for SequenceId {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		write!(f, "{}", self.0)
	}
}

/// The length of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
	/// Positions that it has.
	pub positions: u32,
	/// Positions that it was opened for.
	pub capacity: u32,
}

/// Tokens to append to a sequence.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
	/// The sequence, named by no other chunk of the batch.
	pub sequence: SequenceId,
	/// At least one token id, each below the program's vocabulary.
	pub tokens: &'a [u32],
	/// What the caller needs of it.
	pub wanted: Wanted<'a>,
}

/// What a chunk is computed for.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
	/// Only that the sequence grows.
	Nothing,
	/// The logits after each of the chunk's last `rows` positions.
	Logits {
		/// At most the chunk's tokens.
		rows: u32,
	},
	/// The token chosen after each of the chunk's last `rows` positions.
	///
	/// The token after position p is chosen with the noise of position p + 1, its index in the
	/// whole sequence.
	Tokens {
		/// At most the chunk's tokens.
		rows: u32,
		/// How to choose.
		sampling: &'a Sampling,
	},
}

impl Wanted<'_> {
	/// How many of the chunk's last positions need logits.
	pub const fn rows(&self) -> u32 {
		match self {
			Self::Nothing => 0,
			Self::Logits { rows } | Self::Tokens { rows, .. } => *rows,
		}
	}
}

/// What a chunk gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
	/// Nothing was wanted.
	Nothing,
	/// Logits [rows][vocabulary].
	Logits(Vec<f32>),
	/// One token id per row.
	Tokens(Vec<u32>),
}

/// Tokens to choose one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Continuation<'a> {
	/// The sequence, named by no other continuation of the batch.
	pub sequence: SequenceId,
	/// The token of the sequence's next position.
	pub token: u32,
	/// Most tokens to choose, at least 1.
	pub tokens: u32,
	/// Choosing one of these is the last choice.
	pub stop_ids: &'a [u32],
	/// How to choose.
	pub sampling: &'a Sampling,
}
