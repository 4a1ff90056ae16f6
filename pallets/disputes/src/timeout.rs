//! Silence: what happens once somebody's time is over, and the closing of what a verdict has left.

use assay_market::{
	traits::{Clock, Disputable, Offences, Verdict},
	JobId,
};
use assay_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{dispatch::DispatchResult, ensure};
use scale_info::TypeInfo;

use crate::{
	clocks::TimedOut,
	types::{ClaimState, Rank, Trace},
	verdict::GameEnd,
	CaseOf, Cases, Claims, Config, Error, Event, Pallet, Standing, TraceDuties,
};

/// Whose time is over, or what is to be closed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Due<AccountId> {
	/// The provider's, for its trace.
	#[codec(index = 0)]
	Trace,
	/// Whoever sealed a claim, for showing it.
	#[codec(index = 1)]
	Seal(AccountId),
	/// One side's or both sides', in the game about a root.
	#[codec(index = 2)]
	Game(Hash),
	/// A claim that a verdict, or the end of the job, has left.
	#[codec(index = 3)]
	Claim(AccountId),
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_timeout(job: JobId, due: Due<T::AccountId>) -> DispatchResult {
		match due {
			Due::Trace => Self::withhold_trace(job),
			Due::Seal(who) => Self::expire_seal(job, &who),
			Due::Game(root) => Self::expire_moves(job, root),
			Due::Claim(who) => Self::close(job, &who),
		}
	}

	/// The provider posted no trace in time: it has lost, to the earliest seal.
	fn withhold_trace(job: JobId) -> DispatchResult {
		let mut case = Self::open(&job)?;
		ensure!(case.trace == Trace::Awaited, Error::<T>::NotDue);
		let last = Self::trace_deadline(case.provider, &job)?.ok_or(Error::<T>::NotDue)?;
		ensure!(T::Clock::now() > last, Error::<T>::NotDue);
		Self::dequeue_trace(case.provider, &job)?;
		case.trace = Trace::Withheld;
		case.waiting = Default::default();
		let first = Standing::<T>::iter_prefix(job).next();
		let winner = first.map(|(key, who)| (Rank::of_key(key), who));
		if let Some((rank, _)) = &winner {
			Standing::<T>::remove(job, rank.key());
		}
		Self::note_loss(&mut case, false, winner);
		Self::conclude(&job, case)
	}

	/// A sealed claim was not shown in time: it has lost.
	fn expire_seal(job: JobId, who: &T::AccountId) -> DispatchResult {
		let mut case = Self::open(&job)?;
		let claim = Claims::<T>::get(job, who).ok_or(Error::<T>::UnknownClaim)?;
		let ClaimState::Sealed { at, .. } = claim.state else {
			return Err(Error::<T>::NotDue.into());
		};
		let last = case.show_by(at).ok_or(Error::<T>::NotDue)?;
		ensure!(T::Clock::now() > last, Error::<T>::NotDue);
		let defence = case.loss.is_none();
		Self::lose_claim(&job, &mut case, who, &claim, defence)?;
		Self::conclude(&job, case)
	}

	/// A side did not move in time, or nobody gave the witness.
	fn expire_moves(job: JobId, root: Hash) -> DispatchResult {
		let mut case = Self::open(&job)?;
		let (game, play) = Self::playing(&job, &root)?;
		let now = T::Clock::now();
		let end = if play.node.level == 0 {
			(now > play.clocks.witness_deadline()).then_some(GameEnd::Both)
		} else {
			let moved = play.revealed.as_ref().map(|(side, _)| *side);
			play.clocks.timed_out(moved, now).map(|out| match out {
				TimedOut::One(side) => GameEnd::Lost(side),
				TimedOut::Both => GameEnd::Both,
			})
		};
		let end = end.ok_or(Error::<T>::NotDue)?;
		Self::end_game(&job, &mut case, game, root, end, false)?;
		Self::conclude(&job, case)
	}

	/// Closes a claim whose case is over, or whose job is.
	fn close(job: JobId, who: &T::AccountId) -> DispatchResult {
		let mut case = Cases::<T>::get(job).ok_or(Error::<T>::UnknownCase)?;
		if !case.over {
			Self::end_with_job(&job, &mut case)?;
		}
		Self::close_claim(&job, &mut case, who)?;
		Self::conclude(&job, case)
	}

	/// A case whose job has ended without it, or whose version of the arithmetic is faulty, is over:
	/// everybody gets their own back.
	fn end_with_job(job: &JobId, case: &mut CaseOf<T>) -> DispatchResult {
		let is_open = T::Jobs::dispute_terms(job, &case.commitment).is_ok();
		if is_open {
			let faulty = T::Offences::is_faulty(case.run.numerics_version, &case.run.model);
			ensure!(faulty, Error::<T>::NotDue);
			T::Jobs::decide(job, Verdict::Void)?;
		}
		if TraceDuties::<T>::contains_key(job) {
			Self::dequeue_trace(case.provider, job)?;
		}
		case.over = true;
		Self::deposit_event(Event::CaseVoid { job: *job });
		Ok(())
	}
}
