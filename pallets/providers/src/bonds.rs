//! What jobs, vouchers, models and slashing ask of providers.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Clock, Offer, OfferSearch, OpenStake, Subscribed},
	Balance, ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
	types::{Ledger, ProviderRecord},
	Config, Error, Event, Ledgers, Members, Pallet, Providers, TotalBonded,
};

impl<T: Config> Bonds<T::AccountId> for Pallet<T> {
	fn provider_of(who: &T::AccountId) -> Option<ProviderId> {
		Members::<T>::get(who).map(|member| member.provider)
	}

	fn owner(provider: ProviderId) -> Option<T::AccountId> {
		Providers::<T>::get(provider).map(|record| record.owner)
	}

	fn offer(provider: ProviderId, model: &ModelId) -> Option<Offer> {
		let record = Providers::<T>::get(provider)?;
		let ledger = Ledgers::<T>::get(provider, model)?;
		let offer = ledger.offer?.offer;
		let takes_jobs = record.is_up(T::Clock::now()) && ledger.open_jobs < offer.max_open_jobs;
		(takes_jobs && Self::is_fit(&record, model, &ledger)).then_some(offer)
	}

	fn best_offers(model: &ModelId, search: &OfferSearch) -> Vec<ProviderId> {
		Self::search_offers(model, search)
	}

	fn turn_missed(provider: ProviderId, model: &ModelId) {
		Self::do_turn_missed(provider, model);
	}

	fn is_bonded(provider: ProviderId, model: &ModelId) -> bool {
		let Some(record) = Providers::<T>::get(provider) else { return false };
		Ledgers::<T>::get(provider, model)
			.is_some_and(|ledger| Self::is_fit(&record, model, &ledger))
	}

	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance {
		Ledgers::<T>::get(provider, model).map_or(0, |ledger| ledger.free())
	}

	fn reserve(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
		trace_bytes: u64,
	) -> DispatchResult {
		let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		let before = Self::ledger(provider, model)?;
		let minimum = Self::minimum_bond(model);
		let ledger = Self::admit(&record, before, minimum, exposure, trace_bytes)?;
		Self::put_ledger(provider, model, &before, ledger, true);
		Ok(())
	}

	fn expose(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
	) -> DispatchResult {
		let mut ledger = Self::ledger(provider, model)?;
		ledger.expose::<T>(reserved, exposed)?;
		Self::put_ledger_as_before(provider, model, ledger);
		Ok(())
	}

	fn release(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
		trace_bytes: u64,
	) -> DispatchResult {
		let mut ledger = Self::ledger(provider, model)?;
		ledger.release::<T>(reserved, exposed, trace_bytes)?;
		Self::put_ledger_as_before(provider, model, ledger);
		Ok(())
	}

	fn open_stake(provider: ProviderId, model: &ModelId) -> Option<OpenStake> {
		let ledger = Ledgers::<T>::get(provider, model).unwrap_or_default();
		Some(OpenStake {
			reserved: ledger.reserved,
			exposed: ledger.exposed,
			trace_bytes: ledger.open_trace_bytes,
		})
	}

	fn slash(
		provider: ProviderId,
		model: &ModelId,
		amount: Balance,
		to: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		// A bond that is gone owes nothing: it could go only when nothing could be asked of it.
		let Ok(before) = Self::ledger(provider, model) else { return Ok(0) };
		let mut ledger = before;
		let taken = Self::take_bond(&record.owner, model, ledger.takeable(amount), to);
		ledger.take(taken);
		ledger.debt = ledger.debt.saturating_add(amount.saturating_sub(taken));
		Self::deposit_event(Event::Slashed {
			provider,
			model: *model,
			amount: taken,
			debt: ledger.debt,
			to: to.clone(),
		});
		Self::put_ledger_after_change(provider, model, &before, ledger);
		Ok(taken)
	}

	fn total_bonded(model: &ModelId) -> Balance {
		TotalBonded::<T>::get(model)
	}

	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult {
		let mut ledger = Self::ledger(provider, model)?;
		if bind {
			let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
			// A penalty for downtime takes a share of what is not bound.
			ensure!(!record.is_overdue(T::Clock::now()), Error::<T>::Overdue);
			ensure!(record.indebted == 0, Error::<T>::InDebt);
			ledger.bind::<T>(bond)?;
		} else {
			ledger.unbind::<T>(bond)?;
		}
		Self::put_ledger_as_before(provider, model, ledger);
		Ok(())
	}

	fn job_ended(provider: ProviderId, _: &ModelId, settled: Option<(Balance, Balance)>) {
		Self::note_job(provider, settled);
	}

	fn set_subscribed(
		provider: ProviderId,
		model: &ModelId,
		terms: Option<Subscribed>,
	) -> DispatchResult {
		Self::do_set_subscribed(provider, model, terms)
	}

	fn units_served(_: ProviderId, _: &ModelId, units: Balance) {
		Self::note_units(units);
	}

	fn capacity_units_per_day() -> Balance {
		Self::view_capacity().units_per_day
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(owner: &T::AccountId, model: &ModelId, bond: Balance) -> ProviderId {
		crate::benchmarking::bonded_provider::<T>(owner, model, bond)
	}
}

impl<T: Config> Pallet<T> {
	/// A ledger after it took a job; `minimum` is the model's least bond.
	///
	/// # Errors
	/// Why it takes none, or not this one.
	pub(crate) fn admit(
		record: &ProviderRecord<T::AccountId>,
		mut ledger: Ledger,
		minimum: Option<Balance>,
		exposure: Balance,
		trace_bytes: u64,
	) -> Result<Ledger, Error<T>> {
		ensure!(record.is_up(T::Clock::now()), Error::<T>::Offline);
		ensure!(record.indebted == 0, Error::<T>::InDebt);
		let suffices = minimum.is_some_and(|minimum| ledger.staying() >= minimum);
		ensure!(suffices, Error::<T>::BelowMinimum);
		let offer = ledger.offer.ok_or(Error::<T>::NoOffer)?.offer;
		ensure!(ledger.open_jobs < offer.max_open_jobs, Error::<T>::TooManyOpenJobs);
		ledger.reserve::<T>(exposure, trace_bytes)?;
		let postable = offer.trace_bytes_per_tick.saturating_mul(T::MaxTraceTicks::get().into());
		ensure!(ledger.open_trace_bytes <= postable, Error::<T>::TooMuchOpenTrace);
		Ok(ledger)
	}
}
