//! Float models that generate.

use std::{collections::HashMap, path::Path};

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;

use super::{
	checkpoint::Checkpoint,
	config::{ConfigFile, DecoderConfig},
	llama, mistral, qwen2, qwen3,
};
use crate::QualityError;

/// A float model that reads a batch of sequences, one token of each at a time.
///
/// Candle's networks give the logits after the last token that they are fed, so one token at a time is
/// what shows those after every token. The batch makes up for the speed: it reads the weights once.
pub struct FloatDecoder {
	network: Box<dyn Network>,
	vocabulary: usize,
	max_positions: usize,
	position: usize,
}

/// One of candle's networks with what it keeps of the tokens so far.
pub(super) trait Network {
	/// Logits, `[sequences, 1, vocabulary]` or without the 1, after one more token of each sequence.
	/// `tokens` is `[sequences, 1]`, and `position` how many came before.
	fn forward(&mut self, tokens: &Tensor, position: usize) -> candle_core::Result<Tensor>;

	/// Forgets all tokens.
	fn forget(&mut self);
}

/// A network and the longest sequence that it computes as the configuration says.
pub(super) struct Loaded {
	pub(super) network: Box<dyn Network>,
	pub(super) max_positions: usize,
}

/// What makes a network of an architecture.
type Family = fn(&ConfigFile, &DecoderConfig, VarBuilder<'_>) -> Result<Loaded, QualityError>;

/// Which tensors there are besides those of every decoder.
struct Extras {
	/// Biases of queries, keys and values.
	biases: fn(&DecoderConfig) -> bool,
	/// The bias of the attention's output.
	output_bias: fn(&DecoderConfig) -> bool,
	/// Norms of query and key heads.
	head_norms: bool,
}

/// Architectures by the name in `config.json`.
const FAMILIES: [(&str, Family, Extras); 4] = [
	("LlamaForCausalLM", llama::load, NO_EXTRAS),
	("MistralForCausalLM", mistral::load, NO_EXTRAS),
	("Qwen2ForCausalLM", qwen2::load, Extras { biases: |_| true, ..NO_EXTRAS }),
	(
		"Qwen3ForCausalLM",
		qwen3::load,
		Extras {
			biases: |config| config.attention_bias,
			output_bias: |config| config.attention_bias,
			head_norms: true,
		},
	),
];

const NO_EXTRAS: Extras = Extras { biases: |_| false, output_bias: |_| false, head_norms: false };

impl FloatDecoder {
	/// Loads a Hugging Face folder.
	///
	/// # Errors
	/// If candle has no such network, or a tensor is missing or has another shape.
	pub fn load(folder: &Path) -> Result<Self, QualityError> {
		let file = ConfigFile::read(folder)?;
		let family = FAMILIES.iter().find(|(name, ..)| *name == file.architecture());
		let Some((_, load, extras)) = family else {
			return Err(file.unknown(&FAMILIES.map(|(name, ..)| name)));
		};
		let config = file.decoder()?;
		let tensors = read_tensors(&Checkpoint::open(folder)?, &config, extras)?;
		let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
		let Loaded { network, max_positions } = load(&file, &config, weights)?;
		let vocabulary = config.vocab_size;
		Ok(Self { network, vocabulary, max_positions, position: 0 })
	}

	/// The longest sequence that it reads.
	pub fn max_positions(&self) -> usize {
		self.max_positions
	}

	/// Begins a new batch.
	pub fn restart(&mut self) {
		self.network.forget();
		self.position = 0;
	}

	/// Reads one more token of each sequence of the batch; the logits after it, a row for each.
	///
	/// # Errors
	/// If candle refuses, for example an unknown token.
	pub fn step(&mut self, tokens: &[u32]) -> Result<Vec<Vec<f32>>, QualityError> {
		let tokens = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(1)?;
		let logits = self.network.forward(&tokens, self.position)?;
		self.position += 1;
		Ok(logits.reshape((tokens.dim(0)?, self.vocabulary))?.to_vec2()?)
	}
}

/// The tensors of a decoder, each with the shape that follows from the configuration.
fn read_tensors(
	checkpoint: &Checkpoint,
	config: &DecoderConfig,
	extras: &Extras,
) -> Result<HashMap<String, Tensor>, QualityError> {
	const WORDS: &str = "model.embed_tokens.weight";
	const HEAD: &str = "lm_head.weight";
	let hidden = config.hidden_size;
	let table = vec![config.vocab_size, hidden];
	let mut shapes =
		vec![(WORDS.to_owned(), table.clone()), ("model.norm.weight".to_owned(), vec![hidden])];
	if !config.tie_word_embeddings {
		shapes.push((HEAD.to_owned(), table));
	}
	for layer in 0..config.num_hidden_layers {
		for (name, shape) in layer_shapes(config, extras) {
			shapes.push((format!("model.layers.{layer}.{name}"), shape));
		}
	}
	let mut tensors = HashMap::new();
	for (name, shape) in shapes {
		let tensor = checkpoint.tensor(&name, &shape)?;
		tensors.insert(name, tensor);
	}
	if let (true, Some(words)) = (config.tie_word_embeddings, tensors.get(WORDS)) {
		// Not all of candle's networks know tied tables.
		let head = words.clone();
		tensors.insert(HEAD.to_owned(), head);
	}
	Ok(tensors)
}

/// The tensors of a layer.
fn layer_shapes(config: &DecoderConfig, extras: &Extras) -> Vec<(&'static str, Vec<usize>)> {
	let (hidden, inner) = (config.hidden_size, config.intermediate_size);
	let queries = config.num_attention_heads * config.head_dim();
	let keys = config.key_heads() * config.head_dim();
	let mut shapes = vec![
		("input_layernorm.weight", vec![hidden]),
		("self_attn.q_proj.weight", vec![queries, hidden]),
		("self_attn.k_proj.weight", vec![keys, hidden]),
		("self_attn.v_proj.weight", vec![keys, hidden]),
		("self_attn.o_proj.weight", vec![hidden, queries]),
		("post_attention_layernorm.weight", vec![hidden]),
		("mlp.gate_proj.weight", vec![inner, hidden]),
		("mlp.up_proj.weight", vec![inner, hidden]),
		("mlp.down_proj.weight", vec![hidden, inner]),
	];
	if (extras.biases)(config) {
		shapes.extend([
			("self_attn.q_proj.bias", vec![queries]),
			("self_attn.k_proj.bias", vec![keys]),
			("self_attn.v_proj.bias", vec![keys]),
		]);
	}
	if (extras.output_bias)(config) {
		shapes.push(("self_attn.o_proj.bias", vec![hidden]));
	}
	if extras.head_norms {
		shapes.extend([
			("self_attn.q_norm.weight", vec![config.head_dim()]),
			("self_attn.k_norm.weight", vec![config.head_dim()]),
		]);
	}
	shapes
}
