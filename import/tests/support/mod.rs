//! Tiny models in Hugging Face's form, made from seeds.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod float;

use std::{collections::BTreeMap, fs, ops::ControlFlow, path::Path};

use assay_import::{import, ImportError, Options};
use assay_model::{Manifest, Model};
use safetensors::{tensor::TensorView, Dtype};
use serde_json::{json, Value};

pub(crate) const HIDDEN: usize = 32;
pub(crate) const INTERMEDIATE: usize = 48;
pub(crate) const LAYERS: usize = 2;
pub(crate) const HEADS: usize = 4;
pub(crate) const KEY_HEADS: usize = 2;
pub(crate) const HEAD_DIM: usize = 8;
pub(crate) const VOCABULARY: usize = 40;
pub(crate) const POSITIONS: usize = 64;

/// A tensor of a source.
#[derive(Clone, Debug)]
pub(crate) struct SourceTensor {
	pub(crate) dtype: Dtype,
	pub(crate) shape: Vec<usize>,
	pub(crate) bytes: Vec<u8>,
}

/// A folder before it is written.
#[derive(Clone, Debug)]
pub(crate) struct Source {
	pub(crate) config: Value,
	pub(crate) tensors: BTreeMap<String, SourceTensor>,
	pub(crate) files: BTreeMap<String, String>,
}

/// A generator with a seed.
pub(crate) struct Random(u64);

impl Random {
	pub(crate) fn new(seed: u64) -> Self {
		Self(seed)
	}

	fn word(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	/// Uniform in -1..1.
	pub(crate) fn unit(&mut self) -> f32 {
		(self.word() >> 40) as f32 / 8_388_608.0 - 1.0
	}
}

impl SourceTensor {
	pub(crate) fn f32(shape: &[usize], elements: &[f32]) -> Self {
		assert_eq!(shape.iter().product::<usize>(), elements.len());
		let bytes = elements.iter().flat_map(|element| element.to_le_bytes()).collect();
		Self { dtype: Dtype::F32, shape: shape.to_vec(), bytes }
	}

	/// The same elements with 16 bits, and as f32 what is left of them.
	pub(crate) fn narrow(&self, dtype: Dtype) -> (Self, Vec<f32>) {
		let (mut bytes, mut elements) = (Vec::new(), Vec::new());
		for element in self.elements() {
			let (word, rounded) = match dtype {
				Dtype::BF16 => {
					let value = half::bf16::from_f32(element);
					(value.to_le_bytes(), value.to_f32())
				}
				Dtype::F16 => {
					let value = half::f16::from_f32(element);
					(value.to_le_bytes(), value.to_f32())
				}
				other => panic!("{other} has not 16 bits"),
			};
			bytes.extend(word);
			elements.push(rounded);
		}
		(Self { dtype, shape: self.shape.clone(), bytes }, elements)
	}

	pub(crate) fn elements(&self) -> Vec<f32> {
		assert_eq!(self.dtype, Dtype::F32);
		self.bytes.chunks(4).map(|word| f32::from_le_bytes(word.try_into().unwrap())).collect()
	}
}

impl Source {
	/// A decoder; the options in `extra` are added or replace what is there.
	pub(crate) fn decoder(architecture: &str, extra: Value) -> Self {
		let mut config = json!({
			"architectures": [architecture],
			"hidden_size": HIDDEN,
			"intermediate_size": INTERMEDIATE,
			"num_hidden_layers": LAYERS,
			"num_attention_heads": HEADS,
			"num_key_value_heads": KEY_HEADS,
			"vocab_size": VOCABULARY,
			"max_position_embeddings": POSITIONS,
			"rms_norm_eps": 1e-5,
			"rope_theta": 10000.0,
			"hidden_act": "silu",
			"eos_token_id": 2,
			"bos_token_id": 1,
			"torch_dtype": "float32",
		});
		set(&mut config, extra);
		let flag = |option: &str| config[option] == true;
		let qwen2 = architecture == "Qwen2ForCausalLM";
		let attention_bias = flag("attention_bias") || qwen2;
		let output_bias = flag("attention_bias");
		let mut tensors = Tensors::new(7);
		tensors.matrix("model.embed_tokens.weight", VOCABULARY, HIDDEN, 1.0);
		let (query, key) = (HEADS * HEAD_DIM, KEY_HEADS * HEAD_DIM);
		for layer in 0..LAYERS {
			let at = |name: &str| format!("model.layers.{layer}.{name}");
			tensors.gain(&at("input_layernorm.weight"), HIDDEN);
			tensors.gain(&at("post_attention_layernorm.weight"), HIDDEN);
			for (name, rows, columns, bias) in [
				("self_attn.q_proj", query, HIDDEN, attention_bias),
				("self_attn.k_proj", key, HIDDEN, attention_bias),
				("self_attn.v_proj", key, HIDDEN, attention_bias),
				("self_attn.o_proj", HIDDEN, query, output_bias),
				("mlp.gate_proj", INTERMEDIATE, HIDDEN, flag("mlp_bias")),
				("mlp.up_proj", INTERMEDIATE, HIDDEN, flag("mlp_bias")),
				("mlp.down_proj", HIDDEN, INTERMEDIATE, flag("mlp_bias")),
			] {
				tensors.matrix(&at(&format!("{name}.weight")), rows, columns, 0.3);
				if bias {
					tensors.vector(&at(&format!("{name}.bias")), rows, 0.5);
				}
			}
			if architecture == "Qwen3ForCausalLM" {
				tensors.gain(&at("self_attn.q_norm.weight"), HEAD_DIM);
				tensors.gain(&at("self_attn.k_norm.weight"), HEAD_DIM);
			}
		}
		tensors.gain("model.norm.weight", HIDDEN);
		if !flag("tie_word_embeddings") {
			tensors.matrix("lm_head.weight", VOCABULARY, HIDDEN, 0.5);
		}
		Self { config, tensors: tensors.tensors, files: tokenizer() }
	}

	/// An encoder whose tensors' names begin with `prefix`.
	pub(crate) fn encoder(architecture: &str, prefix: &str, extra: Value) -> Self {
		let mut config = json!({
			"architectures": [architecture],
			"model_type": "bert",
			"hidden_size": HIDDEN,
			"intermediate_size": INTERMEDIATE,
			"num_hidden_layers": LAYERS,
			"num_attention_heads": HEADS,
			"vocab_size": VOCABULARY,
			"max_position_embeddings": POSITIONS,
			"type_vocab_size": 2,
			"layer_norm_eps": 1e-12,
			"hidden_act": "gelu",
			"hidden_dropout_prob": 0.1,
			"position_embedding_type": "absolute",
		});
		set(&mut config, extra);
		let mut tensors = Tensors::new(9);
		let at = |name: &str| format!("{prefix}{name}");
		for (name, rows) in [
			("word_embeddings", VOCABULARY),
			("position_embeddings", POSITIONS),
			("token_type_embeddings", 2),
		] {
			tensors.matrix(&at(&format!("embeddings.{name}.weight")), rows, HIDDEN, 1.0);
		}
		tensors.layer_norm(&at("embeddings.LayerNorm"));
		for layer in 0..LAYERS {
			let at = |name: &str| format!("{prefix}encoder.layer.{layer}.{name}");
			for (name, rows, columns) in [
				("attention.self.query", HIDDEN, HIDDEN),
				("attention.self.key", HIDDEN, HIDDEN),
				("attention.self.value", HIDDEN, HIDDEN),
				("attention.output.dense", HIDDEN, HIDDEN),
				("intermediate.dense", INTERMEDIATE, HIDDEN),
				("output.dense", HIDDEN, INTERMEDIATE),
			] {
				tensors.matrix(&at(&format!("{name}.weight")), rows, columns, 0.3);
				tensors.vector(&at(&format!("{name}.bias")), rows, 0.2);
			}
			tensors.layer_norm(&at("attention.output.LayerNorm"));
			tensors.layer_norm(&at("output.LayerNorm"));
		}
		let mut files = tokenizer();
		files.extend(pooling(&json!({ "pooling_mode_mean_tokens": true }), true));
		Self { config, tensors: tensors.tensors, files }
	}

	/// The plainest decoder.
	pub(crate) fn llama() -> Self {
		Self::decoder("LlamaForCausalLM", json!({}))
	}

	/// The plainest encoder.
	pub(crate) fn bert() -> Self {
		Self::encoder("BertModel", "", json!({}))
	}

	pub(crate) fn elements(&self, name: &str) -> Vec<f32> {
		self.tensors[name].elements()
	}

	/// Replaces an option of the configuration, or removes it with `null`.
	pub(crate) fn option(mut self, option: &str, value: Value) -> Self {
		set(&mut self.config, json!({ option: value }));
		self
	}

	/// Writes configuration, tokenizer and one file of weights.
	pub(crate) fn write(&self, folder: &Path) {
		self.write_files(folder);
		write_weights(&folder.join("model.safetensors"), self.tensors.iter());
	}

	/// Writes everything with the weights in two files and an index.
	pub(crate) fn write_sharded(&self, folder: &Path) {
		self.write_files(folder);
		let mut index = serde_json::Map::new();
		for shard in 0..2 {
			let file = format!("model-0000{}-of-00002.safetensors", shard + 1);
			let tensors = self.tensors.iter().enumerate().filter(|(n, _)| n % 2 == shard);
			write_weights(&folder.join(&file), tensors.clone().map(|(_, tensor)| tensor));
			index.extend(tensors.map(|(_, (name, _))| (name.clone(), file.clone().into())));
		}
		let index = json!({ "metadata": {}, "weight_map": index });
		fs::write(folder.join("model.safetensors.index.json"), index.to_string()).unwrap();
	}

	fn write_files(&self, folder: &Path) {
		fs::create_dir_all(folder.join("1_Pooling")).unwrap();
		fs::write(folder.join("config.json"), self.config.to_string()).unwrap();
		for (name, text) in &self.files {
			fs::write(folder.join(name), text).unwrap();
		}
	}
}

/// The files that tell how rows are pooled.
pub(crate) fn pooling(modes: &Value, normalise: bool) -> Vec<(String, String)> {
	let mut config = json!({
		"word_embedding_dimension": HIDDEN,
		"pooling_mode_cls_token": false,
		"pooling_mode_mean_tokens": false,
		"pooling_mode_max_tokens": false,
		"pooling_mode_mean_sqrt_len_tokens": false,
	});
	set(&mut config, modes.clone());
	let module = |kind: &str, path: &str| json!({ "idx": 0, "name": "0", "path": path, "type": format!("sentence_transformers.models.{kind}") });
	let mut modules = vec![module("Transformer", ""), module("Pooling", "1_Pooling")];
	modules.extend(normalise.then(|| module("Normalize", "2_Normalize")));
	vec![
		("modules.json".into(), Value::from(modules).to_string()),
		("1_Pooling/config.json".into(), config.to_string()),
	]
}

fn tokenizer() -> BTreeMap<String, String> {
	let words = (0..VOCABULARY).map(|id| (format!("w{id}"), Value::from(id)));
	let vocabulary: serde_json::Map<_, _> = words.collect();
	let tokenizer = json!({
		"version": "1.0",
		"truncation": null,
		"padding": null,
		"added_tokens": [],
		"normalizer": null,
		"pre_tokenizer": { "type": "Whitespace" },
		"post_processor": null,
		"decoder": null,
		"model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "w0" },
	});
	[("tokenizer.json", tokenizer), ("tokenizer_config.json", json!({ "model_max_length": 64 }))]
		.map(|(name, value)| (name.to_owned(), value.to_string()))
		.into()
}

fn set(config: &mut Value, extra: Value) {
	let (Some(config), Value::Object(extra)) = (config.as_object_mut(), extra) else { return };
	config.extend(extra);
	config.retain(|_, value| !value.is_null());
}

struct Tensors {
	random: Random,
	tensors: BTreeMap<String, SourceTensor>,
}

impl Tensors {
	fn new(seed: u64) -> Self {
		Self { random: Random::new(seed), tensors: BTreeMap::new() }
	}

	fn add(&mut self, name: &str, shape: &[usize], centre: f32, spread: f32) {
		let elements: Vec<f32> =
			(0..shape.iter().product()).map(|_| centre + spread * self.random.unit()).collect();
		self.tensors.insert(name.into(), SourceTensor::f32(shape, &elements));
	}

	fn matrix(&mut self, name: &str, rows: usize, columns: usize, spread: f32) {
		self.add(name, &[rows, columns], 0.0, spread);
	}

	fn vector(&mut self, name: &str, length: usize, spread: f32) {
		self.add(name, &[length], 0.0, spread);
	}

	fn gain(&mut self, name: &str, length: usize) {
		self.add(name, &[length], 1.0, 0.3);
	}

	fn layer_norm(&mut self, name: &str) {
		self.gain(&format!("{name}.weight"), HIDDEN);
		self.vector(&format!("{name}.bias"), HIDDEN, 0.2);
	}
}

pub(crate) fn write_weights<'a>(
	path: &Path,
	tensors: impl Iterator<Item = (&'a String, &'a SourceTensor)>,
) {
	let views = tensors.map(|(name, tensor)| {
		(name, TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes).unwrap())
	});
	let bytes = safetensors::serialize(views, None).unwrap();
	fs::write(path, bytes).unwrap();
}

/// Imports without watching.
pub(crate) fn run(folder: &Path, out: &Path, options: &Options) -> Result<Manifest, ImportError> {
	import(folder, out, options, &mut |_| ControlFlow::Continue(()))
}

/// Writes a source, imports it and opens the result.
pub(crate) fn imported(source: &Source, options: &Options) -> (tempfile::TempDir, Model) {
	let folder = tempfile::tempdir().unwrap();
	source.write(&folder.path().join("source"));
	let out = folder.path().join("out");
	run(&folder.path().join("source"), &out, options).unwrap_or_else(|error| panic!("{error}"));
	let model = Model::open(&out).unwrap_or_else(|error| panic!("{error}"));
	(folder, model)
}

/// Names of the entries of a folder.
pub(crate) fn entries(folder: &Path) -> Vec<String> {
	let mut names: Vec<_> = fs::read_dir(folder)
		.unwrap()
		.map(|entry| entry.unwrap().file_name().into_string().unwrap())
		.collect();
	names.sort();
	names
}
