//! Configurations to programs: a file for each family, and one for each shape that families share.

mod bert;
mod decoder;
mod encoder;
mod llama;
mod mistral;
mod qwen2;
mod qwen3;
mod rope;
mod stop;

use assay_model::Kind;
use assay_programs::{limits::MAX_POSITIONS, op::Activation};
use serde_json::Value;

use crate::{
	plan::Plan,
	source::{Checkpoint, Config, Folder},
	ImportError, Profile,
};

/// A model whose configuration was understood.
pub(crate) enum Model {
	/// It generates.
	Decoder(decoder::Decoder),
	/// It embeds.
	Encoder(encoder::Encoder),
}

/// What reads the configuration of an architecture.
type Family = fn(Config, &Folder, &Checkpoint) -> Result<Model, ImportError>;

/// Architectures by the name in `config.json`.
const FAMILIES: [(&str, Family); 6] = [
	("BertForMaskedLM", bert::read),
	("BertModel", bert::read),
	("LlamaForCausalLM", llama::read),
	("MistralForCausalLM", mistral::read),
	("Qwen2ForCausalLM", qwen2::read),
	("Qwen3ForCausalLM", qwen3::read),
];

/// Reads the configuration of a folder by its architecture.
pub(crate) fn read(
	config: Config,
	folder: &Folder,
	checkpoint: &Checkpoint,
) -> Result<Model, ImportError> {
	match FAMILIES.iter().find(|(name, _)| *name == config.architecture()) {
		Some((_, family)) => family(config, folder, checkpoint),
		None => {
			let (path, architecture) = (config.path().to_path_buf(), config.architecture().into());
			let supported = FAMILIES.map(|(name, _)| name).join(", ");
			Err(ImportError::UnknownArchitecture { path, architecture, supported })
		}
	}
}

impl Model {
	/// What goes in and what comes out.
	pub(crate) const fn kind(&self) -> Kind {
		match self {
			Self::Decoder(_) => Kind::Generate,
			Self::Encoder(_) => Kind::Embed,
		}
	}

	/// Names of files besides the configuration and the weights that were read for it.
	pub(crate) fn files(&self) -> &[String] {
		match self {
			Self::Decoder(decoder) => &decoder.files,
			Self::Encoder(encoder) => &encoder.files,
		}
	}

	/// What the model lacks of what its configuration says, in a sentence each.
	pub(crate) fn notes(&self) -> Vec<String> {
		let positions = match self {
			Self::Decoder(decoder) => decoder.positions,
			Self::Encoder(encoder) => encoder.positions,
		};
		let admitted = max_positions(positions);
		let shorter = || {
			format!(
				"the context is {admitted} positions, the most that a program can have; the \
				 source's is {positions}"
			)
		};
		(admitted < positions).then(shorter).into_iter().collect()
	}

	/// The program with recipes for its weights.
	pub(crate) fn plan(&self, profile: Profile, smooth: bool) -> Plan {
		let precision = profile.precision(self.kind());
		match self {
			Self::Decoder(decoder) => decoder.plan(&precision, smooth),
			Self::Encoder(encoder) => encoder.plan(&precision, smooth),
		}
	}
}

/// How many positions a program has of those of a configuration.
fn max_positions(positions: u32) -> u32 {
	positions.min(MAX_POSITIONS)
}

/// Takes the option that names an activation function.
fn activation(config: &mut Config, option: &str, default: &str) -> Result<Activation, ImportError> {
	let name = config.text(option, default)?;
	match name.as_str() {
		"relu" => Ok(Activation::Relu),
		"silu" | "swish" => Ok(Activation::Silu),
		"gelu" => Ok(Activation::Gelu),
		"gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Ok(Activation::GeluTanh),
		"tanh" => Ok(Activation::Tanh),
		_ => {
			let expected =
				"relu, silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh and tanh can be \
			                imported";
			Err(config.refuse(option, &Value::from(name), expected))
		}
	}
}

/// Takes the number of layers.
fn layers(config: &mut Config) -> Result<u16, ImportError> {
	let layers = config.count("num_hidden_layers")?;
	u16::try_from(layers).map_err(|_| {
		config.refuse("num_hidden_layers", &layers.into(), "at most 65535 can be imported")
	})
}
