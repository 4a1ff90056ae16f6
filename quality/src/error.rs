//! Why a comparison cannot be made.

use std::path::PathBuf;

use assay_engine::{
	embedding::EmbeddingError, generation::RequestError, text_model::TextModelError,
};
use assay_kernels_backend::BackendError;
use assay_model::ModelError;
use thiserror::Error;

/// Why a model was not compared with its float model.
#[derive(Debug, Error)]
pub enum QualityError {
	/// A file cannot be read or is damaged.
	#[error(transparent)]
	Model(Box<ModelError>),
	/// The model directory is not ready for text.
	#[error(transparent)]
	TextModel(Box<TextModelError>),
	/// The exact model cannot be run.
	#[error(transparent)]
	Backend(#[from] BackendError),
	/// The exact model cannot embed.
	#[error("the exact model: {0}")]
	Embedding(#[from] EmbeddingError),
	/// The exact model refuses a prompt.
	#[error("the exact model: {0}")]
	Request(#[from] RequestError),
	/// The float model cannot be run.
	#[error("the float model: {0}")]
	Float(#[from] candle_core::Error),
	/// A file that is no JSON of the expected form.
	#[error("{}: {source}; give the folder that the model was imported from", path.display())]
	Json {
		/// The file.
		path: PathBuf,
		/// The cause, with line and column.
		source: serde_json::Error,
	},
	/// An architecture without float model.
	#[error("{}: there is no float model of the architecture {architecture}; there are those of {known}", path.display())]
	Architecture {
		/// The configuration.
		path: PathBuf,
		/// As it names itself.
		architecture: String,
		/// Those that there are.
		known: String,
	},
	/// An option that the float model does not have.
	#[error("{}: the float model cannot have {option} {found}; {expected}", path.display())]
	Option {
		/// The file.
		path: PathBuf,
		/// Its name.
		option: &'static str,
		/// Its value.
		found: String,
		/// What can be compared.
		expected: &'static str,
	},
	/// A source without weights.
	#[error("{} has neither model.safetensors nor model.safetensors.index.json; give the folder that the model was imported from", folder.display())]
	NoWeights {
		/// The source.
		folder: PathBuf,
	},
	/// A tensor that is not there.
	#[error("{}: tensor {tensor} is missing; give the folder that the model was imported from", folder.display())]
	MissingTensor {
		/// The source.
		folder: PathBuf,
		/// Its name.
		tensor: String,
	},
	/// A tensor that the float model cannot take.
	#[error("{}: tensor {tensor} is {found}, the float model needs {expected}", path.display())]
	Tensor {
		/// The file.
		path: PathBuf,
		/// Its name.
		tensor: String,
		/// Element type and shape.
		found: String,
		/// Element type and shape.
		expected: String,
	},
	/// The model was imported from something else.
	#[error("{} is not the file that the model was imported from; give the model's own source", path.display())]
	OtherSource {
		/// The file.
		path: PathBuf,
	},
	/// A file of texts that cannot be used.
	#[error("{}: {reason}", path.display())]
	Texts {
		/// The file.
		path: PathBuf,
		/// Why.
		reason: &'static str,
	},
	/// A text that the models cannot read.
	#[error("text {number}: {reason}")]
	Text {
		/// Its number in the file, from 1.
		number: usize,
		/// Why.
		reason: TextFault,
	},
	/// The built-in text means nothing to the model.
	#[error(
		"{percent} % of the built-in text is the same token to this model, which tells nothing about \
		 it; give it a text of its own kind with --text FILE"
	)]
	ForeignText {
		/// Share of the most frequent token.
		percent: usize,
	},
	/// Too little text for the figures.
	#[error("{found} are too few to compare, at least {least} are needed; give a longer text")]
	TooFew {
		/// How many of what there are.
		found: String,
		/// How many are needed.
		least: usize,
	},
	/// A model gives numbers that cannot be compared.
	#[error("the {figure} is {value}: one of the models gives no usable numbers on this text")]
	NotFinite {
		/// What was computed.
		figure: &'static str,
		/// What came out.
		value: f64,
	},
}

/// Why a text cannot be read by the models.
#[derive(Debug, Error)]
pub enum TextFault {
	/// It has no tokens, or too many.
	#[error(transparent)]
	Embedding(#[from] EmbeddingError),
	/// It has no tokens, or unknown ones.
	#[error(transparent)]
	Tokenizer(#[from] assay_engine::tokenizer::TokenizerError),
	/// A problem that does not fit the context.
	#[error("{tokens} tokens of prompt and answer, at most {limit} can be read; shorten them")]
	TooLong {
		/// Tokens, the one that ends the answer included.
		tokens: usize,
		/// Tokens that both models can read.
		limit: usize,
	},
	/// A problem without answer.
	#[error("the answer after the tab has no tokens; write one")]
	NoAnswer,
}

impl QualityError {
	/// The error about a text, counted from 0.
	pub(crate) fn text(index: usize, reason: impl Into<TextFault>) -> Self {
		Self::Text { number: index + 1, reason: reason.into() }
	}
}

// Boxed, as they are larger than everything that succeeds.
impl From<ModelError> for QualityError {
	fn from(error: ModelError) -> Self {
		Self::Model(Box::new(error))
	}
}

impl From<TextModelError> for QualityError {
	fn from(error: TextModelError) -> Self {
		Self::TextModel(Box::new(error))
	}
}
