//! Where leaves that are read come from.

use core::fmt;

use crate::error::Fault;

/// The trees that a leaf of a trace is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tree {
	/// The trace itself, before the leaf in question.
	Trace,
	/// The weights of the model.
	Weights,
	/// The input tokens.
	Input,
	/// The committed output: tokens, or the bits of an embedding.
	Output,
}

impl Tree {
	/// All trees, each at the place of its [number](Self::number).
	pub(crate) const ALL: [Self; 4] = [Self::Trace, Self::Weights, Self::Input, Self::Output];

	/// The tree's place in a list of all.
	pub(crate) const fn number(self) -> usize {
		match self {
			Self::Trace => 0,
			Self::Weights => 1,
			Self::Input => 2,
			Self::Output => 3,
		}
	}
}

impl fmt::Display for Tree {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Trace => "trace",
			Self::Weights => "weights",
			Self::Input => "input tokens",
			Self::Output => "output",
		})
	}
}

/// Gives leaves to whoever recomputes one.
pub trait Source {
	/// Why a leaf cannot be had.
	type Error: From<Fault>;

	/// The content of a leaf, exactly `bytes` bytes. The same leaf may be asked for again.
	///
	/// # Errors
	/// If it cannot be had.
	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Self::Error>;
}
