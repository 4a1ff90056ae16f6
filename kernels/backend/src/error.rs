//! Why a backend refuses.

use alloc::string::String;
use core::fmt;

use assay_programs::{fault::Fault, op::Register, TensorId};

use crate::{SequenceId, WeightError};

/// Why a call failed. Nothing has changed, except after [`BackendError::Device`].
#[derive(Debug)]
pub enum BackendError {
	/// The program is not valid.
	Program(Fault),
	/// A weight could not be read.
	Weights(WeightError),
	/// The call is for programs of the other kind.
	WrongKind {
		/// What was called.
		call: &'static str,
		/// What it needs the program to do.
		needs: &'static str,
	},
	/// No sequence of this name is open.
	UnknownSequence(SequenceId),
	/// A batch names a sequence twice.
	RepeatedSequence(SequenceId),
	/// A chunk, a text or a continuation of no tokens.
	NoTokens,
	/// A token id that the vocabulary does not have.
	Token {
		/// The id.
		token: u32,
		/// Ids are below this.
		vocabulary: u32,
	},
	/// More rows are wanted than a chunk has tokens.
	Rows {
		/// Rows wanted.
		rows: u32,
		/// Tokens of the chunk.
		tokens: usize,
	},
	/// A sequence or text would become too long.
	Context {
		/// Positions that it would have.
		positions: u64,
		/// Positions that are admitted.
		limit: u32,
		/// By what.
		by: ContextLimit,
	},
	/// A step has more tokens than the executor takes at once.
	StepTokens {
		/// Tokens of the step.
		tokens: u64,
		/// Tokens that are admitted.
		limit: u32,
	},
	/// A sequence is shorter than what should be kept of it.
	TooShort {
		/// The sequence.
		sequence: SequenceId,
		/// Positions to keep.
		keep: u32,
		/// Positions that it has.
		positions: u32,
	},
	/// Something is used up; closing sequences frees it, except device memory taken by weights.
	NoRoom {
		/// What is used up.
		resource: Resource,
		/// How much was asked for.
		wanted: u64,
		/// How much is left.
		free: u64,
	},
	/// An operation refused its operands although the program is valid: a fault of the program's
	/// validation or of the backend.
	Operation {
		/// Index of the block.
		block: usize,
		/// Repetition of the block.
		iteration: u16,
		/// Index of the operation in its block.
		index: usize,
		/// What it refused.
		reason: OperationError,
	},
	/// The device failed. The executor is of no more use; load the model again.
	Device(String),
}

/// What limits the length of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextLimit {
	/// `max_positions` of the program.
	Program,
	/// The positions that the sequence was opened for.
	Sequence,
}

/// What an executor has a limited amount of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
	/// Sequences open at a time.
	Sequences,
	/// Positions of all open sequences together.
	Positions,
	/// Bytes of the device's memory.
	Bytes,
}

/// Why an operation of a program could not be computed.
#[derive(Debug)]
pub enum OperationError {
	/// A register does not hold what the operation reads.
	Operand {
		/// The register.
		register: Register,
		/// What it should hold.
		expected: &'static str,
	},
	/// A tensor has other elements than the operation reads.
	Tensor {
		/// The tensor.
		tensor: TensorId,
		/// What it should hold.
		expected: &'static str,
	},
	/// The program has no rotation of this index.
	Rotation(u8),
	/// Queries, keys and values differ in digits, width or number.
	Heads,
	/// Operands do not fit each other.
	Shape(assay_kernels_exact::Error),
	/// A weight that is read when it is needed could not be read.
	Weights(WeightError),
}

impl fmt::Display for BackendError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Program(fault) => write!(f, "the program is not valid: {fault}"),
			Self::Weights(error) => error.fmt(f),
			Self::WrongKind { call, needs } => write!(f, "{call} needs a program that {needs}"),
			Self::UnknownSequence(sequence) => write!(f, "sequence {sequence} is not open"),
			Self::RepeatedSequence(sequence) => {
				write!(f, "the batch names sequence {sequence} twice; join its chunks")
			}
			Self::NoTokens => write!(f, "no token is given where at least one is needed"),
			Self::Token { token, vocabulary } => {
				write!(f, "token {token} is not in the vocabulary of {vocabulary} tokens")
			}
			Self::Rows { rows, tokens } => {
				write!(f, "{rows} rows are wanted of a chunk of {tokens} tokens")
			}
			Self::Context { positions, limit, by } => {
				write!(f, "{positions} positions are more than the {limit} that {by}")
			}
			Self::StepTokens { tokens, limit } => {
				write!(
					f,
					"a step of {tokens} tokens is more than the {limit} of this executor; cut it"
				)
			}
			Self::TooShort { sequence, keep, positions } => {
				write!(f, "sequence {sequence} has {positions} positions, {keep} cannot be kept")
			}
			Self::NoRoom { resource, wanted, free } => {
				write!(f, "no room for {wanted} {resource}, {free} are free")
			}
			Self::Operation { block, iteration, index, reason } => {
				write!(f, "block {block}, iteration {iteration}, operation {index}: {reason}")
			}
			Self::Device(reason) => write!(f, "the device failed: {reason}"),
		}
	}
}

impl fmt::Display for ContextLimit {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Program => "the program admits (max_positions)",
			Self::Sequence => "the sequence was opened for",
		})
	}
}

impl fmt::Display for Resource {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Sequences => "sequences",
			Self::Positions => "positions",
			Self::Bytes => "bytes",
		})
	}
}

impl fmt::Display for OperationError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Operand { register, expected } => {
				write!(f, "register {register} does not hold {expected}")
			}
			Self::Tensor { tensor, expected } => {
				write!(f, "tensor {} does not hold {expected}", tensor.0)
			}
			Self::Rotation(index) => write!(f, "the program has no rotation {index}"),
			Self::Heads => write!(f, "queries, keys and values do not fit each other"),
			Self::Shape(error) => error.fmt(f),
			Self::Weights(error) => error.fmt(f),
		}
	}
}

impl core::error::Error for BackendError {
	fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
		match self {
			Self::Weights(error) => error.source(),
			Self::Operation { reason: OperationError::Weights(error), .. } => error.source(),
			_ => None,
		}
	}
}

impl core::error::Error for OperationError {}

impl From<WeightError> for BackendError {
	fn from(error: WeightError) -> Self {
		Self::Weights(error)
	}
}

impl From<Fault> for BackendError {
	fn from(fault: Fault) -> Self {
		Self::Program(fault)
	}
}

impl From<assay_kernels_exact::Error> for OperationError {
	fn from(error: assay_kernels_exact::Error) -> Self {
		Self::Shape(error)
	}
}

impl From<WeightError> for OperationError {
	fn from(error: WeightError) -> Self {
		Self::Weights(error)
	}
}
