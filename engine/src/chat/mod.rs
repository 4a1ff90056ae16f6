//! Chats: messages into a prompt, by the model's own template.
//!
//! Templates are Jinja, written for Python. They come with the model and are not trusted: they see
//! nothing but their variables, and their work is limited.

mod config;
mod json;

use minijinja::{Environment, Error, ErrorKind, Value};

use config::{ChatConfig, DEFAULT};

/// Most steps of the template's program. A long chat takes some ten thousand.
const MAX_STEPS: u64 = 10_000_000;

/// Why there is no prompt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
	/// tokenizer_config.json cannot be read.
	#[error("the configuration of the tokenizer cannot be read: {0}")]
	Config(String),
	/// The template is no Jinja, or uses what only Python has.
	#[error("the model's chat template cannot be used: {0}")]
	Template(String),
	/// The messages are no JSON of the expected form.
	#[error("the chat is not readable: {0}")]
	Messages(String),
	/// The template says that it cannot express these messages.
	#[error("the model's chat template refuses the messages: {0}")]
	Refused(String),
	/// The template wants to print today's date.
	#[error(
		"the model's chat template asks for the date (strftime_now), with which the same messages would \
		 give another prompt tomorrow; state it as a variable of the chat if the template takes one"
	)]
	Clock,
}

/// A model's chat template.
#[derive(Debug)]
pub struct ChatTemplate {
	environment: Environment<'static>,
	tokens: Vec<(&'static str, String)>,
}

/// The variables of a template: messages, and whatever else the template knows.
#[derive(Clone, Debug)]
pub struct Chat {
	variables: Vec<(String, Value)>,
	has_tools: bool,
}

/// What a template reports through `raise_exception`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Raised(String);

impl ChatTemplate {
	/// The template from the content of tokenizer_config.json and chat_template.jinja, of which either may
	/// be missing; `None` if there is none in them.
	///
	/// # Errors
	/// If the configuration cannot be read or a template is no Jinja.
	pub fn read(config: Option<&[u8]>, template: Option<&str>) -> Result<Option<Self>, ChatError> {
		let ChatConfig { templates, tokens } = ChatConfig::read(config, template)?;
		if templates.is_empty() {
			return Ok(None);
		}
		let mut environment = environment();
		for (name, source) in templates {
			environment
				.add_template_owned(name, source)
				.map_err(|error| ChatError::Template(one_line(&error)))?;
		}
		Ok(Some(Self { environment, tokens }))
	}

	/// The prompt for these messages, open for the answer. It already holds its special tokens.
	///
	/// # Errors
	/// If the template refuses the messages or fails.
	pub fn render(&self, chat: &Chat) -> Result<String, ChatError> {
		// Models with several templates have one that explains tools.
		let with_tools = chat.has_tools.then(|| self.environment.get_template("tool_use").ok());
		let template = match with_tools.flatten() {
			Some(template) => template,
			None => self
				.environment
				.get_template(DEFAULT)
				.map_err(|error| ChatError::Template(one_line(&error)))?,
		};
		let tokens = self.tokens.iter().map(|(name, text)| (*name, Value::from(text.as_str())));
		let open = std::iter::once(("add_generation_prompt", Value::from(true)));
		let own = chat.variables.iter().map(|(name, value)| (name.as_str(), value.clone()));
		// Later ones win, so that a chat can override what the model states.
		let variables = Value::from_pairs(tokens.chain(open).chain(own));
		template.render(variables).map_err(|error| failure(&error))
	}
}

impl Chat {
	/// Reads a list of messages, or an object with the key `messages` and further variables for the
	/// template, such as `tools`.
	///
	/// # Errors
	/// If the text is no such JSON.
	pub fn from_json(text: &[u8]) -> Result<Self, ChatError> {
		let refuse = |reason: &str| Err(ChatError::Messages(reason.to_owned()));
		let chat = json::parse(text).map_err(|error| ChatError::Messages(error.to_string()))?;
		let variables = match chat.kind() {
			minijinja::value::ValueKind::Map => entries(&chat),
			minijinja::value::ValueKind::Seq => vec![("messages".to_owned(), chat)],
			_ => {
				return refuse("a list of messages is expected, or an object that holds `messages`")
			}
		};
		let variable = |wanted: &str| variables.iter().find(|(name, _)| name == wanted);
		let Some((_, messages)) = variable("messages") else {
			return refuse("`messages` is missing");
		};
		let Ok(messages) = messages.try_iter() else {
			return refuse("`messages` is no list");
		};
		let mut count = 0;
		for message in messages {
			if message.get_attr("role").ok().is_none_or(|role| role.as_str().is_none()) {
				return refuse(&format!("message {count} has no text `role`"));
			}
			count += 1;
		}
		if count == 0 {
			return refuse("`messages` is empty");
		}
		let has_tools = variable("tools").is_some_and(|(_, tools)| tools.is_true());
		Ok(Self { variables, has_tools })
	}
}

fn entries(map: &Value) -> Vec<(String, Value)> {
	let keys = map.try_iter().into_iter().flatten();
	keys.filter_map(|key| Some((key.as_str()?.to_owned(), map.get_item(&key).ok()?))).collect()
}

/// Jinja as Hugging Face libraries configure it, with the methods of Python's types.
fn environment() -> Environment<'static> {
	let mut environment = Environment::new();
	let mut syntax = environment.syntax().to_builder();
	let syntax = syntax.trim_blocks(true).lstrip_blocks(true).build();
	// Only delimiters can be wrong, and they stay as they are.
	environment.set_syntax(syntax.unwrap_or_default());
	environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
	environment.set_fuel(Some(MAX_STEPS));
	environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
	environment.add_filter("tojson", json::tojson);
	environment.add_function("raise_exception", |message: String| -> Result<Value, Error> {
		let error = Error::new(ErrorKind::InvalidOperation, message.clone());
		Err(error.with_source(Raised(message)))
	});
	environment
}

fn failure(error: &Error) -> ChatError {
	let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
	while let Some(one) = cause {
		if let Some(Raised(message)) = one.downcast_ref() {
			return ChatError::Refused(message.clone());
		}
		cause = one.source();
	}
	let asks_for_clock = error.kind() == ErrorKind::UnknownFunction
		&& error.detail().is_some_and(|detail| detail.contains("strftime_now"));
	if asks_for_clock {
		return ChatError::Clock;
	}
	ChatError::Template(one_line(error))
}

/// The error and its causes without line breaks; those of templates come with extracts of them.
fn one_line(error: &Error) -> String {
	let mut text = error.to_string();
	let mut cause = std::error::Error::source(error);
	while let Some(one) = cause {
		text.push_str(": ");
		text.push_str(&one.to_string());
		cause = one.source();
	}
	text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
