//! Claims against an answer, sealed, and the case that the first of them opens.

use assay_market::{
	traits::{Clock, Disputable, DisputeTerms},
	Balance, Commitment, CommitmentHash, JobId, Lengths,
};
use assay_primitives::Hash;
use assay_trace::TreeShape;
use frame_support::{
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
	ensure,
	traits::Get,
	BoundedVec,
};
use sp_runtime::DispatchError;

use crate::{
	types::{Case, Claim, ClaimState, Rank, Run, Stake, Trace},
	versions::REFEREE_VERSION,
	CaseOf, Cases, Claims, Config, CurrentRules, Error, Event, Pallet, Standing, WeightInfo,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_challenge(
		who: T::AccountId,
		job: JobId,
		commitment: CommitmentHash,
		seal: Hash,
		stake_at_most: Balance,
	) -> DispatchResultWithPostInfo {
		let terms = T::Jobs::dispute_terms(&job, &commitment)?;
		if let Some(claim) = Claims::<T>::get(job, &who) {
			let again =
				matches!(claim.state, ClaimState::Sealed { seal: made, .. } if made == seal);
			ensure!(again, Error::<T>::AlreadyClaimed);
			return Ok(Some(T::WeightInfo::challenge(0)).into());
		}
		let now = T::Clock::now();
		ensure!(now <= terms.window_ends_at, Error::<T>::WindowOver);
		let (mut case, fee, program_bytes) = match Cases::<T>::get(job) {
			Some(case) => {
				// No further trace: no doubling. Whoever fills the queue of a provider does not make it dear
				// to stand up against an answer that is in dispute.
				let fee = case.parameters.fee;
				(case, fee, 0)
			}
			None => {
				T::Jobs::hold(&job, &commitment)?;
				let queued = Self::queued_ticks(terms.terms.conditions.provider);
				let (case, program_bytes) = Self::open_case(job, commitment, &terms)?;
				let fee = case.parameters.fee_at(queued);
				(case, fee, program_bytes)
			}
		};
		ensure!(!case.over && case.loss.is_none(), Error::<T>::AlreadyLost);
		let stake = Stake { bond: case.costs.bond, fee, deposit: T::ClaimDeposit::get() };
		let total = stake.total().ok_or(Error::<T>::AmountOverflow)?;
		ensure!(total <= stake_at_most, Error::<T>::StakeAboveMaximum);
		Self::hold_stake(&who, &stake)?;
		let state = ClaimState::Sealed { seal, at: now };
		let rank = Self::add_claim(&job, &mut case, &who, now, stake, state)?;
		let show_by = case.show_by(now);
		Cases::<T>::insert(job, case);
		Self::deposit_event(Event::Challenged { job, challenger: who, rank, stake, show_by });
		Ok(Some(T::WeightInfo::challenge(program_bytes)).into())
	}

	/// A case without claims, whose trace the provider owes from now on. Returns also the bytes of the
	/// program.
	pub(crate) fn open_case(
		job: JobId,
		commitment: CommitmentHash,
		terms: &DisputeTerms<T::AccountId>,
	) -> Result<(CaseOf<T>, u32), DispatchError> {
		let promised = &terms.terms;
		ensure!(promised.numerics_version == REFEREE_VERSION, Error::<T>::NoReferee);
		let registered = Self::registered(&promised.model)?;
		let lengths = lengths_of(terms);
		let leaves = Self::leaves_of(&registered.program, lengths)?;
		let parameters = CurrentRules::<T>::get().at(terms.accepted_at);
		let provider = promised.conditions.provider;
		let ticks = parameters.ticks_for_trace(terms.trace_bytes, terms.trace_bytes_per_tick);
		Self::enqueue_trace(provider, job, ticks)?;
		let case = Case {
			commitment,
			provider,
			run: Run {
				model: promised.model,
				numerics_version: promised.numerics_version,
				lengths,
				sampling: promised.sampling,
				weights: registered.weights.0,
				input: promised.input.root.0,
				output: terms.commitment.output().root.0,
				leaves,
			},
			parameters,
			costs: Self::costs_of(terms, TreeShape::new(leaves), registered.bytes),
			trace: Trace::Awaited,
			next_seal: 0,
			claims: 0,
			waiting: BoundedVec::new(),
			loss: None,
			covered: 0,
			over: false,
		};
		Self::deposit_event(Event::CaseOpened { job, provider, leaves, trace_ticks: ticks });
		Ok((case, registered.bytes))
	}

	/// Stores a claim; the case is the caller's to store.
	pub(crate) fn add_claim(
		job: &JobId,
		case: &mut CaseOf<T>,
		who: &T::AccountId,
		sealed_at: assay_market::Tick,
		stake: Stake,
		state: ClaimState,
	) -> Result<Rank, DispatchError> {
		let rank = Rank { sealed_at, number: case.next_seal };
		case.next_seal = case.next_seal.checked_add(1).ok_or(Error::<T>::CountOverflow)?;
		case.claims = case.claims.checked_add(1).ok_or(Error::<T>::CountOverflow)?;
		let audited = !matches!(state, ClaimState::Sealed { .. });
		Standing::<T>::insert(job, rank.key(), who);
		Claims::<T>::insert(job, who, Claim { rank, stake, audited, state });
		Ok(rank)
	}

	/// A stored case whose verdict is not spoken.
	pub(crate) fn open(job: &JobId) -> Result<CaseOf<T>, DispatchError> {
		let case = Cases::<T>::get(job).ok_or(Error::<T>::UnknownCase)?;
		ensure!(!case.over, Error::<T>::CaseOver);
		Ok(case)
	}

	/// Fails unless a move means the answer that a case is about.
	pub(crate) fn ensure_commitment(
		case: &CaseOf<T>,
		commitment: &CommitmentHash,
	) -> DispatchResult {
		ensure!(case.commitment == *commitment, Error::<T>::CommitmentMismatch);
		Ok(())
	}
}

/// Lengths of the run that an answer came from.
pub(crate) const fn lengths_of<AccountId>(terms: &DisputeTerms<AccountId>) -> Lengths {
	let outputs = match &terms.commitment {
		Commitment::Tokens(list) => list.length,
		Commitment::Embedding(_) => 0,
	};
	Lengths { inputs: terms.terms.input.length, outputs }
}
