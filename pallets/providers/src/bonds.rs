//! What jobs, vouchers, models and slashing ask of providers.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Clock, Offer, OpenStake},
	Balance, ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
	types::Ledger, Config, Error, Event, Ledgers, Members, Pallet, Providers, TotalBonded,
};

impl<T: Config> Bonds<T::AccountId> for Pallet<T> {
	fn provider_of(who: &T::AccountId) -> Option<ProviderId> {
		Members::<T>::get(who).map(|member| member.provider)
	}

	fn owner(provider: ProviderId) -> Option<T::AccountId> {
		Providers::<T>::get(provider).map(|record| record.owner)
	}

	fn offer(provider: ProviderId, model: &ModelId) -> Option<Offer> {
		let is_up = Providers::<T>::get(provider)?.is_up(T::Clock::now());
		let ledger = Ledgers::<T>::get(provider, model)?;
		let offer = ledger.offer?.offer;
		let takes_jobs = is_up && ledger.open_jobs < offer.max_open_jobs;
		(takes_jobs && Self::may_serve(true, model, &ledger)).then_some(offer)
	}

	fn best_offers(model: &ModelId, tie: &[u8; 32], most: u32) -> Vec<ProviderId> {
		Self::best_listed(model, tie, most)
	}

	fn is_bonded(provider: ProviderId, model: &ModelId) -> bool {
		Ledgers::<T>::get(provider, model)
			.is_some_and(|ledger| Self::may_serve(true, model, &ledger))
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
		ensure!(record.is_up(T::Clock::now()), Error::<T>::Offline);
		let before = Self::ledger(provider, model)?;
		ensure!(before.debt == 0, Error::<T>::InDebt);
		ensure!(Self::reaches_minimum(model, &before), Error::<T>::BelowMinimum);
		let offer = before.offer.ok_or(Error::<T>::NoOffer)?.offer;
		ensure!(before.open_jobs < offer.max_open_jobs, Error::<T>::TooManyOpenJobs);
		let mut ledger = before;
		ledger.reserve::<T>(exposure, trace_bytes)?;
		let postable = offer.trace_bytes_per_tick.saturating_mul(T::MaxTraceTicks::get().into());
		ensure!(ledger.open_trace_bytes <= postable, Error::<T>::TooMuchOpenTrace);
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
			// What is pledged is not free, and a penalty for downtime takes a share of what is free.
			let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
			ensure!(!record.is_overdue(T::Clock::now()), Error::<T>::Overdue);
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
	/// Writes a ledger whose bond and debt are what they were, so that its offer is in service if it
	/// was.
	fn put_ledger_as_before(provider: ProviderId, model: &ModelId, ledger: Ledger) {
		let in_service = ledger.is_in_service();
		// Neither bond nor debt changed, so the supply is the same before and after.
		Self::put_ledger(provider, model, &ledger, ledger, in_service);
	}
}
