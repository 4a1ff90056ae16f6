//! How jobs end: what is due, and what each ending does with money, bonds and reputation.

use assay_market::{
	traits::{Bonds, Clock, LostGame, ModelStatus, Models, Offence, OffenceKind, Offences},
	Balance, JobId,
};
use frame_support::{dispatch::DispatchResult, ensure, weights::Weight};
use sp_runtime::DispatchError;

use crate::{
	price::native_burn,
	state::{After, Move},
	Config, Error, Event, JobOf, Outcome, OutcomeOf, Pallet, Promise, State, WeightInfo,
};

impl<T: Config> Pallet<T> {
	/// Does what is due for a job. Returns what it weighed.
	pub(crate) fn do_poke(id: &JobId) -> Result<Weight, DispatchError> {
		let job = Self::open_job(id)?;
		match Self::due_move(&job) {
			Some(Move::Void) => Self::void(id, job).map(|()| T::WeightInfo::poke_void()),
			Some(Move::Expire) => Self::close(id, job, Move::Expire, Outcome::Expired)
				.map(|()| T::WeightInfo::poke_expire()),
			Some(Move::Lapse) => Self::lapse(id, job).map(|()| T::WeightInfo::poke_late()),
			Some(Move::Silence) => {
				Self::fall(id, job, Move::Silence, None).map(|()| T::WeightInfo::poke_silent())
			}
			Some(Move::Settle) => Self::settle(id, job).map(|()| T::WeightInfo::poke_settle()),
			_ => Err(Error::<T>::NothingDue.into()),
		}
	}

	/// What is due for a job now; whoever asks, whatever is open.
	pub(crate) fn due_move(job: &JobOf<T>) -> Option<Move> {
		if Self::is_void(job) {
			return Some(Move::Void);
		}
		let is_due = job.due_at().is_some_and(|due| due <= T::Clock::now());
		if !is_due {
			return None;
		}
		Some(match &job.state {
			State::Submitted(_) => Move::Expire,
			State::Accepted(_) => Move::Lapse,
			State::Committed(..) if job.data_due_at().is_some() => Move::Silence,
			State::Committed(..) => Move::Settle,
		})
	}

	/// Whether nobody can be held to a job any more: its version of the arithmetic is faulty, or
	/// nobody had its model's weights when they were demanded, so that no answer can be checked.
	fn is_void(job: &JobOf<T>) -> bool {
		let model = &job.request.model;
		T::Offences::is_faulty(job.numerics_version, model)
			|| T::Models::facts(model).is_none_or(|facts| facts.status == ModelStatus::Frozen)
	}

	/// The answer stands: it is paid, and everything else is free again.
	fn settle(id: &JobId, job: JobOf<T>) -> DispatchResult {
		let (promise, answer) = Self::answered(&job)?;
		let model = job.request.model;
		let stopped = T::Offences::is_stopped(job.numerics_version, &model);
		ensure!(!stopped, Error::<T>::SettlementPaused);
		// Both times: whoever is listed late had no audits, and whose listing was lost has none.
		let facts = T::Models::facts(&model);
		let listed =
			promise.listed && facts.is_some_and(|facts| facts.status == ModelStatus::Listed);
		let (price, shares) = Self::pay(id, &job, &promise, &answer, listed)?;
		Self::release_bond(&job)?;

		let burned = native_burn(shares.burned, price.amount, answer.price_native)
			.ok_or(Error::<T>::PriceOverflow)?;
		// What nobody can check earns no reputation.
		let counted = if listed { (burned, shares.emitted) } else { (0, 0) };
		T::Bonds::job_ended(promise.provider, &model, Some(counted));
		T::Bonds::units_served(promise.provider, &model, answer.run.units.0.into());
		let outcome = Outcome::Settled {
			compute_units: answer.run.units,
			units: answer.units,
			price,
			shares,
		};
		Self::close(id, job, Move::Settle, outcome)
	}

	/// No answer by the deadline.
	fn lapse(id: &JobId, job: JobOf<T>) -> DispatchResult {
		let promise = *job.promise().ok_or(Error::<T>::NotAccepted)?;
		let exposure = promise.reserved;
		Self::punish(id, &job, &promise, OffenceKind::Late, exposure, None)?;
		Self::close(id, job, Move::Lapse, Outcome::Late { exposure })
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
		T::Bonds::job_ended(promise.provider, &job.request.model, None);
		T::Offences::report(Offence {
			kind,
			provider: promise.provider,
			model: job.request.model,
			job: Some(*id),
			numerics_version: job.numerics_version,
			exposure,
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
			provider: job.promise().map(|promise| promise.provider),
			commitment_hash: job.commitment_hash(id),
			escrow: job.escrow,
			refunded,
			outcome,
			user: job.user,
		});
		Ok(())
	}
}
