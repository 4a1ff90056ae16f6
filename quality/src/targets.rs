//! How near an encoder should be to its float model.
//!
//! The targets were set for all-MiniLM-L6-v2 on the built-in sentences, by profile. For other encoders
//! they are a measure to go by.

use assay_model::{EmbedFigures, Figures, Kind, Quality};
use serde::Serialize;

use crate::text::Texts;

/// A figure beside what is wanted of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
	/// Its name.
	pub figure: &'static str,
	/// What is wanted, or more.
	pub least: f64,
	/// As measured.
	pub found: f64,
}

impl Target {
	/// Whether the figure is as wanted; one that is no number is not.
	pub fn is_reached(&self) -> bool {
		self.found >= self.least
	}
}

/// Profile, and the least and median cosine that are wanted of it, with the profile's usual smoothing.
const COSINES: [(&str, f64, f64); 3] =
	[("w8a8", 0.994, 0.999), ("w8a16", 0.998, 0.9995), ("w16a16", 0.9998, 0.9999)];

/// The targets of a profile; none for models that generate, for unknown profiles, and for figures of
/// another text.
pub fn targets(profile: &str, quality: &Quality) -> Vec<Target> {
	let Figures::Embed(EmbedFigures { cosine_min, cosine_median, .. }) = quality.figures else {
		return Vec::new();
	};
	if quality.text.blake2_256 != Texts::built_in(Kind::Embed).blake2_256 {
		return Vec::new();
	}
	let of_profile = COSINES.into_iter().find(|(name, ..)| *name == profile);
	let pair = |(_, least, median)| {
		[("least cosine", least, cosine_min), ("median cosine", median, cosine_median)]
	};
	let all = of_profile.into_iter().flat_map(pair);
	all.map(|(figure, least, found)| Target { figure, least, found }).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use assay_model::EvaluationText;
	use assay_primitives::hash::Hash;

	fn quality(cosine_min: f64, cosine_median: f64) -> Quality {
		let blake2_256 = Texts::built_in(Kind::Embed).blake2_256;
		Quality {
			text: EvaluationText { blake2_256, texts: 200, tokens: 4000 },
			backend: "cpu".into(),
			figures: Figures::Embed(EmbedFigures {
				cosine_min,
				cosine_percentile_1: cosine_min,
				cosine_median,
				rank_correlation: 1.0,
			}),
		}
	}

	fn reached(profile: &str, quality: &Quality) -> Vec<bool> {
		targets(profile, quality).iter().map(Target::is_reached).collect()
	}

	#[test]
	fn each_profile_has_its_own() {
		let figures = quality(0.998, 0.9995);
		assert_eq!(reached("w8a8", &figures), [true, true]);
		assert_eq!(reached("w8a16", &figures), [true, true]);
		assert_eq!(reached("w16a16", &figures), [false, false]);
		assert_eq!(reached("w8a8", &quality(0.9939, 0.999)), [false, true]);
		assert_eq!(reached("w8a8", &quality(f64::NAN, 0.9989)), [false, false]);
	}

	#[test]
	fn other_texts_and_profiles_have_none() {
		assert!(targets("w4a4", &quality(1.0, 1.0)).is_empty());
		let mut other = quality(1.0, 1.0);
		other.text.blake2_256 = Hash::default();
		assert!(targets("w8a8", &other).is_empty());
	}
}
