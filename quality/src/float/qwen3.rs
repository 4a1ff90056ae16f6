//! Qwen 3.

use candle_core::Tensor;
use candle_nn::VarBuilder;
use candle_transformers::models::qwen3::{Config, ModelForCausalLM};

use super::{
	config::{ConfigFile, DecoderConfig},
	decoder::{Loaded, Network},
};
use crate::QualityError;

impl Network for ModelForCausalLM {
	fn forward(&mut self, tokens: &Tensor, position: usize) -> candle_core::Result<Tensor> {
		ModelForCausalLM::forward(self, tokens, position)
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
	file.no_rope_scaling(config)?;
	file.no_sliding_window(config)?;
	let max_positions = config.max_position_embeddings;
	let qwen = Config {
		vocab_size: config.vocab_size,
		hidden_size: config.hidden_size,
		intermediate_size: config.intermediate_size,
		num_hidden_layers: config.num_hidden_layers,
		num_attention_heads: config.num_attention_heads,
		head_dim: config.head_dim(),
		attention_bias: config.attention_bias,
		num_key_value_heads: config.key_heads(),
		max_position_embeddings: max_positions,
		sliding_window: None,
		max_window_layers: 0,
		tie_word_embeddings: config.tie_word_embeddings,
		rope_theta: config.rope_theta(),
		rms_norm_eps: config.rms_norm_eps,
		use_sliding_window: false,
		hidden_act: config.hidden_act.0,
	};
	let network = Box::new(ModelForCausalLM::new(&qwen, weights)?);
	Ok(Loaded { network, max_positions })
}
