//! The root of a list of tokens.

use alloc::vec::Vec;

use crate::{
	hash::{Hasher, TokenRoot},
	merkle::Builder,
};

/// Tokens in a leaf; the last leaf may have fewer.
pub const TOKENS_PER_LEAF: usize = 1024;

/// The bytes of a leaf: token ids as u32, little-endian.
pub fn leaf_bytes(tokens: &[u32]) -> Vec<u8> {
	tokens.iter().flat_map(|token| token.to_le_bytes()).collect()
}

impl TokenRoot {
	/// The root of the tree over the tokens, [`TOKENS_PER_LEAF`] in a leaf.
	pub fn of<H: Hasher>(tokens: &[u32]) -> Self {
		let mut builder = Builder::<H>::default();
		for leaf in tokens.chunks(TOKENS_PER_LEAF) {
			builder.push(&leaf_bytes(leaf));
		}
		Self(builder.finish())
	}
}
