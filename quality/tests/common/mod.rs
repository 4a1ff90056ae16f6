//! Random checkpoints in Hugging Face's form, small and lively: their attention is far from even, so
//! that what is wrong with it shows.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use std::{fs, ops::ControlFlow, path::Path};

use assay_import::{import, Options, Profile};
use assay_quality::compare::Sequence;
use serde_json::{json, Map, Value};

/// Tokens of the models.
pub(crate) const VOCABULARY: usize = 64;

/// Positions of the models.
pub(crate) const POSITIONS: usize = 48;

const HIDDEN: usize = 64;
const HEADS: usize = 4;
const KEY_HEADS: usize = 2;
const INNER: usize = 96;
const LAYERS: usize = 2;

/// A tensor before it is written.
#[derive(Clone)]
pub(crate) struct Tensor {
	pub(crate) name: String,
	pub(crate) shape: Vec<usize>,
	pub(crate) values: Vec<f32>,
}

/// A checkpoint before it is written.
#[derive(Clone)]
pub(crate) struct Checkpoint {
	pub(crate) config: Value,
	pub(crate) tensors: Vec<Tensor>,
	/// Ids of tokens before and after every text.
	around: (Option<u32>, Option<u32>),
}

impl Checkpoint {
	/// A decoder of a family, with what its configuration has besides the sizes.
	pub(crate) fn decoder(architecture: &str, options: Value) -> Self {
		let mut config = json!({
			"architectures": [architecture], "hidden_size": HIDDEN, "num_attention_heads": HEADS,
			"num_key_value_heads": KEY_HEADS, "intermediate_size": INNER,
			"num_hidden_layers": LAYERS, "vocab_size": VOCABULARY,
			"max_position_embeddings": POSITIONS, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
			"hidden_act": "silu", "tie_word_embeddings": false, "eos_token_id": 1,
		});
		let all = config.as_object_mut().unwrap();
		all.extend(options.as_object().unwrap().clone());
		let head_dim = all
			.get("head_dim")
			.map_or(HIDDEN / HEADS, |dim| usize::try_from(dim.as_u64().unwrap()).unwrap());
		let (queries, keys) = (HEADS * head_dim, KEY_HEADS * head_dim);
		let is_tied = all["tie_word_embeddings"] == true;
		let mut checkpoint = Self { config, tensors: Vec::new(), around: (Some(0), None) };
		// A table that is also the head must not let every token predict itself.
		let scale = if is_tied { 0.3 } else { 1.0 };
		checkpoint.matrix("model.embed_tokens", VOCABULARY, HIDDEN, scale);
		if !is_tied {
			checkpoint.matrix("lm_head", VOCABULARY, HIDDEN, 3.0);
		}
		checkpoint.gain("model.norm", HIDDEN);
		for layer in 0..LAYERS {
			let name = |part: &str| format!("model.layers.{layer}.{part}");
			checkpoint.gain(&name("input_layernorm"), HIDDEN);
			checkpoint.matrix(&name("self_attn.q_proj"), queries, HIDDEN, 2.0);
			checkpoint.matrix(&name("self_attn.k_proj"), keys, HIDDEN, 2.0);
			checkpoint.matrix(&name("self_attn.v_proj"), keys, HIDDEN, 1.0);
			checkpoint.matrix(&name("self_attn.o_proj"), HIDDEN, queries, 1.0);
			checkpoint.gain(&name("post_attention_layernorm"), HIDDEN);
			checkpoint.matrix(&name("mlp.gate_proj"), INNER, HIDDEN, 1.0);
			checkpoint.matrix(&name("mlp.up_proj"), INNER, HIDDEN, 1.0);
			checkpoint.matrix(&name("mlp.down_proj"), HIDDEN, INNER, 1.0);
			if architecture.starts_with("Qwen2") {
				for (part, rows) in [("q", queries), ("k", keys), ("v", keys)] {
					checkpoint.bias(&name(&format!("self_attn.{part}_proj")), rows);
				}
			}
			if architecture.starts_with("Qwen3") {
				checkpoint.gain(&name("self_attn.q_norm"), head_dim);
				checkpoint.gain(&name("self_attn.k_norm"), head_dim);
			}
		}
		checkpoint
	}

	/// A BERT.
	pub(crate) fn encoder() -> Self {
		let config = json!({
			"architectures": ["BertModel"], "hidden_size": HIDDEN, "num_attention_heads": HEADS,
			"intermediate_size": INNER, "num_hidden_layers": LAYERS, "vocab_size": VOCABULARY,
			"max_position_embeddings": POSITIONS, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
			"hidden_act": "gelu",
		});
		let mut checkpoint = Self { config, tensors: Vec::new(), around: (Some(0), Some(1)) };
		for (table, rows) in [("word", VOCABULARY), ("position", POSITIONS), ("token_type", 2)] {
			checkpoint.matrix(&format!("embeddings.{table}_embeddings"), rows, HIDDEN, 1.0);
		}
		checkpoint.norm("embeddings.LayerNorm");
		for layer in 0..LAYERS {
			for (part, rows, columns, scale) in [
				("attention.self.query", HIDDEN, HIDDEN, 2.0),
				("attention.self.key", HIDDEN, HIDDEN, 2.0),
				("attention.self.value", HIDDEN, HIDDEN, 1.0),
				("attention.output.dense", HIDDEN, HIDDEN, 1.0),
				("intermediate.dense", INNER, HIDDEN, 1.0),
				("output.dense", HIDDEN, INNER, 1.0),
			] {
				let name = format!("encoder.layer.{layer}.{part}");
				checkpoint.matrix(&name, rows, columns, scale);
				checkpoint.bias(&name, rows);
			}
			checkpoint.norm(&format!("encoder.layer.{layer}.attention.output.LayerNorm"));
			checkpoint.norm(&format!("encoder.layer.{layer}.output.LayerNorm"));
		}
		checkpoint
	}

	/// A tensor by name.
	pub(crate) fn tensor(&mut self, name: &str) -> &mut Tensor {
		self.tensors.iter_mut().find(|tensor| tensor.name == name).unwrap()
	}

	/// Multiplies a tensor.
	pub(crate) fn scale(&mut self, name: &str, factor: f32) {
		self.tensor(name).values.iter_mut().for_each(|value| *value *= factor);
	}

	/// Exchanges rows and columns of a square matrix.
	pub(crate) fn transpose(&mut self, name: &str) {
		let Tensor { shape, values, .. } = self.tensor(name);
		assert_eq!(shape[0], shape[1]);
		let old = values.clone();
		let side = shape[0];
		for (place, value) in values.iter_mut().enumerate() {
			*value = old[place % side * side + place / side];
		}
	}

	/// A matrix whose products with rows of variance 1 have the variance `scale` squared.
	fn matrix(&mut self, name: &str, rows: usize, columns: usize, scale: f32) {
		// Tables are read row by row, without a sum.
		let is_table = name.contains("embed") && !name.contains("layer");
		let inputs = if is_table { 1.0 } else { columns as f32 };
		let spread = scale * (3.0 / inputs).sqrt();
		let values = self.random(rows * columns).map(|x| x * spread).collect();
		self.add(format!("{name}.weight"), vec![rows, columns], values);
	}

	fn gain(&mut self, name: &str, length: usize) {
		let values = self.random(length).map(|x| 1.0 + 0.3 * x).collect();
		self.add(format!("{name}.weight"), vec![length], values);
	}

	fn bias(&mut self, name: &str, length: usize) {
		let values = self.random(length).map(|x| 0.3 * x).collect();
		self.add(format!("{name}.bias"), vec![length], values);
	}

	fn norm(&mut self, name: &str) {
		self.gain(name, HIDDEN);
		self.bias(name, HIDDEN);
	}

	fn add(&mut self, name: String, shape: Vec<usize>, values: Vec<f32>) {
		self.tensors.push(Tensor { name, shape, values });
	}

	/// Values from -1 to 1 that depend on the number of tensors so far.
	fn random(&self, count: usize) -> impl Iterator<Item = f32> {
		let mut state = self.tensors.len() as u64;
		(0..count).map(move |_| {
			state = next(state);
			(state >> 40) as f32 / (1_u32 << 23) as f32 - 1.0
		})
	}

	/// Writes the folder.
	pub(crate) fn write(&self, folder: &Path) {
		fs::create_dir_all(folder).unwrap();
		fs::write(folder.join("config.json"), self.config.to_string()).unwrap();
		fs::write(folder.join("tokenizer.json"), tokenizer(self.around).to_string()).unwrap();
		let (mut header, mut data) = (Map::new(), Vec::new());
		for Tensor { name, shape, values } in &self.tensors {
			let begin = data.len();
			data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
			let entry =
				json!({ "dtype": "F32", "shape": shape, "data_offsets": [begin, data.len()] });
			header.insert(name.clone(), entry);
		}
		let header = Value::from(header).to_string();
		let mut file = (header.len() as u64).to_le_bytes().to_vec();
		file.extend_from_slice(header.as_bytes());
		file.extend_from_slice(&data);
		fs::write(folder.join("model.safetensors"), file).unwrap();
	}

	/// Writes the folder `source` and imports it with two digits for everything to `model`.
	pub(crate) fn import(&self, source: &Path, model: &Path) {
		self.write(source);
		let options = Options { profile: Some(Profile::W16A16), ..Options::default() };
		import(source, model, &options, &mut |_| ControlFlow::Continue(())).unwrap();
	}
}

/// A linear congruential generator; its high bits are good.
fn next(state: u64) -> u64 {
	state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

/// Sequences of random tokens, of all lengths from 2 to the context.
pub(crate) fn random_sequences() -> Vec<Sequence> {
	let mut state = 7;
	let mut token = || {
		state = next(state);
		u32::try_from((state >> 33) % VOCABULARY as u64).unwrap()
	};
	(2..=POSITIONS)
		.map(|length| Sequence {
			tokens: (0..length).map(|_| token()).collect(),
			first_predicted: 1,
			problem: None,
		})
		.collect()
}

/// A tokenizer of the words w0, w1 and so on.
fn tokenizer((before, after): (Option<u32>, Option<u32>)) -> Value {
	let word = |id: u32| format!("w{id}");
	let special = |id: u32| {
		json!({ "id": id, "content": word(id), "single_word": false, "lstrip": false,
			"rstrip": false, "normalized": false, "special": true })
	};
	let piece =
		|id: Option<u32>| id.map(|id| json!({ "SpecialToken": { "id": word(id), "type_id": 0 } }));
	let text = |name: &str| Some(json!({ "Sequence": { "id": name, "type_id": 0 } }));
	let single: Vec<Value> =
		[piece(before), text("A"), piece(after)].into_iter().flatten().collect();
	let pair: Vec<Value> = [text("A"), text("B")].into_iter().flatten().collect();
	let known = |id: u32| json!({ "id": word(id), "ids": [id], "tokens": [word(id)] });
	let vocabulary: Map<String, Value> =
		(0..u32::try_from(VOCABULARY).unwrap()).map(|id| (word(id), id.into())).collect();
	json!({
		"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
		"added_tokens": [special(0), special(1), special(2)],
		"pre_tokenizer": { "type": "WhitespaceSplit" },
		"post_processor": {
			"type": "TemplateProcessing", "single": single, "pair": pair,
			"special_tokens": { "w0": known(0), "w1": known(1) },
		},
		"decoder": null,
		"model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "w2" },
	})
}
