//! The arithmetic of a series: what minting adds to its ledger and what burning takes.
//!
//! Nothing here moves money; whoever changes a ledger moves what it says.

use crate::{Cost, PremiumTerms, Series};
use assay_market::Balance;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

/// What leaves a series with burned units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
	/// Their reserve.
	pub price: Balance,
	/// Their part of the premium pool.
	pub premium: Balance,
}

/// To whom a premium goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PremiumShares {
	/// Waits for the subscribers.
	pub pool: Balance,
	/// The insurance's.
	pub insurance: Balance,
	/// The treasury's; has what rounding left.
	pub treasury: Balance,
}

/// `a x b / c`, exact inside, rounded as asked; `None` if it does not fit or `c` is zero.
pub(crate) fn mul_div(a: Balance, b: Balance, c: Balance, rounding: Rounding) -> Option<Balance> {
	multiply_by_rational_with_rounding(a, b, c, rounding)
}

impl Series {
	/// Price of `units`; `None` if it does not fit.
	pub fn price_of(&self, units: Balance) -> Option<Balance> {
		self.price_per_unit.checked_mul(units)
	}

	/// What minting `units` costs; `None` if it does not fit.
	pub fn cost_of(&self, units: Balance) -> Option<Cost> {
		let price = self.price_of(units)?;
		let premium = self.premium_terms.rate.mul_ceil(price);
		Some(Cost { price, premium, total: price.checked_add(premium)? })
	}

	/// Units that subscriptions still allow to mint.
	pub(crate) fn unminted(&self) -> Balance {
		self.subscribed.saturating_sub(self.minted)
	}

	/// All money of the series; `None` if it does not fit.
	pub(crate) fn ledger(&self) -> Option<Balance> {
		self.reserve.checked_add(self.premium_pool)?.checked_add(self.forfeited)
	}

	/// `units` are minted, and bring `pool` to the premium pool. `None`, and nothing to be used, on
	/// overflow.
	pub fn issue(&mut self, units: Balance, pool: Balance) -> Option<()> {
		self.reserve = self.reserve.checked_add(self.price_of(units)?)?;
		self.premium_pool = self.premium_pool.checked_add(pool)?;
		self.minted = self.minted.checked_add(units)?;
		self.outstanding = self.outstanding.checked_add(units)?;
		Some(())
	}

	/// `units` are burned. `None`, and nothing to be used, if fewer are outstanding.
	///
	/// They take with them their share of the premium pool, whoever gets it: so that the share of
	/// the units that stay is what it was, and nobody gains by being the last.
	pub fn retire(&mut self, units: Balance) -> Option<Retired> {
		let price = self.price_of(units)?;
		let premium = mul_div(self.premium_pool, units, self.outstanding, Rounding::Down)?;
		self.reserve = self.reserve.checked_sub(price)?;
		self.premium_pool = self.premium_pool.checked_sub(premium)?;
		self.outstanding = self.outstanding.checked_sub(units)?;
		Some(Retired { price, premium })
	}

	/// Takes all money out of the ledger, when the series is closed. `None` if it does not fit.
	pub(crate) fn empty(&mut self) -> Option<Balance> {
		let rest = self.ledger()?;
		self.reserve = 0;
		self.premium_pool = 0;
		self.forfeited = 0;
		self.outstanding = 0;
		Some(rest)
	}
}

impl PremiumTerms {
	/// To whom a premium goes. Nothing is lost: the treasury has what rounding left.
	pub fn share(&self, premium: Balance) -> PremiumShares {
		let pool = self.subscribers_share.mul_floor(premium);
		let insurance = self.insurance_share.mul_floor(premium);
		PremiumShares {
			pool,
			insurance,
			treasury: premium.saturating_sub(pool).saturating_sub(insurance),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::mock::series_of_price;
	use proptest::prelude::*;

	#[test]
	fn premium_should_be_rounded_up_and_shared_without_rest() {
		let series = series_of_price(101);
		assert_eq!(series.cost_of(1), Some(Cost { price: 101, premium: 4, total: 105 }));
		let shares = series.premium_terms.share(4);
		assert_eq!(shares, PremiumShares { pool: 2, insurance: 0, treasury: 2 });
	}

	#[test]
	fn amounts_that_do_not_fit_should_have_no_cost() {
		let series = series_of_price(Balance::MAX / 2);
		assert!(series.cost_of(1).is_some());
		assert_eq!(series.cost_of(2), None);
		assert_eq!(series.cost_of(3), None);
	}

	#[test]
	fn nothing_should_be_retired_beyond_what_is_outstanding() {
		let mut series = series_of_price(20);
		assert_eq!(series.retire(1), None);
		let mut series = series_of_price(20);
		series.issue(5, 3).unwrap();
		assert_eq!(series.clone().retire(6), None);
		assert_eq!(series.retire(5), Some(Retired { price: 100, premium: 3 }));
		assert_eq!((series.reserve, series.premium_pool, series.outstanding), (0, 0, 0));
	}

	proptest! {
		#[test]
		fn reserve_should_be_price_times_outstanding_after_any_history(
			price in 20..=u64::MAX,
			steps in prop::collection::vec((any::<bool>(), 1..=u32::MAX, any::<u32>()), 1..50),
		) {
			let mut series = series_of_price(price.into());
			let (mut paid, mut taken) = (0, 0);
			for (issues, units, pool) in steps {
				let units = Balance::from(units);
				if issues {
					series.issue(units, pool.into()).unwrap();
					paid += Balance::from(pool);
				} else if let Some(retired) = series.clone().retire(units) {
					prop_assert_eq!(series.retire(units), Some(retired));
					prop_assert_eq!(retired.price, series.price_of(units).unwrap());
					taken += retired.premium;
				}
				prop_assert_eq!(series.reserve, series.price_of(series.outstanding).unwrap());
				prop_assert_eq!(series.premium_pool + taken, paid);
				prop_assert!(series.outstanding > 0 || series.premium_pool == 0);
			}
		}
	}
}
