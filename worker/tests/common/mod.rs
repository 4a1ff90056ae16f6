//! Tiny checkpoints in Hugging Face's form, and the program itself.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use std::{
	fs,
	io::Write,
	path::{Path, PathBuf},
	process::{Command, Output, Stdio},
};

use serde_json::{json, Map, Value};
use tempfile::TempDir;

/// Words of the tiny vocabularies, from id 3.
const WORDS: [&str; 13] = [
	"one",
	"two",
	"three",
	"four",
	"plus",
	"minus",
	"is",
	"user",
	"assistant",
	"system",
	":",
	"?",
	"é😀",
];

/// Tokens of the tiny models.
pub(crate) const VOCABULARY: usize = 16;

/// Positions of the tiny models.
pub(crate) const POSITIONS: usize = 40;

/// Runs the program.
pub(crate) fn worker(args: &[&str]) -> Output {
	program(args).output().unwrap()
}

/// Runs the program with a text on stdin.
pub(crate) fn worker_with_input(args: &[&str], input: &str) -> Output {
	let mut child = program(args)
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.stderr(Stdio::piped())
		.spawn()
		.unwrap();
	child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
	child.wait_with_output().unwrap()
}

fn program(args: &[&str]) -> Command {
	let mut command = Command::new(env!("CARGO_BIN_EXE_assay-worker"));
	command.args(args);
	command
}

/// The folder of the adder as it was trained.
pub(crate) fn adder() -> String {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/adder/checkpoint");
	folder.to_str().unwrap().to_owned()
}

/// What the program wrote to stdout, which has to have succeeded.
#[track_caller]
pub(crate) fn success(output: &Output) -> String {
	let complaint = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "{}: {complaint}", output.status);
	String::from_utf8(output.stdout.clone()).unwrap()
}

/// The JSON that the program wrote.
#[track_caller]
pub(crate) fn json_of(output: &Output) -> Value {
	serde_json::from_str(&success(output)).unwrap()
}

/// Checks the exit status, that stdout is empty and that stderr ends with one line of complaint that
/// has all of these parts.
#[track_caller]
pub(crate) fn refused(output: &Output, status: i32, parts: &[&str]) {
	let complaint = String::from_utf8_lossy(&output.stderr);
	assert_eq!(output.status.code(), Some(status), "{complaint}");
	assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
	let last = complaint.lines().last().unwrap_or_default();
	assert!(last.starts_with("Error: "), "{complaint}");
	for part in parts {
		assert!(last.contains(part), "`{part}` is not in: {last}");
	}
}

/// Checks that an object has exactly these fields, each of this type.
#[track_caller]
pub(crate) fn has_form(value: &Value, fields: &[(&str, &str)]) {
	let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
	let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
	let mut expected: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
	found.sort_unstable();
	expected.sort_unstable();
	assert_eq!(found, expected);
	for (name, kind) in fields {
		let is = match *kind {
			"text" => value[name].is_string(),
			"number" => value[name].is_number(),
			"list" => value[name].is_array(),
			"object" => value[name].is_object(),
			"flag" => value[name].is_boolean(),
			"hash" => value[name].as_str().is_some_and(is_hash),
			other => panic!("no such type: {other}"),
		};
		assert!(is, "{name} is no {kind}: {}", value[name]);
	}
}

fn is_hash(text: &str) -> bool {
	text.len() == 66 && text.starts_with("0x")
}

/// A folder for one test.
pub(crate) struct Scratch(TempDir);

impl Scratch {
	pub(crate) fn new() -> Self {
		Self(tempfile::tempdir().unwrap())
	}

	pub(crate) fn path(&self, name: &str) -> PathBuf {
		self.0.path().join(name)
	}

	/// A path as an argument.
	pub(crate) fn arg(&self, name: &str) -> String {
		self.path(name).to_str().unwrap().to_owned()
	}

	/// Writes a file and gives its path as an argument.
	pub(crate) fn file(&self, name: &str, content: &str) -> String {
		fs::write(self.path(name), content).unwrap();
		self.arg(name)
	}

	/// A model directory made of a checkpoint.
	pub(crate) fn model(&self, checkpoint: &Checkpoint) -> String {
		checkpoint.write(&self.path("source"));
		let out = self.arg("model");
		success(&worker(&["model", "import", &self.arg("source"), "--out", &out]));
		out
	}
}

/// A checkpoint before it is written.
#[derive(Clone)]
pub(crate) struct Checkpoint {
	pub(crate) config: Value,
	pub(crate) tokenizer: Value,
	pub(crate) tokenizer_config: Value,
	/// Name, dtype, shape and bytes.
	pub(crate) tensors: Vec<(String, &'static str, Vec<usize>, Vec<u8>)>,
}

impl Checkpoint {
	/// A Llama of two layers.
	pub(crate) fn llama() -> Self {
		Self::llama_of(2, 1, 16, POSITIONS)
	}

	/// A Llama whose keys and values of all positions take a gigabyte, and its weights little.
	pub(crate) fn llama_of_much_context() -> Self {
		Self::llama_of(32, 32, 256, 32_768)
	}

	fn llama_of(heads: usize, key_heads: usize, head_dim: usize, positions: usize) -> Self {
		let (hidden, inner, layers) = (32, 48, 2);
		let mut checkpoint = Self {
			config: json!({
				"architectures": ["LlamaForCausalLM"], "hidden_size": hidden,
				"num_attention_heads": heads, "num_key_value_heads": key_heads,
				"head_dim": head_dim, "intermediate_size": inner, "num_hidden_layers": layers,
				"vocab_size": VOCABULARY, "max_position_embeddings": positions,
				"rms_norm_eps": 1e-5, "rope_theta": 10000.0,
				"hidden_act": "silu", "tie_word_embeddings": false, "eos_token_id": 2,
				"model_type": "llama",
			}),
			tokenizer: tokenizer(["<s>", "<unk>", "</s>"], false),
			tokenizer_config: json!({
				"bos_token": "<s>", "eos_token": "</s>",
				"chat_template": "{{ bos_token }}{% for message in messages %}{% if message.role == \
					'tool' %}{{ raise_exception('no tools here') }}{% endif %} {{ message.role }} : \
					{{ message.content }}{% endfor %} assistant :",
			}),
			tensors: Vec::new(),
		};
		checkpoint.matrix("model.embed_tokens.weight", VOCABULARY, hidden);
		checkpoint.vector("model.norm.weight", hidden);
		checkpoint.matrix("lm_head.weight", VOCABULARY, hidden);
		for layer in 0..layers {
			let name = |part: &str| format!("model.layers.{layer}.{part}.weight");
			checkpoint.vector(&name("input_layernorm"), hidden);
			checkpoint.matrix(&name("self_attn.q_proj"), heads * head_dim, hidden);
			checkpoint.matrix(&name("self_attn.k_proj"), key_heads * head_dim, hidden);
			checkpoint.matrix(&name("self_attn.v_proj"), key_heads * head_dim, hidden);
			checkpoint.matrix(&name("self_attn.o_proj"), hidden, heads * head_dim);
			checkpoint.vector(&name("post_attention_layernorm"), hidden);
			checkpoint.matrix(&name("mlp.gate_proj"), inner, hidden);
			checkpoint.matrix(&name("mlp.up_proj"), inner, hidden);
			checkpoint.matrix(&name("mlp.down_proj"), hidden, inner);
		}
		checkpoint
	}

	/// A BERT of one layer.
	pub(crate) fn bert() -> Self {
		Self::bert_of(POSITIONS)
	}

	/// The same for texts of some hundred words.
	pub(crate) fn bert_of_long_texts() -> Self {
		Self::bert_of(300)
	}

	fn bert_of(positions: usize) -> Self {
		let (hidden, inner) = (32, 48);
		let mut checkpoint = Self {
			config: json!({
				"architectures": ["BertModel"], "hidden_size": hidden, "num_attention_heads": 2,
				"intermediate_size": inner, "num_hidden_layers": 1, "vocab_size": VOCABULARY,
				"max_position_embeddings": positions, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
				"hidden_act": "gelu", "model_type": "bert",
			}),
			tokenizer: tokenizer(["[CLS]", "[UNK]", "[SEP]"], true),
			tokenizer_config: json!({ "cls_token": "[CLS]" }),
			tensors: Vec::new(),
		};
		for (table, rows) in [("word", VOCABULARY), ("position", positions), ("token_type", 2)] {
			checkpoint.matrix(&format!("embeddings.{table}_embeddings.weight"), rows, hidden);
		}
		for norm in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"] {
			checkpoint.vector(&format!("{norm}.LayerNorm.weight"), hidden);
			checkpoint.vector(&format!("{norm}.LayerNorm.bias"), hidden);
		}
		for (layer, rows, columns) in [
			("attention.self.query", hidden, hidden),
			("attention.self.key", hidden, hidden),
			("attention.self.value", hidden, hidden),
			("attention.output.dense", hidden, hidden),
			("intermediate.dense", inner, hidden),
			("output.dense", hidden, inner),
		] {
			checkpoint.matrix(&format!("encoder.layer.0.{layer}.weight"), rows, columns);
			checkpoint.vector(&format!("encoder.layer.0.{layer}.bias"), rows);
		}
		checkpoint
	}

	/// Adds a matrix of values from -0.5 to 0.5.
	fn matrix(&mut self, name: &str, rows: usize, columns: usize) {
		let elements = self.random(rows * columns).flat_map(|x| (x - 0.5).to_le_bytes()).collect();
		self.tensors.push((name.to_owned(), "F32", vec![rows, columns], elements));
	}

	/// Adds a vector of values from 0.5 to 1.5.
	fn vector(&mut self, name: &str, length: usize) {
		let elements = self.random(length).flat_map(|x| (x + 0.5).to_le_bytes()).collect();
		self.tensors.push((name.to_owned(), "F32", vec![length], elements));
	}

	/// Values from 0 to 1 that depend on the number of tensors so far.
	fn random(&self, count: usize) -> impl Iterator<Item = f32> {
		let mut state = self.tensors.len() as u64;
		(0..count).map(move |_| {
			state = state
				.wrapping_mul(6_364_136_223_846_793_005)
				.wrapping_add(1_442_695_040_888_963_407);
			(state >> 40) as f32 / (1_u32 << 24) as f32
		})
	}

	/// A tensor by name.
	pub(crate) fn tensor(
		&mut self,
		name: &str,
	) -> &mut (String, &'static str, Vec<usize>, Vec<u8>) {
		self.tensors.iter_mut().find(|(found, ..)| found == name).unwrap()
	}

	/// Writes the folder.
	pub(crate) fn write(&self, folder: &Path) {
		fs::create_dir_all(folder).unwrap();
		for (name, content) in [
			("config.json", &self.config),
			("tokenizer.json", &self.tokenizer),
			("tokenizer_config.json", &self.tokenizer_config),
		] {
			fs::write(folder.join(name), content.to_string()).unwrap();
		}
		let (mut header, mut data) = (Map::new(), Vec::new());
		for (name, dtype, shape, bytes) in &self.tensors {
			let begin = data.len();
			data.extend_from_slice(bytes);
			let entry =
				json!({ "dtype": dtype, "shape": shape, "data_offsets": [begin, data.len()] });
			header.insert(name.clone(), entry);
		}
		let header = Value::from(header).to_string();
		let mut file = (header.len() as u64).to_le_bytes().to_vec();
		file.extend_from_slice(header.as_bytes());
		file.extend_from_slice(&data);
		fs::write(folder.join("model.safetensors"), file).unwrap();
	}
}

/// A word-level tokenizer whose first three tokens are special: begin, unknown, end.
fn tokenizer(special: [&str; 3], ends: bool) -> Value {
	let words = special.iter().chain(&WORDS).zip(0..);
	let vocabulary: Map<String, Value> =
		words.map(|(word, id)| ((*word).to_owned(), Value::from(id))).collect();
	let added: Vec<Value> = special
		.iter()
		.zip(0..)
		.map(|(token, id)| {
			json!({ "id": id, "content": token, "single_word": false, "lstrip": false,
				"rstrip": false, "normalized": false, "special": true })
		})
		.collect();
	let [begin, unknown, end] = special;
	let token = |token: &str| json!({ "SpecialToken": { "id": token, "type_id": 0 } });
	let mut single = vec![token(begin), json!({ "Sequence": { "id": "A", "type_id": 0 } })];
	single.extend(ends.then(|| token(end)));
	json!({
		"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
		"added_tokens": added,
		"pre_tokenizer": { "type": "WhitespaceSplit" },
		"post_processor": {
			"type": "TemplateProcessing", "single": single,
			"pair": [{ "Sequence": { "id": "A", "type_id": 0 } },
				{ "Sequence": { "id": "B", "type_id": 1 } }],
			"special_tokens": {
				begin: { "id": begin, "ids": [0], "tokens": [begin] },
				end: { "id": end, "ids": [2], "tokens": [end] },
			},
		},
		"decoder": null,
		"model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": unknown },
	})
}
