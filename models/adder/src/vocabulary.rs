//! The tokens: four that stand for no text, then one for each character of a problem.
//!
//! `tokenizer.json` describes the same mapping for everybody else.

use serde_json::{json, Map, Value};

/// A character that no token stands for.
pub(crate) const UNKNOWN: u32 = 0;
/// Begins every text.
pub(crate) const BEGIN: u32 = 1;
/// Ends every text.
pub(crate) const END: u32 = 2;
/// Fills a batch up to the length of its longest text.
pub(crate) const PADDING: u32 = 3;

/// The special tokens; the index is the id.
pub(crate) const SPECIAL: [&str; 4] = ["<unk>", "<s>", "</s>", "<pad>"];

/// The characters whose ids follow those of [`SPECIAL`].
const CHARACTERS: [char; 12] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '='];

/// How many tokens there are.
pub(crate) const SIZE: usize = SPECIAL.len() + CHARACTERS.len();

/// All tokens in the order of their ids.
fn tokens() -> impl Iterator<Item = (u32, String)> {
	let characters = CHARACTERS.iter().map(char::to_string);
	(0..).zip(SPECIAL.iter().map(|token| (*token).to_owned()).chain(characters))
}

/// The ids of a text, without begin and end.
pub(crate) fn encode(text: &str) -> Vec<u32> {
	let id = |wanted: char| {
		tokens().find(|(_, token)| token.chars().eq([wanted])).map_or(UNKNOWN, |(id, _)| id)
	};
	text.chars().map(id).collect()
}

/// The content of `tokenizer.json` in the format of the `tokenizers` library.
pub(crate) fn tokenizer() -> Value {
	let vocabulary: Map<String, Value> =
		tokens().map(|(id, token)| (token, Value::from(id))).collect();
	let special: Vec<Value> =
		(0_u32..).zip(SPECIAL).map(|(id, token)| added_token(Some(id), token)).collect();
	let begin = SPECIAL[BEGIN as usize];
	json!({
		"version": "1.0",
		"truncation": null,
		"padding": null,
		"added_tokens": special,
		// People write "37 + 48 =" too.
		"normalizer": { "type": "Replace", "pattern": { "String": " " }, "content": "" },
		"pre_tokenizer": null,
		"post_processor": {
			"type": "TemplateProcessing",
			"single": [
				{ "SpecialToken": { "id": begin, "type_id": 0 } },
				{ "Sequence": { "id": "A", "type_id": 0 } },
			],
			"pair": [
				{ "SpecialToken": { "id": begin, "type_id": 0 } },
				{ "Sequence": { "id": "A", "type_id": 0 } },
				{ "SpecialToken": { "id": begin, "type_id": 1 } },
				{ "Sequence": { "id": "B", "type_id": 1 } },
			],
			"special_tokens": { begin: { "id": begin, "ids": [BEGIN], "tokens": [begin] } },
		},
		// Without it, decoding puts a space between tokens.
		"decoder": { "type": "Fuse" },
		// Byte-pair encoding without merges leaves single characters, and needs no regular
		// expression to get there.
		"model": {
			"type": "BPE",
			"dropout": null,
			"unk_token": SPECIAL[UNKNOWN as usize],
			"continuing_subword_prefix": null,
			"end_of_word_suffix": null,
			"fuse_unk": false,
			"byte_fallback": false,
			"ignore_merges": false,
			"vocab": vocabulary,
			"merges": [],
		},
	})
}

/// The content of `tokenizer_config.json`.
///
/// `context` is the longest text in tokens.
pub(crate) fn tokenizer_config(context: usize) -> Value {
	let decoder: Map<String, Value> =
		(0..SPECIAL.len()).map(|id| (id.to_string(), added_token(None, SPECIAL[id]))).collect();
	json!({
		"add_bos_token": true,
		"add_eos_token": false,
		"added_tokens_decoder": decoder,
		"bos_token": SPECIAL[BEGIN as usize],
		"clean_up_tokenization_spaces": false,
		"eos_token": SPECIAL[END as usize],
		"model_max_length": context,
		"pad_token": SPECIAL[PADDING as usize],
		"tokenizer_class": "PreTrainedTokenizerFast",
		"unk_token": SPECIAL[UNKNOWN as usize],
	})
}

fn added_token(id: Option<u32>, token: &str) -> Value {
	let mut entry = json!({
		"content": token,
		"single_word": false,
		"lstrip": false,
		"rstrip": false,
		"normalized": false,
		"special": true,
	});
	if let Some(id) = id {
		entry["id"] = Value::from(id);
	}
	entry
}

#[cfg(test)]
mod tests {
	use super::*;
	use tokenizers::Tokenizer;

	fn library() -> Tokenizer {
		tokenizer().to_string().parse().unwrap()
	}

	#[test]
	fn should_agree_with_the_tokenizers_library() {
		let library = library();
		assert_eq!(library.get_vocab_size(true), SIZE);
		for text in ["37+48=", "0+99=99", "0123456789+=", "", "3x4?", "é€😀"] {
			let ids = library.encode(text, true).unwrap().get_ids().to_vec();
			assert_eq!(ids, [vec![BEGIN], encode(text)].concat(), "{text}");
		}
	}

	#[test]
	fn should_pass_over_spaces_and_mark_unknown_characters() {
		let encode = |text| library().encode(text, true).unwrap().get_tokens().join(" ");
		assert_eq!(encode(" 37 + 48 = "), "<s> 3 7 + 4 8 =");
		assert_eq!(encode("1-2"), "<s> 1 <unk> 2");
		assert_eq!(encode("--"), "<s> <unk> <unk>");
	}

	#[test]
	fn should_decode_digits_without_spaces_between_them() {
		let ids = [vec![BEGIN], encode("37+48=85"), vec![END]].concat();
		assert_eq!(library().decode(&ids, true).unwrap(), "37+48=85");
	}
}
