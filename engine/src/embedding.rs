//! Embedding: texts in, vectors out.

use assay_kernels_backend::{BackendError, Executor};
use assay_primitives::TokenRoot;
use assay_programs::Program;

use crate::{
	output::hash_of_embedding,
	tokenizer::{Tokenizer, TokenizerError},
};

/// Most tokens that are given to an executor in one call: enough to keep a device busy, few enough for
/// progress to be seen.
const CALL_TOKENS: usize = 8192;

/// The embedding of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
	/// The tokens that the text became.
	pub tokens: Vec<u32>,
	/// The model's vector.
	pub vector: Vec<f32>,
	/// The hash of the vector.
	pub hash: TokenRoot,
}

/// Why there is no embedding.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddingError {
	/// A text that is no text for the model.
	#[error(transparent)]
	Tokenizer(#[from] TokenizerError),
	/// A text that is too long. It is not cut: that would be the embedding of another text.
	#[error(
		"the text has {tokens} tokens, the model reads at most {limit}; cut it into shorter texts"
	)]
	TooLong {
		/// Tokens of the text.
		tokens: usize,
		/// Tokens that the model reads.
		limit: u32,
	},
	/// The executor fails.
	#[error(transparent)]
	Backend(#[from] BackendError),
}

/// An executor of a program that embeds, with the model's tokenizer.
pub struct Embedder {
	executor: Box<dyn Executor>,
	tokenizer: Tokenizer,
	max_positions: u32,
}

impl Embedder {
	/// An embedder of this program, which the executor has loaded.
	pub fn new(executor: Box<dyn Executor>, program: &Program, tokenizer: Tokenizer) -> Self {
		Self { executor, tokenizer, max_positions: program.max_positions }
	}

	/// The tokens of a text.
	///
	/// # Errors
	/// If the text is empty or too long.
	pub fn tokens(&self, text: &str) -> Result<Vec<u32>, EmbeddingError> {
		let tokens = self.tokenizer.encode(text)?;
		self.check(&tokens)?;
		Ok(tokens)
	}

	/// Embeds texts that are given as tokens. After each part, `on_progress` hears how many are done.
	///
	/// # Errors
	/// If a text has no tokens, unknown ones or too many, before any work, or if the executor fails.
	pub fn embed(
		&mut self,
		texts: Vec<Vec<u32>>,
		mut on_progress: impl FnMut(usize),
	) -> Result<Vec<Embedding>, EmbeddingError> {
		texts.iter().try_for_each(|tokens| self.check(tokens))?;
		let mut vectors = Vec::with_capacity(texts.len());
		while vectors.len() < texts.len() {
			let part = part(&texts[vectors.len()..], self.call_tokens());
			vectors.extend(self.executor.embed(&part)?);
			on_progress(vectors.len());
		}
		let embedding = |(tokens, vector): (_, Vec<f32>)| {
			let hash = hash_of_embedding(&vector);
			Embedding { tokens, vector, hash }
		};
		Ok(texts.into_iter().zip(vectors).map(embedding).collect())
	}

	fn call_tokens(&self) -> usize {
		CALL_TOKENS.min(self.executor.limits().step_tokens as usize)
	}

	fn check(&self, tokens: &[u32]) -> Result<(), EmbeddingError> {
		self.tokenizer.check_tokens(tokens)?;
		let limit = self.max_positions;
		if tokens.len() > limit as usize {
			return Err(EmbeddingError::TooLong { tokens: tokens.len(), limit });
		}
		Ok(())
	}
}

/// The first texts that together have at most so many tokens, at least one text.
fn part(texts: &[Vec<u32>], tokens: usize) -> Vec<&[u32]> {
	let mut total = 0;
	let fits = |(n, text): &(usize, &Vec<u32>)| {
		total += text.len();
		*n == 0 || total <= tokens
	};
	texts.iter().enumerate().take_while(fits).map(|(_, text)| text.as_slice()).collect()
}

#[cfg(test)]
mod tests {
	use super::part;

	#[test]
	fn a_part_has_at_least_one_text() {
		let texts = [vec![0; 5], vec![0; 3], vec![0; 3]];
		assert_eq!(part(&texts, 1).len(), 1);
		assert_eq!(part(&texts, 8).len(), 2);
		assert_eq!(part(&texts, 100).len(), 3);
	}
}
