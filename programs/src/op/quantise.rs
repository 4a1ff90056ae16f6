//! Rows to codes: norms and quantisation (SPEC 7 and 9).

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_kernels_exact::quantise;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::Register;
use crate::{constant::Constant, tensor::TensorId};

/// Which norm, with its weights (SPEC 9).
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
pub enum Norm {
	/// Root mean square.
	Rms {
		/// `f32 [columns]`.
		gain: TensorId,
		/// Added to the mean square.
		eps: Constant,
	},
	/// Mean and variance.
	Layer {
		/// `f32 [columns]`.
		gain: TensorId,
		/// `f32 [columns]`.
		bias: TensorId,
		/// Added to the variance.
		eps: Constant,
	},
	/// Euclidean length, without weights.
	L2,
}

/// Precision of a row of codes.
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
pub enum Codes {
	/// One digit, symmetric.
	One,
	/// One digit in a window around the row's centre.
	OneAsymmetric,
	/// Two digits, symmetric.
	Two,
}

impl Codes {
	/// Digits of a code.
	pub const fn digits(self) -> Digits {
		match self {
			Self::One | Self::OneAsymmetric => Digits::One,
			Self::Two => Digits::Two,
		}
	}
}

/// Signed bytes of a code.
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
pub enum Digits {
	/// i8.
	One,
	/// i16.
	Two,
}

impl Digits {
	/// Bytes of a code, also the number of digits.
	pub const fn bytes(self) -> u32 {
		match self {
			Self::One => 1,
			Self::Two => 2,
		}
	}
}

impl From<Digits> for quantise::Digits {
	fn from(digits: Digits) -> Self {
		match digits {
			Digits::One => Self::One,
			Digits::Two => Self::Two,
		}
	}
}

/// Quantisation of rows (SPEC 7), of the normalised rows where a norm is given: those are then never
/// part of the trace.
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
pub struct Quantise {
	/// f32 rows.
	pub input: Register,
	/// Applied first.
	pub norm: Option<Norm>,
	/// `f32 [columns]`, multiplied onto the (normalised) row before its range is taken.
	pub multipliers: Option<TensorId>,
	/// Precision of the result.
	pub codes: Codes,
}
