//! Whatever is wrong with a source has an error that names it, and leaves nothing behind.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use std::{fs, path::Path};

use assay_import::{Options, Profile, Smoothing};
use safetensors::Dtype;
use serde_json::{json, Value};
use support::{entries, pooling, run, Source, SourceTensor, HIDDEN};

/// Imports what `spoil` makes of a written source; the error must have all of `parts`.
fn refused(source: &Source, spoil: impl FnOnce(&Path), options: &Options, parts: &[&str]) {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("source");
	source.write(&path);
	spoil(&path);
	let before = entries(folder.path());
	let error = match run(&path, &folder.path().join("out"), options) {
		Err(error) => error.to_string(),
		Ok(_) => panic!("imported, although {parts:?}"),
	};
	for part in parts {
		assert!(error.contains(part), "`{error}` lacks `{part}`");
	}
	assert_eq!(error.lines().count(), 1, "{error}");
	assert_eq!(entries(folder.path()), before, "{error}");
}

fn refuses(source: &Source, parts: &[&str]) {
	refused(source, |_| {}, &Options::default(), parts);
}

fn llama_with(option: &str, value: Value) -> Source {
	Source::llama().option(option, value)
}

fn changed(name: &str, change: impl FnOnce(&mut SourceTensor)) -> Source {
	let mut source = Source::llama();
	change(source.tensors.get_mut(name).unwrap());
	source
}

const QUERY: &str = "model.layers.1.self_attn.q_proj.weight";

#[test]
fn architectures_and_options() {
	let gpt = llama_with("architectures", json!(["GPT2LMHeadModel"]));
	refuses(&gpt, &["config.json", "GPT2LMHeadModel", "LlamaForCausalLM, MistralForCausalLM"]);
	refuses(&llama_with("architectures", Value::Null), &["architectures is missing"]);
	refuses(
		&llama_with("logit_scale", json!(2.0)),
		&["logit_scale", "LlamaForCausalLM", "not known"],
	);
	refuses(&llama_with("hidden_size", Value::Null), &["config.json", "hidden_size is missing"]);
	refuses(&llama_with("hidden_size", json!("x")), &["hidden_size", "\"x\"", "positive integer"]);
	refuses(&llama_with("hidden_act", json!("mish")), &["hidden_act", "mish", "silu"]);
	refuses(&llama_with("rope_theta", json!(10000.5)), &["rope_theta", "10000.5", "integers"]);
	refuses(&llama_with("num_key_value_heads", json!(3)), &["num_key_value_heads", "3"]);
	refuses(&llama_with("eos_token_id", json!(40)), &["eos_token_id", "40"]);
	refuses(&llama_with("pretraining_tp", json!(2)), &["pretraining_tp", "2"]);
	let yarn = json!({ "rope_type": "yarn", "factor": 2.0 });
	refuses(&llama_with("rope_scaling", yarn), &["rope_scaling", "yarn", "llama3"]);
	let fine = json!({ "rope_type": "linear", "factor": 0.3 });
	refuses(&llama_with("rope_scaling", fine), &["rope_scaling", "2^-32"]);
	let more = json!({ "rope_type": "linear", "factor": 2.0, "beta": 1 });
	refuses(&llama_with("rope_scaling", more), &["rope_scaling", "beta"]);
	let sliding = Source::decoder("Qwen2ForCausalLM", json!({ "use_sliding_window": true }));
	refuses(&sliding, &["use_sliding_window", "true"]);
	let relative = Source::bert().option("position_embedding_type", json!("relative_key"));
	refuses(&relative, &["position_embedding_type", "relative_key", "absolute"]);
}

#[test]
fn pooling_that_is_not_known() {
	for (mode, part) in [
		(json!({ "pooling_mode_max_tokens": true }), "pooling_mode_max_tokens"),
		(
			json!({ "pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true }),
			"pooling_mode_cls_token",
		),
		(json!({ "word_embedding_dimension": 7 }), "word_embedding_dimension"),
	] {
		let mut source = Source::bert();
		source.files.extend(pooling(&mode, true));
		refuses(&source, &["1_Pooling/config.json", part]);
	}
	let mut source = Source::bert();
	source.files.extend(pooling(&json!({ "pooling_mode_mean_tokens": true }), true));
	let modules = source.files["modules.json"].replace("Normalize", "Dense");
	source.files.insert("modules.json".into(), modules);
	refuses(&source, &["modules.json", "Dense"]);
}

#[test]
fn tensors_that_are_not_as_they_should_be() {
	let mut source = Source::llama();
	source.tensors.remove(QUERY);
	refuses(&source, &[QUERY, "missing", "download the checkpoint again"]);
	let mut source = Source::llama();
	source.tensors.insert("model.layers.0.adapter.weight".into(), source.tensors[QUERY].clone());
	refuses(
		&source,
		&["model.safetensors", "0.adapter.weight", "not part of the architecture", "remove it"],
	);
	let shape = changed(QUERY, |tensor| tensor.shape = vec![HIDDEN * 2, HIDDEN / 2]);
	refuses(&shape, &["model.safetensors", QUERY, "[64, 16]", "[32, 32]", "one checkpoint"]);
	let dtype = changed(QUERY, |tensor| tensor.dtype = Dtype::I32);
	refuses(&dtype, &["model.safetensors", QUERY, "I32", "convert it", "BF16"]);
}

#[test]
fn numbers_that_are_none() {
	for (value, text) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")] {
		let at = (5 * HIDDEN + 3) * 4;
		let spoilt = changed(QUERY, |tensor| {
			tensor.bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
		});
		refuses(&spoilt, &["model.safetensors", QUERY, text, "[5, 3]", "download it again"]);
		// With smoothing it is met earlier, in what is written for the calibration alone.
		let smooth = Options { smoothing: Smoothing::Percent(50), ..Options::default() };
		refused(&spoilt, |_| {}, &smooth, &["model.safetensors", QUERY, text, "[5, 3]"]);
		let gain = "model.norm.weight";
		let spoilt =
			changed(gain, |tensor| tensor.bytes[12..16].copy_from_slice(&value.to_le_bytes()));
		refuses(&spoilt, &["model.safetensors", gain, text, "[3]"]);
	}
	for (dtype, bits) in [(Dtype::F16, 0x7e00_u16), (Dtype::BF16, 0x7fc0)] {
		let spoilt = changed(QUERY, |tensor| {
			let (mut narrow, _) = tensor.narrow(dtype);
			let at = (5 * HIDDEN + 3) * 2;
			narrow.bytes[at..at + 2].copy_from_slice(&bits.to_le_bytes());
			*tensor = narrow;
		});
		refuses(&spoilt, &["model.safetensors", QUERY, "NaN", "[5, 3]"]);
	}
}

fn edit_header(path: &Path, edit: impl FnOnce(String) -> String) {
	let file = path.join("model.safetensors");
	let bytes = fs::read(&file).unwrap();
	let (length, rest) = bytes.split_at(8);
	let length = u64::from_le_bytes(length.try_into().unwrap()) as usize;
	let (header, data) = rest.split_at(length);
	let header = edit(String::from_utf8(header.to_vec()).unwrap());
	let length = (header.len() as u64).to_le_bytes();
	fs::write(file, [&length[..], header.as_bytes(), data].concat()).unwrap();
}

fn cut(path: &Path, name: &str, bytes: u64) {
	let file = fs::File::options().write(true).open(path.join(name)).unwrap();
	file.set_len(file.metadata().unwrap().len().saturating_sub(bytes)).unwrap();
}

#[test]
fn files_that_are_damaged() {
	let (source, options) = (Source::llama(), Options::default());
	let damaged = |spoil: &dyn Fn(&Path), parts: &[&str]| refused(&source, spoil, &options, parts);
	damaged(
		&|path| cut(path, "model.safetensors", 5),
		&["truncated inside tensor", "model.safetensors", "copy or download it again"],
	);
	damaged(&|path| cut(path, "model.safetensors", u64::MAX), &["model.safetensors", "0 bytes"]);
	damaged(
		&|path| fs::write(path.join("model.safetensors"), [255; 64]).unwrap(),
		&["model.safetensors", "header claims", "copy or download it again"],
	);
	damaged(
		&|path| edit_header(path, |header| header.replacen("\"F32\"", "\"F24\"", 1)),
		&["model.safetensors", "unknown dtype F24", "tensor", "convert it"],
	);
	damaged(
		&|path| edit_header(path, |header| header.replacen("\"F32\"", "\"F64\"", 1)),
		&["model.safetensors", "tensor", "F64", "its place has", "download it again"],
	);
	damaged(
		&|path| edit_header(path, |header| header.replacen("data_offsets", "offsets", 1)),
		&["model.safetensors", "tensor", "data_offsets", "download the file again"],
	);
	let twice = r#""model.norm.weight":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#;
	damaged(
		&|path| edit_header(path, |header| header.replacen('{', &format!("{{{twice}"), 1)),
		&["model.safetensors", "tensor model.norm.weight is there twice", "download it again"],
	);
	damaged(
		&|path| fs::remove_file(path.join("model.safetensors")).unwrap(),
		&["no model.safetensors"],
	);
	damaged(&|path| fs::remove_file(path.join("config.json")).unwrap(), &["no config.json"]);
	damaged(&|path| fs::remove_file(path.join("tokenizer.json")).unwrap(), &["no tokenizer.json"]);
	damaged(&|path| cut(path, "config.json", 1), &["config.json", "EOF"]);
	damaged(&|path| cut(path, "tokenizer.json", 1), &["tokenizer.json", "EOF"]);
}

#[test]
fn shards_that_do_not_fit_their_index() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("source");
	Source::llama().write_sharded(&path);
	let index = path.join("model.safetensors.index.json");
	let text = fs::read_to_string(&index).unwrap();
	for (from, to, part) in [
		("model-00001", "../model-00001", "no file beside the index"),
		("model-00001-of-00002", "model-00002-of-00002", "missing from the file"),
		("model-00001", "model-00007", "No such file"),
		("weight_map", "map", "weight_map is missing"),
	] {
		fs::write(&index, text.replace(from, to)).unwrap();
		let error =
			run(&path, &folder.path().join("out"), &Options::default()).unwrap_err().to_string();
		assert!(error.contains(part), "{error}");
		assert_eq!(entries(folder.path()), ["source"]);
	}
}

#[test]
fn a_truncated_shard() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("source");
	Source::llama().write_sharded(&path);
	let shard = "model-00002-of-00002.safetensors";
	cut(&path, shard, 5);
	let error =
		run(&path, &folder.path().join("out"), &Options::default()).unwrap_err().to_string();
	for part in [shard, "truncated inside tensor model."] {
		assert!(error.contains(part), "{error}");
	}
	assert_eq!(entries(folder.path()), ["source"]);
}

#[test]
fn a_tokenizer_of_another_model() {
	let mut source = Source::llama();
	let tokenizer = source.files["tokenizer.json"].replace("\"w39\":39", "\"w39\":40");
	source.files.insert("tokenizer.json".into(), tokenizer);
	refuses(&source, &["tokenizer.json", "w39", "40", "take the tokenizer.json that came"]);
	let mut source = Source::llama();
	let tokenizer = source.files["tokenizer.json"].replace("\"w2\":2,", "");
	source.files.insert("tokenizer.json".into(), tokenizer);
	refuses(&source, &["tokenizer.json", "stops at token 2", "take the tokenizer.json that came"]);
}

#[test]
fn a_post_processor_of_another_model() {
	let around = json!({
		"type": "TemplateProcessing",
		"single": [{ "SpecialToken": { "id": "w1", "type_id": 0 } },
			{ "Sequence": { "id": "A", "type_id": 0 } }],
		"pair": [{ "Sequence": { "id": "A", "type_id": 0 } },
			{ "Sequence": { "id": "B", "type_id": 1 } }],
		"special_tokens": { "w1": { "id": "w1", "ids": [500], "tokens": ["w1"] } },
	});
	let mut source = Source::llama();
	let tokenizer = source.files["tokenizer.json"]
		.replace("\"post_processor\":null", &format!("\"post_processor\":{around}"));
	source.files.insert("tokenizer.json".into(), tokenizer);
	refuses(&source, &["tokenizer.json", "w1", "500", "40"]);
}

#[test]
fn files_for_chats_that_nobody_could_use() {
	for (file, content, part) in [
		("chat_template.jinja", "{% for %}", "syntax error"),
		("tokenizer_config.json", "{", "EOF"),
		("tokenizer_config.json", r#"{"chat_template": 5}"#, "`chat_template`"),
		("tokenizer_config.json", r#"{"chat_template": "{{"}"#, "chat template"),
	] {
		let mut source = Source::llama();
		source.files.insert(file.into(), content.into());
		refuses(&source, &[&format!("source/{file}: "), part, "take the file that came with"]);
	}
}

#[test]
fn rows_beyond_the_bound() {
	// No weights of this size are needed: the program is refused before they are looked at.
	let wide = llama_with("intermediate_size", json!(49_153));
	refuses(&wide, &["config.json", "not admitted", "49153", "49152", "within this bound"]);
}

#[test]
fn calibration_texts() {
	let missing = assay_import::Calibration::File("no/such/text".into());
	let smooth = |calibration| Options {
		profile: Some(Profile::W8A8),
		smoothing: Smoothing::Percent(50),
		calibration,
		..Options::default()
	};
	refused(&Source::bert(), |_| {}, &smooth(missing.clone()), &["no/such/text", "check the path"]);
	// One that would not even be looked at.
	let off = Options { smoothing: Smoothing::Off, ..smooth(missing.clone()) };
	refused(&Source::bert(), |_| {}, &off, &["no/such/text", "leave it out"]);
	let usual = Options { calibration: missing, ..Options::default() };
	refused(&Source::llama(), |_| {}, &usual, &["no/such/text", "leave it out"]);
	let file = tempfile::NamedTempFile::new().unwrap();
	let empty = assay_import::Calibration::File(file.path().into());
	refused(&Source::bert(), |_| {}, &smooth(empty), &["the text has no lines"]);
}

#[test]
fn an_output_that_is_there() {
	let folder = tempfile::tempdir().unwrap();
	let (path, out) = (folder.path().join("source"), folder.path().join("out"));
	Source::llama().write(&path);
	fs::create_dir(&out).unwrap();
	let error = run(&path, &out, &Options::default()).unwrap_err().to_string();
	assert!(error.contains("out exists"), "{error}");
	assert_eq!(entries(folder.path()), ["out", "source"]);
	assert!(entries(&out).is_empty());
}
