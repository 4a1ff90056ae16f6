//! What cannot be compared is refused by name.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{fs, path::Path};

use assay_kernels_backend::reference::Reference;
use assay_quality::{
	float::{FloatDecoder, FloatEncoder},
	measure, Comparison, QualityError,
};
use common::Checkpoint;
use serde_json::json;

/// The refusal of a checkpoint, which names all of these parts.
#[track_caller]
fn is_refused(checkpoint: &Checkpoint, parts: &[&str]) {
	let folder = tempfile::tempdir().unwrap();
	checkpoint.write(folder.path());
	let is_encoder = checkpoint.config["architectures"][0] == "BertModel";
	let error = if is_encoder {
		FloatEncoder::load(folder.path()).err()
	} else {
		FloatDecoder::load(folder.path()).err()
	};
	let error = error.expect("the checkpoint is refused").to_string();
	for part in parts {
		assert!(error.contains(part), "`{part}` is not in: {error}");
	}
}

fn llama(options: serde_json::Value) -> Checkpoint {
	Checkpoint::decoder("LlamaForCausalLM", options)
}

#[test]
fn tensors_that_are_not_there_or_have_another_shape() {
	const NAME: &str = "model.layers.1.mlp.up_proj.weight";
	let mut checkpoint = llama(json!({}));
	checkpoint.tensor(NAME).shape.reverse();
	is_refused(&checkpoint, &["model.safetensors", NAME, "[64, 96]", "[96, 64]"]);
	checkpoint.tensors.retain(|tensor| tensor.name != NAME);
	is_refused(&checkpoint, &[NAME, "missing"]);
	let mut checkpoint = Checkpoint::encoder();
	checkpoint.tensors.retain(|tensor| !tensor.name.contains("position"));
	is_refused(&checkpoint, &["embeddings.position_embeddings.weight", "missing"]);
}

#[test]
fn options_that_candle_lacks() {
	is_refused(&llama(json!({ "head_dim": 32 })), &["config.json", "head_dim", "32"]);
	is_refused(&llama(json!({ "hidden_act": "gelu" })), &["hidden_act", "only silu"]);
	let linear = json!({ "rope_scaling": { "type": "linear", "factor": 2.0 } });
	is_refused(&llama(linear), &["rope_scaling", "linear"]);
	is_refused(&llama(json!({ "num_attention_heads": 0 })), &["num_attention_heads", "0"]);
	let unknown = Checkpoint::decoder("PhiForCausalLM", json!({}));
	is_refused(&unknown, &["PhiForCausalLM", "LlamaForCausalLM"]);
}

#[test]
fn a_source_that_is_not_the_models_own() {
	let folder = tempfile::tempdir().unwrap();
	let (source, model) = (folder.path().join("source"), folder.path().join("model"));
	let mut checkpoint = llama(json!({}));
	checkpoint.import(&source, &model);
	checkpoint.scale("lm_head.weight", 2.0);
	checkpoint.write(&source);
	let error = compare(&model, &source, None).unwrap_err().to_string();
	assert!(error.contains("model.safetensors is not the file"), "{error}");
}

#[test]
fn texts_that_mean_nothing_or_do_not_fit() {
	let folder = tempfile::tempdir().unwrap();
	let (source, model) = (folder.path().join("source"), folder.path().join("model"));
	llama(json!({})).import(&source, &model);
	// Every word of the built-in text is unknown to its tokenizer.
	let error = compare(&model, &source, None).unwrap_err().to_string();
	assert!(error.contains("--text"), "{error}");
	let text = folder.path().join("text");
	for (content, part) in [
		("w3 w4\nw5\t\n", "text 2: the answer after the tab has no tokens"),
		(&format!("w3\t{}", " w4".repeat(60)), "text 1: 63 tokens"),
	] {
		fs::write(&text, content).unwrap();
		let error = compare(&model, &source, Some(&text)).unwrap_err().to_string();
		assert!(error.contains(part), "{error}");
	}
}

fn compare(
	model: &Path,
	source: &Path,
	text: Option<&Path>,
) -> Result<assay_model::Quality, QualityError> {
	measure(&Comparison { model, source, text }, &Reference, &mut |_| {})
}
