//! The properties that the crate's documentation promises.

use alloc::collections::BTreeMap;

use assay_market::{
	traits::{Bonds, OpenStake, Vouchers},
	Balance, ModelId, ProviderId, SeriesId,
};
use frame_support::{
	ensure,
	traits::{fungible::hold::Inspect, Get},
};
use sp_runtime::TryRuntimeError;

use crate::{
	Config, DataLoads, HoldReason, Jobs, NextNonce, OpenByVersion, Pallet, Queue, QueueCursor,
	State, Totals,
};

/// An amount that would exceed its type is no honest amount.
fn add(sum: &mut Balance, amount: Balance, property: &'static str) -> Result<(), TryRuntimeError> {
	*sum = sum.checked_add(amount).ok_or(property)?;
	Ok(())
}

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::escrow_matches_jobs()?;
		Self::no_payment_without_settlement()?;
		Self::stake_matches_jobs()?;
		Self::deposits_match_requests()?;
		Self::data_loads_match_requests()?;
		Self::nonces_are_paid_for()?;
		Self::queue_contains_every_job_with_a_deadline()?;
		Self::counts_match_jobs()?;
		Self::versions_match_jobs()
	}

	/// - Vouchers that went into escrow and did not leave it are those of stored jobs.
	/// - The vouchers' pallet says the same, user by user and series by series.
	fn escrow_matches_jobs() -> Result<(), TryRuntimeError> {
		const NAME: &str = "escrow_matches_jobs";
		let mut all: Balance = 0;
		let mut each = BTreeMap::<(T::AccountId, SeriesId), Balance>::new();
		for job in Jobs::<T>::iter_values() {
			add(&mut all, job.escrow, NAME)?;
			let sum = each.entry((job.user, job.request.series)).or_default();
			add(sum, job.escrow, NAME)?;
		}
		ensure!(Totals::<T>::get().units_in_escrow() == Some(all), NAME);
		for ((user, series), sum) in each {
			let escrowed = T::Vouchers::escrowed(&user, series);
			ensure!(escrowed.is_none_or(|escrowed| escrowed == sum), NAME);
		}
		Ok(())
	}

	/// - Every settled job paid at least one unit, and no other paid any.
	/// - No answer costs more than its job's escrow.
	fn no_payment_without_settlement() -> Result<(), TryRuntimeError> {
		const NAME: &str = "no_payment_without_settlement";
		let totals = Totals::<T>::get();
		let settled = Balance::from(totals.ended.settled);
		ensure!((totals.units_paid > 0) == (settled > 0), NAME);
		ensure!(totals.units_paid >= settled, NAME);
		for job in Jobs::<T>::iter_values() {
			ensure!(job.answer().is_none_or(|answer| answer.units <= job.escrow), NAME);
		}
		Ok(())
	}

	/// - What is reserved, exposed and traced for stored jobs is what the providers' pallet says,
	///   provider by provider and model by model.
	/// - No answer has more at stake than was reserved for it.
	fn stake_matches_jobs() -> Result<(), TryRuntimeError> {
		const NAME: &str = "stake_matches_jobs";
		let mut each = BTreeMap::<(ProviderId, ModelId), OpenStake>::new();
		for job in Jobs::<T>::iter_values() {
			let (promise, reserved, exposed) = match &job.state {
				State::Submitted(_) | State::Unpaid(..) => continue,
				State::Accepted(promise) => (promise, promise.reserved, 0),
				State::Committed(promise, answer) => (promise, 0, answer.exposed),
			};
			ensure!(exposed <= promise.reserved, NAME);
			let stake = each.entry((promise.candidate.provider, job.request.model)).or_default();
			add(&mut stake.reserved, reserved, NAME)?;
			add(&mut stake.exposed, exposed, NAME)?;
			stake.trace_bytes =
				stake.trace_bytes.checked_add(job.longest.trace_bytes).ok_or(NAME)?;
		}
		for ((provider, model), stake) in each {
			let open = T::Bonds::open_stake(provider, &model);
			ensure!(open.is_none_or(|open| open == stake), NAME);
		}
		Ok(())
	}

	/// - Each account has on hold for requests what its open requests say.
	fn deposits_match_requests() -> Result<(), TryRuntimeError> {
		const NAME: &str = "deposits_match_requests";
		let mut each = BTreeMap::<T::AccountId, Balance>::new();
		for job in Jobs::<T>::iter_values() {
			for request in job.data_requests() {
				let sum = each.entry(request.requester.clone()).or_default();
				add(sum, request.deposit, NAME)?;
			}
		}
		for (account, sum) in each {
			let held = T::Currency::balance_on_hold(&HoldReason::DataRequest.into(), &account);
			ensure!(held == sum, NAME);
		}
		Ok(())
	}

	/// - Each provider has as many open requests as its jobs have.
	fn data_loads_match_requests() -> Result<(), TryRuntimeError> {
		const NAME: &str = "data_loads_match_requests";
		let mut each = BTreeMap::<ProviderId, u32>::new();
		for job in Jobs::<T>::iter_values() {
			let Some(promise) = job.promise() else { continue };
			for _ in job.data_requests() {
				let open = each.entry(promise.candidate.provider).or_default();
				*open = open.checked_add(1).ok_or(NAME)?;
			}
		}
		let loads = DataLoads::<T>::iter().map(|(provider, load)| (provider, load.open)).collect();
		ensure!(each == loads, NAME);
		Ok(())
	}

	/// - Whoever has a next nonce has a deposit on hold for it.
	fn nonces_are_paid_for() -> Result<(), TryRuntimeError> {
		const NAME: &str = "nonces_are_paid_for";
		if T::NonceDeposit::get() == 0 {
			return Ok(());
		}
		for user in NextNonce::<T>::iter_keys() {
			// Not how much: who paid before a change of the deposit stays.
			let held = T::Currency::balance_on_hold(&HoldReason::Nonce.into(), &user);
			ensure!(held > 0, NAME);
		}
		Ok(())
	}

	/// - A job has a place in the queue exactly if something can become due for it.
	/// - The place is not earlier than that, and not behind the cursor.
	/// - The queue has no other place.
	fn queue_contains_every_job_with_a_deadline() -> Result<(), TryRuntimeError> {
		const NAME: &str = "queue_contains_every_job_with_a_deadline";
		let cursor = QueueCursor::<T>::get();
		let mut places = 0_u64;
		for (id, job) in Jobs::<T>::iter() {
			ensure!(job.due_at().is_some() == job.queued_at.is_some(), NAME);
			let Some(at) = job.queued_at else { continue };
			ensure!(Queue::<T>::contains_key(at, id), NAME);
			ensure!(at >= cursor && job.due_at().is_some_and(|due| due <= at), NAME);
			places = places.checked_add(1).ok_or(NAME)?;
		}
		ensure!(u64::try_from(Queue::<T>::iter_keys().count()) == Ok(places), NAME);
		Ok(())
	}

	/// - Each stage counts as many jobs as are stored in it.
	/// - Every submitted job is stored or over.
	fn counts_match_jobs() -> Result<(), TryRuntimeError> {
		const NAME: &str = "counts_match_jobs";
		let mut open = crate::JobTotals::default();
		for job in Jobs::<T>::iter_values() {
			let count = open.of(job.state.stage());
			*count = count.checked_add(1).ok_or(NAME)?;
		}
		let totals = Totals::<T>::get();
		ensure!(totals.open == open.open, NAME);
		let known = totals
			.open
			.all()
			.and_then(|open| totals.ended.all().and_then(|ended| open.checked_add(ended)));
		ensure!(known == Some(totals.submitted), NAME);
		Ok(())
	}

	/// - Each version counts as many jobs as are stored of it, and none is counted without jobs.
	fn versions_match_jobs() -> Result<(), TryRuntimeError> {
		const NAME: &str = "versions_match_jobs";
		let mut each = BTreeMap::<u32, u64>::new();
		for job in Jobs::<T>::iter_values() {
			let open = each.entry(job.numerics_version).or_default();
			*open = open.checked_add(1).ok_or(NAME)?;
		}
		ensure!(each == OpenByVersion::<T>::iter().collect(), NAME);
		Ok(())
	}
}
