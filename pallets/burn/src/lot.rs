//! What waits to be sold for native tokens, and what a fair price for it is.

use crate::SaleTerms;
use assay_market::{Balance, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, traits::Zero, FixedU128, Rounding,
};

/// What jobs paid in an asset, or the insurance has of it, and waits to be sold.
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
pub struct Lot {
	/// Units whose proceeds burn.
	pub burn: Balance,
	/// Units whose proceeds go to the validators.
	pub validators: Balance,
	/// Units whose proceeds go to the insurance.
	pub insurance: Balance,
	/// Average price of a unit in native tokens; none while the pool shows no price.
	pub average: Option<FixedU128>,
	/// First look of the average.
	pub averaged_since: Tick,
	/// Last look at the pool.
	pub observed_at: Tick,
	/// When the next order is due.
	pub order_at: Tick,
}

/// A part of a lot, and what it was sold for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sale {
	/// Units taken from [`Lot::burn`].
	pub burn: Balance,
	/// Units taken from [`Lot::validators`].
	pub validators: Balance,
	/// Units taken from [`Lot::insurance`].
	pub insurance: Balance,
	/// Proceeds that burn.
	pub burned: Balance,
	/// Proceeds for the validators.
	pub to_pot: Balance,
	/// Proceeds for the insurance.
	pub to_insurance: Balance,
}

impl Lot {
	/// A lot without units, whose first order is due after a period at the earliest.
	pub(crate) fn open(now: Tick, period: Tick) -> Self {
		Self {
			burn: 0,
			validators: 0,
			insurance: 0,
			average: None,
			averaged_since: now,
			observed_at: now,
			order_at: now.saturating_add(period),
		}
	}

	/// All units; `None` if the sum does not fit.
	pub fn units(&self) -> Option<Balance> {
		self.burn.checked_add(self.validators)?.checked_add(self.insurance)
	}

	/// Notes the pool's price.
	///
	/// The price stands for the ticks since the last look. Its weight is their part of the ticks
	/// that the average covers: all since its first look, but at most [`SaleTerms::averaging`].
	///
	/// Without a price the average is forgotten, and a look after a gap as long as the averaging is
	/// a first look again: it alone must not decide, so the next order waits for a period.
	pub(crate) fn observe(&mut self, price: Option<FixedU128>, now: Tick, terms: &SaleTerms) {
		let elapsed = now.saturating_sub(self.observed_at);
		match (self.average, price) {
			(Some(_), Some(_)) if elapsed.is_zero() => {}
			(Some(average), Some(price)) if elapsed < terms.averaging => {
				let covered = now.saturating_sub(self.averaged_since).min(terms.averaging);
				self.average = Some(moved(average, price, elapsed, covered.max(elapsed)));
			}
			(_, Some(_)) => {
				self.average = price;
				self.averaged_since = now;
				self.order_at = self.order_at.max(now.saturating_add(terms.period));
			}
			(_, None) => self.average = None,
		}
		self.observed_at = now;
	}

	/// Splits what selling `amount` units brought in the proportion of the parts. `None` if the lot has
	/// fewer units or none.
	pub(crate) fn split(&self, amount: Balance, proceeds: Balance) -> Option<Sale> {
		let units = self.units().filter(|units| amount > 0 && amount <= *units)?;
		// Rounded down, the burn's part leaves the others at least theirs, and no more than they have,
		// since the amount is at most all. So does the insurance's.
		let (burn, others) = divide(amount, self.burn, units)?;
		let units_of_others = units.checked_sub(self.burn)?;
		let (insurance, validators) = divide(others, self.insurance, units_of_others)?;
		let (burned, rest) = divide(proceeds, burn, amount)?;
		let (to_insurance, to_pot) = divide(rest, insurance, others)?;
		Some(Sale { burn, validators, insurance, burned, to_pot, to_insurance })
	}
}

/// `part / of` of the whole, rounded down, and the rest. Of nothing, the part is nothing.
fn divide(whole: Balance, part: Balance, of: Balance) -> Option<(Balance, Balance)> {
	if of.is_zero() {
		return Some((0, whole));
	}
	let first = multiply_by_rational_with_rounding(whole, part, of, Rounding::Down)?;
	Some((first, whole.checked_sub(first)?))
}

/// `elapsed / covered` of the way from `average` to `price`, rounded towards `average`.
fn moved(average: FixedU128, price: FixedU128, elapsed: Tick, covered: Tick) -> FixedU128 {
	let (average, price) = (average.into_inner(), price.into_inner());
	let step = multiply_by_rational_with_rounding(
		price.abs_diff(average),
		elapsed.into(),
		covered.into(),
		Rounding::Down,
	)
	// No more than the difference itself, unless nothing is covered.
	.unwrap_or_default();
	FixedU128::from_inner(if price >= average {
		average.saturating_add(step)
	} else {
		average.saturating_sub(step)
	})
}
