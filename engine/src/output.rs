//! The hash of an answer: what a provider commits to, and what two people compare.

use assay_primitives::{Native, TokenRoot};

/// The hash of generated tokens.
pub fn hash_of_tokens(tokens: &[u32]) -> TokenRoot {
	TokenRoot::of::<Native>(tokens)
}

/// The hash of an embedding: that of the bits of its elements (SPEC 20.5).
pub fn hash_of_embedding(embedding: &[f32]) -> TokenRoot {
	let words: Vec<u32> = embedding.iter().map(|element| element.to_bits()).collect();
	hash_of_tokens(&words)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_embedding_is_its_bits() {
		assert_eq!(hash_of_embedding(&[1.0, -0.5]), hash_of_tokens(&[0x3f80_0000, 0xbf00_0000]));
		assert_ne!(hash_of_embedding(&[0.0]), hash_of_embedding(&[-0.0]));
	}
}
