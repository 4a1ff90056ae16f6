//! A Llama that can be trained.
//!
//! candle-transformers has a Llama for inference only: its fused operations have no gradient. This
//! one is made of operations that have, and `evaluate` measures the result with the other.

use crate::{config::Config, random::SplitMix64};
use candle_core::{Device, Result, Tensor, Var};
use candle_nn::{
	ops::{rms_norm_slow, silu, softmax},
	rotary_emb::rope_slow,
};
use std::collections::BTreeMap;

/// Weights by their Hugging Face names. Ordered, so that a generator fills them in one order.
pub(crate) type Weights = BTreeMap<String, Var>;

/// First weights: gains are 1, matrices are uniform with standard deviation `initializer_range`.
///
/// Uniform, because that needs no function that differs between machines in its last digit.
pub(crate) fn initial_weights(config: &Config, random: &mut SplitMix64) -> Result<Weights> {
	let bound = single(config.initializer_range * 3_f64.sqrt());
	config
		.tensors()
		.into_iter()
		.map(|(name, shape)| {
			let count = shape.iter().product();
			let values: Vec<f32> = if shape.len() == 1 {
				vec![1.0; count]
			} else {
				(0..count).map(|_| bound * random.symmetric()).collect()
			};
			Ok((name, Var::from_vec(values, shape, &Device::Cpu)?))
		})
		.collect()
}

/// The network over weights that an optimizer may change between two calls of [`Llama::forward`].
pub(crate) struct Llama {
	config: Config,
	embedding: Tensor,
	layers: Vec<Layer>,
	norm: Tensor,
	head: Tensor,
	/// Cosines and sines of the rotary embedding, `[max_position_embeddings, head_dim / 2]`.
	rotary: (Tensor, Tensor),
}

/// One transformer block; matrices are `[outputs, inputs]`.
struct Layer {
	attention_norm: Tensor,
	queries: Tensor,
	keys: Tensor,
	values: Tensor,
	attention_output: Tensor,
	mlp_norm: Tensor,
	gate: Tensor,
	up: Tensor,
	down: Tensor,
}

impl Llama {
	/// The network of `config` over `weights`, which stay shared with the caller.
	pub(crate) fn new(config: &Config, weights: &Weights) -> Result<Self> {
		let weight = |name: &str| match weights.get(&format!("{name}.weight")) {
			Some(weight) => Ok(weight.as_tensor().clone()),
			None => Err(candle_core::Error::Msg(format!("no tensor {name}.weight"))),
		};
		let layers = (0..config.num_hidden_layers)
			.map(|layer| {
				let weight = |name: &str| weight(&format!("model.layers.{layer}.{name}"));
				Ok(Layer {
					attention_norm: weight("input_layernorm")?,
					queries: weight("self_attn.q_proj")?,
					keys: weight("self_attn.k_proj")?,
					values: weight("self_attn.v_proj")?,
					attention_output: weight("self_attn.o_proj")?,
					mlp_norm: weight("post_attention_layernorm")?,
					gate: weight("mlp.gate_proj")?,
					up: weight("mlp.up_proj")?,
					down: weight("mlp.down_proj")?,
				})
			})
			.collect::<Result<_>>()?;
		Ok(Self {
			embedding: weight("model.embed_tokens")?,
			layers,
			norm: weight("model.norm")?,
			head: weight("lm_head")?,
			rotary: rotary(config)?,
			config: config.clone(),
		})
	}

	/// Logits `[batch, length, vocabulary]` of token ids `[batch, length]`.
	pub(crate) fn forward(&self, ids: &Tensor) -> Result<Tensor> {
		let (batch, length) = ids.dims2()?;
		let eps = single(self.config.rms_norm_eps);
		// Rows of all texts in one matrix, so that each linear layer is one product.
		let mut x = self.embedding.index_select(&ids.flatten_all()?, 0)?;
		for layer in &self.layers {
			let normed = rms_norm_slow(&x, &layer.attention_norm, eps)?;
			x = (x + self.attention(layer, &normed, batch, length)?)?;
			let normed = rms_norm_slow(&x, &layer.mlp_norm, eps)?;
			let gated = (silu(&linear(&normed, &layer.gate)?)? * linear(&normed, &layer.up)?)?;
			x = (x + linear(&gated, &layer.down)?)?;
		}
		let x = rms_norm_slow(&x, &self.norm, eps)?;
		linear(&x, &self.head)?.reshape((batch, length, self.config.vocab_size))
	}

	/// Causal attention with grouped queries over rows `[batch * length, hidden]`.
	fn attention(&self, layer: &Layer, x: &Tensor, batch: usize, length: usize) -> Result<Tensor> {
		let Config { num_attention_heads: heads, num_key_value_heads: kv_heads, head_dim, .. } =
			self.config;
		let split = |rows: Tensor, heads: usize| {
			rows.reshape((batch, length, heads, head_dim))?.transpose(1, 2)?.contiguous()
		};
		let cosines = self.rotary.0.narrow(0, 0, length)?;
		let sines = self.rotary.1.narrow(0, 0, length)?;
		let queries = rope_slow(&split(linear(x, &layer.queries)?, heads)?, &cosines, &sines)?;
		let keys = rope_slow(&split(linear(x, &layer.keys)?, kv_heads)?, &cosines, &sines)?;
		let values = split(linear(x, &layer.values)?, kv_heads)?;
		// The queries of a group lie under each other, so that they meet their keys in one product
		// and no key is copied.
		let grouped = (batch, kv_heads, heads / kv_heads * length, head_dim);
		let scores = queries.reshape(grouped)?.matmul(&keys.t()?)?;
		let scores = (scores.reshape((batch, heads, length, length))? / (head_dim as f64).sqrt())?
			.broadcast_add(&causal_mask(length)?)?;
		let attended = softmax(&scores, 3)?
			.reshape((batch, kv_heads, heads / kv_heads * length, length))?
			.matmul(&values)?
			.reshape((batch, heads, length, head_dim))?
			.transpose(1, 2)?
			.reshape((batch * length, heads * head_dim))?;
		linear(&attended, &layer.attention_output)
	}
}

/// `x` of `[rows, inputs]` times a matrix of `[outputs, inputs]`.
fn linear(x: &Tensor, matrix: &Tensor) -> Result<Tensor> {
	x.matmul(&matrix.t()?)
}

/// Negative infinity where a key lies after the query: `[length, length]`.
fn causal_mask(length: usize) -> Result<Tensor> {
	let mask: Vec<f32> = (0..length)
		.flat_map(|query| {
			(0..length).map(move |key| if key > query { f32::NEG_INFINITY } else { 0.0 })
		})
		.collect();
	Tensor::from_vec(mask, (length, length), &Device::Cpu)
}

/// Cosines and sines of every position and pair of dimensions.
fn rotary(config: &Config) -> Result<(Tensor, Tensor)> {
	let half = config.head_dim / 2;
	let frequency =
		|pair: usize| config.rope_theta.powf(-2.0 * pair as f64 / config.head_dim as f64);
	let angles: Vec<f32> = (0..config.max_position_embeddings)
		.flat_map(|position| (0..half).map(move |pair| single(position as f64 * frequency(pair))))
		.collect();
	let angles = Tensor::from_vec(angles, (config.max_position_embeddings, half), &Device::Cpu)?;
	Ok((angles.cos()?, angles.sin()?))
}

/// The nearest f32, in which the network computes.
#[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
fn single(value: f64) -> f32 {
	value as f32
}
