//! What a move of a dispute reveals: the nodes two levels below a node.

use alloc::vec::Vec;

use assay_primitives::{
	merkle::{node, ARITY},
	Hash, Hasher,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use super::{Node, TreeShape};

/// Levels that a move opens; one where only one is left.
pub const LEVELS: u32 = 2;
/// Most hashes of an opening.
pub const MAX_HASHES: usize = ARITY * ARITY;

/// The hashes of all nodes [`LEVELS`] below a node, in order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Opening(pub Vec<Hash>);

impl Opening {
	/// How many levels below a node its opening lies; `None` for a leaf, which has none.
	pub fn levels(opened: Node) -> Option<u32> {
		(opened.level > 0).then(|| opened.level.min(LEVELS))
	}

	/// The hash of the opened node that follows; `None` if the tree has no such inner node, or if these
	/// are more or fewer hashes than it has so far below it.
	pub fn hash<H: Hasher>(&self, shape: TreeShape, opened: Node) -> Option<Hash> {
		let levels = Self::levels(opened)?;
		let places = shape.descendants(opened, levels)?;
		if u64::try_from(self.0.len()).ok()? != places.end - places.start {
			return None;
		}
		let mut hashes = self.0.chunks(ARITY).map(node::<H>).collect::<Vec<_>>();
		for _ in 1..levels {
			hashes = hashes.chunks(ARITY).map(node::<H>).collect();
		}
		hashes.first().copied()
	}

	/// The first node of which the two openings of a node have different hashes.
	///
	/// `None` if there is no difference. Both are openings of `opened` in trees of one shape.
	pub fn first_difference(&self, other: &Self, opened: Node) -> Option<Node> {
		let levels = Self::levels(opened)?;
		let place = self.0.iter().zip(&other.0).position(|(ours, theirs)| ours != theirs)?;
		let first = opened.index.checked_mul(super::ARITY.pow(levels))?;
		let index = first.checked_add(u64::try_from(place).ok()?)?;
		Some(Node { level: opened.level - levels, index })
	}
}
