//! Profiles: named choices of precision for every linear layer of a model.

use std::{fmt, str::FromStr};

use assay_model::Kind;
use assay_programs::op::{Codes, Digits};
use thiserror::Error;

/// A named choice of precisions: W for the digits of weights, A for those of activations, each
/// digit 8 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
	/// Two digits for everything: the float model's quality at the memory of 16-bit weights.
	W16A16,
	/// One digit for weights, two for activations.
	W8A16,
	/// One digit for both; in models that generate, two for the activations before the down
	/// projection and the output head, which lose most.
	W8A8,
}

/// No profile has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no profile `{name}`; profiles are w16a16, w8a16 and w8a8")]
pub struct UnknownProfile {
	/// The name.
	pub name: String,
}

impl Profile {
	/// All profiles, most precise first.
	pub const ALL: [Self; 3] = [Self::W16A16, Self::W8A16, Self::W8A8];

	/// The profile for models of this kind where none is asked for.
	///
	/// Embedding models are small, so that memory and speed matter less than cosines; models that
	/// generate are bound by the bytes of their weights.
	pub const fn default_for(kind: Kind) -> Self {
		match kind {
			Kind::Embed => Self::W16A16,
			Kind::Generate => Self::W8A8,
		}
	}

	/// Its name.
	pub const fn name(self) -> &'static str {
		match self {
			Self::W16A16 => "w16a16",
			Self::W8A16 => "w8a16",
			Self::W8A8 => "w8a8",
		}
	}

	/// The precisions that it stands for.
	pub(crate) const fn precision(self, kind: Kind) -> Precision {
		let weights = match self {
			Self::W16A16 => Digits::Two,
			Self::W8A16 | Self::W8A8 => Digits::One,
		};
		let (activations, sensitive) = match (self, kind) {
			(Self::W16A16 | Self::W8A16, _) => (Codes::Two, Codes::Two),
			// Encoders normalise after the residual: their rows have a one-sided range.
			(Self::W8A8, Kind::Embed) => (Codes::OneAsymmetric, Codes::OneAsymmetric),
			(Self::W8A8, Kind::Generate) => (Codes::One, Codes::Two),
		};
		let grouped = matches!((self, kind), (Self::W8A16 | Self::W8A8, Kind::Embed));
		Precision { weights, grouped, activations, sensitive }
	}
}

/// Digits of the codes of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Precision {
	/// Of the weights of linear layers and of the embedding of tokens.
	pub(crate) weights: Digits,
	/// Whether groups of inputs of a layer have multipliers, which brings weights of one digit closer
	/// at less than a per cent of their bytes.
	pub(crate) grouped: bool,
	/// Of rows before linear layers.
	pub(crate) activations: Codes,
	/// Of rows before the down projection and the output head.
	pub(crate) sensitive: Codes,
}

impl fmt::Display for Profile {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.name())
	}
}

impl FromStr for Profile {
	type Err = UnknownProfile;

	fn from_str(name: &str) -> Result<Self, UnknownProfile> {
		let profile = Self::ALL.into_iter().find(|profile| profile.name() == name);
		profile.ok_or_else(|| UnknownProfile { name: name.into() })
	}
}
