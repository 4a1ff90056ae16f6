use super::*;
use proptest::prelude::*;
use serde_json::{json, Value};

fn program(vocabulary: u32, stop_ids: &[u32]) -> Program {
	Program {
		numerics_version: 1,
		kind: Kind::Generate { stop_ids: stop_ids.to_vec() },
		vocabulary,
		max_positions: 64,
		rotations: Vec::new(),
		tensors: Vec::new(),
		blocks: Vec::new(),
	}
}

/// tokenizer.json of byte-pair encoding over `vocabulary`, the first of which is the special `<s>`.
fn file(vocabulary: &[String], decoder: Value, pre_tokenizer: Value) -> Value {
	let vocabulary: serde_json::Map<String, Value> =
		vocabulary.iter().zip(0..).map(|(token, id)| (token.clone(), Value::from(id))).collect();
	json!({
		"version": "1.0",
		"truncation": { "direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0 },
		"padding": { "strategy": { "Fixed": 32 }, "direction": "Right", "pad_to_multiple_of": null,
			"pad_id": 0, "pad_type_id": 0, "pad_token": "<s>" },
		"added_tokens": [{ "id": 0, "content": "<s>", "single_word": false, "lstrip": false,
			"rstrip": false, "normalized": false, "special": true }],
		"normalizer": null,
		"pre_tokenizer": pre_tokenizer,
		"post_processor": {
			"type": "TemplateProcessing",
			"single": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } },
				{ "Sequence": { "id": "A", "type_id": 0 } }],
			"pair": [{ "Sequence": { "id": "A", "type_id": 0 } },
				{ "Sequence": { "id": "B", "type_id": 1 } }],
			"special_tokens": { "<s>": { "id": "<s>", "ids": [0], "tokens": ["<s>"] } },
		},
		"decoder": decoder,
		"model": { "type": "BPE", "dropout": null, "unk_token": null,
			"continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
			"byte_fallback": decoder_is_fallback(&vocabulary), "ignore_merges": false,
			"vocab": vocabulary, "merges": [] },
	})
}

fn decoder_is_fallback(vocabulary: &serde_json::Map<String, Value>) -> bool {
	vocabulary.contains_key("<0x00>")
}

/// One token for each byte, written as byte-level encodings write it; `<s>` is token 0.
fn byte_level() -> Value {
	// Bytes that print stand for themselves, the others for the characters from U+0100 on.
	let prints = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
	let mut others = (0x100..).filter_map(char::from_u32);
	let tokens = (0..=255).map(|byte: u8| match prints(byte) {
		true => char::from(byte).to_string(),
		false => others.next().map(String::from).unwrap_or_default(),
	});
	let vocabulary: Vec<String> = std::iter::once("<s>".to_owned()).chain(tokens).collect();
	let level = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
		"use_regex": false });
	file(&vocabulary, level.clone(), level)
}

/// Words with a mark for the space before them, and bytes for everything else.
fn sentence_piece() -> Value {
	let bytes = (0..=255).map(|byte| format!("<0x{byte:02X}>"));
	let words = ["▁", "▁Hello", "▁world", "!"].map(str::to_owned);
	let vocabulary: Vec<String> =
		std::iter::once("<s>".to_owned()).chain(bytes).chain(words).collect();
	let decoder = json!({ "type": "Sequence", "decoders": [
		{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " },
		{ "type": "ByteFallback" },
		{ "type": "Fuse" },
		{ "type": "Strip", "content": " ", "start": 1, "stop": 0 },
	] });
	file(&vocabulary, decoder, Value::Null)
}

fn tokenizer(file: &Value, program: &Program) -> Result<Tokenizer, TokenizerError> {
	Tokenizer::read(file.to_string().as_bytes(), program)
}

fn streamed(tokenizer: &Tokenizer, tokens: &[u32]) -> Vec<String> {
	let mut stream = TextStream::new(tokenizer);
	let mut pieces: Vec<String> = tokens.iter().map(|&token| stream.push(token)).collect();
	pieces.push(stream.finish());
	pieces
}

#[test]
fn text_is_neither_cut_nor_padded() {
	let tokenizer = tokenizer(&byte_level(), &program(257, &[0])).unwrap();
	assert_eq!(tokenizer.encode("abcdefgh").unwrap(), [0, 98, 99, 100, 101, 102, 103, 104, 105]);
	assert_eq!(tokenizer.encode_chat("<s>ab").unwrap(), [0, 98, 99]);
}

#[test]
fn empty_text_and_unknown_tokens_are_refused() {
	let tokenizer = tokenizer(&byte_level(), &program(257, &[0])).unwrap();
	assert_eq!(tokenizer.encode(""), Err(TokenizerError::Empty));
	assert_eq!(tokenizer.encode_chat(""), Err(TokenizerError::Empty));
	assert_eq!(tokenizer.check_tokens(&[]), Err(TokenizerError::Empty));
	let unknown = TokenizerError::Unknown { token: 257, vocabulary: 257 };
	assert_eq!(tokenizer.check_tokens(&[0, 257]), Err(unknown));
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
	let error = tokenizer(&byte_level(), &program(200, &[0])).unwrap_err();
	assert!(
		matches!(error, TokenizerError::Vocabulary { id: 256, vocabulary: 200, .. }),
		"{error}"
	);
	let error = tokenizer(&byte_level(), &program(1000, &[0, 300])).unwrap_err();
	assert_eq!(error, TokenizerError::StopId { id: 300 });
	let mut far = byte_level();
	far["post_processor"]["special_tokens"]["<s>"]["ids"] = json!([5000]);
	let error = tokenizer(&far, &program(1000, &[0])).unwrap_err();
	assert!(matches!(error, TokenizerError::Vocabulary { id: 5000, .. }), "{error}");
	let error = Tokenizer::read(b"{\"version\": 1}", &program(10, &[])).unwrap_err();
	assert!(matches!(error, TokenizerError::File(_)), "{error}");
}

#[test]
fn spaces_between_words_stay_and_special_tokens_are_silent() {
	let tokenizer = tokenizer(&sentence_piece(), &program(300, &[0])).unwrap();
	let [hello, world, mark] = [258, 259, 260];
	let pieces = streamed(&tokenizer, &[0, hello, 0, world, mark, 299, 0]);
	assert_eq!(pieces, ["", "Hello", "", " world", "!", "", "", ""]);
}

#[test]
fn characters_of_several_tokens_come_whole() {
	let tokenizer = tokenizer(&sentence_piece(), &program(300, &[0])).unwrap();
	let bytes = "😀".bytes().map(|byte| u32::from(byte) + 1);
	let tokens: Vec<u32> = std::iter::once(258).chain(bytes).chain([260]).collect();
	assert_eq!(streamed(&tokenizer, &tokens), ["Hello", "", "", "", "😀", "!", ""]);
}

#[test]
fn the_character_that_stands_for_broken_ones_is_one_of_its_own() {
	for file in [byte_level(), sentence_piece()] {
		let tokenizer = tokenizer(&file, &program(300, &[])).unwrap();
		for text in
			["\u{FFFD}\u{FFFD}ᚠ", "\u{FFFD}\u{FFFD}😀a", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}é"]
		{
			let tokens: Vec<u32> = text.bytes().map(|byte| u32::from(byte) + 1).collect();
			assert_eq!(streamed(&tokenizer, &tokens).concat(), text);
		}
	}
}

#[test]
fn what_stays_broken_is_shown_as_broken() {
	let tokenizer = tokenizer(&byte_level(), &program(257, &[0])).unwrap();
	let smile = [0xF0, 0x9F, 0x98].map(|byte| byte + 1);
	assert_eq!(streamed(&tokenizer, &smile).concat(), "\u{FFFD}");
	assert_eq!(streamed(&tokenizer, &[&smile[..], &[98]].concat()).concat(), "\u{FFFD}a");
	// No matter how long it goes on, little is held back.
	let pieces = streamed(&tokenizer, &[0x81; 100]);
	assert_eq!(pieces.concat().chars().count(), 100);
	assert!(pieces[..20].concat().chars().count() > 10, "{pieces:?}");
}

proptest! {
	#[test]
	fn pieces_make_up_the_text(text in "\\PC{1,24}") {
		for file in [byte_level(), sentence_piece()] {
			let tokenizer = tokenizer(&file, &program(300, &[])).unwrap();
			let tokens: Vec<u32> = text.bytes().map(|byte| u32::from(byte) + 1).collect();
			let mut stream = TextStream::new(&tokenizer);
			let mut shown = String::new();
			for &token in &tokens {
				shown.push_str(&stream.push(token));
				prop_assert!(text.trim_start_matches(' ').starts_with(shown.trim_start_matches(' ')));
			}
			shown.push_str(&stream.finish());
			prop_assert_eq!(shown, tokenizer.decode(&tokens));
		}
	}

	#[test]
	fn any_tokens_give_text(tokens in prop::collection::vec(0_u32..400, 0..40)) {
		let tokenizer = tokenizer(&byte_level(), &program(400, &[])).unwrap();
		let bytes: Vec<u8> =
			tokens.iter().filter_map(|&token| token.checked_sub(1)?.try_into().ok()).collect();
		let shown = streamed(&tokenizer, &tokens).concat();
		let strip = |text: &str| text.replace(REPLACEMENT, "");
		prop_assert_eq!(strip(&shown), strip(&String::from_utf8_lossy(&bytes)));
	}
}

const REPLACEMENT: char = '\u{FFFD}';
