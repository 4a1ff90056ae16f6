//! What may happen before a provider promised an answer: acceptance, declining, taking back.

use assay_market::{
	traits::{Bonds, Clock, ExposureRule, ModelStatus, Models, Offences, Vouchers},
	JobId, ProviderId, TermsHash,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	state::{After, Move},
	Blake2, Clocks, Config, DeclineReason, Error, Event, Job, JobOf, Outcome, Pallet, Parameters,
	Promise, State,
};

impl<T: Config> Pallet<T> {
	/// The provider that `who` may act for.
	pub(crate) fn acting_provider(who: &T::AccountId) -> Result<ProviderId, DispatchError> {
		Ok(T::Bonds::provider_of(who).ok_or(Error::<T>::NoProvider)?)
	}

	/// A provider promises an answer to these terms. Done already: nothing happens.
	pub(crate) fn do_accept(
		who: &T::AccountId,
		id: JobId,
		terms_hash: TermsHash,
	) -> DispatchResult {
		let provider = Self::acting_provider(who)?;
		let job = Self::open_job(&id)?;
		if let Some(promise) = job.promise() {
			let done = promise.provider == provider && job.terms_hash(promise) == terms_hash;
			ensure!(done, Error::<T>::AlreadyAccepted);
			return Ok(());
		}
		let promise = Self::promise(&job, provider, terms_hash)?;
		T::Bonds::reserve(provider, &job.request.model, promise.reserved, job.longest.trace_bytes)?;
		Self::transition(
			&id,
			Move::Accept,
			After::Open(Job { state: State::Accepted(promise), ..job }),
		)?;
		Self::deposit_event(Event::Accepted {
			job: id,
			provider,
			terms_hash,
			reserved: promise.reserved,
			deadline_at: promise.deadline_at,
		});
		Ok(())
	}

	/// Exposure per price of a job that is accepted now: a rule that has become stricter since it was
	/// submitted holds for it too.
	pub(crate) fn factor_now(job: &JobOf<T>) -> u32 {
		let base = T::ExposureRule::factor();
		job.request.exposure_factor.map_or(base, |asked| asked.max(base))
	}

	/// What a provider promises if it accepts now: whatever is governed is read here, once.
	fn promise(
		job: &JobOf<T>,
		provider: ProviderId,
		terms_hash: TermsHash,
	) -> Result<Promise, DispatchError> {
		let search = Self::searched(job)?;
		let now = T::Clock::now();
		ensure!(now < search.expires_at, Error::<T>::AcceptanceOver);
		let is_candidate = search.candidates.iter().any(|one| one.provider == provider);
		ensure!(is_candidate, Error::<T>::NotCandidate);
		let candidate = search
			.turn(job.submitted_at, now)
			.filter(|candidate| candidate.provider == provider)
			.ok_or(Error::<T>::NotYourTurn)?;
		let facts = T::Models::ensure_takes_jobs(&job.request.model)?;
		let stopped = T::Offences::is_stopped(job.numerics_version, &job.request.model);
		ensure!(!stopped, Error::<T>::NumericsStopped);

		let factor = Self::factor_now(job);
		let exposure = T::ExposureRule::terms(factor);
		let promised = job.terms(provider, factor).hash::<Blake2>();
		ensure!(promised == terms_hash, Error::<T>::TermsMismatch);

		let units = candidate.rate.units(job.longest.units);
		let price = job.price(units).ok_or(Error::<T>::PriceOverflow)?;
		let price_native = T::Vouchers::native_value(price)?;
		let parameters = Parameters::<T>::get();
		Ok(Promise {
			provider,
			rate: candidate.rate,
			exposure,
			price_native,
			reserved: exposure.exposure(price_native).ok_or(Error::<T>::PriceOverflow)?,
			listed: facts.status == ModelStatus::Listed,
			deadline_at: now
				.checked_add(candidate.deadline_ticks)
				.ok_or(Error::<T>::TickOverflow)?,
			clocks: Clocks {
				window_ticks: parameters.window_ticks,
				data_ticks: parameters.data_ticks,
				check_ticks: parameters.check_ticks,
			},
		})
	}

	/// A candidate steps aside; without any left, the user gets everything back at once.
	pub(crate) fn do_decline(
		who: &T::AccountId,
		id: JobId,
		reason: DeclineReason,
	) -> DispatchResult {
		let provider = Self::acting_provider(who)?;
		let job = Self::open_job(&id)?;
		let mut search = Self::searched(&job)?.clone();
		let place = search.candidates.iter().position(|one| one.provider == provider);
		search.candidates.remove(place.ok_or(Error::<T>::NotCandidate)?);
		if search.candidates.is_empty() {
			return Self::close(&id, job, Move::Decline, Outcome::Declined { provider, reason });
		}
		let job = Job { state: State::Submitted(search), ..job };
		Self::transition(&id, Move::Pass, After::Open(job))?;
		Self::deposit_event(Event::Passed { job: id, provider, reason });
		Ok(())
	}

	/// The user takes the job back.
	pub(crate) fn do_cancel(who: &T::AccountId, id: JobId) -> DispatchResult {
		let job = Self::open_job(&id)?;
		ensure!(job.user == *who, Error::<T>::NotUser);
		Self::searched(&job)?;
		Self::close(&id, job, Move::Cancel, Outcome::Cancelled)
	}
}
