//! The float models, by candle-transformers: f32 on the processor.
//!
//! They are written by others from the same papers, and share no code with the import or the exact
//! engine. What they cannot compute as the configuration says is refused by name.

mod checkpoint;
mod config;
mod decoder;
mod encoder;
mod llama;
mod mistral;
mod pooling;
mod qwen2;
mod qwen3;

pub use decoder::FloatDecoder;
pub use encoder::FloatEncoder;

use std::{fs, path::Path};

use assay_model::ModelError;
use serde::de::DeserializeOwned;

use crate::QualityError;

/// Reads a JSON file.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, QualityError> {
	let bytes = fs::read(path).map_err(|source| ModelError::io(path, source))?;
	serde_json::from_slice(&bytes)
		.map_err(|source| QualityError::Json { path: path.to_path_buf(), source })
}
