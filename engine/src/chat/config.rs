//! What tokenizer_config.json says about chats.

use serde::Deserialize;

use super::ChatError;

/// Names of the special tokens that templates use, as the configuration and the templates spell them.
const SPECIAL_TOKENS: [&str; 7] =
	["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

/// The parts of the configuration that concern chats.
#[derive(Debug, Default)]
pub(super) struct ChatConfig {
	/// Templates by name; the usual one is called `default`.
	pub(super) templates: Vec<(String, String)>,
	/// Texts of the special tokens by the names of [`SPECIAL_TOKENS`].
	pub(super) tokens: Vec<(&'static str, String)>,
}

/// Name of the template that is used unless there are reasons for another.
pub(super) const DEFAULT: &str = "default";

#[derive(Deserialize)]
#[serde(untagged)]
enum Templates {
	One(String),
	Named(Vec<NamedTemplate>),
}

#[derive(Deserialize)]
struct NamedTemplate {
	name: String,
	template: String,
}

/// A token is stated by its text, or by a description that holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Token {
	Text(String),
	Described { content: String },
}

impl ChatConfig {
	/// Reads tokenizer_config.json and chat_template.jinja; either may be missing. The latter wins.
	pub(super) fn read(config: Option<&[u8]>, template: Option<&str>) -> Result<Self, ChatError> {
		let mut read = match config {
			Some(text) => Self::from_json(text)?,
			None => Self::default(),
		};
		if let Some(template) = template {
			read.templates.retain(|(name, _)| name != DEFAULT);
			read.templates.push((DEFAULT.to_owned(), template.to_owned()));
		}
		Ok(read)
	}

	fn from_json(text: &[u8]) -> Result<Self, ChatError> {
		let mut fields: serde_json::Map<String, serde_json::Value> =
			serde_json::from_slice(text).map_err(|error| ChatError::Config(error.to_string()))?;
		let mut field = |name: &str| fields.remove(name).filter(|value| !value.is_null());
		let unreadable = |name: &str| ChatError::Config(format!("`{name}` has no known form"));

		let templates = match field("chat_template").map(serde_json::from_value) {
			None => Vec::new(),
			Some(Ok(Templates::One(template))) => vec![(DEFAULT.to_owned(), template)],
			Some(Ok(Templates::Named(named))) => {
				named.into_iter().map(|one| (one.name, one.template)).collect()
			}
			Some(Err(_)) => return Err(unreadable("chat_template")),
		};
		let mut tokens = Vec::new();
		for name in SPECIAL_TOKENS {
			match field(name).map(serde_json::from_value) {
				None => {}
				Some(Ok(Token::Text(text) | Token::Described { content: text })) => {
					tokens.push((name, text));
				}
				Some(Err(_)) => return Err(unreadable(name)),
			}
		}
		Ok(Self { templates, tokens })
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn reads_every_form_of_templates_and_tokens() {
		let config = br#"{"chat_template": [{"name": "default", "template": "A"},
			{"name": "tool_use", "template": "B"}], "bos_token": "<s>", "pad_token": null,
			"eos_token": {"content": "</s>", "lstrip": false, "special": true}}"#;
		let read = ChatConfig::read(Some(config), None).unwrap();
		let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
			pairs.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect()
		};
		assert_eq!(read.templates, own(&[("default", "A"), ("tool_use", "B")]));
		assert_eq!(
			read.tokens,
			[("bos_token", "<s>".to_owned()), ("eos_token", "</s>".to_owned())]
		);
		let read = ChatConfig::read(Some(config), Some("C")).unwrap();
		assert_eq!(read.templates, own(&[("tool_use", "B"), ("default", "C")]));
	}

	#[test]
	fn names_what_it_cannot_read() {
		for (config, named) in [
			("[]", "invalid type"),
			("{", "EOF"),
			(r#"{"chat_template": 5}"#, "`chat_template`"),
			(r#"{"eos_token": ["</s>"]}"#, "`eos_token`"),
		] {
			let error = ChatConfig::read(Some(config.as_bytes()), None).unwrap_err().to_string();
			assert!(error.contains(named) && error.contains("configuration"), "{error}");
		}
	}
}
