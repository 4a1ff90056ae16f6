//! Llama 2 and 3, and what takes their form.

use assay_programs::op::Mask;

use super::{
	activation,
	decoder::{Biases, Decoder},
	layers,
	rope::rotation,
	stop::stop_ids,
	Model,
};
use crate::{
	source::{check_quantisation, Checkpoint, Config, Folder},
	ImportError,
};

pub(super) fn read(
	mut config: Config,
	folder: &Folder,
	_: &Checkpoint,
) -> Result<Model, ImportError> {
	let attention = config.flag("attention_bias", false)?;
	let feed_forward = config.flag("mlp_bias", false)?;
	// How weights were split over devices in training; 1 means not at all.
	config.only("pretraining_tp", &1.into())?;
	let mut decoder = common(&mut config, folder)?;
	decoder.biases = Biases { attention, output: attention, feed_forward };
	config.finish(&[])?;
	Ok(Model::Decoder(decoder))
}

/// Takes the options that all decoders have; without biases, head norms or window.
pub(super) fn common(config: &mut Config, folder: &Folder) -> Result<Decoder, ImportError> {
	check_quantisation(config)?;
	let hidden = config.count("hidden_size")?;
	let heads = config.count("num_attention_heads")?;
	let key_heads = config.optional_count("num_key_value_heads")?.unwrap_or(heads);
	let head_dim = match config.optional_count("head_dim")? {
		Some(head_dim) => head_dim,
		None if hidden % heads == 0 => hidden / heads,
		None => {
			let expected = format!("it must divide hidden_size, {hidden}");
			return Err(config.refuse("num_attention_heads", &heads.into(), &expected));
		}
	};
	if heads % key_heads != 0 || head_dim % 2 != 0 {
		let expected =
			format!("it must divide num_attention_heads, {heads}, and head_dim must be even");
		return Err(config.refuse("num_key_value_heads", &key_heads.into(), &expected));
	}
	let narrow = |count: u32| {
		u16::try_from(count).map_err(|_| {
			config.refuse("num_attention_heads", &count.into(), "at most 65535 can be imported")
		})
	};
	let (heads, key_heads) = (narrow(heads)?, narrow(key_heads)?);
	let vocabulary = config.count("vocab_size")?;
	Ok(Decoder {
		hidden,
		intermediate: config.count("intermediate_size")?,
		layers: layers(config)?,
		heads,
		key_heads,
		head_dim,
		vocabulary,
		positions: config.count("max_position_embeddings")?,
		eps: config.positive("rms_norm_eps")?,
		activation: activation(config, "hidden_act", "silu")?,
		rotation: rotation(config, head_dim)?,
		mask: Mask::Causal,
		biases: Biases { attention: false, output: false, feed_forward: false },
		head_norms: false,
		tied: config.flag("tie_word_embeddings", false)?,
		stop_ids: stop_ids(config, folder, vocabulary)?,
		files: Vec::new(),
	})
}
