//! Typed element lists: their text, their bytes, their digest.

use alloc::{
	format,
	string::{String, ToString},
	vec::Vec,
};

use crate::generator::{float, integer, stream};

/// Most elements of one field.
const MAX_ELEMENTS: usize = 1 << 22;
/// Outputs of more elements are stored as a digest.
const MAX_STORED: usize = 160;

/// A type of elements.
pub trait Element: Copy {
	/// Name of the type in vector files.
	const NAME: &'static str;
	/// The element that a literal states.
	fn parse(literal: &str) -> Option<Self>;
	/// The literal of this element.
	fn literal(self) -> String;
	/// The element of a generator class for one word of the stream.
	fn generated(class: &str, word: u64) -> Option<Self>;
	/// Appends the element's bytes, least significant first.
	fn extend_bytes(self, bytes: &mut Vec<u8>);
	/// A list of elements as values.
	fn wrap(elements: Vec<Self>) -> Values;
	/// The elements, if values are of this type.
	fn elements(values: &Values) -> Option<&[Self]>;
}

macro_rules! element {
	($type:ident, $variant:ident, $parse:expr, $literal:expr, $generated:expr) => {
		impl Element for $type {
			const NAME: &'static str = stringify!($type);

			fn parse(literal: &str) -> Option<Self> {
				$parse(literal)
			}

			fn literal(self) -> String {
				$literal(self)
			}

			fn generated(class: &str, word: u64) -> Option<Self> {
				$generated(class, word)
			}

			fn extend_bytes(self, bytes: &mut Vec<u8>) {
				bytes.extend(self.to_le_bytes());
			}

			fn wrap(elements: Vec<Self>) -> Values {
				Values::$variant(elements)
			}

			fn elements(values: &Values) -> Option<&[Self]> {
				match values {
					Values::$variant(elements) => Some(elements),
					_ => None,
				}
			}
		}
	};
}

macro_rules! integer_elements {
	($($type:ident $variant:ident,)*) => {
		$(element!(
			$type,
			$variant,
			|literal: &str| literal.parse().ok(),
			|element: $type| element.to_string(),
			|class, word| integer(class, word, $type::BITS).map(|value| value as $type)
		);)*
	};
}

integer_elements!(i8 I8, i16 I16, i32 I32, i64 I64, u8 U8, u32 U32, u64 U64,);
element!(f32, F32, parse_bits, |element: f32| format!("{:08x}", element.to_bits()), float);

fn parse_bits(literal: &str) -> Option<f32> {
	u32::from_str_radix(literal, 16).ok().map(f32::from_bits)
}

macro_rules! values {
	($($variant:ident $type:ident,)*) => {
		/// A list of elements of one type.
		#[derive(Clone, Debug)]
		pub enum Values {
			$(
				#[doc = concat!("Elements of type `", stringify!($type), "`.")]
				$variant(Vec<$type>),
			)*
		}

		impl Values {
			/// Name of the elements' type in vector files.
			pub const fn type_name(&self) -> &'static str {
				match self {
					$(Self::$variant(_) => <$type>::NAME,)*
				}
			}

			/// Number of elements.
			pub fn len(&self) -> usize {
				match self {
					$(Self::$variant(elements) => elements.len(),)*
				}
			}

			/// Whether there is no element.
			pub fn is_empty(&self) -> bool {
				self.len() == 0
			}

			/// All elements as bytes, least significant first.
			pub fn bytes(&self) -> Vec<u8> {
				let mut bytes = Vec::new();
				match self {
					$(Self::$variant(elements) => elements.iter().for_each(|e| e.extend_bytes(&mut bytes)),)*
				}
				bytes
			}

			/// Literals of all elements.
			fn literals(&self) -> Vec<String> {
				match self {
					$(Self::$variant(elements) => elements.iter().map(|e| e.literal()).collect(),)*
				}
			}

			/// The values that the text of an input field states.
			pub(crate) fn parse(type_name: &str, text: &str) -> Result<Self, String> {
				match type_name {
					$(<$type>::NAME => Ok(Self::$variant(parse_elements(text)?)),)*
					_ => Err(format!("unknown type '{type_name}'")),
				}
			}
		}
	};
}

values!(F32 f32, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U32 u32, U64 u64,);

impl Values {
	/// The text of an output field: literals with repetitions, or a digest of a long list.
	pub(crate) fn output_text(&self) -> String {
		if self.len() > MAX_STORED {
			return format!("fnv:{:016x}:{}", fnv(&self.bytes()), self.len());
		}
		let literals = self.literals();
		let mut tokens: Vec<String> = Vec::new();
		for run in literals.chunk_by(|a, b| a == b) {
			match run {
				[one] => tokens.push(one.clone()),
				_ => tokens.push(format!("{}*{}", run[0], run.len())),
			}
		}
		tokens.join(" ")
	}
}

/// FNV-1a with 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
	bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| {
		(hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
	})
}

fn parse_elements<T: Element>(text: &str) -> Result<Vec<T>, String> {
	let mut elements = Vec::new();
	for token in text.split_ascii_whitespace() {
		parse_token(token, &mut elements)
			.ok_or_else(|| format!("'{token}' is no {} literal or generator", T::NAME))?;
	}
	Ok(elements)
}

/// Appends what `LITERAL`, `LITERAL*COUNT` or `gen:CLASS:SEED:COUNT` states.
fn parse_token<T: Element>(token: &str, elements: &mut Vec<T>) -> Option<()> {
	let bounded = |count: &str| count.parse().ok().filter(|&count| count <= MAX_ELEMENTS);
	if let Some(generator) = token.strip_prefix("gen:") {
		let mut parts = generator.split(':');
		let (class, seed, count) = (parts.next()?, parts.next()?, parts.next()?);
		let (seed, count) = (seed.parse().ok()?, bounded(count)?);
		for index in 0..count as u64 {
			elements.push(T::generated(class, stream(seed, index))?);
		}
		return parts.next().is_none().then_some(());
	}
	let (literal, count) = match token.split_once('*') {
		Some((literal, count)) => (literal, bounded(count)?),
		None => (token, 1),
	};
	// One value has one literal: no plus sign, no capital digit, no leading zero.
	let element = T::parse(literal).filter(|element| element.literal() == literal)?;
	elements.resize(elements.len() + count, element);
	Some(())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(type_name: &str, text: &str) -> Option<Vec<u8>> {
		Values::parse(type_name, text).ok().map(|values| values.bytes())
	}

	#[test]
	fn literals_repetitions_and_generators_concatenate() {
		assert_eq!(parse("i8", "1 -1*2 gen:code:5:0").unwrap(), [1, 255, 255]);
		assert_eq!(parse("f32", "3f800000").unwrap(), [0, 0, 0x80, 0x3f]);
		assert_eq!(parse("u64", "gen:any:7:2").unwrap().len(), 16);
		let nan = Values::parse("f32", "ffc00001*3").unwrap();
		assert_eq!(nan.output_text(), "ffc00001*3");
	}

	#[test]
	fn malformed_tokens_are_refused() {
		for (kind, token) in [
			("i8", "128"),
			("f32", "3f8"),
			("f32", "+3f800000"),
			("f32", "3F800000"),
			("i8", "+1"),
			("u8", "1*x"),
			("u8", "1*99999999"),
			("i32", "gen:code:1:1"),
			("f32", "gen:unit:1"),
			("f32", "gen:unit:1:1:1"),
			("f32", "gen:none:1:1"),
			("u16", "1"),
		] {
			assert_eq!(parse(kind, token), None, "{kind} {token}");
		}
	}

	#[test]
	fn long_outputs_become_digests() {
		let values = Values::U8(alloc::vec![b'a'; 161]);
		let text = values.output_text();
		assert!(text.starts_with("fnv:") && text.ends_with(":161"));
		assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
	}
}
