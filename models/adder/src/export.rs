//! Writes the folder that Hugging Face libraries, and Assay's importer, read.

use crate::{
	config::{Config, TRANSFORMERS_VERSION},
	error::Error,
	model::Weights,
	vocabulary,
};
use candle_core::{DType, Tensor};
use serde_json::{json, Value};
use std::{collections::HashMap, path::Path};

/// Writes the weights in bf16, and everything that says how to use them.
pub(crate) fn export(config: &Config, weights: &Weights, folder: &Path) -> Result<(), Error> {
	std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
	for (name, content) in descriptions(config) {
		let path = folder.join(name);
		std::fs::write(&path, format!("{content:#}\n")).map_err(Error::file(&path))?;
	}
	let tensors = weights
		.iter()
		.map(|(name, weight)| Ok((name, weight.to_dtype(DType::BF16)?)))
		.collect::<Result<Vec<(&String, Tensor)>, Error>>()?;
	// transformers refuses files that do not name the framework of their layout.
	let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
	let path = folder.join("model.safetensors");
	let bytes = safetensors::serialize(tensors, Some(metadata))
		.map_err(|error| Error::content(&path, error))?;
	std::fs::write(&path, bytes).map_err(Error::file(&path))
}

/// The files beside the weights, by their names.
pub(crate) fn descriptions(config: &Config) -> [(&'static str, Value); 4] {
	[
		("config.json", json!(config)),
		("generation_config.json", generation_config(config)),
		("tokenizer.json", vocabulary::tokenizer()),
		("tokenizer_config.json", vocabulary::tokenizer_config(config.max_position_embeddings)),
	]
}

/// How to generate unless told otherwise: the most likely token, up to the end.
fn generation_config(config: &Config) -> Value {
	json!({
		"bos_token_id": config.bos_token_id,
		"do_sample": false,
		"eos_token_id": config.eos_token_id,
		"pad_token_id": config.pad_token_id,
		"transformers_version": TRANSFORMERS_VERSION,
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		evaluate::Reference,
		model::{initial_weights, Llama},
		random::SplitMix64,
		vocabulary::{encode, BEGIN},
	};
	use candle_core::{Device, Var};
	use std::collections::BTreeMap;

	/// Weights as they are after a round trip through the file.
	fn rounded(weights: &Weights) -> Weights {
		let round =
			|weight: &Var| Var::from_tensor(&weight.to_dtype(DType::BF16)?.to_dtype(DType::F32)?);
		weights.iter().map(|(name, weight)| (name.clone(), round(weight).unwrap())).collect()
	}

	#[test]
	fn should_write_the_tensors_that_the_configuration_asks_for() {
		let config = Config::adder();
		let folder = tempfile::tempdir().unwrap();
		let weights = initial_weights(&config, &mut SplitMix64::new(1)).unwrap();
		export(&config, &weights, folder.path()).unwrap();
		let path = folder.path().join("model.safetensors");
		let written = candle_core::safetensors::load(path, &Device::Cpu).unwrap();
		assert!(written.values().all(|tensor| tensor.dtype() == DType::BF16));
		let shapes: BTreeMap<String, Vec<usize>> =
			written.into_iter().map(|(name, tensor)| (name, tensor.dims().to_vec())).collect();
		assert_eq!(shapes, config.tensors());
	}

	#[test]
	fn should_mean_the_same_network_to_candle_transformers() {
		let config = Config::adder();
		let folder = tempfile::tempdir().unwrap();
		let weights = initial_weights(&config, &mut SplitMix64::new(1)).unwrap();
		export(&config, &weights, folder.path()).unwrap();
		let reference = Reference::load(folder.path()).unwrap();
		let model = Llama::new(&config, &rounded(&weights)).unwrap();
		for text in ["", "7", "37+48=", "99+99=198"] {
			let ids = [vec![BEGIN], encode(text)].concat();
			let theirs = reference.logits(&ids).unwrap();
			let ids = Tensor::new(ids, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
			let ours = model.forward(&ids).unwrap().squeeze(0).unwrap();
			let ours = ours.to_vec2::<f32>().unwrap().pop().unwrap();
			// Two orders of summation differ in the last digits; another network in the first.
			for (ours, theirs) in ours.iter().zip(&theirs) {
				assert!((ours - theirs).abs() < 1e-4, "{text}: {ours} and {theirs}");
			}
			assert!(theirs.iter().any(|logit| logit.abs() > 0.1), "{theirs:?}");
		}
	}
}
