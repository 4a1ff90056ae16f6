//! Writing a model directory.

use std::{
	fs::{self, File},
	io::{Read, Write},
	path::Path,
};

use assay_primitives::hash::NativeState;
use assay_programs::Program;

use crate::{
	hashing::CHUNK,
	model::{PROGRAM, WEIGHTS},
	partial::PartialFolder,
	Manifest, ModelError, SourceFile, WeightsFile, WeightsWriter, MANIFEST,
};

/// Weights of a model that is needed only while another is made.
const SCRATCH: &str = "scratch.safetensors";

/// A model directory in the making. Nothing has the output's name before [`finish`](Self::finish);
/// dropping it removes what was written.
#[derive(Debug)]
pub struct Assembly {
	folder: PartialFolder,
}

impl Assembly {
	/// Begins the directory `out`, which does not exist. What a killed process left of the same
	/// output is removed.
	///
	/// # Errors
	/// If `out` exists, another process makes it, or nothing can be written beside it.
	pub fn create(out: &Path) -> Result<Self, ModelError> {
		Ok(Self { folder: PartialFolder::create(out)? })
	}

	/// Copies a file as it is, under the name `name`, and tells its hash.
	///
	/// # Errors
	/// If it cannot be read or written.
	pub fn copy(&self, source: &Path, name: &str) -> Result<SourceFile, ModelError> {
		let target = self.folder.path().join(name);
		let (reading, writing) =
			(|error| ModelError::io(source, error), |error| ModelError::io(&target, error));
		let mut from = File::open(source).map_err(reading)?;
		let mut to = File::create_new(&target).map_err(writing)?;
		let (mut state, mut bytes) = (NativeState::default(), 0);
		let mut chunk = vec![0; CHUNK];
		loop {
			match from.read(&mut chunk).map_err(reading)? {
				0 => break,
				read => {
					state.update(&chunk[..read]);
					to.write_all(&chunk[..read]).map_err(writing)?;
					bytes += read as u64;
				}
			}
		}
		to.sync_all().map_err(writing)?;
		Ok(SourceFile { path: name.into(), bytes, blake2_256: state.finish() })
	}

	/// Begins the weights of `program`, whose table gets these names.
	///
	/// # Errors
	/// If the names do not fit the table, or the file cannot be written.
	pub fn weights<'p>(
		&self,
		program: &'p Program,
		names: &[&str],
	) -> Result<WeightsWriter<'p>, ModelError> {
		let path = self.folder.path().join(WEIGHTS);
		let file = File::create_new(&path).map_err(|source| ModelError::io(&path, source))?;
		WeightsWriter::new(file, &path, program, names)
	}

	/// Weights that are needed while the directory is made and never become part of it: written by
	/// `write`, then read from a file that has no name any more.
	///
	/// # Errors
	/// If `write` fails, or the file cannot be written or read.
	pub fn scratch<E: From<ModelError>>(
		&self,
		program: &Program,
		names: &[&str],
		write: impl FnOnce(&mut WeightsWriter<'_>) -> Result<(), E>,
	) -> Result<WeightsFile, E> {
		let path = self.folder.path().join(SCRATCH);
		let io = |source| ModelError::io(&path, source);
		let file = File::create_new(&path).map_err(io)?;
		let mut writer = WeightsWriter::new(file, &path, program, names)?;
		write(&mut writer)?;
		writer.finish()?;
		let weights = WeightsFile::open(&path, program, names)?;
		fs::remove_file(&path).map_err(io)?;
		Ok(weights)
	}

	/// Writes program and manifest and gives the directory its name.
	///
	/// # Errors
	/// If something cannot be written, or the output has come to exist.
	pub fn finish(self, manifest: &Manifest, program: &Program) -> Result<(), ModelError> {
		write_synced(&self.folder.path().join(PROGRAM), &program.to_bytes())?;
		manifest.write(&self.folder.path().join(MANIFEST))?;
		self.folder.publish()
	}
}

/// Writes a file and waits until it is on the disk.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), ModelError> {
	let write = || {
		let mut file = File::create(path)?;
		file.write_all(bytes)?;
		file.sync_all()
	};
	write().map_err(|source| ModelError::io(path, source))
}
