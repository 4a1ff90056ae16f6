//! A model directory with everything that text needs.

use std::path::{Path, PathBuf};

use assay_model::{Model, ModelError};

use crate::{
	chat::{Chat, ChatError, ChatTemplate},
	text_files::{TextFiles, CHAT_TEMPLATE, TOKENIZER_CONFIG},
	tokenizer::{Tokenizer, TokenizerError},
};

/// An opened model directory with its tokenizer.
#[derive(Debug)]
pub struct TextModel {
	/// The model.
	pub model: Model,
	/// Fits the model.
	pub tokenizer: Tokenizer,
	chat: Option<ChatTemplate>,
}

/// Why a model is not ready for text.
#[derive(Debug, thiserror::Error)]
pub enum TextModelError {
	/// The directory.
	#[error(transparent)]
	Model(#[from] ModelError),
	/// Its tokenizer.
	#[error("{}: {source}", path.display())]
	Tokenizer {
		/// The file.
		path: PathBuf,
		/// The cause.
		source: TokenizerError,
	},
	/// Its chat template, or the special tokens that templates name.
	#[error(
		"{}: {source}; take the file that came with the weights, or remove it to do without chats",
		path.display()
	)]
	Chat {
		/// The file.
		path: PathBuf,
		/// The cause.
		source: ChatError,
	},
}

/// Why a text or chat is no input of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
	/// The text.
	#[error(transparent)]
	Text(#[from] TokenizerError),
	/// The chat.
	#[error(transparent)]
	Chat(#[from] ChatError),
	/// The model was not made for chats.
	#[error(
		"{} has no chat template, neither in {TOKENIZER_CONFIG} nor in {CHAT_TEMPLATE}: the model is \
		 not made for chats; give it text instead",
		folder.display()
	)]
	NoChatTemplate {
		/// The model's directory.
		folder: PathBuf,
	},
}

impl TextModel {
	/// Opens a model directory.
	///
	/// # Errors
	/// If it is damaged, or its tokenizer or chat template cannot be used with it.
	pub fn open(folder: &Path) -> Result<Self, TextModelError> {
		let model = Model::open(folder)?;
		let TextFiles { tokenizer, chat } = TextFiles::read(folder, &model.program)?;
		Ok(Self { model, tokenizer, chat })
	}

	/// The tokens of a prompt, or of a text to embed.
	///
	/// # Errors
	/// If it holds nothing to read.
	pub fn encode(&self, text: &str) -> Result<Vec<u32>, PromptError> {
		Ok(self.tokenizer.encode(text)?)
	}

	/// The tokens of a chat, open for the model's answer.
	///
	/// # Errors
	/// If the model has no template or the template refuses the messages.
	pub fn encode_chat(&self, chat: &Chat) -> Result<Vec<u32>, PromptError> {
		let Some(template) = &self.chat else {
			return Err(PromptError::NoChatTemplate { folder: self.model.folder().to_path_buf() });
		};
		Ok(self.tokenizer.encode_chat(&template.render(chat)?)?)
	}
}
