//! Both sides show the roots of their traces: first the provider, then whoever sealed a claim.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{
	traits::{Bonds, ClaimEnd, Clock, GameNotices},
	CommitmentHash, JobId,
};
use assay_primitives::{merkle::Path, Hash};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, BoundedVec};

use crate::{
	clocks::MoveClocks,
	hashing::{seal, Blake2},
	types::{Claim, ClaimState, Game, GameState, Play, Trace},
	CaseOf, Cases, Claims, Config, Error, Event, Games, OpenGames, Pallet,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_post_trace(
		who: &T::AccountId,
		job: JobId,
		commitment: CommitmentHash,
		root: Hash,
		last_leaf: &Path,
	) -> DispatchResult {
		let mut case = Self::open(&job)?;
		Self::ensure_commitment(&case, &commitment)?;
		ensure!(T::Bonds::provider_of(who) == Some(case.provider), Error::<T>::NotTheProvider);
		if let Some(posted) = case.posted() {
			ensure!(posted == root, Error::<T>::TracePosted);
			return Ok(());
		}
		Self::ensure_trace_in_time(case.provider, &job)?;
		ensure!(ends_in(case.run.leaves, OK, last_leaf, &root), Error::<T>::WrongLastLeaf);
		Self::dequeue_trace(case.provider, &job)?;
		let at = T::Clock::now();
		let growth = case.claims.div_ceil(T::WitnessesPerBlock::get().max(1));
		let reveal_ticks = case.parameters.show_ticks.saturating_add(growth);
		case.trace = Trace::Posted { root, at, reveal_ticks };
		Self::deposit_event(Event::TracePosted { job, root, show_by: case.show_by(at) });
		for auditor in core::mem::take(&mut case.waiting) {
			let Some(claim) = Claims::<T>::get(job, &auditor) else { continue };
			let ClaimState::Shown { root: shown } = claim.state else { continue };
			if shown == root {
				Self::drop_claim(&job, &mut case, &auditor, &claim)?;
				T::Audits::claim_ended(&job, &auditor, ClaimEnd::Won);
			} else {
				Self::begin_or_join(&job, &mut case, &auditor, claim, shown)?;
			}
		}
		Self::conclude(&job, case)
	}

	pub(crate) fn do_reveal_root(
		job: JobId,
		commitment: CommitmentHash,
		challenger: &T::AccountId,
		root: Hash,
		salt: &[u8; 32],
		last_leaf: &Path,
	) -> DispatchResult {
		let mut case = Self::open(&job)?;
		Self::ensure_commitment(&case, &commitment)?;
		let claim = Claims::<T>::get(job, challenger).ok_or(Error::<T>::UnknownClaim)?;
		let ClaimState::Sealed { seal: made, at } = claim.state else {
			ensure!(claim.state.root() == Some(root), Error::<T>::AlreadyShown);
			return Ok(());
		};
		ensure!(made == seal(&root, salt, challenger), Error::<T>::WrongSeal);
		let show_by = case.show_by(at).ok_or(Error::<T>::TraceAwaited)?;
		ensure!(T::Clock::now() <= show_by, Error::<T>::TimeOver);
		ensure!(ends_in(case.run.leaves, NOT_OK, last_leaf, &root), Error::<T>::WrongLastLeaf);
		// One trace cannot end in both verdicts; a hash that says otherwise has collided.
		ensure!(case.posted() != Some(root), Error::<T>::SameRoot);
		Self::begin_or_join(&job, &mut case, challenger, claim, root)?;
		Self::conclude(&job, case)
	}

	/// A claim whose root is known plays against the provider's. If there is a game about this root, the
	/// earliest seal owns it, and everybody else has their stake back: anybody may move for it, so
	/// nothing is lost.
	pub(crate) fn begin_or_join(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
		claim: Claim,
		root: Hash,
	) -> DispatchResult {
		let Some(mut game) = Games::<T>::get(job, root) else {
			return Self::begin(job, who, claim, root, case);
		};
		let owned = Claims::<T>::get(job, &game.owner).ok_or(Error::<T>::UnknownClaim)?;
		let (later, dropped) = if owned.rank < claim.rank {
			(who.clone(), claim)
		} else {
			let before = core::mem::replace(&mut game.owner, who.clone());
			let won = matches!(game.state, GameState::Won);
			let state = if won { ClaimState::Won { root } } else { ClaimState::Playing { root } };
			Claims::<T>::insert(job, who, Claim { state, ..claim });
			if won {
				Self::unstand(job, &claim);
				Self::note_loss(case, false, Some((claim.rank, who.clone())));
			}
			(before, owned)
		};
		if dropped.audited {
			let list = &mut game.auditors;
			match game.state {
				GameState::Won => T::Audits::claim_ended(job, &later, ClaimEnd::Won),
				GameState::Playing(_) => {
					list.try_push(later.clone()).map_err(|_| Error::<T>::TooManyAuditors)?;
				}
			}
		}
		Self::drop_claim(job, case, &later, &dropped)?;
		Games::<T>::insert(job, root, game);
		Self::deposit_event(Event::Joined { job: *job, root, challenger: later });
		Ok(())
	}

	fn begin(
		job: &JobId,
		who: &T::AccountId,
		claim: Claim,
		root: Hash,
		case: &CaseOf<T>,
	) -> DispatchResult {
		let open = OpenGames::<T>::get().checked_add(1).ok_or(Error::<T>::CountOverflow)?;
		OpenGames::<T>::put(open);
		let budget = case.parameters.budget_ticks;
		let clocks = MoveClocks {
			since: T::Clock::now(),
			minimum: Self::minimum(case),
			provider: budget,
			challenger: budget,
		};
		let play = Play { node: case.shape().top(), hashes: None, revealed: None, clocks };
		let (auditors, state) = (BoundedVec::new(), GameState::Playing(play));
		Games::<T>::insert(job, root, Game { owner: who.clone(), auditors, state });
		Claims::<T>::insert(job, who, Claim { state: ClaimState::Playing { root }, ..claim });
		Self::deposit_event(Event::GameBegan {
			job: *job,
			root,
			challenger: who.clone(),
			move_by: clocks.witness_deadline(),
		});
		Ok(())
	}

	/// The guaranteed minimum of a move now.
	pub(crate) fn minimum(case: &CaseOf<T>) -> assay_market::Tick {
		case.parameters.minimum(OpenGames::<T>::get(), T::WitnessesPerBlock::get())
	}

	/// Stores what follows for the case.
	pub(crate) fn put_case(job: &JobId, case: CaseOf<T>) {
		if case.claims == 0 {
			Cases::<T>::remove(job);
		} else {
			Cases::<T>::insert(job, case);
		}
	}
}

/// Whether a path shows that the trace of so many leaves under a root ends in a verdict.
pub(crate) fn ends_in(leaves: u64, verdict: u8, path: &Path, root: &Hash) -> bool {
	let place = (leaves.checked_sub(1), leaves);
	(Some(path.index), path.leaves) == place && path.verify::<Blake2>(&[verdict], root)
}
