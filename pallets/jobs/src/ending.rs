//! How jobs end: what is due, and what each ending does with money, bonds and reputation.

use assay_market::{
	traits::{Audits, Bonds, Clock, LostGame, ModelStatus, Models, Offence, OffenceKind, Offences},
	Balance, JobId,
};
use frame_support::{
	dispatch::DispatchResult, ensure, storage::with_storage_layer, weights::Weight,
};
use sp_runtime::DispatchError;

use crate::{
	price::native_burn,
	state::{After, Move, Stage},
	Config, Error, Event, Job, JobOf, Outcome, OutcomeOf, Pallet, Promise, State, WeightInfo,
};

impl<T: Config> Pallet<T> {
	/// Does what is due for a job. Returns what it was.
	pub(crate) fn do_poke(id: &JobId) -> Result<Move, DispatchError> {
		let job = Self::open_job(id)?;
		let due = Self::due_move(&job).ok_or(Error::<T>::NothingDue)?;
		match due {
			Move::Void => Self::void(id, job)?,
			Move::Expire => Self::expire(id, job)?,
			Move::Lapse => Self::lapse(id, job)?,
			Move::Silence => Self::withhold(id, job)?,
			Move::Settle => Self::settle(id, job)?,
			_ => return Err(Error::<T>::NothingDue.into()),
		}
		Ok(due)
	}

	/// What a move that was due weighs.
	pub(crate) fn weight_of(due: Move) -> Weight {
		match due {
			Move::Void => T::WeightInfo::poke_void(),
			Move::Expire => T::WeightInfo::poke_expire(),
			Move::Lapse => T::WeightInfo::poke_late(),
			Move::Silence => T::WeightInfo::poke_silent(),
			Move::Settle => T::WeightInfo::poke_settle(),
			_ => T::WeightInfo::poke(),
		}
	}

	/// What is due for a job now; whoever asks, whatever is open.
	pub(crate) fn due_move(job: &JobOf<T>) -> Option<Move> {
		let model = &job.request.model;
		let status = T::Models::facts(model).map(|facts| facts.status);
		if status.is_none() || T::Offences::is_faulty(job.numerics_version, model) {
			return Some(Move::Void);
		}
		let is_frozen = status == Some(ModelStatus::Frozen);
		if is_frozen && job.promise().is_none() {
			return Some(Move::Void);
		}
		let is_due = job.due_at().is_some_and(|due| due <= T::Clock::now());
		if !is_due {
			return None;
		}
		// A freeze changes what becomes due and never when: games and demands for data run to their
		// ends, and nobody can freeze a model to be rid of them. Of a model that was not listed when
		// the job was accepted, nobody was promised that anybody else has the weights.
		let is_unverifiable = is_frozen && job.promise().is_some_and(|promise| promise.listed);
		Some(match &job.state {
			State::Submitted(_) => Move::Expire,
			State::Committed(..) if job.data_due_at().is_some() => Move::Silence,
			State::Accepted(_) | State::Committed(..) if is_unverifiable => Move::Void,
			State::Accepted(_) => Move::Lapse,
			State::Committed(..) | State::Unpaid(..) => Move::Settle,
		})
	}

	/// Nobody accepted in time.
	fn expire(id: &JobId, job: JobOf<T>) -> DispatchResult {
		Self::note_missed_turns(&job, None);
		Self::close(id, job, Move::Expire, Outcome::Expired)
	}

	/// The answer stands: it is paid, and everything else is free again. If it cannot be paid, say
	/// because the quote's asset is frozen, the bond does not wait for that.
	fn settle(id: &JobId, job: JobOf<T>) -> DispatchResult {
		let (Some(promise), Some(answer)) = (job.promise(), job.answer()) else {
			return Err(Error::<T>::NotCommitted.into());
		};
		let model = job.request.model;
		let provider = promise.candidate.provider;
		let stopped = T::Offences::is_stopped(job.numerics_version, &model);
		ensure!(!stopped, Error::<T>::SettlementPaused);
		ensure!(!T::Audits::awaits_draw(id), Error::<T>::AwaitsDraw);
		// A provider that is gone is an error of its pallet, not of the payment.
		Self::owner(provider)?;
		// Both times: whoever is listed late had no audits, and whose listing was lost has none.
		let facts = T::Models::facts(&model);
		let listed =
			promise.listed && facts.is_some_and(|facts| facts.status == ModelStatus::Listed);
		let paid = with_storage_layer(|| Self::pay(id, &job, promise, answer, listed));
		let (price, shares) = match paid {
			Ok(paid) => paid,
			Err(error) if job.state.stage() == Stage::Committed => {
				return Self::owe(id, job, error)
			}
			Err(error) => return Err(error),
		};
		Self::release_bond(&job)?;

		if listed {
			// What nobody can check earns no reputation, and shows no capacity.
			let burned = native_burn(shares.burned, price.amount, answer.price_native)
				.ok_or(Error::<T>::PriceOverflow)?;
			T::Bonds::job_ended(provider, &model, Some((burned, shares.emitted)));
			T::Bonds::units_served(provider, &model, answer.units);
		}
		let outcome = Outcome::Settled {
			compute_units: answer.run.units,
			units: answer.units,
			price,
			shares,
		};
		Self::close(id, job, Move::Settle, outcome)
	}

	/// The answer stands, and its payment failed: the bond is free, and the payment is still due.
	fn owe(id: &JobId, job: JobOf<T>, error: DispatchError) -> DispatchResult {
		Self::release_bond(&job)?;
		let (promise, answer) = Self::answered(&job)?;
		let state = State::Unpaid(promise, answer);
		Self::transition(id, Move::Owe, After::Open(Job { state, ..job }))?;
		let until = Self::open_job(id)?.queued_at;
		Self::deposit_event(Event::Owed { job: *id, error, until });
		Ok(())
	}

	/// No answer by the deadline.
	fn lapse(id: &JobId, job: JobOf<T>) -> DispatchResult {
		let promise = *job.promise().ok_or(Error::<T>::NotAccepted)?;
		let exposure = promise.reserved;
		Self::punish(id, &job, &promise, OffenceKind::Late, exposure, None)?;
		Self::close(id, job, Move::Lapse, Outcome::Late { exposure })
	}

	/// Demanded data was not posted in time, and no game is open. Whoever demanded it showed it.
	fn withhold(id: &JobId, job: JobOf<T>) -> DispatchResult {
		let overdue = job.data_requests().min_by_key(|request| request.answer_by);
		let challenger = overdue.map(|request| (request.requester.clone(), Self::request_fee()));
		Self::fall(id, job, Move::Silence, challenger)
	}

	/// The answer falls: a game was lost, or data or a trace was withheld.
	pub(crate) fn fall(
		id: &JobId,
		job: JobOf<T>,
		by: Move,
		challenger: Option<(T::AccountId, Balance)>,
	) -> DispatchResult {
		let (promise, answer) = Self::answered(&job)?;
		let winner = challenger.as_ref().map(|(account, _)| account.clone());
		let exposure = answer.exposed;
		let (kind, outcome) = match by {
			Move::Refute => {
				(OffenceKind::WrongResult, Outcome::Refuted { exposure, challenger: winner })
			}
			_ => (OffenceKind::Silence, Outcome::Silent { exposure, challenger: winner }),
		};
		let lost = LostGame { user: job.user.clone(), price: answer.price_native, challenger };
		Self::punish(id, &job, &promise, kind, exposure, Some(lost))?;
		Self::close(id, job, by, outcome)
	}

	/// Everybody gets their own back.
	pub(crate) fn void(id: &JobId, job: JobOf<T>) -> DispatchResult {
		Self::release_bond(&job)?;
		Self::close(id, job, Move::Void, Outcome::Void)
	}

	/// Frees the bond, as whoever slashes asks for, and reports.
	fn punish(
		id: &JobId,
		job: &JobOf<T>,
		promise: &Promise,
		kind: OffenceKind,
		exposure: Balance,
		lost: Option<LostGame<T::AccountId>>,
	) -> DispatchResult {
		Self::release_bond(job)?;
		let provider = promise.candidate.provider;
		T::Bonds::job_ended(provider, &job.request.model, None);
		T::Offences::report(Offence {
			kind,
			provider,
			model: job.request.model,
			job: Some(*id),
			numerics_version: job.numerics_version,
			exposure,
			terms: promise.penalty,
			lost,
		})
	}

	/// What all endings have in common: deposits and what was not paid go back, nothing stays stored,
	/// and one event says everything.
	pub(crate) fn close(
		id: &JobId,
		job: JobOf<T>,
		by: Move,
		outcome: OutcomeOf<T>,
	) -> DispatchResult {
		Self::return_deposits(&job)?;
		let refunded =
			job.escrow.checked_sub(outcome.units_paid()).ok_or(Error::<T>::CostsMoreThanLongest)?;
		Self::refund(&job, refunded)?;
		Self::transition(id, by, After::Ended(outcome.ending()))?;
		Self::deposit_event(Event::Ended {
			job: *id,
			model: job.request.model,
			series: job.request.series,
			provider: job.promise().map(|promise| promise.candidate.provider),
			commitment_hash: job.commitment_hash(id),
			escrow: job.escrow,
			refunded,
			outcome,
			user: job.user,
		});
		Ok(())
	}
}
