//! How a sentence-transformers folder makes one vector of many.

use serde_json::{Map, Value};

use super::Folder;
use crate::ImportError;

const MODULES: &str = "modules.json";

/// How the encoder's rows become the embedding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pooling {
	/// Which rows count.
	pub(crate) rows: PooledRows,
	/// Whether the vector is scaled to length 1.
	pub(crate) normalise: bool,
}

/// Which rows make the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PooledRows {
	/// The mean of all.
	Mean,
	/// That of the first token.
	First,
	/// That of the last token.
	Last,
}

/// Reads `modules.json` and what it names. A folder without it is a bare encoder, for which the mean
/// of all rows, normalised, is the custom.
pub(crate) fn read_pooling(
	folder: &Folder,
	hidden: u32,
) -> Result<(Pooling, Vec<String>), ImportError> {
	let Some(modules) = folder.json(MODULES)? else {
		return Ok((Pooling { rows: PooledRows::Mean, normalise: true }, Vec::new()));
	};
	let refuse = |found: &Value, expected: &str| ImportError::Option {
		path: folder.file(MODULES),
		option: "type".into(),
		found: found.to_string(),
		expected: expected.into(),
	};
	let expected = "Transformer, then Pooling, then at most Normalize can be imported";
	let entries = modules.as_array().map_or(&[][..], Vec::as_slice);
	let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(String::from);
	let types: Vec<_> = entries
		.iter()
		.map(|entry| text(entry, "type").and_then(|name| name.rsplit('.').next().map(String::from)))
		.collect();
	let types: Vec<_> = types.iter().map(|name| name.as_deref().unwrap_or_default()).collect();
	let normalise = match types.as_slice() {
		["Transformer", "Pooling"] => false,
		["Transformer", "Pooling", "Normalize"] => true,
		_ => return Err(refuse(&types.into(), expected)),
	};
	if text(&entries[0], "path").is_none_or(|path| !path.is_empty()) {
		return Err(refuse(&entries[0], "the transformer must lie in the folder itself"));
	}
	let path = text(&entries[1], "path").unwrap_or_default();
	let file = format!("{path}/config.json");
	let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
	let options = if plain { folder.object(&file)? } else { None };
	let Some(options) = options else {
		return Err(refuse(&entries[1], "its path must name a folder with a config.json"));
	};
	let rows = pooled_rows(folder, &file, options, hidden)?;
	Ok((Pooling { rows, normalise }, vec![MODULES.into(), file]))
}

fn pooled_rows(
	folder: &Folder,
	file: &str,
	mut options: Map<String, Value>,
	hidden: u32,
) -> Result<PooledRows, ImportError> {
	let refuse = |option: &str, found: String, expected: &str| ImportError::Option {
		path: folder.file(file),
		option: option.into(),
		found,
		expected: expected.into(),
	};
	let width = options.remove("word_embedding_dimension");
	if width.as_ref().and_then(Value::as_u64) != Some(hidden.into()) {
		let found = width.unwrap_or_default().to_string();
		return Err(refuse(
			"word_embedding_dimension",
			found,
			&format!("the encoder has {hidden}"),
		));
	}
	// It says how prompts are treated, which are part of the text here.
	options.remove("include_prompt");
	options.retain(|_, value| *value != Value::Bool(false));
	let modes: Vec<_> = options.keys().map(String::as_str).collect();
	match (modes.as_slice(), options.values().next()) {
		(["pooling_mode_mean_tokens"], Some(Value::Bool(true))) => Ok(PooledRows::Mean),
		(["pooling_mode_cls_token"], Some(Value::Bool(true))) => Ok(PooledRows::First),
		(["pooling_mode_lasttoken"], Some(Value::Bool(true))) => Ok(PooledRows::Last),
		(modes, _) => Err(refuse(
			modes.first().unwrap_or(&"pooling_mode"),
			Value::from(options.clone()).to_string(),
			"one of pooling_mode_mean_tokens, pooling_mode_cls_token and pooling_mode_lasttoken can be \
			 imported",
		)),
	}
}
