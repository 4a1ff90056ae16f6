//! Token ids that end an output.

use serde_json::Value;

use crate::{
	source::{integer, Config, Folder},
	ImportError,
};

const GENERATION: &str = "generation_config.json";
const OPTION: &str = "eos_token_id";

/// The end-of-sequence ids of `generation_config.json`, or else of `config.json`, in ascending order.
pub(super) fn stop_ids(
	config: &Config,
	folder: &Folder,
	vocabulary: u32,
) -> Result<Vec<u32>, ImportError> {
	let generation = folder.object(GENERATION)?.and_then(|mut entries| entries.remove(OPTION));
	let (path, value) = match (generation, config.peek(OPTION)) {
		(Some(value), _) if !value.is_null() => (folder.file(GENERATION), value),
		(_, Some(value)) => (config.path().to_path_buf(), value.clone()),
		(_, None) => {
			return Err(ImportError::NoOption {
				path: config.path().into(),
				option: OPTION.into(),
			});
		}
	};
	let one = |value: &Value| {
		let id = integer(value).and_then(|id| u32::try_from(id).ok());
		id.filter(|id| *id < vocabulary)
	};
	let ids: Option<Vec<u32>> = match &value {
		Value::Array(values) => values.iter().map(one).collect(),
		value => one(value).map(|id| vec![id]),
	};
	let Some(mut ids) = ids.filter(|ids| !ids.is_empty()) else {
		let expected = format!("token ids below {vocabulary} are expected");
		return Err(ImportError::Option {
			path,
			option: OPTION.into(),
			found: value.to_string(),
			expected,
		});
	};
	ids.sort_unstable();
	ids.dedup();
	Ok(ids)
}
