//! What games and audits ask of jobs.

use alloc::vec::Vec;

#[cfg(feature = "runtime-benchmarks")]
use assay_market::ModelId;
use assay_market::{
	traits::{Auditable, Clock, Disputable, DisputeTerms, OpenVersions, Verdict},
	CommitmentHash, JobId, Tick,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	state::{After, Move},
	Config, Error, Event, Job, OpenByVersion, Pallet, State,
};

impl<T: Config> OpenVersions for Pallet<T> {
	fn open_versions() -> Vec<u32> {
		let mut versions: Vec<u32> = OpenByVersion::<T>::iter_keys().collect();
		versions.sort_unstable();
		versions
	}
}

impl<T: Config> Auditable for Pallet<T> {
	fn hold_for_audit(id: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		let job = Self::open_job(id)?;
		let (promise, mut answer) = Self::answered_as(id, &job, commitment)?;
		answer.open_games = answer.open_games.checked_add(1).ok_or(Error::<T>::CountOverflow)?;
		let open_games = answer.open_games;
		let state = State::Committed(promise, answer);
		Self::transition(id, Move::Hold, After::Open(Job { state, ..job }))?;
		Self::deposit_event(Event::Held { job: *id, open_games });
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn answered_for_benchmark() -> Result<(ModelId, JobId, CommitmentHash), DispatchError> {
		crate::benchmarking::answered::<T>()
	}
}

impl<T: Config> Disputable<T::AccountId> for Pallet<T> {
	fn dispute_terms(
		id: &JobId,
		commitment: &CommitmentHash,
	) -> Result<DisputeTerms<T::AccountId>, DispatchError> {
		let job = Self::open_job(id)?;
		let (promise, answer) = Self::answered_as(id, &job, commitment)?;
		Ok(DisputeTerms {
			terms: job.terms(&promise.candidate, promise.exposure),
			user: job.user,
			commitment: answer.commitment,
			exposure: answer.exposed,
			price: answer.price_native,
			trace_bytes: answer.run.trace_bytes,
			trace_bytes_per_tick: promise.trace_bytes_per_tick,
			penalty: promise.penalty,
			window_ends_at: answer.window_closes_at.saturating_sub(1),
			accepted_at: promise.accepted_at(),
		})
	}

	fn hold(id: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		let job = Self::open_job(id)?;
		let (_, answer) = Self::answered_as(id, &job, commitment)?;
		ensure!(T::Clock::now() < answer.window_closes_at, Error::<T>::WindowOver);
		Self::hold_further(id, commitment)
	}

	fn hold_further(id: &JobId, commitment: &CommitmentHash) -> DispatchResult {
		let job = Self::open_job(id)?;
		let (_, answer) = Self::answered_as(id, &job, commitment)?;
		let is_open = answer.open_games > 0 || T::Clock::now() < answer.window_closes_at;
		ensure!(is_open, Error::<T>::WindowOver);
		Self::hold_for_audit(id, commitment)
	}

	fn extend_window(id: &JobId, until: Tick) -> DispatchResult {
		let job = Self::open_job(id)?;
		let (promise, mut answer) = Self::answered(&job)?;
		// What settles is not opened again.
		let is_open = answer.open_games > 0 || T::Clock::now() < answer.window_closes_at;
		ensure!(is_open, Error::<T>::WindowOver);
		let closes_at = until.checked_add(1).ok_or(Error::<T>::TickOverflow)?;
		if closes_at <= answer.window_closes_at {
			return Ok(());
		}
		answer.window_closes_at = closes_at;
		let state = State::Committed(promise, answer);
		Self::transition(id, Move::Extend, After::Open(Job { state, ..job }))?;
		Self::deposit_event(Event::WindowExtended { job: *id, window_closes_at: closes_at });
		Ok(())
	}

	fn decide(id: &JobId, verdict: Verdict<T::AccountId>) -> DispatchResult {
		let job = Self::open_job(id)?;
		let (promise, mut answer) = Self::answered(&job)?;
		let open_games = answer.open_games.checked_sub(1).ok_or(Error::<T>::NoOpenGame)?;
		match verdict {
			Verdict::Upheld => {
				answer.open_games = open_games;
				let state = State::Committed(promise, answer);
				Self::transition(id, Move::Uphold, After::Open(Job { state, ..job }))?;
				Self::deposit_event(Event::Upheld { job: *id, open_games });
				Ok(())
			}
			Verdict::Refuted { challenger } => Self::fall(id, job, Move::Refute, challenger),
			Verdict::Silent { challenger } => Self::fall(id, job, Move::Silence, challenger),
			Verdict::Void => Self::void(id, job),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn commit_for_benchmark(
		user: &T::AccountId,
		owner: &T::AccountId,
		model: &assay_market::ModelId,
	) -> Result<(JobId, CommitmentHash), DispatchError> {
		crate::benchmarking::committed::<T>(user, owner, *model)
	}
}
