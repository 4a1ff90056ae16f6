//! JSON into the values of templates, and back.
//!
//! Templates print what they are given, so the order of keys has to stay and numbers have to look as
//! they do in Python, for whose json module templates are written.

use std::fmt;

use minijinja::{
	value::{Kwargs, ValueKind},
	Error, ErrorKind, Value,
};
use serde::{
	de::{MapAccess, SeqAccess, Visitor},
	Deserialize, Deserializer,
};

/// The key under which serde_json hands on numbers when its feature `arbitrary_precision` is on, as
/// it is wherever other crates of the workspace are built along.
const NUMBER: &str = "$serde_json::private::Number";

/// The value of a JSON text, keys in their order.
pub(super) fn parse(text: &[u8]) -> Result<Value, serde_json::Error> {
	serde_json::from_slice::<Ordered>(text).map(|ordered| ordered.0)
}

struct Ordered(Value);

impl<'de> Deserialize<'de> for Ordered {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		deserializer.deserialize_any(OrderedVisitor).map(Ordered)
	}
}

struct OrderedVisitor;

impl<'de> Visitor<'de> for OrderedVisitor {
	type Value = Value;

	fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("JSON")
	}

	fn visit_unit<E>(self) -> Result<Value, E> {
		Ok(Value::from(()))
	}

	fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
		Ok(Value::from(value))
	}

	fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
		Ok(Value::from(value))
	}

	fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
		Ok(Value::from(value))
	}

	fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
		Ok(Value::from(value))
	}

	fn visit_str<E>(self, value: &str) -> Result<Value, E> {
		Ok(Value::from(value))
	}

	fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
		let mut values = Vec::new();
		while let Some(Ordered(value)) = items.next_element()? {
			values.push(value);
		}
		Ok(Value::from(values))
	}

	fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
		let mut pairs = Vec::new();
		while let Some(key) = entries.next_key::<String>()? {
			let Ordered(value) = entries.next_value()?;
			pairs.push((key, value));
		}
		if let [(key, text)] = pairs.as_slice() {
			if let (NUMBER, Some(text)) = (key.as_str(), text.as_str()) {
				return Ok(number(text));
			}
		}
		Ok(Value::from_pairs(pairs))
	}
}

/// The number of a JSON literal, as serde_json reads it without `arbitrary_precision`: a prompt must
/// not depend on how this program was built.
fn number(text: &str) -> Value {
	let unsigned = text.parse::<u64>().map(Value::from);
	let integer = unsigned.or_else(|_| text.parse::<i64>().map(Value::from));
	match integer {
		Ok(integer) if text != "-0" => integer,
		_ => text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from),
	}
}

/// The filter `tojson` as Hugging Face libraries define it: Python's `json.dumps` without escaping
/// of non-ASCII characters; nothing is escaped for HTML.
pub(super) fn tojson(value: &Value, options: Kwargs) -> Result<String, Error> {
	let indent: Option<usize> = options.get("indent")?;
	let separators: Option<Vec<String>> = options.get("separators")?;
	let refused =
		|option| Error::new(ErrorKind::InvalidOperation, format!("tojson cannot do {option} here"));
	if options.get::<Option<bool>>("ensure_ascii")?.unwrap_or(false) {
		return Err(refused("ensure_ascii"));
	}
	if options.get::<Option<bool>>("sort_keys")?.unwrap_or(false) {
		return Err(refused("sort_keys"));
	}
	options.assert_all_used()?;
	let (item, key) = match separators.as_deref() {
		None if indent.is_some() => (",".to_owned(), ": ".to_owned()),
		None => (", ".to_owned(), ": ".to_owned()),
		Some([item, key]) => (item.clone(), key.clone()),
		Some(_) => return Err(refused("separators other than a pair")),
	};
	let mut writer = Writer { out: String::new(), indent, item, key, depth: 0 };
	writer.value(value)?;
	Ok(writer.out)
}

struct Writer {
	out: String,
	/// Spaces per level; everything on one line without it.
	indent: Option<usize>,
	/// Between items.
	item: String,
	/// Between a key and its value.
	key: String,
	depth: usize,
}

impl Writer {
	fn value(&mut self, value: &Value) -> Result<(), Error> {
		match value.kind() {
			ValueKind::None => self.out.push_str("null"),
			ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
			ValueKind::Number if value.is_integer() => self.out.push_str(&value.to_string()),
			ValueKind::Number => self.out.push_str(&python_float(f64::try_from(value.clone())?)),
			ValueKind::String => self.string(value.as_str().unwrap_or_default()),
			ValueKind::Seq | ValueKind::Iterable => {
				let items: Vec<Value> = value.try_iter()?.collect();
				self.container('[', ']', &items, Self::value)?;
			}
			ValueKind::Map => {
				let entries = value
					.try_iter()?
					.map(|key| Ok((value.get_item(&key)?, key)))
					.collect::<Result<Vec<_>, Error>>()?;
				self.container('{', '}', &entries, |writer, (value, key)| {
					writer.string(&key.to_string());
					writer.out.push_str(&writer.key.clone());
					writer.value(value)
				})?;
			}
			kind => {
				let reason = format!("tojson of a value that is {kind}");
				return Err(Error::new(ErrorKind::BadSerialization, reason));
			}
		}
		Ok(())
	}

	fn container<T>(
		&mut self,
		open: char,
		close: char,
		items: &[T],
		write: impl Fn(&mut Self, &T) -> Result<(), Error>,
	) -> Result<(), Error> {
		self.out.push(open);
		self.depth += 1;
		for (n, item) in items.iter().enumerate() {
			if n > 0 {
				self.out.push_str(&self.item.clone());
			}
			self.new_line();
			write(self, item)?;
		}
		self.depth -= 1;
		if !items.is_empty() {
			self.new_line();
		}
		self.out.push(close);
		Ok(())
	}

	fn new_line(&mut self) {
		if let Some(indent) = self.indent {
			self.out.push('\n');
			self.out.push_str(&" ".repeat(indent * self.depth));
		}
	}

	fn string(&mut self, text: &str) {
		self.out.push('"');
		for c in text.chars() {
			match c {
				'"' => self.out.push_str("\\\""),
				'\\' => self.out.push_str("\\\\"),
				'\n' => self.out.push_str("\\n"),
				'\r' => self.out.push_str("\\r"),
				'\t' => self.out.push_str("\\t"),
				'\u{8}' => self.out.push_str("\\b"),
				'\u{c}' => self.out.push_str("\\f"),
				c if c < ' ' => self.out.push_str(&format!("\\u{:04x}", u32::from(c))),
				c => self.out.push(c),
			}
		}
		self.out.push('"');
	}
}

/// The number as Python prints it: the shortest digits that read back, an exponent of at least two
/// digits below 1e-4 and from 1e16.
fn python_float(value: f64) -> String {
	if !value.is_finite() {
		let sign = if value < 0.0 { "-" } else { "" };
		return if value.is_nan() { "NaN".to_owned() } else { format!("{sign}Infinity") };
	}
	let magnitude = value.abs();
	if value == 0.0 || (1e-4..1e16).contains(&magnitude) {
		return format!("{value:?}");
	}
	let scientific = format!("{value:e}");
	let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
	match exponent.strip_prefix('-') {
		Some(exponent) => format!("{digits}e-{exponent:0>2}"),
		None => format!("{digits}e+{exponent:0>2}"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn dumps(json: &str, options: &[(&str, Value)]) -> String {
		tojson(&parse(json.as_bytes()).unwrap(), options.iter().cloned().collect()).unwrap()
	}

	#[test]
	fn order_and_numbers_stay() {
		let text = r#"{"b": 1, "a": [true, null, -2, 0.5], "c": {}}"#;
		assert_eq!(dumps(text, &[]), text);
	}

	#[test]
	fn numbers_are_the_same_with_and_without_arbitrary_precision() {
		for (text, expected) in [
			("18446744073709551615", "18446744073709551615"),
			("18446744073709551616", "1.8446744073709552e+19"),
			("-9223372036854775808", "-9223372036854775808"),
			("-0", "-0.0"),
			("1.0", "1.0"),
			("1e2", "100.0"),
		] {
			assert_eq!(dumps(text, &[]), expected);
			assert_eq!(
				tojson(&number(text), Kwargs::from_iter(Vec::<(&str, Value)>::new())).unwrap(),
				expected
			);
		}
	}

	/// Values by `json.dumps` of CPython 3.11.
	#[test]
	fn floats_look_as_in_python() {
		for (value, text) in [
			(1.0, "1.0"),
			(-0.0, "-0.0"),
			(0.1, "0.1"),
			(1e-4, "0.0001"),
			(1e-5, "1e-05"),
			(1.5e-7, "1.5e-07"),
			(123456789012345680.0, "1.2345678901234568e+17"),
			(1e16, "1e+16"),
			(9007199254740993.0, "9007199254740992.0"),
			(1e300, "1e+300"),
			(f64::NAN, "NaN"),
			(f64::NEG_INFINITY, "-Infinity"),
		] {
			assert_eq!(python_float(value), text);
		}
	}

	#[test]
	fn text_is_not_escaped_for_html() {
		assert_eq!(
			dumps(r#"["<a> & 'é' \" \\ \n\u0001\u007f"]"#, &[]),
			"[\"<a> & 'é' \\\" \\\\ \\n\\u0001\u{7f}\"]"
		);
	}

	#[test]
	fn options_lay_it_out() {
		let text = r#"{"a": [1, {}], "b": []}"#;
		let pretty = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}";
		assert_eq!(dumps(text, &[("indent", Value::from(2))]), pretty);
		let compact = Value::from(vec![",", ":"]);
		assert_eq!(dumps(text, &[("separators", compact)]), r#"{"a":[1,{}],"b":[]}"#);
		let sorted = [("sort_keys", Value::from(true))].into_iter().collect();
		assert!(tojson(&Value::from(1), sorted).is_err());
	}
}
