//! How much a provider risks with a job.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::Balance;

/// What a job keeps of the rule: parameters that change later leave it alone.
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
pub struct ExposureTerms {
	/// Exposure per price.
	pub factor: u32,
	/// Least exposure, in the native token.
	pub minimum: Balance,
}

impl ExposureTerms {
	/// max(factor x `price`, minimum) for a price in the native token; `None` on overflow.
	pub fn exposure(&self, price: Balance) -> Option<Balance> {
		Some(price.checked_mul(self.factor.into())?.max(self.minimum))
	}
}

/// The governed rule of exposure. Whoever sets its parameters must keep cheating unprofitable; whoever
/// reads them pins what it read in the job.
pub trait ExposureRule {
	/// k: exposure per price, unless the user asks for more.
	fn factor() -> u32;

	/// The most that a user may ask for.
	fn max_factor() -> u32;

	/// Least exposure of a job, in the native token: even the cheapest job is worth disputing.
	fn minimum() -> Balance;

	/// The rule as it is now, for a job with this factor.
	fn terms(factor: u32) -> ExposureTerms {
		ExposureTerms { factor, minimum: Self::minimum() }
	}

	/// max(`factor` x `price`, [`Self::minimum`]) for a price in the native token; `None` on overflow.
	fn exposure(price: Balance, factor: u32) -> Option<Balance> {
		Self::terms(factor).exposure(price)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn exposure_should_be_a_multiple_and_at_least_the_minimum() {
		let terms = ExposureTerms { factor: 160, minimum: 1_000 };
		assert_eq!([0, 6, 7].map(|price| terms.exposure(price)), [1_000, 1_000, 1_120].map(Some));
		assert_eq!(terms.exposure(Balance::MAX), None);
	}
}
