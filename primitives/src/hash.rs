//! Hashes: blake2b with 32 bytes, as the chain's host computes it.

use alloc::{string::String, vec::Vec};
use core::{fmt, str::FromStr};

#[cfg(feature = "std")]
use blake2b_simd::many::{hash_many, HashManyJob};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A blake2-256 hash. Its text is `0x` and 64 lower-case hexadecimal digits.
#[derive(
	Clone,
	Copy,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Hash,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Hash(pub [u8; 32]);

/// Computes blake2-256.
///
/// A trait because each place has its own best way: the runtime asks its host, everything else uses
/// [`Native`].
pub trait Hasher {
	/// The hash of the bytes.
	fn hash(bytes: &[u8]) -> Hash;

	/// The hash of the parts' concatenation.
	fn hash_parts(parts: &[&[u8]]) -> Hash {
		Self::hash(&parts.concat())
	}

	/// Appends the hash of each message to `hashes`, in order.
	fn hash_many(messages: &[&[u8]], hashes: &mut Vec<Hash>) {
		hashes.extend(messages.iter().map(|message| Self::hash(message)));
	}
}

/// blake2-256 by the processor's own vector instructions.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug)]
pub struct Native;

#[cfg(feature = "std")]
impl Hasher for Native {
	fn hash(bytes: &[u8]) -> Hash {
		Self::hash_parts(&[bytes])
	}

	fn hash_parts(parts: &[&[u8]]) -> Hash {
		let mut state = NativeState::default();
		for part in parts {
			state.update(part);
		}
		state.finish()
	}

	/// Several at once, one in each lane of a vector: about twice as fast as one after the other.
	fn hash_many(messages: &[&[u8]], hashes: &mut Vec<Hash>) {
		let mut params = blake2b_simd::Params::new();
		params.hash_length(32);
		let mut jobs: Vec<_> =
			messages.iter().map(|message| HashManyJob::new(&params, message)).collect();
		hash_many(&mut jobs);
		hashes.extend(jobs.iter().map(|job| short(&job.to_hash())));
	}
}

/// A hash of 32 bytes, which is what the parameters ask for.
#[cfg(feature = "std")]
fn short(long: &blake2b_simd::Hash) -> Hash {
	let mut hash = Hash::default();
	hash.0.copy_from_slice(long.as_bytes());
	hash
}

/// A hash in the making, for files that do not fit into memory.
#[cfg(feature = "std")]
#[derive(Clone, Debug)]
pub struct NativeState(blake2b_simd::State);

#[cfg(feature = "std")]
impl Default for NativeState {
	fn default() -> Self {
		Self(blake2b_simd::Params::new().hash_length(32).to_state())
	}
}

#[cfg(feature = "std")]
impl NativeState {
	/// Appends bytes.
	pub fn update(&mut self, bytes: &[u8]) {
		self.0.update(bytes);
	}

	/// The hash of everything appended.
	pub fn finish(&self) -> Hash {
		short(&self.0.finalize())
	}
}

impl fmt::Display for Hash {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("0x")?;
		self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
	}
}

impl fmt::Debug for Hash {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

/// A text that is no hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseHashError {
	/// The text.
	pub text: String,
}

impl fmt::Display for ParseHashError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "`{}` is no hash: 0x and 64 hexadecimal digits are expected", self.text)
	}
}

impl core::error::Error for ParseHashError {}

impl FromStr for Hash {
	type Err = ParseHashError;

	fn from_str(text: &str) -> Result<Self, ParseHashError> {
		let digits: Option<Vec<u8>> = text
			.strip_prefix("0x")
			.unwrap_or_default()
			.bytes()
			.map(|digit| char::from(digit).to_digit(16).and_then(|value| value.try_into().ok()))
			.collect();
		let mut hash = Self::default();
		match digits {
			Some(digits) if digits.len() == 64 => {
				for (byte, pair) in hash.0.iter_mut().zip(digits.chunks(2)) {
					*byte = pair[0] << 4 | pair[1];
				}
				Ok(hash)
			}
			_ => Err(ParseHashError { text: text.into() }),
		}
	}
}

/// Hashes that mean different things have different types, so that none can stand for another.
macro_rules! meaning {
	($(#[$documentation:meta])* $name:ident) => {
		$(#[$documentation])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
			DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
		)]
		pub struct $name(pub Hash);

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				self.0.fmt(f)
			}
		}

		impl FromStr for $name {
			type Err = ParseHashError;

			fn from_str(text: &str) -> Result<Self, ParseHashError> {
				text.parse().map(Self)
			}
		}
	};
}

meaning! {
	/// The identity of a model program: the hash of its SCALE encoding.
	ProgramHash
}
meaning! {
	/// The root of the tree over a model's weights.
	WeightsRoot
}
meaning! {
	/// The root of the tree over a list of tokens.
	TokenRoot
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use super::*;

	/// Values of the reference implementation of blake2, by `b2sum -l 256`.
	#[test]
	fn native_hash_is_blake2_256() {
		let empty = "0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
		assert_eq!(Native::hash(b"").to_string(), empty);
		let abc = "0xbddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319";
		assert_eq!(Native::hash(b"abc").to_string(), abc);
		assert_eq!(Native::hash_parts(&[b"a", b"", b"bc"]), Native::hash(b"abc"));
	}

	#[test]
	fn the_provided_concatenation_hashes_the_same() {
		struct Plain;
		impl Hasher for Plain {
			fn hash(bytes: &[u8]) -> Hash {
				Native::hash(bytes)
			}
		}
		assert_eq!(Plain::hash_parts(&[b"ab", b"c"]), Native::hash(b"abc"));
		let bytes = [7; 600];
		let messages: Vec<&[u8]> = (0..50).map(|i| &bytes[..i * i % 600]).collect();
		let (mut plain, mut native) = (Vec::new(), Vec::new());
		Plain::hash_many(&messages, &mut plain);
		Native::hash_many(&messages, &mut native);
		assert_eq!(plain.len(), 50);
		assert_eq!(plain, native);
	}

	#[test]
	fn text_returns_and_other_text_is_refused() {
		let hash = Native::hash(b"x");
		assert_eq!(hash.to_string().parse(), Ok(hash));
		let text = hash.to_string();
		for wrong in ["", "0x", &text[2..], &text[..65], &text.replace(&text[5..6], "g"), "0xé"] {
			assert_eq!(wrong.parse::<Hash>(), Err(ParseHashError { text: wrong.into() }));
		}
	}
}
