//! What can be wrong with a source.

use std::path::{Path, PathBuf};

use assay_engine::{text_model::TextModelError, tokenizer::TokenizerError};
use assay_kernels_backend::BackendError;
use assay_model::ModelError;
use thiserror::Error;

/// Why a model was not imported. Nothing was left under the output's name.
#[derive(Debug, Error)]
pub enum ImportError {
	/// A file cannot be read, a header is damaged, or the output cannot be written.
	#[error(transparent)]
	Model(#[from] ModelError),
	/// A file that every source has.
	#[error("{} has no {file}: {fix}", folder.display())]
	NoFile {
		/// The source.
		folder: PathBuf,
		/// What is missing.
		file: &'static str,
		/// What to do.
		fix: &'static str,
	},
	/// A file that is no JSON of the expected form.
	#[error("{}: {source}; download the file again", path.display())]
	Json {
		/// The file.
		path: PathBuf,
		/// The cause, with line and column.
		source: serde_json::Error,
	},
	/// An architecture that cannot be lowered.
	#[error("{}: the architecture {architecture} is not supported; supported are {supported}", path.display())]
	UnknownArchitecture {
		/// The configuration.
		path: PathBuf,
		/// As it names itself.
		architecture: String,
		/// What can be lowered.
		supported: String,
	},
	/// An option whose meaning is not known, so that ignoring it could be wrong.
	#[error("{}: the option {option} of {architecture} is not known; remove it only if it does not affect the arithmetic", path.display())]
	UnknownOption {
		/// The configuration.
		path: PathBuf,
		/// Whose option.
		architecture: String,
		/// Its name.
		option: String,
	},
	/// An option that must be there.
	#[error("{}: the option {option} is missing; take the file that came with the weights", path.display())]
	NoOption {
		/// The configuration.
		path: PathBuf,
		/// Its name.
		option: String,
	},
	/// An option whose value cannot be lowered.
	#[error("{}: {option} is {found}; {expected}", path.display())]
	Option {
		/// The configuration.
		path: PathBuf,
		/// Its name.
		option: String,
		/// Its value.
		found: String,
		/// What can be lowered.
		expected: String,
	},
	/// A tensor of the source.
	#[error("{}: tensor {tensor} {fault}", path.display())]
	Tensor {
		/// The file, or the folder where no file has it.
		path: PathBuf,
		/// Its name.
		tensor: String,
		/// What is wrong.
		fault: TensorFault,
	},
	/// The program is not admitted.
	#[error("{}: the model is not admitted: {fault}; only models within this bound can be imported", path.display())]
	NotAdmitted {
		/// The configuration.
		path: PathBuf,
		/// Operation, operand, bound and value.
		fault: assay_programs::Fault,
	},
	/// A tokenizer or chat template that cannot be used with the model.
	#[error(transparent)]
	Text(Box<TextModelError>),
	/// A profile that the source cannot have.
	#[error("the profile {profile} is not possible: {reason}")]
	Profile {
		/// Its name.
		profile: &'static str,
		/// Why.
		reason: &'static str,
	},
	/// A calibration text that cannot be used.
	#[error("{}: {reason}; write one example a line, in UTF-8", path.display())]
	Calibration {
		/// The file.
		path: PathBuf,
		/// Why.
		reason: &'static str,
	},
	/// A calibration text for an import that measures none.
	#[error("{}: the text is for smoothing, which this import does without; leave it out, or ask for smoothing by a percentage", path.display())]
	NoSmoothing {
		/// The text.
		path: PathBuf,
	},
	/// An example of the calibration text without usable tokens.
	#[error("example {number} of the calibration text: {source}")]
	Example {
		/// Its number, from 1; empty lines do not count.
		number: usize,
		/// The cause.
		source: TokenizerError,
	},
	/// The calibration run failed.
	#[error("the calibration run failed: {0}")]
	Backend(#[from] BackendError),
	/// A program from outside failed.
	#[error("{command} failed: {reason}")]
	Command {
		/// What was run.
		command: String,
		/// Its exit status and last line.
		reason: String,
	},
	/// A fetched file that is not the expected one.
	#[error("{}: blake2-256 is {found}, expected {expected}; remove the file and fetch again", path.display())]
	Fetched {
		/// The file.
		path: PathBuf,
		/// As pinned.
		expected: String,
		/// As found.
		found: String,
	},
	/// Stopped by the caller.
	#[error("cancelled")]
	Cancelled,
}

/// What can be wrong with a tensor of the source.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TensorFault {
	/// Not there.
	#[error(
		"is missing; download the checkpoint again, or take the configuration that belongs to it"
	)]
	Missing,
	/// There, but the architecture has no use for it.
	#[error("is not part of the architecture {architecture}; remove it only if it does not affect the arithmetic")]
	Unexpected {
		/// As lowered.
		architecture: String,
	},
	/// Two files have it.
	#[error("is also in {}; remove the file that does not belong to the checkpoint", other.display())]
	Twice {
		/// The other file.
		other: PathBuf,
	},
	/// The index names a file that does not have it.
	#[error(
		"is missing from the file that model.safetensors.index.json names; download both again"
	)]
	NotInShard,
	/// An element type that cannot be imported here.
	#[error("has dtype {found}; convert it, only {expected} can be imported")]
	Dtype {
		/// As the header has it.
		found: String,
		/// What can be imported.
		expected: &'static str,
	},
	/// Another shape than the configuration says.
	#[error(
		"has shape {found:?}, the configuration says {expected:?}; take both from one checkpoint"
	)]
	Shape {
		/// From the configuration.
		expected: Vec<usize>,
		/// As the header has it.
		found: Vec<usize>,
	},
	/// NaN or infinity.
	#[error("holds {value} at index {index:?}; the checkpoint is damaged, download it again")]
	NotFinite {
		/// Row and column, or one index for a vector.
		index: Vec<u64>,
		/// The element.
		value: String,
	},
	/// A scale below zero.
	#[error("holds {value} for row {row}, and no scale is negative; the checkpoint is damaged, download it again")]
	NegativeScale {
		/// Which row it belongs to.
		row: usize,
		/// The scale.
		value: String,
	},
	/// Quantised already where that cannot be used.
	#[error("is quantised already, {reason}")]
	Quantised {
		/// Why this is in the way.
		reason: &'static str,
	},
}

impl ImportError {
	/// The error for a tensor.
	pub(crate) fn tensor(path: &Path, tensor: &str, fault: TensorFault) -> Self {
		Self::Tensor { path: path.to_path_buf(), tensor: tensor.into(), fault }
	}
}

// Boxed, as it is larger than everything that succeeds.
impl From<TextModelError> for ImportError {
	fn from(error: TextModelError) -> Self {
		Self::Text(Box::new(error))
	}
}
