//! From the tiles of a run, as they are computed, to the tree of its trace.

use core::{fmt, ops::Range};

use assay_primitives::{merkle, Hasher};
use assay_programs::stage::Section;

use crate::{
	layout::{Layout, Leaf},
	tree::{Skeleton, SkeletonBuilder},
};

/// A tile that is not the next of the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildError {
	/// The tile has another size.
	TileBytes {
		/// The leaf that is next.
		leaf: u64,
		/// Its bytes.
		expected: u64,
		/// Bytes given.
		found: usize,
	},
	/// The trace has no further leaf.
	Complete {
		/// Leaves of the trace.
		leaves: u64,
	},
	/// The trace has further leaves.
	Incomplete {
		/// Leaves of the trace.
		leaves: u64,
		/// Leaves given.
		found: u64,
	},
}

impl fmt::Display for BuildError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::TileBytes { leaf, expected, found } => {
				write!(f, "leaf {leaf} of the trace has {expected} bytes, {found} are given")
			}
			Self::Complete { leaves } => {
				write!(f, "the trace has {leaves} leaves, all of which are given already")
			}
			Self::Incomplete { leaves, found } => {
				write!(f, "the trace has {leaves} leaves, {found} are given")
			}
		}
	}
}

impl core::error::Error for BuildError {}

/// Builds the tree of a trace from its tiles in order.
///
/// Besides the nodes that are to be kept it holds 15 hashes per level, however long the trace is.
#[derive(Clone, Debug)]
pub struct TraceBuilder<'l, 't, 'p, H> {
	layout: &'l Layout<'t, 'p>,
	tree: SkeletonBuilder<H>,
	/// The section of the next leaf and the numbers of its leaves, so that not every leaf is looked up.
	section: Option<(Section, Range<u64>)>,
}

impl<'l, 't, 'p, H: Hasher> TraceBuilder<'l, 't, 'p, H> {
	/// Without leaves yet. As many upper levels of the tree are kept as have at most `kept` nodes together.
	pub fn new(layout: &'l Layout<'t, 'p>, kept: u64) -> Self {
		Self { layout, tree: SkeletonBuilder::new(layout.tree(), kept), section: None }
	}

	/// The leaf that is next.
	pub const fn next_leaf(&self) -> u64 {
		self.tree.leaves()
	}

	/// Appends the next tile.
	///
	/// # Errors
	/// If the trace has no further tile, or the next one has another size; nothing is appended then.
	pub fn push(&mut self, tile: &[u8]) -> Result<(), BuildError> {
		let leaf = self.next_leaf();
		let leaves = self.layout.leaves();
		let expected = self.bytes(leaf).ok_or(BuildError::Complete { leaves })?;
		if u64::try_from(tile.len()) != Ok(expected) {
			return Err(BuildError::TileBytes { leaf, expected, found: tile.len() });
		}
		self.tree.push(merkle::leaf::<H>(tile));
		Ok(())
	}

	/// The tree.
	///
	/// # Errors
	/// If leaves are missing.
	pub fn finish(self) -> Result<Skeleton<H>, BuildError> {
		let (leaves, found) = (self.layout.leaves(), self.next_leaf());
		self.tree.finish().ok_or(BuildError::Incomplete { leaves, found })
	}

	fn bytes(&mut self, leaf: u64) -> Option<u64> {
		if let Some((section, leaves)) = &self.section {
			if leaves.contains(&leaf) {
				return section.tile_bytes(leaf - leaves.start);
			}
		}
		match self.layout.locate(leaf)? {
			Leaf::Program(location) => {
				let (start, section) = (leaf.checked_sub(location.tile)?, location.section);
				self.section = Some((section, start..start.checked_add(section.tiles())?));
				section.tile_bytes(location.tile)
			}
			Leaf::Epilogue(leaf) => Some(self.layout.epilogue().bytes(&leaf)),
		}
	}
}
