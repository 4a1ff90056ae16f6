//! Claims of drawn auditors.

use assay_kernels_exact::verdict::{NOT_OK, OK};
use assay_market::{
	traits::{ClaimEnd, Disputable, Finding, GameNotices, OpenGame, TraceClaim},
	CommitmentHash, JobId, Tick,
};
use frame_support::{dispatch::DispatchResult, ensure};

use crate::{
	types::{ClaimState, Stake, Trace},
	CaseOf, Cases, Claims, Config, Error, Event, Pallet,
};

impl<T: Config> OpenGame<T::AccountId> for Pallet<T> {
	fn check_claim(job: &JobId, commitment: &CommitmentHash, claim: &TraceClaim) -> DispatchResult {
		let terms = T::Jobs::dispute_terms(job, commitment)?;
		let leaves = match Cases::<T>::get(job) {
			Some(case) => case.run.leaves,
			None => Self::leaves_of_answer(&terms)?,
		};
		Self::ensure_ends(leaves, claim)
	}

	fn open_game(
		job: &JobId,
		commitment: &CommitmentHash,
		auditor: &T::AccountId,
		sealed_at: Tick,
		claim: &TraceClaim,
	) -> DispatchResult {
		let terms = T::Jobs::dispute_terms(job, commitment)?;
		ensure!(!Claims::<T>::contains_key(job, auditor), Error::<T>::AlreadyClaimed);
		let mut case = match Cases::<T>::get(job) {
			Some(case) => case,
			None => {
				T::Jobs::hold_further(job, commitment)?;
				Self::open_case(*job, *commitment, &terms)?.0
			}
		};
		ensure!(!case.over && case.loss.is_none(), Error::<T>::AlreadyLost);
		Self::ensure_ends(case.run.leaves, claim)?;
		let root = claim.root;
		if case.posted() == Some(root) {
			T::Audits::claim_ended(job, auditor, ClaimEnd::Won);
			return Ok(());
		}
		let state = ClaimState::Shown { root };
		let rank = Self::add_claim(job, &mut case, auditor, sealed_at, Stake::default(), state)?;
		Self::deposit_event(Event::AuditorClaimed {
			job: *job,
			auditor: auditor.clone(),
			root,
			rank,
		});
		Self::enter(job, case, auditor, root)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn claim_for_benchmark(
		job: &JobId,
		commitment: &CommitmentHash,
		finding: Finding,
	) -> Result<TraceClaim, sp_runtime::DispatchError> {
		let terms = T::Jobs::dispute_terms(job, commitment)?;
		let leaves = Self::leaves_of_answer(&terms)?;
		let (last_leaf, root) = crate::paths::path_of_last(leaves, verdict_of(finding));
		Ok(TraceClaim { root, finding, last_leaf })
	}
}

impl<T: Config> Pallet<T> {
	/// A claim whose root is known waits for the provider's trace, or becomes a game.
	fn enter(
		job: &JobId,
		mut case: CaseOf<T>,
		auditor: &T::AccountId,
		root: assay_primitives::Hash,
	) -> DispatchResult {
		match case.trace {
			Trace::Awaited => {
				let waiting = case.waiting.try_push(auditor.clone());
				waiting.map_err(|_| Error::<T>::TooManyAuditors)?;
				Cases::<T>::insert(job, case);
				Ok(())
			}
			Trace::Posted { .. } | Trace::Withheld => {
				let claim = Claims::<T>::get(job, auditor).ok_or(Error::<T>::UnknownClaim)?;
				Self::begin_or_join(job, &mut case, auditor, claim, root)?;
				Self::conclude(job, case)
			}
		}
	}

	fn leaves_of_answer(
		terms: &assay_market::traits::DisputeTerms<T::AccountId>,
	) -> Result<u64, sp_runtime::DispatchError> {
		let registered = Self::registered(&terms.terms.model)?;
		Self::leaves_of(&registered.program, crate::challenge::lengths_of(terms))
	}

	fn ensure_ends(leaves: u64, claim: &TraceClaim) -> DispatchResult {
		let ends =
			crate::show::ends_in(leaves, verdict_of(claim.finding), &claim.last_leaf, &claim.root);
		ensure!(ends, Error::<T>::WrongLastLeaf);
		Ok(())
	}
}

/// The last leaf of a trace with this finding.
const fn verdict_of(finding: Finding) -> u8 {
	match finding {
		Finding::Ok => OK,
		Finding::NotOk => NOT_OK,
	}
}
