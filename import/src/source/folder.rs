//! The folder and its JSON files.

use std::{
	fs,
	io::ErrorKind,
	path::{Path, PathBuf},
};

use assay_model::{hash_file, ModelError, SourceFile};
use serde_json::{Map, Value};

use crate::{progress::Meter, ImportError};

/// A folder of a model in Hugging Face's form.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
	path: PathBuf,
}

impl Folder {
	pub(crate) fn new(path: &Path) -> Self {
		Self { path: path.to_path_buf() }
	}

	pub(crate) fn path(&self) -> &Path {
		&self.path
	}

	/// The folder's own name, or `model`.
	pub(crate) fn name(&self) -> String {
		let resolved = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
		resolved.file_name().map_or_else(|| "model".into(), |name| name.to_string_lossy().into())
	}

	pub(crate) fn file(&self, name: &str) -> PathBuf {
		self.path.join(name)
	}

	pub(crate) fn has(&self, name: &str) -> bool {
		self.file(name).is_file()
	}

	/// A JSON file, or `None` where there is none.
	pub(crate) fn json(&self, name: &str) -> Result<Option<Value>, ImportError> {
		let path = self.file(name);
		match fs::read(&path) {
			Ok(bytes) => serde_json::from_slice(&bytes)
				.map(Some)
				.map_err(|source| ImportError::Json { path, source }),
			Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
			Err(source) => Err(ModelError::io(&path, source).into()),
		}
	}

	/// A JSON file that holds an object.
	pub(crate) fn object(&self, name: &str) -> Result<Option<Map<String, Value>>, ImportError> {
		match self.json(name)? {
			None => Ok(None),
			Some(Value::Object(entries)) => Ok(Some(entries)),
			Some(_) => {
				let source = serde::de::Error::custom("an object is expected");
				Err(ImportError::Json { path: self.file(name), source })
			}
		}
	}

	/// Size and hash of files.
	pub(crate) fn describe(
		&self,
		names: &[String],
		meter: &mut Meter<'_>,
	) -> Result<Vec<SourceFile>, ImportError> {
		let describe = |name: &String| {
			let (blake2_256, bytes) = hash_file(&self.file(name))?;
			meter.advance(bytes)?;
			Ok(SourceFile { path: name.clone(), bytes, blake2_256 })
		};
		names.iter().map(describe).collect()
	}

	/// Size of a file.
	pub(crate) fn size(&self, name: &str) -> Result<u64, ImportError> {
		let path = self.file(name);
		let metadata = fs::metadata(&path).map_err(|source| ModelError::io(&path, source))?;
		Ok(metadata.len())
	}
}
