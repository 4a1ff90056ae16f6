//! Float models that embed: BERT.

use std::{collections::HashMap, path::Path};

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config, HiddenAct, PositionEmbeddingType};
use serde::Deserialize;

use super::{checkpoint::Checkpoint, config::ConfigFile, pooling::Pooling};
use crate::QualityError;

/// Architectures by the name in `config.json`.
const ARCHITECTURES: [&str; 2] = ["BertModel", "BertForMaskedLM"];

/// Before the names of the encoder's tensors where it is a part of something larger.
const PREFIX: &str = "bert.";

/// A float model that embeds texts.
pub struct FloatEncoder {
	model: BertModel,
	pooling: Pooling,
}

/// The configuration of a BERT.
#[derive(Deserialize)]
struct EncoderConfig {
	hidden_size: usize,
	intermediate_size: usize,
	vocab_size: usize,
	num_hidden_layers: usize,
	num_attention_heads: usize,
	max_position_embeddings: usize,
	type_vocab_size: usize,
	layer_norm_eps: f64,
	hidden_act: Option<String>,
}

impl FloatEncoder {
	/// Loads a Hugging Face folder, with the pooling that it states.
	///
	/// # Errors
	/// If it is no BERT, a tensor is missing or has another shape, or the pooling is unknown.
	pub fn load(folder: &Path) -> Result<Self, QualityError> {
		let file = ConfigFile::read(folder)?;
		if !ARCHITECTURES.contains(&file.architecture()) {
			return Err(file.unknown(&ARCHITECTURES));
		}
		let config: EncoderConfig = file.options()?;
		let heads = config.num_attention_heads;
		if heads == 0 || !config.hidden_size.is_multiple_of(heads) {
			return Err(file.refuse("num_attention_heads", heads, "it must divide hidden_size"));
		}
		let hidden_act = match config.hidden_act.as_deref() {
			None | Some("gelu") => HiddenAct::Gelu,
			Some("gelu_new" | "gelu_fast" | "gelu_pytorch_tanh") => HiddenAct::GeluApproximate,
			Some("relu") => HiddenAct::Relu,
			Some(other) => {
				let expected = "only gelu, its approximations and relu can be compared";
				return Err(file.refuse("hidden_act", other, expected));
			}
		};
		let bert = Config {
			vocab_size: config.vocab_size,
			hidden_size: config.hidden_size,
			num_hidden_layers: config.num_hidden_layers,
			num_attention_heads: heads,
			intermediate_size: config.intermediate_size,
			hidden_act,
			max_position_embeddings: config.max_position_embeddings,
			type_vocab_size: config.type_vocab_size,
			layer_norm_eps: config.layer_norm_eps,
			position_embedding_type: PositionEmbeddingType::Absolute,
			..Config::default()
		};
		let tensors = read_tensors(&Checkpoint::open(folder)?, &config)?;
		let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
		let pooling = Pooling::read(folder)?;
		Ok(Self { model: BertModel::load(weights, &bert)?, pooling })
	}

	/// The embedding of a text, at least one token.
	///
	/// # Errors
	/// If candle refuses, for example a text that is too long.
	pub fn embed(&self, tokens: &[u32]) -> Result<Vec<f64>, QualityError> {
		let tokens = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
		let rows = self.model.forward(&tokens, &tokens.zeros_like()?, None)?;
		Ok(self.pooling.apply(&rows.squeeze(0)?.to_vec2()?))
	}
}

/// The tensors of the encoder, without prefix, each with the shape that follows from the configuration.
fn read_tensors(
	checkpoint: &Checkpoint,
	config: &EncoderConfig,
) -> Result<HashMap<String, Tensor>, QualityError> {
	let (hidden, inner) = (config.hidden_size, config.intermediate_size);
	let tables = [
		("word", config.vocab_size),
		("position", config.max_position_embeddings),
		("token_type", config.type_vocab_size),
	];
	let mut shapes: Vec<(String, Vec<usize>)> = tables
		.map(|(table, rows)| (format!("embeddings.{table}_embeddings.weight"), vec![rows, hidden]))
		.into();
	let mut affine = |name: String, weight: Vec<usize>| {
		shapes.push((format!("{name}.bias"), vec![weight[0]]));
		shapes.push((format!("{name}.weight"), weight));
	};
	affine("embeddings.LayerNorm".to_owned(), vec![hidden]);
	for layer in 0..config.num_hidden_layers {
		for (part, weight) in [
			("attention.self.query", vec![hidden, hidden]),
			("attention.self.key", vec![hidden, hidden]),
			("attention.self.value", vec![hidden, hidden]),
			("attention.output.dense", vec![hidden, hidden]),
			("attention.output.LayerNorm", vec![hidden]),
			("intermediate.dense", vec![inner, hidden]),
			("output.dense", vec![hidden, inner]),
			("output.LayerNorm", vec![hidden]),
		] {
			affine(format!("encoder.layer.{layer}.{part}"), weight);
		}
	}
	let prefix = if checkpoint.has(&format!("{PREFIX}{}", shapes[0].0)) { PREFIX } else { "" };
	let mut tensors = HashMap::new();
	for (name, shape) in shapes {
		let tensor = checkpoint.tensor(&format!("{prefix}{name}"), &shape)?;
		tensors.insert(name, tensor);
	}
	Ok(tensors)
}
