//! A tiny random model on the reference backend, and a tokenizer with a word for each token.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use assay_engine::tokenizer::Tokenizer;
use assay_kernels_backend::{reference::Reference, Backend, Executor, Limits, MemoryWeights};
use assay_programs::{
	samples::{Decoder, Encoder},
	tensor::Element,
	Program,
};
use serde_json::{json, Map, Value};

pub(crate) fn decoder() -> Program {
	Decoder {
		hidden: 32,
		heads: 2,
		key_heads: 1,
		inner: 64,
		layers: 1,
		max_positions: 64,
		stop_ids: vec![2, 7],
		..Decoder::default()
	}
	.program()
}

pub(crate) fn encoder() -> Program {
	Encoder { hidden: 32, heads: 2, inner: 64, layers: 1, max_positions: 16, ..Encoder::default() }
		.program()
}

/// A stream of pseudo-random words.
pub(crate) struct Words(pub(crate) u64);

impl Words {
	/// A word of 32 random bits.
	pub(crate) fn next(&mut self) -> u32 {
		self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
		let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
		let [.., a, b, c, d] =
			(mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB).to_le_bytes();
		u32::from_le_bytes([a, b, c, d])
	}

	/// Below `end`.
	pub(crate) fn below(&mut self, end: u32) -> u32 {
		self.next() % end
	}
}

/// The program with random weights on the reference backend.
pub(crate) fn executor(program: &Program, seed: u64, limits: Limits) -> Box<dyn Executor> {
	let mut words = Words(seed);
	let weights = MemoryWeights::for_program(program, |_, _, tensor| {
		let elements = u64::from(tensor.rows) * u64::from(tensor.columns);
		match tensor.element {
			// Scales and gains: positive, within a factor of two.
			Element::F32 => (0..elements)
				.flat_map(|_| (0.02 * (1.0 + words.below(1024) as f32 / 1024.0)).to_le_bytes())
				.collect(),
			Element::I8 | Element::U8 | Element::I16 => (0..elements * tensor.element.bytes())
				.map(|_| words.next().to_le_bytes()[0])
				.collect(),
		}
	});
	Reference.load(program, &weights, &limits).unwrap()
}

/// The words `w0`, `w1` and so on, separated by spaces; token 0 is `<s>`, which begins every text, and
/// the stop ids are special.
pub(crate) fn tokenizer(program: &Program) -> Tokenizer {
	let special = |id: u32| matches!(id, 0 | 2 | 7);
	let text = |id: u32| match special(id) {
		true => format!("<{id}>"),
		false => format!("w{id}"),
	};
	let vocabulary: Map<String, Value> =
		(0..program.vocabulary).map(|id| (text(id), Value::from(id))).collect();
	let added: Vec<Value> = [0, 2, 7]
		.map(|id| {
			json!({ "id": id, "content": text(id), "single_word": false, "lstrip": false,
				"rstrip": false, "normalized": false, "special": true })
		})
		.to_vec();
	let file = json!({
		"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
		"added_tokens": added,
		"pre_tokenizer": { "type": "WhitespaceSplit" },
		"post_processor": {
			"type": "TemplateProcessing",
			"single": [{ "SpecialToken": { "id": "<0>", "type_id": 0 } },
				{ "Sequence": { "id": "A", "type_id": 0 } }],
			"pair": [{ "Sequence": { "id": "A", "type_id": 0 } },
				{ "Sequence": { "id": "B", "type_id": 1 } }],
			"special_tokens": { "<0>": { "id": "<0>", "ids": [0], "tokens": ["<0>"] } },
		},
		"decoder": null,
		"model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "w1" },
	});
	Tokenizer::read(file.to_string().as_bytes(), program).unwrap()
}
