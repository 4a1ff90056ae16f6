//! What can go wrong, with the file and the way out.

use std::path::PathBuf;
use thiserror::Error;

/// Why training or measuring failed.
#[derive(Debug, Error)]
pub(crate) enum Error {
	/// A file or folder cannot be read or written.
	#[error("{path}: {source}")]
	File { path: PathBuf, source: std::io::Error },
	/// A file is not what its name says.
	#[error("{path}: {reason}; write the folder anew with `train-adder train --out DIR`")]
	Content { path: PathBuf, reason: String },
	/// The tensor library refused an operation.
	#[error("tensors: {0}")]
	Tensors(#[from] candle_core::Error),
	/// The tokenizer refused a text.
	#[error("tokenizer: {0}")]
	Tokenizer(#[from] tokenizers::Error),
}

impl Error {
	/// An [`Error::File`] about `path`.
	pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
		let path = path.into();
		move |source| Self::File { path, source }
	}

	/// An [`Error::Content`] about `path`.
	pub(crate) fn content(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
		Self::Content { path: path.into(), reason: reason.to_string() }
	}
}
