//! Numbers that a program holds.

use assay_kernels_exact::float::canon;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An f32 parameter of an operation, kept as its bits because programs are compared and hashed.
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
pub struct Constant(pub u32);

impl Constant {
	/// The parameter with this value.
	pub const fn new(value: f32) -> Self {
		Self(value.to_bits())
	}

	/// The value, CANON as for everything that an operation reads.
	pub fn get(self) -> f32 {
		canon(f32::from_bits(self.0))
	}

	/// Whether reading changes nothing. Programs with other constants are refused: what they say is
	/// not what would be computed.
	pub fn is_canonical(self) -> bool {
		self.get().to_bits() == self.0
	}
}

impl From<f32> for Constant {
	fn from(value: f32) -> Self {
		Self::new(value)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_members_of_f_are_canonical() {
		for value in [0.0, 1.0, -1e-5, 1.099_511_6e12] {
			assert!(Constant::new(value).is_canonical(), "{value}");
		}
		for value in [-0.0, f32::NAN, f32::INFINITY, 1e-40, 1e13, -1e-30] {
			assert!(!Constant::new(value).is_canonical(), "{value}");
		}
	}
}
