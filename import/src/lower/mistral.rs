//! Mistral: Llama with a sliding window.

use assay_programs::op::Mask;

use super::{llama::common, Model};
use crate::{
	source::{Checkpoint, Config, Folder},
	ImportError,
};

pub(super) fn read(
	mut config: Config,
	folder: &Folder,
	_: &Checkpoint,
) -> Result<Model, ImportError> {
	let window = config.optional_count("sliding_window")?;
	let mut decoder = common(&mut config, folder)?;
	decoder.mask = window.map_or(Mask::Causal, |window| Mask::Sliding { window });
	config.finish(&[])?;
	Ok(Model::Decoder(decoder))
}
