//! The tokenizer, as far as an import needs it.

use std::path::PathBuf;

use assay_model::TOKENIZER;

use super::Folder;
use crate::ImportError;

/// Files beside `tokenizer.json` that belong to the use of a model, copied as they are.
const COMPANIONS: [&str; 6] = [
	"chat_template.jinja",
	"chat_template.json",
	"generation_config.json",
	"sentence_bert_config.json",
	"special_tokens_map.json",
	"tokenizer_config.json",
];

/// The tokenizer of a source.
pub(crate) struct Tokenizer {
	path: PathBuf,
	tokenizer: tokenizers::Tokenizer,
}

impl Tokenizer {
	/// Reads the tokenizer and checks that the model has a row for each of its tokens.
	pub(crate) fn read(folder: &Folder, vocabulary: u32) -> Result<Self, ImportError> {
		if !folder.has(TOKENIZER) {
			return Err(ImportError::NoFile {
				folder: folder.path().to_path_buf(),
				file: TOKENIZER,
				fix: "older tokenizers have to be saved as tokenizer.json first",
			});
		}
		let path = folder.file(TOKENIZER);
		let mut tokenizer = tokenizers::Tokenizer::from_file(&path).map_err(|error| {
			ImportError::Tokenizer { path: path.clone(), reason: error.to_string() }
		})?;
		// Texts are run at their own length; how long they may be is the program's matter.
		tokenizer.with_padding(None);
		let truncation = tokenizer.with_truncation(None).map(|_| ());
		truncation.map_err(|error| ImportError::Tokenizer {
			path: path.clone(),
			reason: error.to_string(),
		})?;
		let greatest = tokenizer.get_vocab(true).into_iter().max_by_key(|(_, id)| *id);
		match greatest {
			Some((token, id)) if id >= vocabulary => {
				Err(ImportError::TokenizerDoesNotFit { path, token, id, vocabulary })
			}
			_ => Ok(Self { path, tokenizer }),
		}
	}

	/// The token ids of a text, with what the model's template adds.
	pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, ImportError> {
		match self.tokenizer.encode(text, true) {
			Ok(encoding) => Ok(encoding.get_ids().to_vec()),
			Err(error) => {
				Err(ImportError::Tokenizer { path: self.path.clone(), reason: error.to_string() })
			}
		}
	}

	/// Names of the files that are copied into the model directory.
	pub(crate) fn files(folder: &Folder) -> Vec<String> {
		let present = COMPANIONS.into_iter().filter(|name| folder.has(name));
		std::iter::once(TOKENIZER).chain(present).map(String::from).collect()
	}
}
