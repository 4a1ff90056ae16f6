//! The decoder that is measured as a GGUF file, for the peers that read this form.

use std::{
	fs,
	io::Write,
	path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use assay_primitives::hash::{Hasher, Native};
use tempfile::NamedTempFile;

use super::{python::Python, run};
use crate::{say, shape::tiny_llama};

/// What writes the file.
const SCRIPT: &str = include_str!("../../peers/random_gguf.py");

/// Finds the file, or writes it.
pub(super) fn require(cache: &Path) -> Result<PathBuf> {
	let arguments = arguments();
	// Another script or shape is another file.
	let identity = Native::hash(format!("{SCRIPT}{arguments:?}").as_bytes()).to_string();
	let folder = cache.join("models");
	let file = folder.join(format!("random-1.1b-q8_0-{}.gguf", &identity[2..10]));
	if file.is_file() {
		return Ok(file);
	}
	let python = Python::require(cache)?;
	say("writing the peers' model with random weights (1.2 GB, 1 min)");
	fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
	let partial = file.with_extension("partial");
	let mut script = NamedTempFile::with_suffix(".py").context("making a temporary file")?;
	script.write_all(SCRIPT.as_bytes()).context("writing a temporary file")?;
	run(python.command().arg(script.path()).arg("--out").arg(&partial).args(&arguments))?;
	fs::rename(&partial, &file).with_context(|| format!("making {}", file.display()))?;
	Ok(file)
}

/// The shape, on the script's command line.
fn arguments() -> Vec<String> {
	let shape = tiny_llama();
	let dimensions = [
		("vocabulary", shape.vocabulary),
		("hidden", shape.hidden),
		("layers", shape.layers.into()),
		("heads", shape.heads.into()),
		("key-heads", shape.key_heads.into()),
		("head-dim", shape.head_dim),
		("inner", shape.inner),
		("context", shape.max_positions),
	];
	dimensions
		.into_iter()
		.flat_map(|(name, size)| [format!("--{name}"), size.to_string()])
		.collect()
}
