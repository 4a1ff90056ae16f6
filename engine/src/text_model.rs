//! A model directory with everything that text needs.

use std::{
	fs,
	io::ErrorKind,
	path::{Path, PathBuf},
};

use assay_model::{Model, ModelError, TOKENIZER};

use crate::{
	chat::{Chat, ChatError, ChatTemplate},
	tokenizer::{Tokenizer, TokenizerError},
};

/// Name of the file with special tokens and usually the chat template.
pub const TOKENIZER_CONFIG: &str = "tokenizer_config.json";
/// Name of the file with the chat template where it has one of its own.
pub const CHAT_TEMPLATE: &str = "chat_template.jinja";

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
	#[error("{}: {source}", folder.display())]
	Tokenizer {
		/// The directory.
		folder: PathBuf,
		/// The cause.
		source: TokenizerError,
	},
	/// Its chat template.
	#[error("{}: {source}", folder.display())]
	Chat {
		/// The directory.
		folder: PathBuf,
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
		let file = optional(folder, TOKENIZER)?.unwrap_or_default();
		let tokenizer = Tokenizer::read(&file, &model.program)
			.map_err(|source| TextModelError::Tokenizer { folder: folder.to_path_buf(), source })?;
		let chat = |source| TextModelError::Chat { folder: folder.to_path_buf(), source };
		let config = optional(folder, TOKENIZER_CONFIG)?;
		let template = optional(folder, CHAT_TEMPLATE)?.map(String::from_utf8).transpose();
		let template = template
			.map_err(|_| chat(ChatError::Template(format!("{CHAT_TEMPLATE} is no UTF-8"))))?;
		let chat = ChatTemplate::read(config.as_deref(), template.as_deref()).map_err(chat)?;
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

/// The content of a file that a directory may lack.
fn optional(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, ModelError> {
	let path = folder.join(name);
	match fs::read(&path) {
		Ok(content) => Ok(Some(content)),
		Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
		Err(error) => Err(ModelError::io(&path, error)),
	}
}
