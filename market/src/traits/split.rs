//! How what a job pays is split.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::Permill;

use super::Shares;
use crate::{Price, Quote};

/// Parts of a price; valid if they sum to the whole.
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
pub struct Split {
	/// The provider's.
	pub provider: Permill,
	/// What burns.
	pub burn: Permill,
	/// The validators'.
	pub validators: Permill,
	/// The treasury's.
	pub treasury: Permill,
}

impl Default for Split {
	fn default() -> Self {
		Self {
			provider: Permill::from_percent(70),
			burn: Permill::from_percent(15),
			validators: Permill::from_percent(10),
			treasury: Permill::from_percent(5),
		}
	}
}

impl Split {
	/// Whether the parts sum to the whole.
	pub fn is_whole(&self) -> bool {
		let Self { provider, burn, validators, treasury } = *self;
		let parts = [provider, burn, validators, treasury];
		// Four parts of at most a million each.
		parts.iter().map(|part| part.deconstruct()).sum::<u32>() == Permill::one().deconstruct()
	}
}

/// What a job keeps of the split: shares and emission that change later leave it alone. The default
/// emits nothing.
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
pub struct SplitTerms {
	/// Who gets which part.
	pub split: Split,
	/// What is emitted for jobs of listed models, as a part of what they burn at once.
	pub emission_rate: Permill,
}

impl SplitTerms {
	/// How a price is shared. Every share is rounded down, and the treasury has the rest. Whatever the
	/// split, the shares sum to the price: where parts exceed the whole, those named first come first.
	pub fn shares_of(&self, price: Price, listed: bool) -> Shares {
		let Price { quote, amount } = price;
		let mut left = amount;
		let mut share = |part: Permill| {
			let share = part.mul_floor(amount).min(left);
			left = left.saturating_sub(share);
			share
		};
		let provider = share(self.split.provider);
		let burned = share(self.split.burn);
		let validators = share(self.split.validators);
		let treasury = left;
		// Only what burned at once counts: what a sale will bring is not known yet.
		let emitted =
			if listed && quote == Quote::Native { self.emission_rate.mul_floor(burned) } else { 0 };
		Shares { quote, provider, burned, validators, treasury, emitted }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn price(amount: u128) -> Price {
		Price { quote: Quote::Native, amount }
	}

	#[test]
	fn the_default_should_be_whole_and_emit_nothing() {
		assert!(Split::default().is_whole());
		assert!(!Split { burn: Permill::zero(), ..Split::default() }.is_whole());
		let Shares { provider, burned, validators, treasury, emitted, .. } =
			SplitTerms::default().shares_of(price(10_000), true);
		assert_eq!((provider, burned, validators, treasury), (7_000, 1_500, 1_000, 500));
		assert_eq!(emitted, 0);
	}

	#[test]
	fn parts_above_the_whole_should_share_no_more_than_the_price() {
		let all = Permill::one();
		let split = Split { provider: all, burn: all, validators: all, treasury: all };
		let shares = SplitTerms { split, emission_rate: all }.shares_of(price(777), true);
		let Shares { provider, burned, validators, treasury, emitted, .. } = shares;
		assert_eq!((provider, burned, validators, treasury), (777, 0, 0, 0));
		assert_eq!(emitted, 0);
	}

	#[test]
	fn emission_should_be_for_native_prices_of_listed_models_only() {
		let terms = SplitTerms { emission_rate: Permill::from_percent(50), ..Default::default() };
		let emitted = |price, listed| terms.shares_of(price, listed).emitted;
		assert_eq!(emitted(price(10_000), true), 750);
		assert_eq!(emitted(price(10_000), false), 0);
		assert_eq!(emitted(Price { quote: Quote::Asset(1), amount: 10_000 }, true), 0);
	}
}
