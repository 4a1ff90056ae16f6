//! The form of a tree, which follows from its number of leaves.

use core::ops::Range;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::ARITY;

/// A node of a tree.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Node {
	/// Levels above the leaves; 0 for a leaf.
	pub level: u32,
	/// Place among the nodes of the level.
	pub index: u64,
}

/// The form of a tree over so many leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeShape {
	leaves: u64,
}

impl TreeShape {
	/// The form of a tree over so many leaves.
	pub const fn new(leaves: u64) -> Self {
		Self { leaves }
	}

	/// How many leaves there are.
	pub const fn leaves(self) -> u64 {
		self.leaves
	}

	/// Levels above the leaves: 0 for a tree of one leaf, whose top it is.
	pub fn depth(self) -> u32 {
		let mut depth = 0;
		while self.width(depth) > 1 {
			depth += 1;
		}
		depth
	}

	/// The node above all others.
	pub fn top(self) -> Node {
		Node { level: self.depth(), index: 0 }
	}

	/// How many nodes a level has, counted from 0, the leaves. One for levels beyond the top.
	pub const fn width(self, level: u32) -> u64 {
		self.leaves.div_ceil(span(level))
	}

	/// Whether the tree has this node.
	pub fn contains(self, node: Node) -> bool {
		node.level <= self.depth() && node.index < self.width(node.level)
	}

	/// The nodes `levels` below a node, by their places on their level; `None` if the tree has no
	/// such node, or nothing so far below it.
	pub fn descendants(self, node: Node, levels: u32) -> Option<Range<u64>> {
		let level = node.level.checked_sub(levels)?;
		if !self.contains(node) {
			return None;
		}
		let (span, width) = (span(levels), self.width(level));
		let start = node.index.saturating_mul(span).min(width);
		Some(start..start.saturating_add(span).min(width))
	}

	/// The children of the node that a node belongs to, by their places on the node's own level.
	pub(super) const fn siblings(self, node: Node) -> Range<u64> {
		let start = node.index - node.index % ARITY;
		let (end, width) = (start.saturating_add(ARITY), self.width(node.level));
		start..if end < width { end } else { width }
	}
}

/// Leaves under a full node of a level.
const fn span(level: u32) -> u64 {
	match ARITY.checked_pow(level) {
		Some(span) => span,
		None => u64::MAX,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn widths_shrink_to_one_top() {
		for (leaves, widths) in [
			(1, &[1][..]),
			(2, &[2, 1]),
			(16, &[16, 1]),
			(17, &[17, 2, 1]),
			(256, &[256, 16, 1]),
			(257, &[257, 17, 2, 1]),
			(
				1 << 40,
				&[1 << 40, 1 << 36, 1 << 32, 1 << 28, 1 << 24, 1 << 20, 1 << 16, 4096, 256, 16, 1],
			),
		] {
			let shape = TreeShape::new(leaves);
			let found = (0..=shape.depth()).map(|level| shape.width(level));
			assert_eq!(found.collect::<alloc::vec::Vec<_>>(), widths, "{leaves}");
			assert!(shape.contains(shape.top()));
			assert_eq!(shape.descendants(shape.top(), shape.depth()), Some(0..leaves));
		}
		assert_eq!(TreeShape::new(0).depth(), 0);
		assert!(!TreeShape::new(0).contains(Node { level: 0, index: 0 }));
		assert_eq!(TreeShape::new(u64::MAX).depth(), 16);
	}

	#[test]
	fn descendants_end_with_the_tree() {
		let shape = TreeShape::new(300);
		let node = |level, index| Node { level, index };
		assert_eq!(shape.descendants(node(1, 18), 1), Some(288..300));
		assert_eq!(shape.descendants(node(2, 1), 1), Some(16..19));
		assert_eq!(shape.descendants(node(2, 1), 2), Some(256..300));
		assert_eq!(shape.descendants(node(0, 7), 0), Some(7..8));
		for none in [(node(1, 19), 1), (node(0, 0), 1), (node(4, 0), 1), (node(u32::MAX, 0), 2)] {
			assert_eq!(shape.descendants(none.0, none.1), None, "{none:?}");
		}
		assert_eq!(shape.siblings(node(0, 299)), 288..300);
		assert_eq!(shape.siblings(node(0, 17)), 16..32);
	}
}
