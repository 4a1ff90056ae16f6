//! Minting: money for vouchers at the series' price.

use crate::{pallet::*, Cost, DailyMint, Phase, Series};
use assay_market::{traits::Clock, Balance, SeriesId};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// See [`Pallet::mint`].
	pub(crate) fn do_mint(
		who: &T::AccountId,
		id: SeriesId,
		units: Balance,
		max_cost: Balance,
	) -> DispatchResult {
		let mut series = Self::open(id)?;
		let cost = Self::cost_of(&series, units)?;
		ensure!(cost.total <= max_cost, Error::<T>::CostAboveMax);
		ensure!(units <= series.unminted(), Error::<T>::NotSubscribed);
		Self::count_minted(units)?;

		let shares = series.premium_terms.share(cost.premium);
		series.issue(units, shares.pool).ok_or(Error::<T>::Overflow)?;
		Self::charge(who, series.quote, &cost, &shares)?;
		Self::issue_vouchers(series.asset, who, units)?;
		AllSeries::<T>::insert(id, series);
		Self::deposit_event(Event::Minted { series: id, who: who.clone(), units, cost });
		Ok(())
	}

	/// What minting costs now.
	pub(crate) fn cost_of(series: &Series, units: Balance) -> Result<Cost, DispatchError> {
		ensure!(units > 0, Error::<T>::ZeroUnits);
		series.cost_of(units).ok_or(Error::<T>::Overflow.into())
	}

	/// Units that can be minted now: of the subscriptions that are left, what today's limit allows.
	pub(crate) fn mintable_of(series: &Series) -> Balance {
		if series.phase(T::Clock::now()) != Phase::Open {
			return 0;
		}
		let limit = CurrentParameters::<T>::get().mint_limit_per_day;
		series.unminted().min(limit.saturating_sub(Self::minted_today().units))
	}

	/// What was minted since the last start of a day.
	fn minted_today() -> DailyMint {
		let day = T::Clock::now().checked_div(T::TicksPerDay::get()).unwrap_or(0);
		Some(MintedToday::<T>::get())
			.filter(|minted| minted.day == day)
			.unwrap_or(DailyMint { day, units: 0 })
	}

	/// Counts `units` for today's limit.
	fn count_minted(units: Balance) -> DispatchResult {
		let mut today = Self::minted_today();
		today.units = today.units.checked_add(units).ok_or(Error::<T>::Overflow)?;
		ensure!(
			today.units <= CurrentParameters::<T>::get().mint_limit_per_day,
			Error::<T>::DailyLimit
		);
		MintedToday::<T>::put(today);
		Ok(())
	}
}
