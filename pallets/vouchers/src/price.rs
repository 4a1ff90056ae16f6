//! The price controller: one step a day, down when compute lies idle, up when it is scarce.
//!
//! What counts as use is what was redeemed, hence burned, for listed models: jobs that nobody paid for
//! move nothing, nor do jobs of models that nobody can check. What emission gave back is not
//! subtracted: it says how the chain rewards providers, not how much compute was wanted, and a job
//! costs whoever does it for itself the validators' and the treasury's shares whatever is emitted.
//! What counts as capacity is what providers declared, demonstrated and bonded.

use crate::{
	ledger::mul_div, pallet::*, parameters::STEP_MAX, LastSeries, Parameters, QuoteRecord,
};
use assay_market::{
	traits::{Bonds, Clock},
	Balance, Quote,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchResult, Rounding};

/// Compute used and on offer, in units per day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utilisation {
	/// Redeemed.
	pub demand: Balance,
	/// What could be sold.
	pub capacity: Balance,
}

/// The price after one step.
///
/// At the target utilisation it stays; an idle market lowers it by a full step, one that uses twice
/// the target raises it by one, and between them the move is linear. A market without providers is
/// not idle: there the price stays. To a floor above it, the price rises by full steps. `None` if the
/// price does not fit.
pub fn stepped(
	price: Balance,
	floor: Balance,
	utilisation: Utilisation,
	parameters: &Parameters,
) -> Option<Balance> {
	// Prices are at least `LEAST_FLOOR`, so that one unit is no more than the largest step.
	let step = parameters.price_step.mul_floor(price).max(1);
	let target = parameters.target_utilisation.mul_floor(utilisation.capacity).max(1);
	let nobody_serves = utilisation.capacity == 0 && utilisation.demand == 0;
	let distance = if nobody_serves { 0 } else { utilisation.demand.abs_diff(target).min(target) };
	let by = mul_div(step, distance, target, Rounding::Down)?;
	let moved = if utilisation.demand >= target {
		price.checked_add(by)?
	} else {
		price.checked_sub(by)?
	};
	Some(moved.max(floor.min(price.checked_add(step)?)))
}

/// Whether a price moved far enough to deserve a series of its own: by [`STEP_MAX`] or more.
pub(crate) fn deserves_a_series(last: Balance, price: Balance) -> bool {
	price.abs_diff(last) >= STEP_MAX.mul_ceil(last)
}

impl<T: Config> Pallet<T> {
	/// See [`Pallet::step_price`].
	pub(crate) fn do_step_price(quote: Quote) -> DispatchResult {
		let mut record = Quotes::<T>::get(quote).ok_or(Error::<T>::UnknownQuote)?;
		ensure!(Self::is_step_due(&record), Error::<T>::StepTooSoon);
		Self::step(quote, &mut record)?;
		Quotes::<T>::insert(quote, record);
		Ok(())
	}

	/// Whether a day has passed since the last step of a price.
	pub(crate) fn is_step_due(record: &QuoteRecord<T::AccountId>) -> bool {
		T::Clock::now().saturating_sub(record.stepped_at) >= T::TicksPerDay::get()
	}

	/// Moves the price by one step, however many days have passed: days that nobody asked about are
	/// averaged, not made up for.
	pub(crate) fn step(quote: Quote, record: &mut QuoteRecord<T::AccountId>) -> DispatchResult {
		let now = T::Clock::now();
		let redeemed = RedeemedUnits::<T>::get();
		let since = redeemed.saturating_sub(record.redeemed_at_step);
		let elapsed = now.saturating_sub(record.stepped_at).max(1);
		let demand = mul_div(since, T::TicksPerDay::get().into(), elapsed.into(), Rounding::Down)
			.ok_or(Error::<T>::Overflow)?;
		let utilisation = Utilisation { demand, capacity: T::Bonds::capacity_units_per_day() };
		record.price =
			stepped(record.price, record.floor, utilisation, &CurrentParameters::<T>::get())
				.ok_or(Error::<T>::Overflow)?;
		record.stepped_at = now;
		record.redeemed_at_step = redeemed;
		Self::deposit_event(Event::PriceStepped {
			quote,
			price: record.price,
			demand_per_day: utilisation.demand,
			capacity_per_day: utilisation.capacity,
		});
		Ok(())
	}

	/// Fails with the reason if the controller allows no new series now.
	pub(crate) fn ensure_may_open(record: &QuoteRecord<T::AccountId>) -> DispatchResult {
		ensure!(record.live_series < T::MaxLiveSeries::get(), Error::<T>::TooManySeries);
		let Some(LastSeries { opened_at, closes_at, price_per_unit }) = record.last else {
			return Ok(());
		};
		let now = T::Clock::now();
		ensure!(now.saturating_sub(opened_at) >= T::TicksPerDay::get(), Error::<T>::SeriesTooSoon);
		ensure!(
			now >= closes_at || deserves_a_series(price_per_unit, record.price),
			Error::<T>::PriceUnmoved
		);
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{mock::parameters, types::LEAST_FLOOR};
	use proptest::prelude::*;

	/// The price after a step from 1 000, with a capacity of 1 000 and a target of 800 units a day.
	fn step_at(demand: Balance) -> Balance {
		stepped(1_000, 20, Utilisation { demand, capacity: 1_000 }, &parameters()).unwrap()
	}

	#[test]
	fn price_should_follow_utilisation_within_five_percent() {
		assert_eq!(step_at(0), 950);
		assert_eq!(step_at(400), 975);
		assert_eq!(step_at(800), 1_000);
		assert_eq!(step_at(1_200), 1_025);
		assert_eq!(step_at(1_600), 1_050);
		assert_eq!(step_at(Balance::MAX), 1_050);
	}

	#[test]
	fn price_should_stay_without_providers_and_rise_when_the_last_of_them_sold_out() {
		let step = |demand| {
			stepped(1_000, 20, Utilisation { demand, capacity: 0 }, &parameters()).unwrap()
		};
		assert_eq!(step(0), 1_000);
		assert_eq!(step(1), 1_000);
		assert_eq!(step(2), 1_050);
	}

	#[test]
	fn price_should_stop_at_the_floor_and_rise_to_a_new_one_by_steps() {
		let idle = Utilisation { demand: 0, capacity: 1_000 };
		assert_eq!(stepped(1_000, 990, idle, &parameters()), Some(990));
		assert_eq!(stepped(1_000, 1_030, idle, &parameters()), Some(1_030));
		assert_eq!(stepped(1_000, 9_000, idle, &parameters()), Some(1_050));
	}

	#[test]
	fn price_that_does_not_fit_should_be_refused() {
		let busy = Utilisation { demand: 2_000, capacity: 1_000 };
		assert_eq!(stepped(Balance::MAX, 20, busy, &parameters()), None);
	}

	#[test]
	fn series_should_be_deserved_by_five_percent_either_way() {
		assert!(deserves_a_series(1_000, 1_050) && deserves_a_series(1_000, 950));
		assert!(!deserves_a_series(1_000, 1_049) && !deserves_a_series(1_000, 951));
		assert!(deserves_a_series(20, 21) && !deserves_a_series(21, 22));
	}

	proptest! {
		#[test]
		fn a_step_should_never_exceed_five_percent(
			price in LEAST_FLOOR..=u64::MAX.into(),
			floor in LEAST_FLOOR..=u64::MAX.into(),
			demand: u64,
			capacity: u64,
		) {
			let utilisation = Utilisation { demand: demand.into(), capacity: capacity.into() };
			let after = stepped(price, floor, utilisation, &parameters()).unwrap();
			prop_assert!(after.abs_diff(price) * 20 <= price);
			prop_assert!(after >= floor.min(price));
		}
	}
}
