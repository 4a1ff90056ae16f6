//! BERT and what takes its form, as an encoder of sentences.

use super::{activation, encoder::Encoder, layers, Model};
use crate::{
	source::{read_pooling, Checkpoint, Config, Folder},
	ImportError,
};

/// The embedding's name below the prefix, which differs between classes of the same model.
const WORDS: &str = "embeddings.word_embeddings.weight";
const PREFIX: &str = "bert.";

/// Options of what comes after the encoder and is not part of it: the output head of a masked language
/// model, and the pooler of the original implementation.
const AFTER: [&str; 7] = [
	"directionality",
	"pooler_fc_size",
	"pooler_num_attention_heads",
	"pooler_num_fc_layers",
	"pooler_size_per_head",
	"pooler_type",
	"tie_word_embeddings",
];

pub(super) fn read(
	mut config: Config,
	folder: &Folder,
	checkpoint: &Checkpoint,
) -> Result<Model, ImportError> {
	config.only("position_embedding_type", &"absolute".into())?;
	config.only("is_decoder", &false.into())?;
	config.only("add_cross_attention", &false.into())?;
	if let Some(quantisation) = config.peek("quantization_config") {
		let expected = "quantised encoders cannot be imported";
		return Err(config.refuse("quantization_config", quantisation, expected));
	}
	let hidden = config.count("hidden_size")?;
	let heads = config.count("num_attention_heads")?;
	let narrow = u16::try_from(heads).ok().filter(|_| hidden % heads == 0);
	let Some(heads) = narrow else {
		let expected = format!("it must divide hidden_size, {hidden}");
		return Err(config.refuse("num_attention_heads", &heads.into(), &expected));
	};
	let (pooling, files) = read_pooling(folder, hidden)?;
	let prefix = if checkpoint.has(&format!("{PREFIX}{WORDS}")) { PREFIX } else { "" };
	let encoder = Encoder {
		hidden,
		intermediate: config.count("intermediate_size")?,
		layers: layers(&mut config)?,
		heads,
		vocabulary: config.count("vocab_size")?,
		positions: config.count("max_position_embeddings")?,
		kinds: config.count("type_vocab_size")?,
		eps: config.positive("layer_norm_eps")?,
		activation: activation(&mut config, "hidden_act", "gelu")?,
		pooling,
		prefix,
		files,
	};
	config.finish(&AFTER)?;
	Ok(Model::Encoder(encoder))
}
