//! The text whose activations are measured.

use std::{
	fs,
	path::{Path, PathBuf},
};

use assay_model::ModelError;
use assay_primitives::hash::{Hash, Hasher, Native};

use crate::ImportError;

/// Short sentences in several languages, and marks and numbers alone, which reach furthest.
const BUILT_IN: &str = include_str!("calibration.txt");

/// The text whose activations are measured, one example per line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Calibration {
	/// The one that comes with this program.
	#[default]
	BuiltIn,
	/// A file of UTF-8 text.
	File(PathBuf),
}

impl Calibration {
	/// The lines that are not empty, and the hash of the text.
	pub(crate) fn read(&self) -> Result<(Vec<String>, Hash), ImportError> {
		let text = match self {
			Self::BuiltIn => BUILT_IN.to_owned(),
			Self::File(path) => {
				let bytes = fs::read(path).map_err(|source| ModelError::io(path, source))?;
				String::from_utf8(bytes).map_err(|_| wrong(path, "the text is not UTF-8"))?
			}
		};
		let lines: Vec<_> =
			text.lines().filter(|line| !line.trim().is_empty()).map(String::from).collect();
		match self {
			Self::File(path) if lines.is_empty() => Err(wrong(path, "the text has no lines")),
			_ => Ok((lines, Native::hash(text.as_bytes()))),
		}
	}
}

fn wrong(path: &Path, reason: &'static str) -> ImportError {
	ImportError::Calibration { path: path.to_path_buf(), reason }
}
