//! The life of a job: which moves there are, where each leads, and the one function that stores
//! them. The crate's documentation has the table.

use assay_market::{
	traits::{Audits, Clock, Models, Offences},
	JobId, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{defensive, dispatch::DispatchResult};
use scale_info::TypeInfo;

use crate::{Config, Error, Job, JobOf, Jobs, OpenByVersion, Pallet, Queue, Totals};

/// Ticks after which work that failed is tried again; twice as many after each further failure, so
/// that what cannot succeed leaves the queue to others. Anybody may try earlier.
pub const RETRY_TICKS: Tick = 50;

/// How often these ticks are doubled at most: the queue comes back twice a day.
pub const RETRY_DOUBLINGS_MAX: u8 = 7;

/// A state without its data.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Stage {
	/// Vouchers are in escrow.
	#[codec(index = 0)]
	Submitted,
	/// A provider promised an answer.
	#[codec(index = 1)]
	Accepted,
	/// The provider answered.
	#[codec(index = 2)]
	Committed,
	/// The answer stands, and its payment is still due.
	#[codec(index = 3)]
	Unpaid,
	/// It is over, and nothing of it is stored.
	#[codec(index = 4)]
	Ended(Ending),
}

/// How a job ended.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Ending {
	/// Answered and paid.
	#[codec(index = 0)]
	Settled,
	/// Taken back by its user.
	#[codec(index = 1)]
	Cancelled,
	/// Declined by whoever could have accepted it.
	#[codec(index = 2)]
	Declined,
	/// Not accepted in time.
	#[codec(index = 3)]
	Expired,
	/// Not answered in time.
	#[codec(index = 4)]
	Late,
	/// Answered wrongly.
	#[codec(index = 5)]
	Refuted,
	/// Answered, and the data or the trace withheld.
	#[codec(index = 6)]
	Silent,
	/// Of a faulty version of the arithmetic, or of a model whose weights nobody has.
	#[codec(index = 7)]
	Void,
}

/// What may happen to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
	/// The user submits it.
	Submit,
	/// The candidate whose turn it is promises an answer.
	Accept,
	/// A candidate steps aside, and others are left.
	Pass,
	/// The last candidate steps aside.
	Decline,
	/// The user takes it back.
	Cancel,
	/// The time for acceptance is over.
	Expire,
	/// The provider answers.
	Commit,
	/// The deadline is over.
	Lapse,
	/// Somebody demands the input or the output.
	Request,
	/// The provider posts of what was demanded.
	Post,
	/// A game or an audit begins.
	Hold,
	/// A game gives the others more time.
	Extend,
	/// A game or an audit ends in favour of the answer.
	Uphold,
	/// A game ends against the answer.
	Refute,
	/// Data or a trace was not posted in time.
	Silence,
	/// The version of the arithmetic is faulty, or nobody has the weights.
	Void,
	/// The window is over, and nothing is open.
	Settle,
	/// So it is, but the payment failed.
	Owe,
	/// What was due failed and is tried again later.
	Delay,
}

impl Move {
	/// Whether something that was due failed.
	const fn is_failure(self) -> bool {
		matches!(self, Self::Owe | Self::Delay)
	}
}

/// Ticks until work is tried again that has failed so often before.
fn retry_after(failures: u8) -> Tick {
	let doublings = failures.min(RETRY_DOUBLINGS_MAX);
	RETRY_TICKS.saturating_mul(1_u32.checked_shl(doublings.into()).unwrap_or(Tick::MAX))
}

/// Where a move leads from a stage (`None`: there is no such job); `None` if it is not allowed there.
pub const fn next(from: Option<Stage>, by: Move) -> Option<Stage> {
	use Stage::{Accepted, Committed, Ended, Submitted, Unpaid};
	match (from, by) {
		(None, Move::Submit) => Some(Submitted),
		(Some(Submitted), Move::Accept) => Some(Accepted),
		(Some(Submitted), Move::Pass) => Some(Submitted),
		(Some(Submitted), Move::Decline) => Some(Ended(Ending::Declined)),
		(Some(Submitted), Move::Cancel) => Some(Ended(Ending::Cancelled)),
		(Some(Submitted), Move::Expire) => Some(Ended(Ending::Expired)),
		(Some(Accepted), Move::Commit) => Some(Committed),
		(Some(Accepted), Move::Lapse) => Some(Ended(Ending::Late)),
		(
			Some(Committed),
			Move::Request | Move::Post | Move::Hold | Move::Extend | Move::Uphold,
		) => Some(Committed),
		(Some(Committed), Move::Refute) => Some(Ended(Ending::Refuted)),
		(Some(Committed), Move::Silence) => Some(Ended(Ending::Silent)),
		(Some(Committed), Move::Owe) => Some(Unpaid),
		(Some(Committed | Unpaid), Move::Settle) => Some(Ended(Ending::Settled)),
		(Some(Submitted | Accepted | Committed | Unpaid), Move::Void) => Some(Ended(Ending::Void)),
		(Some(stage @ (Submitted | Accepted | Committed | Unpaid)), Move::Delay) => Some(stage),
		_ => None,
	}
}

/// What is stored after a move.
#[allow(clippy::large_enum_variant, reason = "taken apart as soon as it is made")]
pub(crate) enum After<AccountId> {
	/// The job as it is now.
	Open(Job<AccountId>),
	/// Nothing.
	Ended(Ending),
}

impl<AccountId> After<AccountId> {
	const fn stage(&self) -> Stage {
		match self {
			Self::Open(job) => job.state.stage(),
			Self::Ended(ending) => Stage::Ended(*ending),
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Stores a move: the only function that changes what is stored of a job, its place in the queue
	/// and the counts. Money and bonds have been moved before.
	pub(crate) fn transition(id: &JobId, by: Move, after: After<T::AccountId>) -> DispatchResult {
		let before = Jobs::<T>::get(id);
		let (from, to) = (before.as_ref().map(|job| job.state.stage()), after.stage());
		if next(from, by) != Some(to) {
			// Whoever calls has looked at the state.
			defensive!("a move that the table does not have");
			return Err(Error::<T>::ImpossibleMove.into());
		}
		let queued_at = before.as_ref().and_then(|job| job.queued_at);
		match after {
			After::Open(mut job) => {
				job.queued_at = Self::next_turn_in_queue(&job, by);
				job.failures = if by.is_failure() { job.failures.saturating_add(1) } else { 0 };
				Self::requeue(id, queued_at, job.queued_at);
				if before.is_none() {
					T::Models::job_changed(&job.request.model, true);
					Self::count_version(job.numerics_version, true)?;
				}
				Jobs::<T>::insert(id, job);
			}
			After::Ended(_) => {
				Self::requeue(id, queued_at, None);
				if let Some(job) = before {
					T::Models::job_changed(&job.request.model, false);
					Self::count_version(job.numerics_version, false)?;
				}
				Jobs::<T>::remove(id);
			}
		}
		if from == Some(Stage::Committed) && to != Stage::Committed {
			T::Audits::answer_closed(id);
		}
		Totals::<T>::try_mutate(|totals| totals.count(from, to).ok_or(Error::<T>::CountOverflow))?;
		Ok(())
	}

	/// A job of this version of the arithmetic is stored, or no more.
	fn count_version(version: u32, opened: bool) -> DispatchResult {
		OpenByVersion::<T>::try_mutate_exists(version, |stored| {
			let jobs = stored.unwrap_or_default();
			let jobs = if opened { jobs.checked_add(1) } else { jobs.checked_sub(1) };
			*stored = Some(jobs.ok_or(Error::<T>::CountOverflow)?).filter(|&jobs| jobs > 0);
			Ok(())
		})
	}

	/// When the queue has to look at a job: never in the past, which the queue has left behind.
	fn next_turn_in_queue(job: &JobOf<T>, by: Move) -> Option<Tick> {
		let wait = if by.is_failure() { retry_after(job.failures) } else { 0 };
		let mut earliest = T::Clock::now().saturating_add(wait);
		if by == Move::Delay && job.answer().is_some() {
			// While the breaker stops the model, nothing of it can be settled.
			let resumes_at = T::Offences::paused_until(&job.request.model);
			earliest = earliest.max(resumes_at.unwrap_or(0));
		}
		job.due_at().map(|due| due.max(earliest))
	}

	fn requeue(id: &JobId, before: Option<Tick>, after: Option<Tick>) {
		if before == after {
			return;
		}
		if let Some(at) = before {
			Queue::<T>::remove(at, id);
		}
		if let Some(at) = after {
			Queue::<T>::insert(at, id, ());
		}
	}
}
