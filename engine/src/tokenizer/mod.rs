//! Text to tokens and back, by the model's own tokenizer.json.

mod stream;

pub use stream::TextStream;

use std::{fmt, sync::Arc};

use assay_programs::{Kind, Program};

/// Why there are no tokens, or no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenizerError {
	/// tokenizer.json cannot be read.
	#[error("this is no tokenizer: {0}; take the tokenizer.json that came with the weights")]
	File(String),
	/// The tokenizer has an id that the model's vocabulary lacks.
	#[error(
		"the tokenizer does not fit the model: token `{token}` has id {id}, the model's vocabulary has \
		 {vocabulary} tokens; take the tokenizer.json that came with the weights"
	)]
	Vocabulary {
		/// The token's text.
		token: String,
		/// Its id.
		id: u32,
		/// Tokens of the model.
		vocabulary: u32,
	},
	/// The tokenizer lacks an id that the model stops at.
	#[error(
		"the tokenizer does not fit the model: the model stops at token {id}, which the tokenizer does \
		 not have; take the tokenizer.json that came with the weights"
	)]
	StopId {
		/// The id.
		id: u32,
	},
	/// Nothing to read.
	#[error("the text is empty; give at least one word")]
	Empty,
	/// The tokenizer failed on a text.
	#[error("the tokenizer failed: {0}")]
	Encode(String),
	/// A token id of no token.
	#[error(
		"token {token} does not exist; the model's vocabulary has {vocabulary} tokens, from 0"
	)]
	Unknown {
		/// The id.
		token: u32,
		/// Tokens of the model.
		vocabulary: u32,
	},
}

/// A tokenizer that fits its model. Clones share it.
#[derive(Clone)]
pub struct Tokenizer {
	library: Arc<tokenizers::Tokenizer>,
	vocabulary: u32,
}

impl fmt::Debug for Tokenizer {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("Tokenizer").field("vocabulary", &self.vocabulary).finish_non_exhaustive()
	}
}

impl Tokenizer {
	/// Reads the content of tokenizer.json for a program.
	///
	/// Truncation and padding that the file may ask for are left out: no text is cut in silence.
	///
	/// # Errors
	/// If the file cannot be read, or names tokens that the program does not have or lacks one of its
	/// stop ids.
	pub fn read(file: &[u8], program: &Program) -> Result<Self, TokenizerError> {
		let unreadable = |error: tokenizers::Error| TokenizerError::File(error.to_string());
		let mut library = tokenizers::Tokenizer::from_bytes(file).map_err(unreadable)?;
		library.with_truncation(None).map_err(unreadable)?;
		library.with_padding(None);
		let tokenizer = Self { library: Arc::new(library), vocabulary: program.vocabulary };
		tokenizer.check(program)?;
		Ok(tokenizer)
	}

	/// How many tokens it knows. A model may have more ids, as fillers.
	pub fn known_tokens(&self) -> usize {
		self.library.get_vocab_size(true)
	}

	/// The tokens of a prompt, or of a text to embed: with the special tokens around it that the model
	/// was trained with.
	///
	/// # Errors
	/// If the text holds nothing to read.
	pub fn encode(&self, text: &str) -> Result<Vec<u32>, TokenizerError> {
		self.tokens(text, true)
	}

	/// The tokens of a rendered chat, which holds its special tokens already.
	///
	/// # Errors
	/// If the text holds nothing to read.
	pub fn encode_chat(&self, prompt: &str) -> Result<Vec<u32>, TokenizerError> {
		self.tokens(prompt, false)
	}

	/// Checks that tokens given as ids exist.
	///
	/// # Errors
	/// The first that does not, or that there are none.
	pub fn check_tokens(&self, tokens: &[u32]) -> Result<(), TokenizerError> {
		if tokens.is_empty() {
			return Err(TokenizerError::Empty);
		}
		let vocabulary = self.vocabulary;
		match tokens.iter().find(|&&token| token >= vocabulary) {
			Some(&token) => Err(TokenizerError::Unknown { token, vocabulary }),
			None => Ok(()),
		}
	}

	/// The text of tokens, special ones left out. Bytes that are no UTF-8 become U+FFFD.
	fn decode(&self, tokens: &[u32]) -> String {
		// Decoders fail on nothing that a vocabulary can hold; a model's output is no reason to
		// lose an answer whose tokens are what counts.
		self.library.decode(tokens, true).unwrap_or_default()
	}

	/// Whether a token stands for no text: ends, separators, and ids that only pad the vocabulary.
	fn is_silent(&self, token: u32) -> bool {
		match self.library.id_to_token(token) {
			Some(text) => self.library.get_added_vocabulary().is_special_token(&text),
			None => true,
		}
	}

	fn tokens(&self, text: &str, add_special_tokens: bool) -> Result<Vec<u32>, TokenizerError> {
		let encoding = self
			.library
			.encode(text, add_special_tokens)
			.map_err(|error| TokenizerError::Encode(error.to_string()))?;
		if encoding.get_special_tokens_mask().iter().all(|&special| special == 1) {
			return Err(TokenizerError::Empty);
		}
		self.check_tokens(encoding.get_ids())?;
		Ok(encoding.get_ids().to_vec())
	}

	fn check(&self, program: &Program) -> Result<(), TokenizerError> {
		let vocabulary = self.vocabulary;
		let greatest = self.library.get_vocab(true).into_iter().max_by_key(|&(_, id)| id);
		if let Some((token, id)) = greatest.filter(|&(_, id)| id >= vocabulary) {
			return Err(TokenizerError::Vocabulary { token, id, vocabulary });
		}
		// Post-processors state the ids of the tokens that they add themselves.
		let around =
			self.library.encode("", true).map_err(|e| TokenizerError::File(e.to_string()))?;
		let mut added = around.get_tokens().iter().zip(around.get_ids());
		if let Some((token, &id)) = added.find(|(_, &id)| id >= vocabulary) {
			return Err(TokenizerError::Vocabulary { token: token.clone(), id, vocabulary });
		}
		if let Kind::Generate { stop_ids } = &program.kind {
			if let Some(&id) = stop_ids.iter().find(|&&id| self.library.id_to_token(id).is_none()) {
				return Err(TokenizerError::StopId { id });
			}
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests;
