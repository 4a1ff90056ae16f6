//! What a job promises, and what its hashes cover.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_primitives::{Hasher, TokenRoot};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{
	traits::ExposureTerms, CommitmentHash, JobId, ModelId, Price, ProviderId, SeriesId, TermsHash,
	Tick,
};

/// First bytes of what is hashed, so that no hash of one meaning is one of another.
const TERMS: &[u8] = b"assay/terms/1";
const JOB: &[u8] = b"assay/job/1";
const COMMITMENT: &[u8] = b"assay/commitment/1";

/// Tokens in a leaf of a list; the last leaf may have fewer.
pub const TOKENS_PER_LEAF: u32 = 1024;
const _: () = assert!(TOKENS_PER_LEAF as usize == assay_primitives::tokens::TOKENS_PER_LEAF);

/// A list of tokens: its root and its length in clear.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct TokenList {
	/// Root of the tree over the tokens.
	pub root: TokenRoot,
	/// How many tokens there are.
	pub length: u32,
}

impl TokenList {
	/// The list of these tokens.
	pub fn of<H: Hasher>(tokens: &[u32]) -> Self {
		// A longer list fits neither an extrinsic nor memory.
		let length = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
		Self { root: TokenRoot::of::<H>(tokens), length }
	}

	/// Leaves of the tree.
	pub const fn leaves(&self) -> u32 {
		self.length.div_ceil(TOKENS_PER_LEAF)
	}
}

/// How tokens are chosen (SPEC 13). The default takes the likeliest.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Sampling {
	/// Bits of the f32 temperature: 0 (greedy), or 2^-6 to 2^6.
	pub temperature_bits: u32,
	/// Tokens to choose among; 0 for all.
	pub top_k: u32,
	/// Probability mass to choose from, in 2^-16.
	pub top_p: u32,
	/// Least probability beside the likeliest token's, in 2^-16.
	pub min_p: u32,
	/// The user's seed.
	pub seed: [u32; 4],
}

impl Sampling {
	/// A whole probability; as `top_p` it turns the filter off.
	pub const WHOLE: u32 = 1 << 16;
	/// Bits of 2^-6 and 2^6. Positive f32 are ordered as their bits.
	const TEMPERATURES: (u32, u32) = (0x3c80_0000, 0x4280_0000);

	/// Whether the temperature is 0 or from 2^-6 to 2^6.
	pub const fn has_admitted_temperature(&self) -> bool {
		let (least, greatest) = Self::TEMPERATURES;
		let bits = self.temperature_bits;
		bits == 0 || (least <= bits && bits <= greatest)
	}

	/// Whether `top_p` and `min_p` are at most a whole.
	pub const fn has_admitted_probabilities(&self) -> bool {
		self.top_p <= Self::WHOLE && self.min_p <= Self::WHOLE
	}
}

/// How long an answer may be.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Limits {
	/// Most tokens of the answer; 0 for models that embed.
	pub max_tokens: u32,
}

/// Lengths of a run: what its price follows from.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Lengths {
	/// Tokens in.
	pub inputs: u32,
	/// Tokens out; 0 for models that embed.
	pub outputs: u32,
}

/// On what a provider takes a job: its own offer, the price of the series, and what it risks. Without
/// them, a series or an offer of the same name on another fork of the chain could bind a provider to
/// another price than it meant.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Conditions {
	/// Who answers.
	pub provider: ProviderId,
	/// Vouchers for a unit of compute, in millionths.
	pub rate_millionths: u32,
	/// Price of a unit of the series.
	pub unit_price: Price,
	/// Ticks from acceptance to the answer.
	pub deadline_ticks: Tick,
	/// How much is at stake for a price.
	pub exposure: ExposureTerms,
}

/// What a job promises, once a provider is known.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Terms {
	/// The model.
	pub model: ModelId,
	/// The input.
	pub input: TokenList,
	/// How tokens are chosen.
	pub sampling: Sampling,
	/// How long the answer may be.
	pub limits: Limits,
	/// The series whose vouchers pay.
	pub series: SeriesId,
	/// Version of the arithmetic.
	pub numerics_version: u32,
	/// On what the provider takes it.
	pub conditions: Conditions,
}

impl Terms {
	/// What parties name the terms by.
	pub fn hash<H: Hasher>(&self) -> TermsHash {
		TermsHash(H::hash_parts(&[TERMS, &self.encode()]))
	}
}

impl JobId {
	/// The job that a user's request with this nonce becomes. What is hashed is the request, so that
	/// no other fork of the chain can put another job in its place.
	pub fn of<H: Hasher>(user: &impl Encode, nonce: u64, request: &impl Encode) -> Self {
		Self(H::hash_parts(&[JOB, &(user, nonce, request).encode()]))
	}
}

/// What a provider answered.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Commitment {
	/// Tokens.
	#[codec(index = 0)]
	Tokens(TokenList),
	/// A vector of little-endian f32: the root of the tree over its bytes' leaves, as of tokens.
	#[codec(index = 1)]
	Embedding(TokenList),
}

impl Commitment {
	/// What parties name the answer by.
	pub fn hash<H: Hasher>(&self, job: &JobId, terms: &TermsHash) -> CommitmentHash {
		CommitmentHash(H::hash_parts(&[COMMITMENT, &(job, terms, self).encode()]))
	}

	/// The answer.
	pub fn output(&self) -> &TokenList {
		match self {
			Self::Tokens(output) | Self::Embedding(output) => output,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn sampling_should_be_admitted_within_its_ranges_only() {
		let at = |temperature: f32| Sampling {
			temperature_bits: temperature.to_bits(),
			..Sampling::default()
		};
		let limits = (1.0 / 64.0_f32, 64.0_f32);
		for admitted in [0.0, limits.0, 1.0, limits.1] {
			assert!(at(admitted).has_admitted_temperature(), "{admitted}");
		}
		for refused in [limits.0.next_down(), limits.1.next_up(), -0.0, -1.0, f32::NAN] {
			assert!(!at(refused).has_admitted_temperature(), "{refused}");
		}
		let whole = Sampling { top_p: Sampling::WHOLE, min_p: Sampling::WHOLE, ..at(1.0) };
		assert!(whole.has_admitted_probabilities());
		for refused in [
			Sampling { top_p: Sampling::WHOLE + 1, ..whole },
			Sampling { min_p: Sampling::WHOLE + 1, ..whole },
		] {
			assert!(!refused.has_admitted_probabilities());
		}
	}

	#[test]
	fn lists_should_have_as_many_leaves_as_started_thousands() {
		let leaves = |length| TokenList { root: TokenRoot::default(), length }.leaves();
		assert_eq!([0, 1, 1_024, 1_025].map(leaves), [0, 1, 1, 2]);
	}
}
