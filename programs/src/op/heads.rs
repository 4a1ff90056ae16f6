//! Heads, and attention among them (SPEC 10 and 11).

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_kernels_exact::rope;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{Digits, Register};
use crate::{constant::Constant, tensor::TensorId};

/// What heads are for, which decides how their rows lie in a trace (SPEC 16).
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
pub enum Role {
	/// `Row [position][head]`.
	Query,
	/// `Row [head][position]`.
	Key,
	/// `Row [head][group of 128 channels][position]`.
	Value,
}

/// f32 rows cut into heads of equal width; each head normalised, rotated and quantised by itself.
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
pub struct Heads {
	/// f32 rows, one per position.
	pub input: Register,
	/// How many heads.
	pub heads: u16,
	/// What they are for.
	pub role: Role,
	/// RMS norm of each head, if any.
	pub norm: Option<HeadNorm>,
	/// Index into the program's rotations, if the heads are rotated.
	pub rotation: Option<u8>,
	/// Digits of the codes; values have one.
	pub digits: Digits,
}

/// RMS norm over the channels of a head.
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
pub struct HeadNorm {
	/// `f32 [head dimension]`.
	pub gain: TensorId,
	/// Added to the mean square.
	pub eps: Constant,
}

/// Which channels of a head form a pair (SPEC 10).
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
pub enum Pairing {
	/// i and i + n.
	Halves,
	/// 2i and 2i + 1.
	Interleaved,
}

impl From<Pairing> for rope::Pairing {
	fn from(pairing: Pairing) -> Self {
		match pairing {
			Pairing::Halves => Self::Halves,
			Pairing::Interleaved => Self::Interleaved,
		}
	}
}

/// Attention (SPEC 11). Query head h reads key head h x key heads / query heads.
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
pub struct Attention {
	/// Heads of role `Query`.
	pub query: Register,
	/// Heads of role `Key`, of the query's head dimension and digits.
	pub key: Register,
	/// Heads of role `Value`, as many as key heads.
	pub value: Register,
	/// C of `query_scale`.
	pub constant: Constant,
	/// Which positions a query sees.
	pub mask: Mask,
}

/// Which key positions the query at position p sees.
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
pub enum Mask {
	/// 0 … p.
	Causal,
	/// The last `window` of them: p − window + 1 … p.
	Sliding {
		/// At least 1.
		window: u32,
	},
	/// All. Only for programs that embed.
	Full,
}
