//! Smoothing: channels with large activations are divided before rows are quantised, and the columns
//! of the weights behind them multiplied.
//!
//! A row of codes has one scale, so that a channel thirty times as large as the others costs them five
//! bits. Weights have a scale per row, not per channel, and range to spare; a factor of
//! `activations^α / weights^(1 - α)` for each channel shares the burden. Activations are measured on a
//! calibration text by the exact model itself in two digits, so that every machine measures the same.

mod calibration;
mod factors;
mod ranges;

pub use calibration::Calibration;
pub(crate) use factors::{smooth, Run};

use assay_model::Kind;

use crate::Profile;

/// Whether and how channels are smoothed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Smoothing {
	/// As measured to be best for the kind of model and the profile; not at all for models that
	/// generate, whose calibration run takes minutes and the disk space of 16-bit weights.
	#[default]
	Usual,
	/// Not at all.
	Off,
	/// With this α in percent, at most 100.
	Percent(u8),
}

impl Smoothing {
	/// α in percent, `None` for no smoothing.
	pub(crate) const fn percent(self, kind: Kind, profile: Profile) -> Option<u8> {
		match (self, kind, profile) {
			(Self::Off, _, _) | (Self::Usual, Kind::Generate, _) => None,
			// Two digits hold any channel.
			(Self::Usual, Kind::Embed, Profile::W16A16) => None,
			(Self::Usual, Kind::Embed, Profile::W8A16) => Some(50),
			// Activations are the weaker side.
			(Self::Usual, Kind::Embed, Profile::W8A8) => Some(60),
			(Self::Percent(percent), _, _) => Some(if percent > 100 { 100 } else { percent }),
		}
	}
}
