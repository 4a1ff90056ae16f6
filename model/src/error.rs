//! What can be wrong with a model directory.

use std::{
	io,
	path::{Path, PathBuf},
};

use assay_primitives::hash::Hash;
use assay_programs::program::DecodeError;
use thiserror::Error;

/// Why a model directory cannot be read or written.
#[derive(Debug, Error)]
pub enum ModelError {
	/// The operating system says no.
	#[error("{}: {source}; {}", path.display(), remedy(source))]
	Io {
		/// The file or folder.
		path: PathBuf,
		/// The cause.
		source: io::Error,
	},
	/// Nothing more can be written.
	#[error("{}: the disk is full; free some space and run the import again", path.display())]
	DiskFull {
		/// The file or folder.
		path: PathBuf,
	},
	/// The output is there already.
	#[error("{} exists; remove it or choose another output folder", path.display())]
	Exists {
		/// The output.
		path: PathBuf,
	},
	/// Somebody else writes this output.
	#[error("{} is being written by another import; wait for it or choose another output folder", path.display())]
	Busy {
		/// The folder in the making.
		path: PathBuf,
	},
	/// The output's path has no last part.
	#[error("{} cannot be created: an output folder needs a name", path.display())]
	NoName {
		/// The output.
		path: PathBuf,
	},
	/// A folder that holds no model.
	#[error("{} is no model directory: it has no {file}; give the folder that an import has made", path.display())]
	NotAModel {
		/// The folder.
		path: PathBuf,
		/// What is missing.
		file: &'static str,
	},
	/// `manifest.json` is not a manifest.
	#[error("{}: {source}; import the model again", path.display())]
	Manifest {
		/// The file.
		path: PathBuf,
		/// The cause, with line and column.
		source: serde_json::Error,
	},
	/// The bytes of `program.scale` are no program.
	#[error("{}: {source}; import the model again", path.display())]
	Decode {
		/// The file.
		path: PathBuf,
		/// The cause.
		source: DecodeError,
	},
	/// The program is not admitted.
	#[error("{}: the program is not admitted: {fault}; import the model again", path.display())]
	Program {
		/// The file.
		path: PathBuf,
		/// The cause.
		fault: assay_programs::Fault,
	},
	/// The manifest and the program or the files tell different stories.
	#[error("{}: the manifest says {field} {manifest}, it is {found}; import the model again", path.display())]
	Differs {
		/// The file that the manifest speaks about.
		path: PathBuf,
		/// What differs.
		field: &'static str,
		/// As the manifest has it.
		manifest: String,
		/// As it is.
		found: String,
	},
	/// The weights are damaged.
	#[error("{}: {fault}", path.display())]
	Weights {
		/// The file.
		path: PathBuf,
		/// How.
		fault: WeightsFault,
	},
}

/// What can be wrong with a file of weights.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WeightsFault {
	/// No room for the length of the header.
	#[error("no safetensors file: {bytes} bytes, the header's length alone has 8; copy or download it again")]
	NoHeader {
		/// Bytes of the file.
		bytes: u64,
	},
	/// A header that is longer than the file or than readers accept.
	#[error("the header claims {claimed} bytes, at most {limit} are there; the file is truncated or no safetensors file, copy or download it again")]
	HeaderLength {
		/// As claimed.
		claimed: u64,
		/// What is left of the file, or the greatest length that readers of the format accept.
		limit: u64,
	},
	/// A header that is no header.
	#[error("the header is malformed: {reason}; copy or download the file again")]
	Header {
		/// What is wrong.
		reason: String,
	},
	/// An element type that the format does not have.
	#[error("tensor {tensor} has the unknown dtype {dtype}; convert it to one of the format's")]
	UnknownDtype {
		/// Its name.
		tensor: String,
		/// As the header has it.
		dtype: String,
	},
	/// Two tensors of one name, of which each reader would take another.
	#[error(
		"tensor {tensor} is there twice; the file was written wrongly, make or download it again"
	)]
	Twice {
		/// Their name.
		tensor: String,
	},
	/// A tensor whose place does not have the size of its shape.
	#[error("tensor {tensor}: {shape:?} of {dtype} are {expected} bytes, its place has {found}; the file was written wrongly, make or download it again")]
	Mislabelled {
		/// Its name.
		tensor: String,
		/// As the header has it.
		shape: Vec<usize>,
		/// As the header has it.
		dtype: String,
		/// Bytes of the shape.
		expected: u64,
		/// Bytes of the place.
		found: u64,
	},
	/// The file ends inside a tensor.
	#[error("truncated inside tensor {tensor}: {expected} bytes are needed, the file has {found}; copy or download it again")]
	Truncated {
		/// The first tensor that is not whole.
		tensor: String,
		/// Bytes of the whole file.
		expected: u64,
		/// Bytes there.
		found: u64,
	},
	/// The file goes on after its last tensor.
	#[error("{surplus} bytes follow the last tensor; copy or download the file again")]
	Surplus {
		/// How many.
		surplus: u64,
	},
	/// A tensor that should be there.
	#[error("tensor {tensor} is missing; import the model again")]
	Missing {
		/// Its name.
		tensor: String,
	},
	/// A tensor that the program does not have.
	#[error("tensor {tensor} is not part of the program; import the model again")]
	Unknown {
		/// Its name.
		tensor: String,
	},
	/// A tensor of another form than the program states.
	#[error("tensor {tensor} is {found}, the program states {expected}; import the model again")]
	Form {
		/// Its name.
		tensor: String,
		/// Element type and shape.
		expected: String,
		/// Element type and shape.
		found: String,
	},
	/// A tensor whose bytes are not those that were imported.
	#[error("tensor {tensor} is damaged: its hash is {found}, the manifest says {expected}; import the model again")]
	Damaged {
		/// Its name, with `*` for the copies.
		tensor: String,
		/// As the manifest has it.
		expected: Hash,
		/// As it is.
		found: Hash,
	},
	/// The table of names does not fit the program.
	#[error("the table of names is wrong: {reason}; import the model again")]
	Names {
		/// What is wrong.
		reason: String,
	},
}

/// What a user can do about a failed call of the operating system.
fn remedy(error: &io::Error) -> &'static str {
	match error.kind() {
		io::ErrorKind::NotFound => "check the path",
		io::ErrorKind::PermissionDenied => "give this user access to it, or choose another path",
		io::ErrorKind::IsADirectory => "give a file instead of a folder",
		io::ErrorKind::NotADirectory => "a part of the path is a file; check the path",
		io::ErrorKind::ReadOnlyFilesystem => "choose a folder on another disk",
		io::ErrorKind::FileTooLarge => "raise the limit (ulimit -f), or choose another disk",
		_ => "check the disk and run the command again",
	}
}

impl ModelError {
	/// The error for a failed call of the operating system.
	pub fn io(path: &Path, source: io::Error) -> Self {
		let path = path.to_path_buf();
		match source.kind() {
			io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
			_ => Self::Io { path, source },
		}
	}

	/// The error for damaged weights.
	pub(crate) fn weights(path: &Path, fault: WeightsFault) -> Self {
		Self::Weights { path: path.to_path_buf(), fault }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn failed_calls_come_with_what_to_do() {
		for (kind, part) in [
			(io::ErrorKind::NotFound, "check the path"),
			(io::ErrorKind::IsADirectory, "give a file"),
			(io::ErrorKind::PermissionDenied, "another path"),
			(io::ErrorKind::StorageFull, "free some space"),
			(io::ErrorKind::Other, "check the disk"),
		] {
			let text = ModelError::io(Path::new("a/b"), kind.into()).to_string();
			assert!(text.starts_with("a/b: ") && text.contains(part), "{text}");
		}
	}
}
