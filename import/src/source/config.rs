//! `config.json`: every option is read, ignored by name, or refused.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::{fixed_point, integer, Folder};
use crate::ImportError;

const CONFIG: &str = "config.json";

/// Options that do not affect what a run computes, in any architecture.
const IGNORED: [&str; 33] = [
	"_attn_implementation",
	"_attn_implementation_autoset",
	"_name_or_path",
	"architectures",
	"attention_dropout",
	"attention_probs_dropout_prob",
	"bos_token_id",
	"classifier_dropout",
	"dtype",
	"eos_token_id",
	"gradient_checkpointing",
	"hidden_dropout",
	"hidden_dropout_prob",
	"id2label",
	"initializer_range",
	"is_llama_config",
	"label2id",
	"model_type",
	"output_attentions",
	"output_hidden_states",
	"output_past",
	"pad_token_id",
	"problem_type",
	"quantization_config",
	"return_dict",
	"sep_token_id",
	"tokenizer_class",
	"torch_dtype",
	"torchscript",
	"transformers.js_config",
	"transformers_version",
	"unk_token_id",
	"use_cache",
];

/// The options that are not read yet.
#[derive(Clone, Debug)]
pub(crate) struct Config {
	path: PathBuf,
	architecture: String,
	options: Map<String, Value>,
}

impl Config {
	/// Reads the configuration of a folder.
	pub(crate) fn read(folder: &Folder) -> Result<Self, ImportError> {
		let Some(options) = folder.object(CONFIG)? else {
			return Err(ImportError::NoFile {
				folder: folder.path().to_path_buf(),
				file: CONFIG,
				fix: "give the folder of a model in Hugging Face's form",
			});
		};
		let path = folder.file(CONFIG);
		let named = options.get("architectures").and_then(Value::as_array);
		let architecture = match named.map(Vec::as_slice) {
			Some([Value::String(name)]) => name.clone(),
			Some(other) => {
				let (option, found) = ("architectures".into(), Value::from(other).to_string());
				let expected = "one name is expected".into();
				return Err(ImportError::Option { path, option, found, expected });
			}
			None => return Err(ImportError::NoOption { path, option: "architectures".into() }),
		};
		Ok(Self { path, architecture, options })
	}

	/// The file.
	pub(crate) fn path(&self) -> &std::path::Path {
		&self.path
	}

	/// As the model names it.
	pub(crate) fn architecture(&self) -> &str {
		&self.architecture
	}

	/// An option's value without taking it; `null` counts as absent.
	pub(crate) fn peek(&self, option: &str) -> Option<&Value> {
		self.options.get(option).filter(|value| !value.is_null())
	}

	/// Takes an option; `null` counts as absent.
	pub(crate) fn take(&mut self, option: &str) -> Option<Value> {
		self.options.remove(option).filter(|value| !value.is_null())
	}

	/// Takes a count of at least 1.
	pub(crate) fn count(&mut self, option: &str) -> Result<u32, ImportError> {
		match self.optional_count(option)? {
			Some(count) => Ok(count),
			None => Err(ImportError::NoOption { path: self.path.clone(), option: option.into() }),
		}
	}

	/// Takes a count of at least 1 that may be absent.
	pub(crate) fn optional_count(&mut self, option: &str) -> Result<Option<u32>, ImportError> {
		let Some(value) = self.take(option) else { return Ok(None) };
		let count = integer(&value).and_then(|count| u32::try_from(count).ok());
		match count.filter(|count| *count > 0) {
			Some(count) => Ok(Some(count)),
			None => Err(self.refuse(option, &value, "a positive integer is expected")),
		}
	}

	/// Takes a flag.
	pub(crate) fn flag(&mut self, option: &str, default: bool) -> Result<bool, ImportError> {
		match self.take(option) {
			None => Ok(default),
			Some(Value::Bool(flag)) => Ok(flag),
			Some(value) => Err(self.refuse(option, &value, "true or false is expected")),
		}
	}

	/// Takes a positive number as f32.
	pub(crate) fn positive(&mut self, option: &str) -> Result<f32, ImportError> {
		let Some(value) = self.take(option) else {
			return Err(ImportError::NoOption { path: self.path.clone(), option: option.into() });
		};
		#[allow(clippy::cast_possible_truncation, reason = "rounded to nearest, and checked after")]
		let number = value.as_f64().map(|number| number as f32);
		match number.filter(|number| number.is_normal() && *number > 0.0) {
			Some(number) => Ok(number),
			None => Err(self.refuse(option, &value, "a positive number is expected")),
		}
	}

	/// Takes a text.
	pub(crate) fn text(&mut self, option: &str, default: &str) -> Result<String, ImportError> {
		match self.take(option) {
			None => Ok(default.into()),
			Some(Value::String(text)) => Ok(text),
			Some(value) => Err(self.refuse(option, &value, "a text is expected")),
		}
	}

	/// Takes an option that may only be absent or have one value.
	pub(crate) fn only(&mut self, option: &str, admitted: &Value) -> Result<(), ImportError> {
		match self.take(option) {
			None => Ok(()),
			Some(value) if value == *admitted => Ok(()),
			// 1 and 1.0 are different JSON values and the same number.
			Some(value) if value.is_number() && fixed_point(&value) == fixed_point(admitted) => {
				Ok(())
			}
			Some(value) => {
				Err(self.refuse(option, &value, &format!("only {admitted} can be imported")))
			}
		}
	}

	/// The error for an option that cannot be lowered.
	pub(crate) fn refuse(&self, option: &str, found: &Value, expected: &str) -> ImportError {
		ImportError::Option {
			path: self.path.clone(),
			option: option.into(),
			found: found.to_string(),
			expected: expected.into(),
		}
	}

	/// Ends reading: options that were not taken are known not to matter, `ignored` ones for this
	/// architecture, or refused.
	pub(crate) fn finish(mut self, ignored: &[&str]) -> Result<(), ImportError> {
		self.options.retain(|option, _| {
			!IGNORED.contains(&option.as_str()) && !ignored.contains(&option.as_str())
		});
		match self.options.into_iter().next() {
			None => Ok(()),
			Some((option, _)) => Err(ImportError::UnknownOption {
				path: self.path,
				architecture: self.architecture,
				option,
			}),
		}
	}
}
