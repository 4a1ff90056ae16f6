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

mod builder;
mod path;
mod tree;

pub use builder::Builder;
pub use path::Path;
pub use tree::Tree;

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

/// The root of a tree with so many leaves and this top, which without leaves is the default hash.
pub fn root<H: Hasher>(leaves: u64, top: &Hash) -> Hash {
	H::hash_parts(&[&ROOT, &leaves.to_le_bytes(), &top.0])
}
