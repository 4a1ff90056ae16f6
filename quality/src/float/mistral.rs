//! Mistral.

use candle_core::Tensor;
use candle_nn::VarBuilder;
use candle_transformers::models::mistral::{Config, Model};

use super::{
	config::{ConfigFile, DecoderConfig},
	decoder::{Loaded, Network},
};
use crate::QualityError;

impl Network for Model {
	fn forward(&mut self, tokens: &Tensor, position: usize) -> candle_core::Result<Tensor> {
		Model::forward(self, tokens, position)
	}

	fn forget(&mut self) {
		self.clear_kv_cache();
	}
}

pub(super) fn load(
	file: &ConfigFile,
	config: &DecoderConfig,
	weights: VarBuilder<'_>,
) -> Result<Loaded, QualityError> {
	file.no_attention_bias(config)?;
	file.no_rope_scaling(config)?;
	let mistral = Config {
		vocab_size: config.vocab_size,
		hidden_size: config.hidden_size,
		intermediate_size: config.intermediate_size,
		num_hidden_layers: config.num_hidden_layers,
		num_attention_heads: config.num_attention_heads,
		head_dim: Some(config.head_dim()),
		num_key_value_heads: config.key_heads(),
		hidden_act: config.hidden_act.0,
		max_position_embeddings: config.max_position_embeddings,
		rms_norm_eps: config.rms_norm_eps,
		rope_theta: config.rope_theta(),
		sliding_window: None,
		use_flash_attn: false,
	};
	let network = Box::new(Model::new(&mistral, weights)?);
	// Candle applies the window to prompts only. Within it there is nothing to apply.
	let window = config.sliding_window.unwrap_or(usize::MAX);
	Ok(Loaded { network, max_positions: config.max_position_embeddings.min(window) })
}
