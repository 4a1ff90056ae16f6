//! Reading a model directory.

use std::{
	fs,
	path::{Path, PathBuf},
};

use assay_primitives::hash::{Hasher, Native, ProgramHash};
use assay_programs::{program::MAX_BYTES, Program};

use crate::{hash_file, Manifest, ModelError, WeightsFault, WeightsFile};

/// Name of the program's file.
pub const PROGRAM: &str = "program.scale";
/// Name of the weights' file.
pub const WEIGHTS: &str = "weights.safetensors";
/// Name of the tokenizer's file.
pub const TOKENIZER: &str = "tokenizer.json";

/// A model directory whose parts fit each other.
#[derive(Debug)]
pub struct Model {
	folder: PathBuf,
	/// What it is.
	pub manifest: Manifest,
	/// What is run; valid.
	pub program: Program,
	/// What it is run with.
	pub weights: WeightsFile,
}

impl Model {
	/// Opens a model directory. Everything but the bytes of the weights is checked.
	///
	/// # Errors
	/// If a file is missing or damaged, or program, weights and manifest do not fit each other.
	pub fn open(folder: &Path) -> Result<Self, ModelError> {
		let manifest = Manifest::read(folder)?;
		let path = folder.join(PROGRAM);
		let program = read_program(folder, &path)?;
		let hash = ProgramHash(Native::hash(&program.to_bytes()));
		if let Some((field, stated, found)) = manifest.contradiction(&program, hash) {
			return Err(ModelError::Differs { path, field, manifest: stated, found });
		}
		program.validate().map_err(|fault| ModelError::Program { path, fault })?;
		let tokenizer = present(folder, TOKENIZER)?;
		let (found, _) = hash_file(&tokenizer)?;
		differs(&tokenizer, "tokenizer_hash", &manifest.tokenizer_hash, &found)?;
		let weights = WeightsFile::open(&present(folder, WEIGHTS)?, &program, &manifest.names())?;
		Ok(Self { folder: folder.to_path_buf(), manifest, program, weights })
	}

	/// The directory.
	pub fn folder(&self) -> &Path {
		&self.folder
	}

	/// Reads everything and compares it with the manifest: the weights with their root, copies of the
	/// source's files with their hashes. `progress` is told after each piece how many bytes were read.
	///
	/// # Errors
	/// If something cannot be read or is not what was imported.
	pub fn verify(&self, progress: impl FnMut(u64)) -> Result<(), ModelError> {
		let (root, hashes) = self.weights.root(&self.program, progress)?.finish();
		let path = self.folder.join(WEIGHTS);
		for (entry, found) in self.manifest.tensors.iter().zip(hashes) {
			if entry.hash != found {
				let (tensor, expected) = (entry.name.clone(), entry.hash);
				let fault = WeightsFault::Damaged { tensor, expected, found };
				return Err(ModelError::weights(&path, fault));
			}
		}
		differs(&path, "weights_root", &self.manifest.weights_root, &root)?;
		for file in &self.manifest.source.files {
			let path = self.folder.join(&file.path);
			if path.is_file() && file.path != WEIGHTS {
				differs(&path, "blake2_256", &file.blake2_256, &hash_file(&path)?.0)?;
			}
		}
		Ok(())
	}
}

fn read_program(folder: &Path, path: &Path) -> Result<Program, ModelError> {
	let io = |source| ModelError::io(path, source);
	present(folder, PROGRAM)?;
	let bytes = fs::metadata(path).map_err(io)?.len();
	let decoded = if bytes > MAX_BYTES as u64 {
		let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
		Err(assay_programs::program::DecodeError::TooLong { bytes })
	} else {
		Program::from_bytes(&fs::read(path).map_err(io)?)
	};
	decoded.map_err(|source| ModelError::Decode { path: path.to_path_buf(), source })
}

/// The path of a file that a model directory must have.
fn present(folder: &Path, file: &'static str) -> Result<PathBuf, ModelError> {
	let path = folder.join(file);
	if path.is_file() {
		return Ok(path);
	}
	Err(ModelError::NotAModel { path: folder.to_path_buf(), file })
}

fn differs<T: PartialEq + ToString>(
	path: &Path,
	field: &'static str,
	stated: &T,
	found: &T,
) -> Result<(), ModelError> {
	if stated == found {
		return Ok(());
	}
	let (manifest, found) = (stated.to_string(), found.to_string());
	Err(ModelError::Differs { path: path.to_path_buf(), field, manifest, found })
}
