//! The files by which text becomes tokens, read and checked in one place: by an import before anything
//! is published, and by everybody who opens a model directory.

use std::{fs, io::ErrorKind, path::Path};

use assay_model::{ModelError, TOKENIZER};
use assay_programs::Program;

use crate::{
	chat::{ChatError, ChatTemplate},
	text_model::TextModelError,
	tokenizer::Tokenizer,
};

/// Name of the file with special tokens and usually the chat template.
pub const TOKENIZER_CONFIG: &str = "tokenizer_config.json";
/// Name of the file with the chat template where it has one of its own.
pub const CHAT_TEMPLATE: &str = "chat_template.jinja";

/// What turns text and chats into tokens of a program.
#[derive(Debug)]
pub struct TextFiles {
	/// Fits the program.
	pub tokenizer: Tokenizer,
	/// Of a model that was made for chats.
	pub chat: Option<ChatTemplate>,
}

impl TextFiles {
	/// Reads them from a model directory, or from the folder that one is made of.
	///
	/// # Errors
	/// If the tokenizer is missing, or one of the files cannot be used with the program.
	pub fn read(folder: &Path, program: &Program) -> Result<Self, TextModelError> {
		let missing = || ModelError::NotAModel { path: folder.to_path_buf(), file: TOKENIZER };
		let file = optional(folder, TOKENIZER)?.ok_or_else(missing)?;
		let tokenizer = Tokenizer::read(&file, program)
			.map_err(|source| TextModelError::Tokenizer { path: folder.join(TOKENIZER), source })?;
		let fault = |file, source| TextModelError::Chat { path: folder.join(file), source };
		let config = optional(folder, TOKENIZER_CONFIG)?;
		let template = optional(folder, CHAT_TEMPLATE)?.map(String::from_utf8).transpose();
		let template = template
			.map_err(|_| fault(CHAT_TEMPLATE, ChatError::Template("it is no UTF-8".to_owned())))?;
		let (config, template) = (config.as_deref(), template.as_deref());
		let chat = ChatTemplate::read(config, template).map_err(|source| {
			// Both can hold templates; the one that cannot be read alone is at fault.
			let is_template = ChatTemplate::read(None, template).is_err();
			fault(if is_template { CHAT_TEMPLATE } else { TOKENIZER_CONFIG }, source)
		})?;
		Ok(Self { tokenizer, chat })
	}
}

/// The content of a file that a folder may lack.
fn optional(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, ModelError> {
	let path = folder.join(name);
	match fs::read(&path) {
		Ok(content) => Ok(Some(content)),
		Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
		Err(error) => Err(ModelError::io(&path, error)),
	}
}
