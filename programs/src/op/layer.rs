//! Matrix products (SPEC 8) and what follows them in the same tile.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_kernels_exact::activation;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::Register;
use crate::tensor::TensorId;

/// The weights of a linear layer (SPEC 8).
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
pub struct LinearWeights {
	/// `Codes [outputs][inputs]`, one or two digits.
	pub codes: TensorId,
	/// `f32 [outputs]`.
	pub scales: TensorId,
	/// `u8 [outputs][bytes]`: multipliers of groups of 64 inputs, two to a byte.
	pub groups: Option<TensorId>,
	/// `f32 [outputs]`.
	pub bias: Option<TensorId>,
}

/// y = linear(x); then ACT(y) if there is an activation; then CANON(residual + y) if there is a
/// residual.
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
pub struct Linear {
	/// Codes.
	pub input: Register,
	/// The layer.
	pub weights: LinearWeights,
	/// Applied to the product.
	pub activation: Option<Activation>,
	/// f32 rows of as many columns as the layer has outputs, added last.
	pub residual: Option<Register>,
}

/// y = CANON(ACT(gate(x)) x up(x)), both products CANON as results of SPEC 8.
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
pub struct Gated {
	/// Codes.
	pub input: Register,
	/// The layer whose result is activated.
	pub gate: LinearWeights,
	/// The layer whose result is multiplied; same number of outputs and of digits.
	pub up: LinearWeights,
	/// The activation.
	pub activation: Activation,
}

/// An activation function (SPEC 5).
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
pub enum Activation {
	/// x for x > 0, else 0.
	Relu,
	/// x x SIGM(x).
	Silu,
	/// GELU by the error function.
	Gelu,
	/// GELU by tanh.
	GeluTanh,
	/// tanh.
	Tanh,
}

impl From<Activation> for activation::Activation {
	fn from(activation: Activation) -> Self {
		match activation {
			Activation::Relu => Self::Relu,
			Activation::Silu => Self::Silu,
			Activation::Gelu => Self::Gelu,
			Activation::GeluTanh => Self::GeluTanh,
			Activation::Tanh => Self::Tanh,
		}
	}
}
