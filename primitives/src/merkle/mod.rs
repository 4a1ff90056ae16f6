//! Merkle trees of arity 16 over leaves of bytes.
//!
//! ```text
//! leaf = H(00 || bytes)
//! node = H(01 || hashes of 1 to 16 children, in order)
//! root = H(02 || number of leaves as u64, little-endian || top)
//! ```
//!
//! Levels are built until one hash is left, the top; a single leaf is its own top, and without
//! leaves the top is 32 zero bytes. The first byte keeps leaves, nodes and roots apart; the number
//! of leaves in the root fixes the tree's form, so that a path proves the leaf's index as well.

mod batch;
mod builder;
mod path;
mod tree;

pub use batch::{LeafBatch, Word};
pub use builder::Builder;
pub use path::Path;
pub use tree::Tree;

use alloc::vec::Vec;

use crate::hash::{Hash, Hasher};

/// Greatest number of children of a node.
pub const ARITY: usize = 16;

/// First byte of what is hashed.
const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];
const ROOT: [u8; 1] = [2];

/// The hash of a leaf.
pub fn leaf<H: Hasher>(bytes: &[u8]) -> Hash {
	H::hash_parts(&[&LEAF, bytes])
}

/// The hash of a node over 1 to [`ARITY`] children.
pub fn node<H: Hasher>(children: &[Hash]) -> Hash {
	debug_assert!((1..=ARITY).contains(&children.len()));
	let mut bytes = [0; 1 + 32 * ARITY];
	bytes[..1].copy_from_slice(&NODE);
	for (place, child) in bytes[1..].chunks_exact_mut(32).zip(children) {
		place.copy_from_slice(&child.0);
	}
	H::hash(&bytes[..1 + 32 * children.len().min(ARITY)])
}

/// The hashes of the nodes over all of these, [`ARITY`] children each, the last one as many as are left.
///
/// As [`node`] for each, but [several at once](Hasher::hash_many).
pub fn nodes<H: Hasher>(children: &[Hash]) -> Vec<Hash> {
	let mut bytes = Vec::with_capacity(children.len() * 33);
	let mut starts = Vec::new();
	for children in children.chunks(ARITY) {
		starts.push(bytes.len());
		bytes.extend_from_slice(&NODE);
		children.iter().for_each(|child| bytes.extend_from_slice(&child.0));
	}
	let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
	let messages: Vec<&[u8]> =
		starts.iter().zip(ends).map(|(&start, end)| &bytes[start..end]).collect();
	let mut hashes = Vec::with_capacity(messages.len());
	H::hash_many(&messages, &mut hashes);
	hashes
}

/// The root of a tree with so many leaves and this top, which without leaves is the default hash.
pub fn root<H: Hasher>(leaves: u64, top: &Hash) -> Hash {
	H::hash_parts(&[&ROOT, &leaves.to_le_bytes(), &top.0])
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use super::*;
	use crate::hash::Native;

	#[test]
	fn many_nodes_are_as_each() {
		let hashes: Vec<Hash> = (0..100_u8).map(|byte| Native::hash(&[byte])).collect();
		for count in [0, 1, 15, 16, 17, 64, 100] {
			let each: Vec<Hash> = hashes[..count].chunks(ARITY).map(node::<Native>).collect();
			assert_eq!(nodes::<Native>(&hashes[..count]), each);
		}
	}
}
