//! What the exit status says.
//!
//! | status | meaning |
//! | --- | --- |
//! | 0 | done |
//! | 1 | failed: a file could not be read or written, or a device broke |
//! | 2 | the command line is wrong |
//! | 3 | an input is refused: a model, text, chat or checkpoint that cannot be used |
//! | 4 | a check found a difference: damaged weights, another root, a vector that does not replay |
//! | 5 | not available now: no room, no network, somebody else at work |

use std::{error::Error, fmt::Display, io, process::ExitCode};

use assay_engine::{
	chat::ChatError,
	embedding::EmbeddingError,
	generation::RequestError,
	text_model::{PromptError, TextModelError},
	tokenizer::TokenizerError,
};
use assay_import::ImportError;
use assay_kernels_backend::BackendError;
use assay_model::{ModelError, WeightsFault};
use assay_quality::QualityError;

/// Shown by `--help`.
pub(crate) const HELP: &str =
	"Exit status: 0 done, 1 failed, 2 wrong command line, 3 input refused, \
	4 a check found a difference, 5 not available now.";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
	status: Status,
	message: String,
}

/// The exit statuses besides 0; clap exits with 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
	/// Reading or writing failed, or a device.
	Failed = 1,
	/// An input cannot be used.
	Refused = 3,
	/// A check found a difference.
	Different = 4,
	/// Another time or place may do it.
	Unavailable = 5,
}

impl Failure {
	/// A failure that is told in one line, whatever the message holds.
	pub(crate) fn new(status: Status, message: impl Display) -> Self {
		let message = message.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
		Self { status, message }
	}

	#[cfg(test)]
	pub(crate) fn status(&self) -> Status {
		self.status
	}

	/// A failure of the operating system at a file or folder.
	pub(crate) fn io(path: &std::path::Path, error: io::Error) -> Self {
		ModelError::io(path, error).into()
	}

	/// Tells the reason and gives the exit status.
	pub(crate) fn report(&self) -> ExitCode {
		eprintln!("Error: {}", self.message);
		ExitCode::from(self.status as u8)
	}
}

/// The exit status of an error that comes from below.
trait Classified: Error {
	fn status(&self) -> Status;
}

impl<E: Classified> From<E> for Failure {
	fn from(error: E) -> Self {
		Self::new(error.status(), error)
	}
}

impl Classified for ModelError {
	fn status(&self) -> Status {
		match self {
			Self::Io { source, .. } => match source.kind() {
				// The path is what is wrong.
				io::ErrorKind::NotFound
				| io::ErrorKind::IsADirectory
				| io::ErrorKind::NotADirectory => Status::Refused,
				_ => Status::Failed,
			},
			Self::DiskFull { .. } => Status::Failed,
			Self::Busy { .. } => Status::Unavailable,
			Self::Differs { .. } | Self::Weights { fault: WeightsFault::Damaged { .. }, .. } => {
				Status::Different
			}
			_ => Status::Refused,
		}
	}
}

impl Classified for ImportError {
	fn status(&self) -> Status {
		match self {
			Self::Model(error) => error.status(),
			Self::Text(error) => error.status(),
			Self::Backend(error) => error.status(),
			Self::Command { .. } => Status::Unavailable,
			Self::Fetched { .. } => Status::Different,
			Self::Cancelled => Status::Failed,
			_ => Status::Refused,
		}
	}
}

impl Classified for BackendError {
	fn status(&self) -> Status {
		match self {
			Self::Weights(_) | Self::Operation { .. } | Self::Device(_) => Status::Failed,
			Self::NoRoom { .. } => Status::Unavailable,
			_ => Status::Refused,
		}
	}
}

impl Classified for TextModelError {
	fn status(&self) -> Status {
		match self {
			Self::Model(error) => error.status(),
			Self::Tokenizer { .. } | Self::Chat { .. } => Status::Refused,
		}
	}
}

impl Classified for EmbeddingError {
	fn status(&self) -> Status {
		match self {
			Self::Backend(error) => error.status(),
			Self::Tokenizer(_) | Self::TooLong { .. } => Status::Refused,
		}
	}
}

impl Classified for RequestError {
	fn status(&self) -> Status {
		match self {
			Self::Overloaded { .. } | Self::Room { .. } => Status::Unavailable,
			_ => Status::Refused,
		}
	}
}

impl Classified for QualityError {
	fn status(&self) -> Status {
		match self {
			Self::Model(error) => error.status(),
			Self::TextModel(error) => error.status(),
			Self::Backend(error) => error.status(),
			Self::Embedding(error) => error.status(),
			Self::Request(error) => error.status(),
			Self::Float(_) => Status::Failed,
			Self::OtherSource { .. } => Status::Different,
			_ => Status::Refused,
		}
	}
}

impl Classified for PromptError {
	fn status(&self) -> Status {
		Status::Refused
	}
}

impl Classified for ChatError {
	fn status(&self) -> Status {
		Status::Refused
	}
}

impl Classified for TokenizerError {
	fn status(&self) -> Status {
		Status::Refused
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_failure_is_one_line() {
		let failure = Failure::new(Status::Failed, "first\n  second");
		assert_eq!(failure.message, "first second");
	}

	#[test]
	fn a_wrong_path_is_an_input_that_cannot_be_used() {
		let io = |kind: io::ErrorKind| Failure::io("a".as_ref(), kind.into()).status;
		assert_eq!(io(io::ErrorKind::NotFound), Status::Refused);
		assert_eq!(io(io::ErrorKind::IsADirectory), Status::Refused);
		assert_eq!(io(io::ErrorKind::PermissionDenied), Status::Failed);
		assert_eq!(io(io::ErrorKind::StorageFull), Status::Failed);
	}
}
