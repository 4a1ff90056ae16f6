//! The size of a witness: leaves with their neighbours, and paths in the worst alignment.

use super::Bound;
use crate::tensor::Tensor;

/// Children of a node of a tree, and bytes of a hash.
const ARITY: u64 = 16;
const HASH: u64 = 32;
/// Levels of the tree of a trace of [`MAX_LEAVES`](crate::limits::MAX_LEAVES) leaves.
const TRACE_DEPTH: u32 = 10;
/// Tokens of a leaf of a token tree, and levels of the tree of the longest run.
const TOKENS: u64 = 1024;
const TOKEN_DEPTH: u32 = 2;
/// Everything in a witness but leaves and hashes: what it proves, where each range begins, lengths.
const FRAME: u64 = 512;

const _: () = assert!(ARITY.pow(TRACE_DEPTH) >= crate::limits::MAX_LEAVES);
const _: () = assert!(TOKENS * ARITY.pow(TOKEN_DEPTH) >= crate::limits::MAX_POSITIONS as u64);

/// A witness to which one range of leaves after the other is added.
pub(super) struct Witness {
	weights_depth: u32,
	bytes: u64,
	leaves: u64,
	trace_opened: bool,
	weights_opened: bool,
}

impl Witness {
	pub(super) fn new(weights_depth: u32) -> Self {
		let (trace_opened, weights_opened) = (false, false);
		Self { weights_depth, bytes: FRAME, leaves: 0, trace_opened, weights_opened }
	}

	/// Consecutive leaves of the trace, `bytes` bytes together.
	pub(super) fn trace(&mut self, leaves: u64, bytes: u64) {
		let root = !core::mem::replace(&mut self.trace_opened, true);
		self.range(leaves, bytes, TRACE_DEPTH, root);
	}

	/// The leaf of a token.
	pub(super) fn token(&mut self) {
		self.range(1, TOKENS * 4, TOKEN_DEPTH, true);
	}

	/// Rows `count` · n … `count` · n + `count` − 1 of a copy of a tensor, for any n.
	pub(super) fn rows(&mut self, tensor: &Tensor, count: u32) {
		let (per_leaf, all) = (tensor.rows_per_leaf(), tensor.leaves_per_copy());
		let count = u64::from(count.min(tensor.rows).max(1));
		let leaves = if count == u64::from(tensor.rows) {
			all
		} else if per_leaf.is_multiple_of(count) {
			1
		} else if count.is_multiple_of(per_leaf) {
			count / per_leaf
		} else {
			// The range may begin with the last row of a leaf.
			((count - 1) / per_leaf + 2).min(all)
		};
		let bytes = leaves.saturating_mul(per_leaf).saturating_mul(tensor.row_bytes());
		let root = !core::mem::replace(&mut self.weights_opened, true);
		self.range(leaves, bytes.min(tensor.copy_bytes()), self.weights_depth, root);
	}

	/// Adds leaves and their path. The children of the root are counted for the first range of a tree
	/// only; on every other level one leaf needs the other children of its parent, and several leaves
	/// those of two parents, wherever the range begins.
	fn range(&mut self, leaves: u64, bytes: u64, depth: u32, root: bool) {
		let per_level = if leaves == 1 { ARITY - 1 } else { 2 * (ARITY - 1) };
		let below_root = per_level.saturating_mul(depth.saturating_sub(1).into());
		let at_root = if root && depth > 0 { ARITY - 1 } else { 0 };
		let path = below_root.saturating_add(at_root).saturating_mul(HASH);
		self.bytes = self.bytes.saturating_add(bytes).saturating_add(path);
		self.leaves = self.leaves.saturating_add(leaves);
	}

	pub(super) const fn finish(self) -> Bound {
		Bound { bytes: self.bytes, leaves: self.leaves, work: 0 }
	}
}

/// Levels of a tree of so many leaves.
pub(super) fn depth(leaves: u64) -> u32 {
	core::iter::successors(Some(leaves), |&nodes| (nodes > 1).then(|| nodes.div_ceil(ARITY)))
		.skip(1)
		.map(|_| 1)
		.sum()
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::tensor::Element;

	/// Hashes of the path of a range in a tree of `leaves` leaves, by walking up.
	fn path(mut first: u64, mut end: u64, leaves: u64) -> u64 {
		let (mut nodes, mut hashes) = (leaves, 0);
		while nodes > 1 {
			let (parents_first, parents_end) = (first / ARITY, end.div_ceil(ARITY));
			hashes += first - parents_first * ARITY;
			hashes += (parents_end * ARITY).min(nodes) - end;
			(first, end, nodes) = (parents_first, parents_end, nodes.div_ceil(ARITY));
		}
		hashes
	}

	#[test]
	fn no_range_of_a_tree_has_a_longer_path() {
		for leaves in [1, 2, 16, 17, 256, 257, 700, 4096, 5000] {
			for count in [1, 2, 3, 15, 16, 17, 18, 100, 256, 257, 600] {
				let mut witness = Witness::new(depth(leaves));
				witness.range(count, 0, depth(leaves), true);
				let bound = witness.finish().bytes - FRAME;
				for first in 0..leaves.saturating_sub(count) {
					assert!(
						path(first, first + count, leaves) * HASH <= bound,
						"{leaves} {count} {first}"
					);
				}
			}
		}
	}

	#[test]
	fn depths_are_levels_above_the_leaves() {
		for (leaves, expected) in [(0, 0), (1, 0), (2, 1), (16, 1), (17, 2), (256, 2), (257, 3)] {
			assert_eq!(depth(leaves), expected, "{leaves}");
		}
		assert_eq!(depth(u64::MAX), 16);
	}

	#[test]
	fn no_aligned_rows_touch_more_leaves() {
		for columns in [1, 3, 100, 384, 1000, 5000] {
			let tensor = Tensor { element: Element::I8, rows: 1000, columns, copies: 1 };
			for count in [1, 2, 4, 8, 64, 1000] {
				let mut witness = Witness::new(0);
				witness.rows(&tensor, count);
				let bound = witness.finish();
				for first in (0..1000_u64).filter(|first| first.is_multiple_of(count.into())) {
					let last = (first + u64::from(count)).min(1000) - 1;
					let leaf = |row| row / tensor.rows_per_leaf();
					let touched = leaf(last) - leaf(first) + 1;
					assert!(touched <= bound.leaves, "{columns} {count} {first}");
					let end = ((leaf(last) + 1) * tensor.rows_per_leaf()).min(1000);
					let bytes = (end - leaf(first) * tensor.rows_per_leaf()) * tensor.row_bytes();
					assert!(bytes + FRAME <= bound.bytes, "{columns} {count} {first}");
				}
			}
		}
	}
}
