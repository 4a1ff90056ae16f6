//! Llama 2 and 3.

use candle_core::{DType, Device, Tensor};
use candle_nn::{Activation, VarBuilder};
use candle_transformers::models::llama::{Cache, Config, Llama, Llama3RopeConfig, Llama3RopeType};

use super::{
	config::{ConfigFile, DecoderConfig},
	decoder::{Loaded, Network},
};
use crate::QualityError;

struct LlamaNetwork {
	model: Llama,
	cache: Cache,
	/// The cache before the first token.
	empty: Cache,
}

impl Network for LlamaNetwork {
	fn forward(&mut self, tokens: &Tensor, position: usize) -> candle_core::Result<Tensor> {
		self.model.forward(tokens, position, &mut self.cache)
	}

	fn forget(&mut self) {
		self.cache = self.empty.clone();
	}
}

pub(super) fn load(
	file: &ConfigFile,
	config: &DecoderConfig,
	weights: VarBuilder<'_>,
) -> Result<Loaded, QualityError> {
	file.usual_head_dim(config)?;
	file.no_attention_bias(config)?;
	if !matches!(config.hidden_act.0, Activation::Silu | Activation::Swish) {
		let found = format!("{:?}", config.hidden_act.0);
		return Err(file.refuse("hidden_act", found, "only silu can be compared"));
	}
	#[allow(clippy::cast_possible_truncation, reason = "candle's Llama has the base as f32")]
	let rope_theta = config.rope_theta() as f32;
	let llama = Config {
		hidden_size: config.hidden_size,
		intermediate_size: config.intermediate_size,
		vocab_size: config.vocab_size,
		num_hidden_layers: config.num_hidden_layers,
		num_attention_heads: config.num_attention_heads,
		num_key_value_heads: config.key_heads(),
		use_flash_attn: false,
		rms_norm_eps: config.rms_norm_eps,
		rope_theta,
		bos_token_id: None,
		eos_token_id: None,
		rope_scaling: rope_scaling(file, config)?,
		max_position_embeddings: config.max_position_embeddings,
		tie_word_embeddings: config.tie_word_embeddings,
	};
	let model = Llama::load(weights, &llama)?;
	let empty = Cache::new(true, DType::F32, &llama, &Device::Cpu)?;
	let network = LlamaNetwork { model, cache: empty.clone(), empty };
	Ok(Loaded { network: Box::new(network), max_positions: config.max_position_embeddings })
}

fn rope_scaling(
	file: &ConfigFile,
	config: &DecoderConfig,
) -> Result<Option<Llama3RopeConfig>, QualityError> {
	let rope = match (config.rope_scaling(), config.rope()) {
		("llama3", Some(rope)) => rope,
		("default", _) => return Ok(None),
		(other, _) => {
			return Err(file.refuse(
				"rope_scaling",
				other,
				"only default and llama3 can be compared",
			))
		}
	};
	let lacks =
		|| file.refuse("rope_scaling", "llama3", "it needs four numbers, not all are there");
	Ok(Some(Llama3RopeConfig {
		factor: rope.factor.ok_or_else(lacks)?,
		low_freq_factor: rope.low_freq_factor.ok_or_else(lacks)?,
		high_freq_factor: rope.high_freq_factor.ok_or_else(lacks)?,
		original_max_position_embeddings: rope
			.original_max_position_embeddings
			.ok_or_else(lacks)?,
		rope_type: Llama3RopeType::Llama3,
	}))
}
