//! Levels of instructions, found at run time.

use core::{fmt, str::FromStr};

/// A set of instructions that this crate has code for. The result of no operation depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
	/// What every processor of the architecture has.
	Scalar,
	/// AArch64: products of signed bytes, 128 bits wide.
	Neon,
	/// x86-64: AVX2, products of 16-bit pairs.
	Avx2,
	/// x86-64: AVX2 with the four-byte dot product.
	AvxVnni,
	/// x86-64: AVX-512 (F, BW, DQ, VL) with the four-byte dot product.
	Avx512Vnni,
}

impl Level {
	/// All levels, the least first.
	pub const ALL: [Self; 5] =
		[Self::Scalar, Self::Neon, Self::Avx2, Self::AvxVnni, Self::Avx512Vnni];

	/// Whether this processor has the instructions.
	pub fn is_available(self) -> bool {
		match self {
			Self::Scalar => true,
			#[cfg(target_arch = "aarch64")]
			Self::Neon => true,
			#[cfg(target_arch = "x86_64")]
			Self::Avx2 => is_x86_feature_detected!("avx2"),
			#[cfg(target_arch = "x86_64")]
			Self::AvxVnni => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni"),
			#[cfg(target_arch = "x86_64")]
			Self::Avx512Vnni => {
				is_x86_feature_detected!("avx512f")
					&& is_x86_feature_detected!("avx512bw")
					&& is_x86_feature_detected!("avx512dq")
					&& is_x86_feature_detected!("avx512vl")
					&& is_x86_feature_detected!("avx512vnni")
			}
			// The levels of the other architecture.
			#[allow(unreachable_patterns, reason = "each architecture lacks other levels")]
			_ => false,
		}
	}

	/// The levels of this processor, the least first.
	pub fn available() -> impl Iterator<Item = Self> {
		Self::ALL.into_iter().filter(|level| level.is_available())
	}

	/// The fastest level of this processor.
	pub fn best() -> Self {
		Self::available().last().unwrap_or(Self::Scalar)
	}

	/// The name that [`FromStr`] reads.
	pub const fn name(self) -> &'static str {
		match self {
			Self::Scalar => "scalar",
			Self::Neon => "neon",
			Self::Avx2 => "avx2",
			Self::AvxVnni => "avx-vnni",
			Self::Avx512Vnni => "avx512-vnni",
		}
	}
}

impl fmt::Display for Level {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.name())
	}
}

/// A name that no level has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
	"'{0}' is no level of instructions; the levels are scalar, neon, avx2, avx-vnni, avx512-vnni"
)]
pub struct UnknownLevel(String);

impl FromStr for Level {
	type Err = UnknownLevel;

	fn from_str(name: &str) -> Result<Self, UnknownLevel> {
		let found = Self::ALL.into_iter().find(|level| level.name() == name);
		found.ok_or_else(|| UnknownLevel(name.to_owned()))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_are_read_back() {
		for level in Level::ALL {
			assert_eq!(level.to_string().parse(), Ok(level));
		}
		assert!("sse9".parse::<Level>().unwrap_err().to_string().contains("sse9"));
	}

	#[test]
	fn the_best_level_is_available() {
		assert!(Level::best().is_available());
		assert!(Level::Scalar.is_available());
	}
}
