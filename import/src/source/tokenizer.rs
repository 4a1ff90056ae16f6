//! The files by which text becomes tokens, as far as an import needs them.

use assay_engine::{text_files::TextFiles, tokenizer::Tokenizer};
use assay_model::TOKENIZER;
use assay_programs::Program;

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

/// Reads the tokenizer, and checks that it and the chat template can be used with the program by those
/// who will run it.
pub(crate) fn read_tokenizer(folder: &Folder, program: &Program) -> Result<Tokenizer, ImportError> {
	if !folder.has(TOKENIZER) {
		return Err(ImportError::NoFile {
			folder: folder.path().to_path_buf(),
			file: TOKENIZER,
			fix: "older tokenizers have to be saved as tokenizer.json first",
		});
	}
	Ok(TextFiles::read(folder.path(), program)?.tokenizer)
}

/// Names of the files that are copied into the model directory.
pub(crate) fn text_files(folder: &Folder) -> Vec<String> {
	let present = COMPANIONS.into_iter().filter(|name| folder.has(name));
	std::iter::once(TOKENIZER).chain(present).map(String::from).collect()
}

/// What looks as if the tokenizer were another model's. Fewer tokens than ids are usual, since
/// vocabularies are padded to round numbers, but not by so much.
pub(crate) fn doubt(tokenizer: &Tokenizer, vocabulary: u32) -> Option<String> {
	let known = tokenizer.known_tokens();
	let is_few = (known as u64) * 4 < u64::from(vocabulary) * 3;
	is_few.then(|| {
		format!(
			"the tokenizer has {known} tokens, the model {vocabulary}; make sure that \
			 tokenizer.json came with the weights"
		)
	})
}
