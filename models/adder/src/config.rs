//! The architecture as `config.json` states it, and the tensors that follow from it.

use crate::vocabulary;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fields of `config.json` as Hugging Face transformers writes them for a Llama model, in the
/// order of that file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Config {
	pub(crate) architectures: Vec<String>,
	pub(crate) attention_bias: bool,
	pub(crate) attention_dropout: f64,
	pub(crate) bos_token_id: u32,
	/// Of the weights in the file.
	pub(crate) dtype: String,
	pub(crate) eos_token_id: u32,
	pub(crate) head_dim: usize,
	pub(crate) hidden_act: String,
	pub(crate) hidden_size: usize,
	/// Standard deviation of the first weights.
	pub(crate) initializer_range: f64,
	pub(crate) intermediate_size: usize,
	pub(crate) max_position_embeddings: usize,
	pub(crate) mlp_bias: bool,
	pub(crate) model_type: String,
	pub(crate) num_attention_heads: usize,
	pub(crate) num_hidden_layers: usize,
	pub(crate) num_key_value_heads: usize,
	pub(crate) pad_token_id: u32,
	pub(crate) pretraining_tp: usize,
	pub(crate) rms_norm_eps: f64,
	pub(crate) rope_scaling: Option<serde_json::Value>,
	pub(crate) rope_theta: f64,
	pub(crate) tie_word_embeddings: bool,
	pub(crate) transformers_version: String,
	pub(crate) use_cache: bool,
	pub(crate) vocab_size: usize,
}

/// The version of transformers whose file formats are written.
pub(crate) const TRANSFORMERS_VERSION: &str = "4.57.1";

impl Config {
	/// The architecture of the model that ships.
	pub(crate) fn adder() -> Self {
		Self {
			architectures: vec!["LlamaForCausalLM".to_owned()],
			attention_bias: false,
			attention_dropout: 0.0,
			bos_token_id: vocabulary::BEGIN,
			dtype: "bfloat16".to_owned(),
			eos_token_id: vocabulary::END,
			head_dim: 32,
			hidden_act: "silu".to_owned(),
			hidden_size: 128,
			initializer_range: 0.08,
			intermediate_size: 256,
			max_position_embeddings: 32,
			mlp_bias: false,
			model_type: "llama".to_owned(),
			num_attention_heads: 4,
			num_hidden_layers: 3,
			num_key_value_heads: 2,
			pad_token_id: vocabulary::PADDING,
			pretraining_tp: 1,
			rms_norm_eps: 1e-5,
			rope_scaling: None,
			rope_theta: 10_000.0,
			tie_word_embeddings: false,
			transformers_version: TRANSFORMERS_VERSION.to_owned(),
			use_cache: true,
			vocab_size: vocabulary::SIZE,
		}
	}

	/// The name and shape of every tensor; matrices are `[outputs, inputs]`.
	pub(crate) fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
		let hidden = self.hidden_size;
		let queries = self.num_attention_heads * self.head_dim;
		let keys = self.num_key_value_heads * self.head_dim;
		let mut tensors = BTreeMap::from([
			("model.embed_tokens.weight".to_owned(), vec![self.vocab_size, hidden]),
			("model.norm.weight".to_owned(), vec![hidden]),
			("lm_head.weight".to_owned(), vec![self.vocab_size, hidden]),
		]);
		for layer in 0..self.num_hidden_layers {
			let of_layer = [
				("input_layernorm", vec![hidden]),
				("self_attn.q_proj", vec![queries, hidden]),
				("self_attn.k_proj", vec![keys, hidden]),
				("self_attn.v_proj", vec![keys, hidden]),
				("self_attn.o_proj", vec![hidden, queries]),
				("post_attention_layernorm", vec![hidden]),
				("mlp.gate_proj", vec![self.intermediate_size, hidden]),
				("mlp.up_proj", vec![self.intermediate_size, hidden]),
				("mlp.down_proj", vec![hidden, self.intermediate_size]),
			];
			tensors.extend(
				of_layer
					.map(|(name, shape)| (format!("model.layers.{layer}.{name}.weight"), shape)),
			);
		}
		tensors
	}

	/// How many weights the model has.
	pub(crate) fn parameters(&self) -> usize {
		self.tensors().values().map(|shape| shape.iter().product::<usize>()).sum()
	}
}
