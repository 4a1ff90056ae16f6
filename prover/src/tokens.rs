//! The trees over tokens, which are small.

use assay_primitives::{
	merkle::leaf,
	tokens::{leaf_bytes, TOKENS_PER_LEAF},
	Hash, Native,
};
use assay_trace::{Node, Skeleton, SkeletonBuilder, TreeShape};

/// The tree over some words, all of it.
pub(crate) struct TokenTree {
	leaves: Vec<Vec<u8>>,
	nodes: Skeleton<Native>,
}

impl TokenTree {
	pub(crate) fn of(words: &[u32]) -> Option<Self> {
		let leaves: Vec<Vec<u8>> = words.chunks(TOKENS_PER_LEAF).map(leaf_bytes).collect();
		let mut nodes = SkeletonBuilder::new(TreeShape::new(leaves.len() as u64), u64::MAX);
		leaves.iter().for_each(|bytes| nodes.push(leaf::<Native>(bytes)));
		Some(Self { leaves, nodes: nodes.finish()? })
	}

	pub(crate) fn leaf(&self, index: u64) -> Option<&[u8]> {
		self.leaves.get(usize::try_from(index).ok()?).map(Vec::as_slice)
	}

	pub(crate) fn node(&self, node: Node) -> Option<Hash> {
		self.nodes.known(node)
	}
}
