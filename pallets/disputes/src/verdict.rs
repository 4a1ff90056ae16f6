//! How claims, games and cases end.
//!
//! A game ends by the referee or by silence. What ends a case is the first moment at which it is known
//! which claim was right and the earliest: a claim that wins waits for seals that were made before.

use assay_market::{
	traits::{ClaimEnd, Disputable, GameNotices, Verdict},
	JobId,
};
use assay_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::dispatch::DispatchResult;
use scale_info::TypeInfo;

use crate::{
	types::{Claim, ClaimState, Game, GameState, Loss, Rank, Side, Trace, MAX_COVERED},
	CaseOf, Claims, Config, Error, Event, GameOf, Games, OpenGames, Pallet, Standing,
};

/// How a game ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum GameEnd {
	/// One side lost.
	#[codec(index = 0)]
	Lost(Side),
	/// Both did.
	#[codec(index = 1)]
	Both,
}

impl<T: Config> Pallet<T> {
	/// A game ends. `judged`: by the referee, not by silence. The case is the caller's to
	/// [conclude](Self::conclude).
	pub(crate) fn end_game(
		job: &JobId,
		case: &mut CaseOf<T>,
		game: GameOf<T>,
		root: Hash,
		end: GameEnd,
		judged: bool,
	) -> DispatchResult {
		let owner = game.owner.clone();
		let claim = Self::owner_of(job, &game)?;
		OpenGames::<T>::mutate(|open| *open = open.saturating_sub(1));
		Self::unstand(job, &claim);
		let told = match end {
			GameEnd::Lost(Side::Provider) => ClaimEnd::Won,
			GameEnd::Lost(Side::Challenger) | GameEnd::Both => ClaimEnd::Lost,
		};
		for auditor in &game.auditors {
			T::Audits::claim_ended(job, auditor, told);
		}
		match end {
			GameEnd::Lost(Side::Provider) => {
				Self::note_loss(case, judged, Some((claim.rank, owner.clone())));
				Claims::<T>::insert(
					job,
					&owner,
					Claim { state: ClaimState::Won { root }, ..claim },
				);
				let (auditors, state) = (Default::default(), GameState::Won);
				Games::<T>::insert(job, root, Game { owner, auditors, state });
			}
			GameEnd::Lost(Side::Challenger) => {
				Games::<T>::remove(job, root);
				// A provider that has lost another game has no costs to claim.
				let defence = case.loss.is_none();
				Self::lose_claim(job, case, &owner, &claim, defence)?;
			}
			GameEnd::Both => {
				Games::<T>::remove(job, root);
				Self::note_loss(case, judged, None);
				Self::lose_claim(job, case, &owner, &claim, false)?;
			}
		}
		Self::deposit_event(Event::GameEnded { job: *job, root, end });
		Ok(())
	}

	/// A claim lost, or was not shown in time. `defence`: whether the provider's costs are paid from it.
	pub(crate) fn lose_claim(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
		claim: &Claim,
		defence: bool,
	) -> DispatchResult {
		Self::forget_claim(job, case, who, claim);
		let costs = defence.then_some((case.provider, case.costs.defence));
		Self::forfeit_stake(who, &claim.stake, costs)?;
		if claim.audited {
			T::Audits::claim_ended(job, who, ClaimEnd::Lost);
		}
		Self::deposit_event(Event::ClaimLost {
			job: *job,
			challenger: who.clone(),
			stake: claim.stake,
		});
		Ok(())
	}

	/// A claim ends without having lost: its stake comes back. Whoever calls tells an auditor.
	pub(crate) fn drop_claim(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
		claim: &Claim,
	) -> DispatchResult {
		Self::forget_claim(job, case, who, claim);
		Self::return_stake(who, &claim.stake)?;
		Self::deposit_event(Event::StakeReturned {
			job: *job,
			challenger: who.clone(),
			stake: claim.stake,
		});
		Ok(())
	}

	fn forget_claim(job: &JobId, case: &mut CaseOf<T>, who: &T::AccountId, claim: &Claim) {
		Self::unstand(job, claim);
		Claims::<T>::remove(job, who);
		case.claims = case.claims.saturating_sub(1);
	}

	/// A claim is decided: no verdict waits for it.
	pub(crate) fn unstand(job: &JobId, claim: &Claim) {
		Standing::<T>::remove(job, claim.rank.key());
	}

	/// The provider has lost, and who would be paid for it if nobody came earlier.
	pub(crate) fn note_loss(
		case: &mut CaseOf<T>,
		proven: bool,
		winner: Option<(Rank, T::AccountId)>,
	) {
		let before = case.loss.take();
		let (was_proven, earlier) = before.map_or((false, None), |loss| (loss.proven, loss.winner));
		let winners = [earlier, winner].into_iter().flatten();
		let winner = winners.min_by_key(|(rank, _)| *rank);
		case.loss = Some(Loss { proven: proven || was_proven, winner });
	}

	/// Stores a case after something in it has ended, and speaks the verdict if it is known.
	pub(crate) fn conclude(job: &JobId, mut case: CaseOf<T>) -> DispatchResult {
		if case.over {
			Self::put_case(job, case);
			return Ok(());
		}
		match case.loss.clone() {
			None if case.claims == 0 => {
				T::Jobs::decide(job, Verdict::Upheld)?;
				Self::deposit_event(Event::Upheld { job: *job });
			}
			None => {}
			Some(loss) if Self::waits_for_earlier(job, &loss) => {}
			Some(loss) => Self::speak(job, &mut case, loss)?,
		}
		Self::put_case(job, case);
		Ok(())
	}

	/// Whether a claim is undecided whose seal was made before the winner's.
	fn waits_for_earlier(job: &JobId, loss: &Loss<T::AccountId>) -> bool {
		let first = Standing::<T>::iter_key_prefix(job).next().map(Rank::of_key);
		match (first, &loss.winner) {
			(None, _) => false,
			(Some(_), None) => true,
			(Some(first), Some((winner, _))) => first < *winner,
		}
	}

	/// The job falls, and the winner has its stake back. Other claims are closed by whoever wants to.
	fn speak(job: &JobId, case: &mut CaseOf<T>, loss: Loss<T::AccountId>) -> DispatchResult {
		let terms = T::Jobs::dispute_terms(job, &case.commitment)?;
		let costs = match case.trace {
			Trace::Withheld => case.costs.seal,
			Trace::Awaited | Trace::Posted { .. } => case.costs.challenge,
		};
		let winner = loss.winner.map(|(_, account)| account);
		let challenger = winner.clone().map(|account| (account, costs));
		let verdict = if loss.proven {
			Verdict::Refuted { challenger }
		} else {
			Verdict::Silent { challenger }
		};
		T::Jobs::decide(job, verdict)?;
		case.over = true;
		if loss.proven {
			T::Audits::job_lost(job, &terms);
		}
		if let Some(who) = &winner {
			let claim = Claims::<T>::get(job, who).ok_or(Error::<T>::UnknownClaim)?;
			Self::release_claim(job, case, who, &claim)?;
		}
		Self::deposit_event(Event::ProviderLost {
			job: *job,
			provider: case.provider,
			proven: loss.proven,
			winner,
		});
		Ok(())
	}

	/// Frees what is stored of a claim whose case is over, and gives its stake back.
	pub(crate) fn release_claim(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
		claim: &Claim,
	) -> DispatchResult {
		let told = match claim.state {
			ClaimState::Won { .. } => ClaimEnd::Won,
			_ => ClaimEnd::Undecided,
		};
		if let Some(root) = claim.state.root() {
			if let Some(game) = Games::<T>::take(job, root) {
				if matches!(game.state, GameState::Playing(_)) {
					OpenGames::<T>::mutate(|open| *open = open.saturating_sub(1));
				}
				for auditor in &game.auditors {
					T::Audits::claim_ended(job, auditor, told);
				}
			}
		}
		Self::drop_claim(job, case, who, claim)?;
		if claim.audited {
			T::Audits::claim_ended(job, who, told);
		}
		Ok(())
	}

	/// A claim of a case that is over.
	pub(crate) fn close_claim(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
	) -> DispatchResult {
		let claim = Claims::<T>::get(job, who).ok_or(Error::<T>::UnknownClaim)?;
		let won = matches!(claim.state, ClaimState::Won { .. });
		Self::release_claim(job, case, who, &claim)?;
		if won && case.covered < MAX_COVERED {
			case.covered = case.covered.saturating_add(1);
			let paid = Self::cover_costs(who, case.costs.challenge)?;
			Self::deposit_event(Event::CostsCovered { job: *job, challenger: who.clone(), paid });
		}
		Ok(())
	}

	/// Takes a claim away as if it had never been made.
	#[cfg(feature = "runtime-benchmarks")]
	pub(crate) fn drop_for_benchmark(job: &JobId, who: &T::AccountId) -> DispatchResult {
		let claim = Claims::<T>::get(job, who).ok_or(Error::<T>::UnknownClaim)?;
		let mut case = crate::Cases::<T>::get(job).ok_or(Error::<T>::UnknownCase)?;
		Self::drop_claim(job, &mut case, who, &claim)?;
		Self::put_case(job, case);
		Ok(())
	}
}
