//! The life of a series: opened, swept, closed, forgotten.

use crate::{pallet::*, LastSeries, Phase, Series, SeriesStatus};
use assay_market::{
	traits::{Clock, PayoutReason},
	AssetId, Balance, Price, Quote, SeriesId, Tick,
};
use frame_support::{
	ensure,
	traits::{fungibles::Inspect as _, Defensive, Get},
};
use sp_runtime::{DispatchError, DispatchResult};

/// Most numbers of taken assets that opening a series skips.
pub const SKIPPED_MAX: u32 = 16;

impl<T: Config> Pallet<T> {
	/// See [`Pallet::open_series`].
	pub(crate) fn do_open_series(quote: Quote) -> Result<SeriesId, DispatchError> {
		let mut record = Quotes::<T>::get(quote).ok_or(Error::<T>::UnknownQuote)?;
		Self::ensure_team_unchanged(quote, &record)?;
		if Self::is_step_due(&record) {
			Self::step(quote, &mut record)?;
		}
		Self::ensure_may_open(&record)?;
		let (id, series) = Self::create_series(quote, record.price)?;
		record.last = Some(LastSeries {
			opened_at: series.opened_at,
			closes_at: series.closes_at,
			price_per_unit: series.price_per_unit,
		});
		record.live_series = record.live_series.checked_add(1).ok_or(Error::<T>::Overflow)?;
		Quotes::<T>::insert(quote, record);
		Ok(id)
	}

	/// Stores a series of this price, with its asset.
	pub(crate) fn create_series(
		quote: Quote,
		price_per_unit: Balance,
	) -> Result<(SeriesId, Series), DispatchError> {
		let (id, asset) = Self::next_number()?;
		let parameters = CurrentParameters::<T>::get();
		let opened_at = T::Clock::now();
		let after = |start: Tick, ticks: Tick| start.checked_add(ticks).ok_or(Error::<T>::Overflow);
		let expires_at = after(opened_at, parameters.life_ticks)?;
		let series = Series {
			quote,
			price_per_unit,
			premium_terms: parameters.premium_terms(),
			asset,
			opened_at,
			closes_at: after(opened_at, parameters.window_ticks)?,
			expires_at,
			grace_ends_at: after(expires_at, parameters.grace_ticks)?,
			subscribed: 0,
			released: 0,
			subscribers: 0,
			minted: 0,
			redeemed: 0,
			outstanding: 0,
			escrowed: 0,
			reserve: 0,
			premium_pool: 0,
			forfeited: 0,
			status: SeriesStatus::Live,
		};
		Self::create_asset(asset, id)?;
		NextSeriesId::<T>::put(SeriesId(id.0.checked_add(1).ok_or(Error::<T>::Overflow)?));
		AllSeries::<T>::insert(id, &series);
		Self::deposit_event(Event::SeriesOpened {
			series: id,
			quote,
			price_per_unit,
			asset,
			closes_at: series.closes_at,
			expires_at: series.expires_at,
			grace_ends_at: series.grace_ends_at,
		});
		Ok((id, series))
	}

	/// The next series' number and its asset's: the first that is free.
	fn next_number() -> Result<(SeriesId, AssetId), Error<T>> {
		let next = NextSeriesId::<T>::get();
		for skipped in 0..=SKIPPED_MAX {
			let id = SeriesId(next.0.checked_add(skipped).ok_or(Error::<T>::Overflow)?);
			let asset = Self::asset_of(id)?;
			if !T::Assets::asset_exists(asset) {
				return Ok((id, asset));
			}
		}
		Err(Error::<T>::AssetIdTaken)
	}

	/// Number of the asset of a series.
	fn asset_of(id: SeriesId) -> Result<AssetId, Error<T>> {
		T::FirstAssetId::get().checked_add(id.0).ok_or(Error::<T>::Overflow)
	}

	/// A series that is not closed.
	pub(crate) fn live(id: SeriesId) -> Result<Series, Error<T>> {
		let series = AllSeries::<T>::get(id).ok_or(Error::<T>::UnknownSeries)?;
		ensure!(series.status == SeriesStatus::Live, Error::<T>::SeriesClosed);
		Ok(series)
	}

	/// A series that is subscribed and minted.
	pub(crate) fn open(id: SeriesId) -> Result<Series, Error<T>> {
		let series = Self::live(id)?;
		ensure!(series.phase(T::Clock::now()) == Phase::Open, Error::<T>::WindowClosed);
		Ok(series)
	}

	/// Whether the vouchers of a series are no longer escrowed, but reclaimed.
	pub(crate) fn is_expired(series: &Series) -> bool {
		T::Clock::now() >= series.expires_at
	}

	/// See [`Pallet::sweep_forfeits`].
	pub(crate) fn do_sweep_forfeits(id: SeriesId) -> DispatchResult {
		let mut series = Self::live(id)?;
		let amount = core::mem::take(&mut series.forfeited);
		ensure!(amount > 0, Error::<T>::NothingToSweep);
		Self::insure(Price { quote: series.quote, amount })?;
		AllSeries::<T>::insert(id, series);
		Self::deposit_event(Event::ForfeitsSwept { series: id, amount });
		Ok(())
	}

	/// See [`Pallet::close_series`].
	pub(crate) fn do_close_series(sweeper: &T::AccountId, id: SeriesId) -> DispatchResult {
		let mut series = Self::live(id)?;
		ensure!(series.phase(T::Clock::now()) == Phase::Over, Error::<T>::GraceNotOver);
		ensure!(series.escrowed == 0, Error::<T>::StillEscrowed);
		let quote = series.quote;
		let unclaimed = series.outstanding;
		let rest = series.empty().ok_or(Error::<T>::Overflow)?;
		// A rate that yields no amount pays no fee.
		let fee = Self::in_quote(quote, CurrentParameters::<T>::get().sweep_fee).unwrap_or(0);
		let fee = fee.min(rest);
		let insured = rest.saturating_sub(fee);
		Self::insure(Price { quote, amount: insured })?;
		Self::pay(sweeper, Price { quote, amount: fee }, PayoutReason::SweepFee)?;
		Self::destroy_asset(series.asset)?;
		series.status = SeriesStatus::Closed;
		AllSeries::<T>::insert(id, series);
		Quotes::<T>::mutate(quote, |record| {
			// A quote stays while it has series.
			if let Some(record) = record.as_mut().defensive() {
				record.live_series = record.live_series.saturating_sub(1);
			}
		});
		let sweeper = sweeper.clone();
		Self::deposit_event(Event::SeriesClosed { series: id, unclaimed, insured, fee, sweeper });
		Ok(())
	}

	/// See [`Pallet::forget_series`].
	pub(crate) fn do_forget_series(id: SeriesId) -> DispatchResult {
		let series = AllSeries::<T>::get(id).ok_or(Error::<T>::UnknownSeries)?;
		ensure!(series.status == SeriesStatus::Closed, Error::<T>::SeriesNotClosed);
		ensure!(series.subscribers == 0, Error::<T>::SubscriptionsLeft);
		ensure!(!T::Assets::asset_exists(series.asset), Error::<T>::AssetNotDestroyed);
		AllSeries::<T>::remove(id);
		Self::deposit_event(Event::SeriesForgotten { series: id });
		Ok(())
	}
}
