//! Configurations with the options that published models have, all of them: a new one that nobody
//! thought of is refused, so that these lists are what stands between an import and real models. Sizes
//! and token ids are those of the tiny checkpoints.
#![allow(
	clippy::unwrap_used,
	reason = "a helper of tests that cannot go on has to fail, and the sizes are small"
)]

mod support;

use assay_import::Options;
use serde_json::{json, Value};
use support::{imported, Source, HEADS, HEAD_DIM, HIDDEN, INTERMEDIATE, KEY_HEADS, LAYERS};

/// Imports a decoder with exactly these options besides its sizes.
fn decoder_is_imported(name: &str, architecture: &str, options: &Value) {
	let mut source = Source::decoder(architecture, options.clone());
	let mut config = json!({
		"architectures": [architecture],
		"hidden_size": HIDDEN,
		"intermediate_size": INTERMEDIATE,
		"num_hidden_layers": LAYERS,
		"num_attention_heads": HEADS,
		"num_key_value_heads": KEY_HEADS,
		"vocab_size": support::VOCABULARY,
		"bos_token_id": 1,
		"eos_token_id": 2,
	});
	config.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
	source.config = config;
	let (_folder, model) = imported(&source, &Options::default());
	assert_eq!(model.manifest.architecture, architecture, "{name}");
	let positions = options["max_position_embeddings"].as_u64().unwrap().min(32_768);
	assert_eq!(u64::from(model.program.max_positions), positions, "{name}");
}

#[test]
fn llama() {
	let llama2 = json!({
		"_name_or_path": "a/b", "hidden_act": "silu", "initializer_range": 0.02,
		"max_position_embeddings": 4096, "model_type": "llama", "pretraining_tp": 1,
		"rms_norm_eps": 1e-5, "rope_scaling": null, "tie_word_embeddings": false,
		"torch_dtype": "float16", "transformers_version": "4.31.0.dev0", "use_cache": true,
	});
	let llama32 = json!({
		"attention_bias": false, "attention_dropout": 0.0, "eos_token_id": [2, 3, 4],
		"head_dim": HEAD_DIM, "hidden_act": "silu", "initializer_range": 0.02,
		"max_position_embeddings": 131_072, "mlp_bias": false, "model_type": "llama",
		"pretraining_tp": 1, "rms_norm_eps": 1e-5,
		"rope_scaling": {
			"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
			"original_max_position_embeddings": 8192, "rope_type": "llama3",
		},
		"rope_theta": 500_000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
		"transformers_version": "4.45.0.dev0", "use_cache": true,
	});
	let smollm2 = json!({
		"attention_bias": false, "attention_dropout": 0.0, "hidden_act": "silu",
		"initializer_range": 0.041_666_666_666_666_664, "is_llama_config": true,
		"max_position_embeddings": 8192, "mlp_bias": false, "model_type": "llama", "pad_token_id": 2,
		"pretraining_tp": 1, "rms_norm_eps": 1e-5, "rope_interleaved": false, "rope_scaling": null,
		"rope_theta": 100_000, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
		"transformers.js_config": { "kv_cache_dtype": { "fp16": "float16", "q4f16": "float16" } },
		"transformers_version": "4.42.3", "use_cache": true,
	});
	for (name, options) in [("Llama 2", llama2), ("Llama 3.2", llama32), ("SmolLM2", smollm2)] {
		decoder_is_imported(name, "LlamaForCausalLM", &options);
	}
}

#[test]
fn mistral() {
	let first = json!({
		"hidden_act": "silu", "initializer_range": 0.02, "max_position_embeddings": 32_768,
		"model_type": "mistral", "rms_norm_eps": 1e-5, "rope_theta": 10_000.0,
		"sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
		"transformers_version": "4.34.0.dev0", "use_cache": true,
	});
	let third = json!({
		"attention_dropout": 0.0, "head_dim": HEAD_DIM, "hidden_act": "silu",
		"initializer_range": 0.02, "max_position_embeddings": 32_768, "model_type": "mistral",
		"rms_norm_eps": 1e-5, "rope_theta": 1_000_000.0, "sliding_window": null,
		"tie_word_embeddings": false, "torch_dtype": "bfloat16",
		"transformers_version": "4.42.0.dev0", "use_cache": true,
	});
	for (name, options) in [("Mistral 7B 0.1", first), ("Mistral 7B 0.3", third)] {
		decoder_is_imported(name, "MistralForCausalLM", &options);
	}
}

#[test]
fn qwen2() {
	let base = json!({
		"attention_dropout": 0.0, "hidden_act": "silu", "initializer_range": 0.02,
		"max_position_embeddings": 32_768, "max_window_layers": 24, "model_type": "qwen2",
		"rms_norm_eps": 1e-6, "rope_theta": 1_000_000.0, "sliding_window": 32_768,
		"tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.40.1",
		"use_cache": true, "use_mrope": false, "use_sliding_window": false,
	});
	let instruct = json!({
		"attention_dropout": 0.0, "hidden_act": "silu", "initializer_range": 0.02,
		"max_position_embeddings": 32_768, "max_window_layers": 21, "model_type": "qwen2",
		"rms_norm_eps": 1e-6, "rope_theta": 1_000_000.0, "sliding_window": 32_768,
		"tie_word_embeddings": true, "torch_dtype": "bfloat16", "transformers_version": "4.43.1",
		"use_cache": true, "use_sliding_window": false,
	});
	// As newer libraries save the same model.
	let saved_anew = json!({
		"attention_dropout": 0.0, "dtype": "bfloat16", "hidden_act": "silu",
		"initializer_range": 0.02, "layer_types": ["full_attention", "full_attention"],
		"max_position_embeddings": 131_072, "max_window_layers": 28, "model_type": "qwen2",
		"pad_token_id": null, "rms_norm_eps": 1e-6,
		"rope_parameters": { "rope_theta": 1_000_000.0, "rope_type": "default" },
		"sliding_window": null, "tie_word_embeddings": true, "transformers_version": "5.0.0",
		"use_cache": true, "use_mrope": false, "use_sliding_window": false,
	});
	for (name, options) in
		[("Qwen2.5", base), ("Qwen2.5 Instruct", instruct), ("Qwen2.5, new form", saved_anew)]
	{
		decoder_is_imported(name, "Qwen2ForCausalLM", &options);
	}
}

#[test]
fn qwen3() {
	let options = json!({
		"attention_bias": false, "attention_dropout": 0.0, "head_dim": HEAD_DIM,
		"hidden_act": "silu", "initializer_range": 0.02, "max_position_embeddings": 40_960,
		"max_window_layers": 28, "model_type": "qwen3", "rms_norm_eps": 1e-6, "rope_scaling": null,
		"rope_theta": 1_000_000, "sliding_window": null, "tie_word_embeddings": true,
		"torch_dtype": "bfloat16", "transformers_version": "4.51.0", "use_cache": true,
		"use_sliding_window": false,
	});
	decoder_is_imported("Qwen3", "Qwen3ForCausalLM", &options);
}

#[test]
fn bert() {
	let minilm = json!({
		"_name_or_path": "a/b", "attention_probs_dropout_prob": 0.1, "classifier_dropout": null,
		"gradient_checkpointing": false, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
		"initializer_range": 0.02, "layer_norm_eps": 1e-12, "model_type": "bert", "pad_token_id": 0,
		"position_embedding_type": "absolute", "torch_dtype": "float32",
		"transformers_version": "4.8.2", "use_cache": true,
	});
	let bge = json!({
		"attention_probs_dropout_prob": 0.1, "classifier_dropout": null, "hidden_act": "gelu",
		"hidden_dropout_prob": 0.1, "id2label": { "0": "LABEL_0" }, "initializer_range": 0.02,
		"label2id": { "LABEL_0": 0 }, "layer_norm_eps": 1e-12, "model_type": "bert",
		"pad_token_id": 0, "position_embedding_type": "absolute", "torch_dtype": "float32",
		"transformers_version": "4.30.0", "use_cache": true,
	});
	let multilingual = json!({
		"attention_probs_dropout_prob": 0.1, "directionality": "bidi", "hidden_act": "gelu",
		"hidden_dropout_prob": 0.1, "initializer_range": 0.02, "layer_norm_eps": 1e-12,
		"model_type": "bert", "pad_token_id": 0, "pooler_fc_size": 768,
		"pooler_num_attention_heads": 12, "pooler_num_fc_layers": 3, "pooler_size_per_head": 128,
		"pooler_type": "first_token_transform",
	});
	for (architecture, prefix, options) in [
		("BertModel", "", minilm),
		("BertModel", "", bge),
		("BertForMaskedLM", "bert.", multilingual),
	] {
		let source = Source::encoder(architecture, prefix, options);
		let (_folder, model) = imported(&source, &Options::default());
		assert_eq!(model.manifest.architecture, architecture);
	}
}
