//! What may happen before a provider promised an answer: acceptance, declining, taking back.

use assay_market::{
	traits::{
		Audits, Bonds, Clock, ExposureRule, ExposureTerms, ModelStatus, Models, Offences,
		Settlement, Vouchers,
	},
	Balance, JobId, ProviderId, TermsHash,
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
			let done =
				promise.candidate.provider == provider && job.terms_hash(promise) == terms_hash;
			ensure!(done, Error::<T>::AlreadyAccepted);
			return Ok(());
		}
		let promise = Self::promise(&job, provider, terms_hash)?;
		Self::note_missed_turns(&job, Some(provider));
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

	/// How much is at stake with a job that is accepted now: a rule that has become stricter since it
	/// was submitted holds for it too.
	pub(crate) fn exposure_now(job: &JobOf<T>) -> ExposureTerms {
		let base = T::ExposureRule::factor();
		T::ExposureRule::terms(job.request.exposure_factor.map_or(base, |asked| asked.max(base)))
	}

	/// Reserves bond for a job. Returns the bytes of trace per tick by which it was admitted.
	fn reserve(
		job: &JobOf<T>,
		provider: ProviderId,
		exposure: Balance,
	) -> Result<u64, DispatchError> {
		let model = &job.request.model;
		// Read first: with this job, the offer may be full.
		let offer = T::Bonds::offer(provider, model);
		// Where there is no offer, this says why.
		T::Bonds::reserve(provider, model, exposure, job.longest.trace_bytes)?;
		Ok(offer.ok_or(Error::<T>::NoOffer)?.trace_bytes_per_tick)
	}

	/// What a provider promises by accepting now: its bond is reserved, and whatever is governed is
	/// read here, once.
	fn promise(
		job: &JobOf<T>,
		provider: ProviderId,
		terms_hash: TermsHash,
	) -> Result<Promise, DispatchError> {
		let search = Self::searched(job)?;
		let now = T::Clock::now();
		ensure!(now < search.expires_at, Error::<T>::AcceptanceOver);
		ensure!(search.place_of(provider).is_some(), Error::<T>::NotCandidate);
		let candidate = *search
			.turn(job.submitted_at, now)
			.filter(|candidate| candidate.provider == provider)
			.ok_or(Error::<T>::NotYourTurn)?;
		let facts = T::Models::ensure_takes_jobs(&job.request.model)?;
		let stopped = T::Offences::is_stopped(job.numerics_version, &job.request.model);
		ensure!(!stopped, Error::<T>::NumericsStopped);

		let exposure = Self::exposure_now(job);
		let promised = job.terms(&candidate, exposure).hash::<Blake2>();
		ensure!(promised == terms_hash, Error::<T>::TermsMismatch);

		let units = candidate.rate.units(job.longest.units);
		let price = job.price(units).ok_or(Error::<T>::PriceOverflow)?;
		let price_native = T::Vouchers::native_value(price)?;
		let reserved = exposure.exposure(price_native).ok_or(Error::<T>::PriceOverflow)?;
		let deadline_at =
			now.checked_add(candidate.deadline_ticks).ok_or(Error::<T>::TickOverflow)?;
		let parameters = Parameters::<T>::get();
		Ok(Promise {
			candidate,
			trace_bytes_per_tick: Self::reserve(job, provider, reserved)?,
			exposure,
			price_native,
			reserved,
			listed: facts.status == ModelStatus::Listed,
			audit_share: T::Audits::share(),
			deadline_at,
			clocks: Clocks {
				window_ticks: parameters.window_ticks,
				data_ticks: parameters.data_ticks,
				data_leaves_per_tick: parameters.data_leaves_per_tick,
				check_ticks: parameters.check_ticks,
			},
			split: T::Settlement::terms(),
			penalty: T::Offences::terms(),
		})
	}

	/// A candidate steps aside and keeps its place; without any left, the user gets everything back at
	/// once.
	pub(crate) fn do_decline(
		who: &T::AccountId,
		id: JobId,
		reason: DeclineReason,
	) -> DispatchResult {
		let provider = Self::acting_provider(who)?;
		let job = Self::open_job(&id)?;
		let mut search = Self::searched(&job)?.clone();
		let place = search.place_of(provider).ok_or(Error::<T>::NotCandidate)?;
		*search.declined.get_mut(place).ok_or(Error::<T>::NotCandidate)? = true;
		if search.is_over() {
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
		Self::note_missed_turns(&job, None);
		Self::close(&id, job, Move::Cancel, Outcome::Cancelled)
	}
}
