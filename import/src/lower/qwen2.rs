//! Qwen 2 and 2.5: Llama with biases of queries, keys and values.

use serde_json::Value;

use super::{
	decoder::{Biases, Decoder},
	llama::common,
	Model,
};
use crate::{
	source::{Checkpoint, Config, Folder},
	ImportError,
};

pub(super) fn read(
	mut config: Config,
	folder: &Folder,
	_: &Checkpoint,
) -> Result<Model, ImportError> {
	let mut decoder = without_window(&mut config, folder)?;
	decoder.biases = Biases { attention: true, output: false, feed_forward: false };
	config.finish(&[])?;
	Ok(Model::Decoder(decoder))
}

/// As [`common`], for families whose layers may have a window each: only those without any can be
/// lowered, as all layers are one block.
pub(super) fn without_window(config: &mut Config, folder: &Folder) -> Result<Decoder, ImportError> {
	config.only("use_sliding_window", &false.into())?;
	// Rotation by the place in an image, which text has not.
	config.only("use_mrope", &false.into())?;
	// Without effect once no layer slides.
	config.take("sliding_window");
	config.take("max_window_layers");
	if let Some(types) = config.take("layer_types") {
		let full = |kind: &Value| kind == "full_attention";
		if !types.as_array().is_some_and(|types| types.iter().all(full)) {
			return Err(config.refuse(
				"layer_types",
				&types,
				"only full_attention can be imported",
			));
		}
	}
	common(config, folder)
}
