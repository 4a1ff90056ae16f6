//! Qwen 3: Llama with norms of query and key heads.

use super::{decoder::Biases, qwen2::without_window, Model};
use crate::{
	source::{Checkpoint, Config, Folder},
	ImportError,
};

pub(super) fn read(
	mut config: Config,
	folder: &Folder,
	_: &Checkpoint,
) -> Result<Model, ImportError> {
	let attention = config.flag("attention_bias", false)?;
	let mut decoder = without_window(&mut config, folder)?;
	decoder.head_norms = true;
	decoder.biases = Biases { attention, output: attention, feed_forward: false };
	config.finish(&[])?;
	Ok(Model::Decoder(decoder))
}
