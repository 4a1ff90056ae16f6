//! `README.md` of a checkpoint, with the figures that were measured.

use crate::{config::Config, error::Error, evaluate::Report};
use std::path::Path;

/// The text, with names in braces where figures go.
const TEMPLATE: &str = include_str!("model_card.md");

/// Writes the model card of the checkpoint in `folder`.
pub(crate) fn write(config: &Config, report: &Report, folder: &Path) -> Result<(), Error> {
	let path = folder.join("README.md");
	std::fs::write(&path, text(config, report)).map_err(Error::file(path))
}

/// The model card of a checkpoint with this configuration and this score.
pub(crate) fn text(config: &Config, report: &Report) -> String {
	[
		("{parameters}", config.parameters().to_string()),
		("{layers}", config.num_hidden_layers.to_string()),
		("{hidden}", config.hidden_size.to_string()),
		("{heads}", config.num_attention_heads.to_string()),
		("{kv_heads}", config.num_key_value_heads.to_string()),
		("{intermediate}", config.intermediate_size.to_string()),
		("{context}", config.max_position_embeddings.to_string()),
		("{vocabulary}", config.vocab_size.to_string()),
		("{all}", report.all().to_string()),
		("{training}", report.training.to_string()),
		("{held_out}", report.held_out.to_string()),
	]
	.iter()
	.fold(TEMPLATE.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::evaluate::Score;

	#[test]
	fn should_fill_in_every_figure() {
		let score = |correct, of| Score { correct, of, ..Score::default() };
		let report = Report { training: score(8999, 9000), held_out: score(990, 1000) };
		let text = text(&Config::adder(), &report);
		assert!(!text.contains(['{', '}']), "{text}");
		for figure in ["8999 of 9000 (99.99 %)", "990 of 1000 (99.00 %)", "9989 of 10000"] {
			assert!(text.contains(figure), "{text}");
		}
	}
}
