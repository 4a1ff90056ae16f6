//! Why something cannot be shown of a run.

use std::{io, path::PathBuf};

use assay_kernels_backend::{BackendError, WeightError};
use assay_referee::Fault;
use assay_trace::{Node, SegmentError};
use thiserror::Error;

/// Why something cannot be shown of a run.
#[derive(Debug, Error)]
pub enum ProverError {
	/// There is no such run of the program.
	#[error(
		"the program has no run over {inputs} input tokens with {words} words of output; {expected}"
	)]
	Run {
		/// Input tokens.
		inputs: usize,
		/// Words of the output.
		words: usize,
		/// What it has.
		expected: String,
	},
	/// The backend refuses the run.
	#[error(transparent)]
	Backend(#[from] BackendError),
	/// The backend has shown other tiles than the program has: a fault of the backend.
	#[error("the backend shows leaf {found} where leaf {expected} of the trace is next")]
	Order {
		/// The leaf that is next.
		expected: u64,
		/// The leaf that was shown.
		found: u64,
	},
	/// The backend has shown a tile of another size than the program states: a fault of the backend.
	#[error(
		"from leaf {leaf} on the trace has {expected} bytes in a stage, the backend shows {found}"
	)]
	Bytes {
		/// The first leaf of the stage.
		leaf: u64,
		/// Bytes of the stage that the program states.
		expected: u64,
		/// Bytes shown.
		found: u64,
	},
	/// The backend has ended the pass too early: a fault of the backend.
	#[error("the backend has shown {found} of {expected} leaves that were asked for")]
	Missing {
		/// Leaves asked for.
		expected: u64,
		/// Leaves shown.
		found: u64,
	},
	/// The backend has shown other rows of the result than the program has: a fault of the backend.
	#[error("the result has {expected} elements, the backend shows {found}")]
	Result {
		/// Elements of the result.
		expected: u64,
		/// Elements shown.
		found: u64,
	},
	/// Parts of the trace do not follow each other: a fault of this crate.
	#[error(transparent)]
	Segment(#[from] SegmentError),
	/// The tree has no such inner node.
	#[error("the tree has no inner node {} on level {}", .0.index, .0.level)]
	NoSuchNode(Node),
	/// The tree has no such leaf.
	#[error("the tree has no leaf {0}")]
	NoSuchLeaf(u64),
	/// The leaf cannot be recomputed: the program is not an admitted one.
	#[error(transparent)]
	Referee(#[from] Fault),
	/// What a leaf is said to read has other bytes than are kept of it.
	#[error("leaf {leaf} of the {tree} has {found} bytes, {expected} are read")]
	LeafBytes {
		/// The tree.
		tree: assay_referee::Tree,
		/// The leaf.
		leaf: u64,
		/// Bytes that are read.
		expected: u64,
		/// Bytes that it has.
		found: usize,
	},
	/// A weight cannot be read.
	#[error(transparent)]
	Weights(#[from] WeightError),
	/// The operating system says no.
	#[error("{}: {source}", path.display())]
	Io {
		/// The file or folder.
		path: PathBuf,
		/// The cause.
		source: io::Error,
	},
	/// A file that holds no trace, or not the one that is asked for.
	#[error("{}: {reason}; remove the file and trace the run again", path.display())]
	Stored {
		/// The file.
		path: PathBuf,
		/// What is wrong with it.
		reason: &'static str,
	},
}
