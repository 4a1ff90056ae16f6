//! Why a leaf is not decided.

use core::fmt;

use assay_programs::limits::MAX_WITNESS;
use assay_trace::ProofError;

use crate::source::Tree;

/// A question that has no answer, whatever the witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
	/// The trace has no such leaf.
	NoSuchLeaf {
		/// The leaf.
		leaf: u64,
	},
	/// Both claims are the same hash.
	EqualClaims,
	/// An operation lacks an operand, a tensor or a stage: the program is not an admitted one.
	Program {
		/// What is lacking.
		missing: &'static str,
	},
	/// An operation would read a leaf that comes later: the program is not an admitted one.
	Later {
		/// The leaf in question.
		leaf: u64,
		/// The leaf that it would read.
		read: u64,
	},
	/// Operands do not fit each other: the program is not an admitted one.
	Operation(assay_kernels_exact::Error),
}

/// Why a witness does not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
	/// There is nothing to decide.
	Fault(Fault),
	/// The witness has more bytes than the referee takes.
	TooLong {
		/// Its bytes.
		bytes: usize,
	},
	/// The bytes are no witness.
	Malformed,
	/// The witness ends before a leaf that is read.
	MissingLeaf {
		/// The tree.
		tree: Tree,
		/// The leaf.
		leaf: u64,
	},
	/// The witness holds more than is read.
	SurplusBytes {
		/// The tree.
		tree: Tree,
		/// How many bytes more.
		bytes: usize,
	},
	/// The leaves have another number of hashes beside them than their ways to the root need.
	Proof {
		/// The tree.
		tree: Tree,
		/// What is wrong.
		reason: ProofError,
	},
	/// The leaves do not lie under the root.
	OtherRoot {
		/// The tree.
		tree: Tree,
	},
}

/// Why a witness cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError<E> {
	/// There is nothing to decide.
	Fault(Fault),
	/// What is read cannot be had.
	Data(E),
	/// A leaf has another size than the program states.
	LeafBytes {
		/// The tree.
		tree: Tree,
		/// The leaf.
		leaf: u64,
		/// Bytes that the program states.
		expected: u64,
		/// Bytes given.
		found: usize,
	},
}

impl From<Fault> for Error {
	fn from(fault: Fault) -> Self {
		Self::Fault(fault)
	}
}

impl<E> From<Fault> for BuildError<E> {
	fn from(fault: Fault) -> Self {
		Self::Fault(fault)
	}
}

impl From<assay_kernels_exact::Error> for Fault {
	fn from(error: assay_kernels_exact::Error) -> Self {
		Self::Operation(error)
	}
}

impl fmt::Display for Fault {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoSuchLeaf { leaf } => write!(f, "the trace has no leaf {leaf}"),
			Self::EqualClaims => f.write_str("both claims are the same, nothing is to be decided"),
			Self::Program { missing } => {
				write!(f, "the program is not admitted: there is no {missing} to read")
			}
			Self::Later { leaf, read } => {
				write!(
					f,
					"the program is not admitted: leaf {leaf} would read the later leaf {read}"
				)
			}
			Self::Operation(error) => write!(f, "the program is not admitted: {error}"),
		}
	}
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Fault(fault) => fault.fmt(f),
			Self::TooLong { bytes } => {
				write!(f, "the witness has {bytes} bytes, at most {MAX_WITNESS} are taken")
			}
			Self::Malformed => f.write_str("the bytes are no SCALE encoding of a witness"),
			Self::MissingLeaf { tree, leaf } => {
				write!(f, "the witness ends before leaf {leaf} of the {tree}, which is read")
			}
			Self::SurplusBytes { tree, bytes } => {
				write!(f, "the witness holds {bytes} bytes of the {tree} that are not read")
			}
			Self::Proof { tree, reason } => write!(f, "the proof of the {tree} fails: {reason}"),
			Self::OtherRoot { tree } => {
				write!(f, "the leaves of the {tree} do not lie under its root")
			}
		}
	}
}

impl<E: fmt::Display> fmt::Display for BuildError<E> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Fault(fault) => fault.fmt(f),
			Self::Data(error) => error.fmt(f),
			Self::LeafBytes { tree, leaf, expected, found } => {
				write!(
					f,
					"leaf {leaf} of the {tree} has {found} bytes, the program states {expected}"
				)
			}
		}
	}
}

impl core::error::Error for Fault {}
impl core::error::Error for Error {}
impl<E: fmt::Debug + fmt::Display> core::error::Error for BuildError<E> {}
