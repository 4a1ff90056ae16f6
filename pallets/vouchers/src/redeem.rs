//! What happens to minted vouchers: escrowed for a job, given back, burned for its settlement, or
//! reclaimed after expiry.

use crate::{
	ledger::{mul_div, Retired},
	pallet::*,
	Phase, Series,
};
use assay_market::{
	traits::{Bonds, Clock, PayoutReason, Redeemed, SeriesTerms, Vouchers},
	Balance, ModelId, Price, ProviderId, Quote, SeriesId,
};
use frame_support::{ensure, traits::DefensiveOption};
use sp_runtime::{DispatchError, DispatchResult, Rounding};

impl<T: Config> Vouchers<T::AccountId> for Pallet<T> {
	fn terms(id: SeriesId) -> Result<SeriesTerms, DispatchError> {
		let Series { quote, price_per_unit, expires_at, .. } = Self::usable(id)?;
		Ok(SeriesTerms { quote, price_per_unit, expires_at })
	}

	fn native_value(price: Price) -> Result<Balance, DispatchError> {
		Ok(Self::value_in_native(price)?)
	}

	fn escrow(who: &T::AccountId, id: SeriesId, units: Balance) -> DispatchResult {
		let mut series = Self::usable(id)?;
		ensure!(units > 0, Error::<T>::ZeroUnits);
		series.escrowed = series.escrowed.checked_add(units).ok_or(Error::<T>::Overflow)?;
		Self::hold_vouchers(series.asset, who, units)?;
		Escrows::<T>::try_mutate(id, who, |escrowed| -> DispatchResult {
			*escrowed = escrowed.checked_add(units).ok_or(Error::<T>::Overflow)?;
			Ok(())
		})?;
		AllSeries::<T>::insert(id, series);
		Self::deposit_event(Event::Escrowed { series: id, who: who.clone(), units });
		Ok(())
	}

	fn release(who: &T::AccountId, id: SeriesId, units: Balance) -> DispatchResult {
		let mut series = Self::live(id)?;
		if units == 0 {
			return Ok(());
		}
		Self::leave_escrow(&mut series, who, id, units)?;
		if !Self::is_expired(&series) {
			Self::release_vouchers(series.asset, who, units)?;
			AllSeries::<T>::insert(id, series);
			Self::deposit_event(Event::Released { series: id, who: who.clone(), units });
			return Ok(());
		}
		Self::burn_escrowed(series.asset, who, units)?;
		let amount = Self::retire_unserved(&mut series, units)?;
		let quote = series.quote;
		AllSeries::<T>::insert(id, series);
		Self::deposit_event(Event::ExpiredInEscrow { series: id, who: who.clone(), units, amount });
		Self::pay_or_owe(who, Price { quote, amount }, PayoutReason::ExpiredVouchers)
	}

	fn escrowed(who: &T::AccountId, id: SeriesId) -> Option<Balance> {
		Some(Escrows::<T>::get(id, who))
	}

	fn redeem(
		who: &T::AccountId,
		id: SeriesId,
		units: Balance,
		server: (ProviderId, ModelId),
		to: &T::AccountId,
		counts_as_demand: bool,
	) -> Result<Redeemed, DispatchError> {
		let mut series = Self::live(id)?;
		let quote = series.quote;
		if units == 0 {
			return Ok(Redeemed { units, price: Price { quote, amount: 0 } });
		}
		Self::leave_escrow(&mut series, who, id, units)?;
		Self::burn_escrowed(series.asset, who, units)?;
		let Retired { price, premium } = Self::retire(&mut series, units)?;
		series.redeemed = series.redeemed.checked_add(units).ok_or(Error::<T>::Overflow)?;
		if counts_as_demand {
			RedeemedUnits::<T>::try_mutate(|total| -> DispatchResult {
				*total = total.checked_add(units).ok_or(Error::<T>::Overflow)?;
				Ok(())
			})?;
		}

		let served = Self::serve(id, server, units);
		let earned = mul_div(premium, served, units, Rounding::Down).ok_or(Error::<T>::Overflow)?;
		let subscriber = if earned > 0 { T::Bonds::owner(server.0) } else { None };
		let earned = if subscriber.is_some() { earned } else { 0 };
		Self::forfeit(&mut series, premium.saturating_sub(earned))?;
		AllSeries::<T>::insert(id, series);

		let price = Price { quote, amount: price };
		Self::transfer(&Self::account(), to, price)?;
		if let Some(owner) = subscriber {
			Self::pay(&owner, Price { quote, amount: earned }, PayoutReason::Premium)?;
		}
		Self::deposit_event(Event::Redeemed {
			series: id,
			who: who.clone(),
			units,
			amount: price.amount,
			premium,
			earned,
			provider: server.0,
		});
		Ok(Redeemed { units, price })
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_for_benchmark(who: &T::AccountId, units: Balance) -> SeriesId {
		crate::benchmarking::endow::<T>(who, units)
	}
}

impl<T: Config> Pallet<T> {
	/// See [`Pallet::reclaim`].
	pub(crate) fn do_reclaim(who: &T::AccountId, id: SeriesId, units: Balance) -> DispatchResult {
		let mut series = Self::live(id)?;
		ensure!(units > 0, Error::<T>::ZeroUnits);
		match series.phase(T::Clock::now()) {
			Phase::Grace => {}
			Phase::Over => return Err(Error::<T>::GraceOver.into()),
			_ => return Err(Error::<T>::NotExpired.into()),
		}
		Self::burn_vouchers(series.asset, who, units)?;
		let amount = Self::retire_unserved(&mut series, units)?;
		let quote = series.quote;
		AllSeries::<T>::insert(id, series);
		Self::transfer(&Self::account(), who, Price { quote, amount })?;
		let who = who.clone();
		Self::deposit_event(Event::Reclaimed { series: id, who, units, amount });
		Ok(())
	}

	/// See [`Pallet::pay_owed`].
	pub(crate) fn do_pay_owed(who: T::AccountId, quote: Quote) -> DispatchResult {
		let amount = Owed::<T>::take(&who, quote);
		ensure!(amount > 0, Error::<T>::NothingOwed);
		Self::pay(&who, Price { quote, amount }, PayoutReason::ExpiredVouchers)?;
		Self::deposit_event(Event::OwedPaid { who, quote, amount });
		Ok(())
	}

	/// A series whose vouchers pay for new jobs.
	fn usable(id: SeriesId) -> Result<Series, DispatchError> {
		let series = Self::live(id)?;
		ensure!(!Self::is_expired(&series), Error::<T>::SeriesExpired);
		Self::ensure_fresh(series.quote)?;
		Ok(series)
	}

	/// Takes `units` of `who` out of the ledgers of what is in escrow.
	fn leave_escrow(
		series: &mut Series,
		who: &T::AccountId,
		id: SeriesId,
		units: Balance,
	) -> DispatchResult {
		let left =
			Escrows::<T>::get(id, who).checked_sub(units).ok_or(Error::<T>::TooFewEscrowed)?;
		if left == 0 {
			Escrows::<T>::remove(id, who);
		} else {
			Escrows::<T>::insert(id, who, left);
		}
		series.escrowed =
			series.escrowed.checked_sub(units).defensive_ok_or(Error::<T>::Overflow)?;
		Ok(())
	}

	/// Takes burned units out of the ledger of a series.
	///
	/// Only units that exist are burned, and each of them is outstanding.
	fn retire(series: &mut Series, units: Balance) -> Result<Retired, Error<T>> {
		series.retire(units).defensive_ok_or(Error::<T>::Overflow)
	}

	/// Takes burned units that nobody served out of the ledger of a series. Returns their reserve;
	/// their part of the premium is forfeited.
	fn retire_unserved(series: &mut Series, units: Balance) -> Result<Balance, Error<T>> {
		let Retired { price, premium } = Self::retire(series, units)?;
		Self::forfeit(series, premium)?;
		Ok(price)
	}

	/// Sets a premium aside for the insurance.
	fn forfeit(series: &mut Series, premium: Balance) -> Result<(), Error<T>> {
		series.forfeited = series.forfeited.checked_add(premium).ok_or(Error::<T>::Overflow)?;
		Ok(())
	}
}
