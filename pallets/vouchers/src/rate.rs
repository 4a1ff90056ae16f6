//! What a quoted asset is worth in the native token: needed for bonds and exposure only, never for
//! paying.
//!
//! The rate follows the mean of what the pool said at the start of each block since the last move.
//! A trade within a block cannot reach it. As what is further away than 5 % counts as 5 %, one
//! distorted block of a thousand moves it by a thousandth of that: whoever wants more has to keep
//! the pool distorted while others trade against it.

use crate::{ledger::mul_div, pallet::*, parameters::STEP_MAX, PoolMean, Rate, Series, WeightInfo};
use assay_market::{
	traits::{Clock, Exchange},
	AssetId, Balance, Price, Quote, Tick,
};
use frame_support::{ensure, traits::Get, weights::WeightMeter};
use sp_runtime::{traits::Zero, DispatchResult, FixedPointNumber, FixedU128, Rounding};

/// The rate moved towards `target`, by at most [`STEP_MAX`] a day of `elapsed`, and at most that in
/// all. `None` if it does not fit or would vanish.
pub(crate) fn moved(
	rate: FixedU128,
	target: FixedU128,
	elapsed: Tick,
	ticks_per_day: Tick,
) -> Option<FixedU128> {
	let elapsed = elapsed.min(ticks_per_day);
	let step_a_day = STEP_MAX.mul_floor(rate.into_inner());
	let step = mul_div(step_a_day, elapsed.into(), ticks_per_day.into(), Rounding::Down)?;
	let least = rate.into_inner().checked_sub(step)?;
	let most = rate.into_inner().checked_add(step)?;
	let moved = FixedU128::from_inner(target.into_inner().clamp(least, most));
	(!moved.is_zero()).then_some(moved)
}

/// What an observation counts as: no further from the rate than it could move in a day.
pub(crate) fn within_reach(rate: FixedU128, observed: FixedU128) -> FixedU128 {
	let step = STEP_MAX.mul_floor(rate.into_inner());
	let least = rate.into_inner().saturating_sub(step);
	let most = rate.into_inner().saturating_add(step);
	FixedU128::from_inner(observed.into_inner().clamp(least, most))
}

impl PoolMean {
	/// The mean with one observation more.
	pub(crate) fn with(self, observed: FixedU128) -> Self {
		let observations = self.observations.saturating_add(1);
		let (mean, observed) = (self.rate.into_inner(), observed.into_inner());
		let by = observed.abs_diff(mean) / u128::from(observations);
		let mean = if observed >= mean { mean.saturating_add(by) } else { mean.saturating_sub(by) };
		Self { rate: FixedU128::from_inner(mean), observations }
	}
}

impl<T: Config> Pallet<T> {
	/// Observes the pools of all quoted assets, as long as there is weight.
	pub(crate) fn observe_pools(meter: &mut WeightMeter) {
		for asset in Rates::<T>::iter_keys() {
			if meter.try_consume(T::WeightInfo::observe_pool()).is_err() {
				return;
			}
			Self::observe_pool(asset);
		}
	}

	/// Observes the pool of an asset. One that is gone, empty or absurd says nothing.
	pub(crate) fn observe_pool(asset: AssetId) {
		let Some(rate) = Rates::<T>::get(asset) else { return };
		let Some((native, units)) = T::Exchange::reserves(Quote::Asset(asset)) else { return };
		let Some(observed) = FixedU128::checked_from_rational(native, units) else { return };
		if !observed.is_zero() {
			let observed = within_reach(rate.native_per_unit, observed);
			PoolMeans::<T>::mutate(asset, |mean| *mean = mean.with(observed));
		}
	}

	/// See [`Pallet::update_rate`].
	pub(crate) fn do_update_rate(asset: AssetId) -> DispatchResult {
		let Rate { native_per_unit, updated_at } =
			Rates::<T>::get(asset).ok_or(Error::<T>::UnknownQuote)?;
		let now = T::Clock::now();
		let elapsed = now.saturating_sub(updated_at);
		ensure!(
			elapsed >= CurrentParameters::<T>::get().rate_interval_ticks,
			Error::<T>::RateTooSoon
		);
		let PoolMean { rate: pool_rate, observations } = PoolMeans::<T>::take(asset);
		ensure!(observations > 0, Error::<T>::NotObserved);
		let native_per_unit = moved(native_per_unit, pool_rate, elapsed, T::TicksPerDay::get())
			.ok_or(Error::<T>::RateOutOfRange)?;
		Rates::<T>::insert(asset, Rate { native_per_unit, updated_at: now });
		Self::deposit_event(Event::RateUpdated { asset, native_per_unit, pool_rate, observations });
		Ok(())
	}

	/// Value of an amount of a quote in the native token, rounded up: what is bonded for it never
	/// falls short.
	pub(crate) fn value_in_native(Price { quote, amount }: Price) -> Result<Balance, Error<T>> {
		let Quote::Asset(asset) = quote else { return Ok(amount) };
		let rate = Self::fresh_rate(asset)?;
		mul_div(amount, rate.into_inner(), FixedU128::accuracy(), Rounding::Up)
			.ok_or(Error::<T>::Overflow)
	}

	/// The least that a unit of a series can be worth in the native token before the expiry, however
	/// far its quote's rate falls: what whoever undertakes to serve it must be content with.
	pub(crate) fn least_unit_value(series: &Series) -> Result<Balance, Error<T>> {
		let Quote::Asset(asset) = series.quote else { return Ok(series.price_per_unit) };
		let rate = Self::fresh_rate(asset)?.into_inner();
		let value = mul_div(series.price_per_unit, rate, FixedU128::accuracy(), Rounding::Down)
			.ok_or(Error::<T>::Overflow)?;
		let left = series.expires_at.saturating_sub(T::Clock::now());
		// The next move makes up for up to a day that has passed already. A life has few days.
		let days = left.div_ceil(T::TicksPerDay::get().max(1)).saturating_add(1);
		Ok((0..days).fold(value, |value, _| value.saturating_sub(STEP_MAX.mul_ceil(value))))
	}

	/// The rate of an asset, unless it is stale.
	fn fresh_rate(asset: AssetId) -> Result<FixedU128, Error<T>> {
		let rate = Rates::<T>::get(asset).ok_or(Error::<T>::UnknownQuote)?;
		ensure!(Self::is_fresh(&rate), Error::<T>::StaleRate);
		Ok(rate.native_per_unit)
	}

	/// Whether a rate may be used for something new.
	pub(crate) fn is_fresh(rate: &Rate) -> bool {
		let age = T::Clock::now().saturating_sub(rate.updated_at);
		age < CurrentParameters::<T>::get().rate_stale_ticks
	}

	/// Fails if a quote's rate is stale.
	pub(crate) fn ensure_fresh(quote: Quote) -> DispatchResult {
		if let Quote::Asset(asset) = quote {
			Self::fresh_rate(asset)?;
		}
		Ok(())
	}

	/// An amount of the native token in a quote, rounded down, by the last rate, fresh or not: what
	/// is paid by it is a share of what is there.
	pub(crate) fn in_quote(quote: Quote, native: Balance) -> Option<Balance> {
		let Quote::Asset(asset) = quote else { return Some(native) };
		let rate = Rates::<T>::get(asset)?.native_per_unit;
		mul_div(native, FixedU128::accuracy(), rate.into_inner(), Rounding::Down)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn rate(inner: u128) -> FixedU128 {
		FixedU128::from_inner(inner)
	}

	#[test]
	fn rate_should_move_by_five_percent_a_day_at_most() {
		let moved = |target, elapsed| moved(rate(1_000), rate(target), elapsed, 100).unwrap();
		assert_eq!(moved(2_000, 100), rate(1_050));
		assert_eq!(moved(1, 100), rate(950));
		assert_eq!(moved(2_000, 20), rate(1_010));
		assert_eq!(moved(2_000, 0), rate(1_000));
		assert_eq!(moved(1_004, 20), rate(1_004));
		assert_eq!(moved(2_000, 10_000), rate(1_050));
	}

	#[test]
	fn rate_should_neither_vanish_nor_overflow() {
		assert_eq!(moved(rate(1), rate(0), 100, 100), Some(rate(1)));
		assert_eq!(moved(rate(0), rate(0), 100, 100), None);
		assert_eq!(moved(rate(u128::MAX), rate(u128::MAX), 100, 100), None);
	}

	#[test]
	fn observations_should_count_within_five_percent_of_the_rate() {
		let reach = |observed| within_reach(rate(1_000), rate(observed));
		assert_eq!(
			[0, 949, 951, 1_049, 1_051, u128::MAX].map(reach),
			[950, 950, 951, 1_049, 1_050, 1_050].map(rate)
		);
		assert_eq!(within_reach(rate(u128::MAX), rate(u128::MAX)), rate(u128::MAX));
	}

	#[test]
	fn observations_should_weigh_the_same() {
		let mean = |observed: &[u128]| {
			observed.iter().fold(PoolMean::default(), |mean, one| mean.with(rate(*one)))
		};
		assert_eq!(mean(&[600]), PoolMean { rate: rate(600), observations: 1 });
		assert_eq!(mean(&[600, 1_200, 300]), PoolMean { rate: rate(700), observations: 3 });
		assert_eq!(mean(&[u128::MAX, 0]).rate, rate(u128::MAX / 2 + 1));
	}

	proptest! {
		#[test]
		fn rate_should_move_towards_the_target_and_never_past_it(
			from in 1..=u64::MAX,
			target: u64,
			elapsed: Tick,
		) {
			let (from, target) = (rate(from.into()), rate(target.into()));
			let after = moved(from, target, elapsed, 14_400).unwrap();
			prop_assert!(after >= from.min(target) && after <= from.max(target));
			prop_assert!(after.into_inner().abs_diff(from.into_inner()) * 20 <= from.into_inner());
		}

		#[test]
		fn mean_should_lie_between_what_was_observed(
			observed in prop::collection::vec(any::<u128>(), 1..50),
		) {
			let mean =
				observed.iter().fold(PoolMean::default(), |mean, one| mean.with(rate(*one)));
			let least = observed.iter().min().copied().map(rate);
			let most = observed.iter().max().copied().map(rate);
			prop_assert!(Some(mean.rate) >= least && Some(mean.rate) <= most);
		}
	}
}
