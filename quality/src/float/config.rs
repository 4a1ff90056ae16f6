//! `config.json`, as far as the float models need it.

use std::path::{Path, PathBuf};

use candle_nn::Activation;
use serde::Deserialize;
use serde_json::Value;

use super::read_json;
use crate::QualityError;

/// A `config.json` with its place, for errors.
#[derive(Clone, Debug)]
pub(super) struct ConfigFile {
	path: PathBuf,
	content: Value,
}

/// The configuration of a model that generates.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DecoderConfig {
	pub(super) hidden_size: usize,
	pub(super) intermediate_size: usize,
	pub(super) vocab_size: usize,
	pub(super) num_hidden_layers: usize,
	pub(super) num_attention_heads: usize,
	num_key_value_heads: Option<usize>,
	head_dim: Option<usize>,
	pub(super) max_position_embeddings: usize,
	pub(super) rms_norm_eps: f64,
	#[serde(default)]
	pub(super) hidden_act: SiluByDefault,
	#[serde(default)]
	pub(super) tie_word_embeddings: bool,
	#[serde(default)]
	pub(super) attention_bias: bool,
	#[serde(default)]
	mlp_bias: bool,
	pub(super) sliding_window: Option<usize>,
	#[serde(default)]
	pub(super) use_sliding_window: bool,
	rope_theta: Option<f64>,
	/// Where older configurations have the scaling.
	rope_scaling: Option<Rope>,
	/// Where newer ones have everything about the rotation.
	rope_parameters: Option<Rope>,
}

/// An activation function that a configuration may leave out.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct SiluByDefault(pub(super) Activation);

impl Default for SiluByDefault {
	fn default() -> Self {
		Self(Activation::Silu)
	}
}

/// The rotation of queries and keys.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Rope {
	rope_theta: Option<f64>,
	rope_type: Option<String>,
	/// What `rope_type` was called before.
	r#type: Option<String>,
	pub(super) factor: Option<f32>,
	pub(super) low_freq_factor: Option<f32>,
	pub(super) high_freq_factor: Option<f32>,
	pub(super) original_max_position_embeddings: Option<usize>,
}

impl ConfigFile {
	/// Reads the `config.json` of a folder.
	pub(super) fn read(folder: &Path) -> Result<Self, QualityError> {
		let path = folder.join("config.json");
		let content = read_json(&path)?;
		Ok(Self { path, content })
	}

	/// The first of `architectures`, or nothing.
	pub(super) fn architecture(&self) -> &str {
		self.content["architectures"][0].as_str().unwrap_or_default()
	}

	/// The error about an architecture that is none of `known`.
	pub(super) fn unknown(&self, known: &[&str]) -> QualityError {
		QualityError::Architecture {
			path: self.path.clone(),
			architecture: self.architecture().to_owned(),
			known: known.join(", "),
		}
	}

	/// The options of an architecture.
	pub(super) fn options<T: for<'de> Deserialize<'de>>(&self) -> Result<T, QualityError> {
		T::deserialize(&self.content)
			.map_err(|source| QualityError::Json { path: self.path.clone(), source })
	}

	/// The options of a model that generates, with numbers that fit each other.
	pub(super) fn decoder(&self) -> Result<DecoderConfig, QualityError> {
		let config: DecoderConfig = self.options()?;
		let heads = config.num_attention_heads;
		if heads == 0 || (config.head_dim.is_none() && !config.hidden_size.is_multiple_of(heads)) {
			return Err(self.refuse("num_attention_heads", heads, "it must divide hidden_size"));
		}
		if config.key_heads() == 0 || !heads.is_multiple_of(config.key_heads()) {
			let expected = "it must divide num_attention_heads";
			return Err(self.refuse("num_key_value_heads", config.key_heads(), expected));
		}
		if config.mlp_bias {
			return Err(self.refuse("mlp_bias", true, "only false can be compared"));
		}
		Ok(config)
	}

	/// The error about an option that the float model does not have.
	pub(super) fn refuse(
		&self,
		option: &'static str,
		found: impl ToString,
		expected: &'static str,
	) -> QualityError {
		let (path, found) = (self.path.clone(), found.to_string());
		QualityError::Option { path, option, found, expected }
	}

	/// For networks of candle that know no other width of heads.
	pub(super) fn usual_head_dim(&self, config: &DecoderConfig) -> Result<(), QualityError> {
		if config.head_dim() * config.num_attention_heads == config.hidden_size {
			return Ok(());
		}
		let expected = "only hidden_size / num_attention_heads can be compared";
		Err(self.refuse("head_dim", config.head_dim(), expected))
	}

	/// For networks of candle that know no scaling of the rotation.
	pub(super) fn no_rope_scaling(&self, config: &DecoderConfig) -> Result<(), QualityError> {
		match config.rope_scaling() {
			"default" => Ok(()),
			other => Err(self.refuse("rope_scaling", other, "only default can be compared")),
		}
	}

	/// For networks whose sliding window candle does not apply as the engine does.
	pub(super) fn no_sliding_window(&self, config: &DecoderConfig) -> Result<(), QualityError> {
		if config.use_sliding_window {
			return Err(self.refuse("use_sliding_window", true, "only false can be compared"));
		}
		Ok(())
	}

	/// For networks of candle that know no biases of the attention.
	pub(super) fn no_attention_bias(&self, config: &DecoderConfig) -> Result<(), QualityError> {
		if config.attention_bias {
			return Err(self.refuse("attention_bias", true, "only false can be compared"));
		}
		Ok(())
	}
}

impl DecoderConfig {
	pub(super) fn key_heads(&self) -> usize {
		self.num_key_value_heads.unwrap_or(self.num_attention_heads)
	}

	pub(super) fn head_dim(&self) -> usize {
		self.head_dim.unwrap_or(self.hidden_size / self.num_attention_heads)
	}

	/// The base of the rotation's wavelengths.
	pub(super) fn rope_theta(&self) -> f64 {
		let stated = self.rope_parameters.as_ref().and_then(|rope| rope.rope_theta);
		stated.or(self.rope_theta).unwrap_or(10_000.0)
	}

	pub(super) fn rope(&self) -> Option<&Rope> {
		self.rope_parameters.as_ref().or(self.rope_scaling.as_ref())
	}

	/// The name of the rotation's scaling; `default` for none.
	pub(super) fn rope_scaling(&self) -> &str {
		let name = self.rope().and_then(|rope| rope.rope_type.as_ref().or(rope.r#type.as_ref()));
		name.map_or("default", String::as_str)
	}
}
