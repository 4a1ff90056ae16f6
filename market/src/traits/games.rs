//! What audits ask of disputes, and what disputes tell audits.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_primitives::{merkle::Path, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::DispatchResult;

use super::DisputeTerms;
use crate::{CommitmentHash, JobId, Tick};

/// In what a trace ends.
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
pub enum Finding {
	/// The answer is what the program computes.
	#[codec(index = 0)]
	Ok,
	/// It is not.
	#[codec(index = 1)]
	NotOk,
}

/// A trace that somebody claims to be the true one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct TraceClaim {
	/// The trace's root.
	pub root: Hash,
	/// In what it ends.
	pub finding: Finding,
	/// The path of its last leaf, which shows that.
	pub last_leaf: Path,
}

/// How the claim of an auditor ended.
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
pub enum ClaimEnd {
	/// It won a game against the provider's, or the provider showed the same root.
	#[codec(index = 0)]
	Won,
	/// It lost a game, or nobody moved for it in time.
	#[codec(index = 1)]
	Lost,
	/// Nobody will ever know: the provider showed no trace, or the job ended otherwise.
	#[codec(index = 2)]
	Undecided,
}

/// Who lets a drawn auditor's claim become a game by itself. The auditor pays no deposit for it and
/// has no bond in it: what a lost claim costs it, the pallet of audits takes from what it has bound.
pub trait OpenGame<AccountId> {
	/// Fails unless the claim's path shows what it says, for the trace of this answer.
	///
	/// # Errors
	/// Typed: as [`Disputable::dispute_terms`](super::Disputable::dispute_terms), or the path shows
	/// something else.
	fn check_claim(job: &JobId, commitment: &CommitmentHash, claim: &TraceClaim) -> DispatchResult;

	/// Opens a game of this claim against the provider's, which the provider has to show if it has not
	/// yet. For claims that end in [`Finding::NotOk`], and for both of two claims of auditors that end
	/// in [`Finding::Ok`] and have different roots: the provider's root can only be one of them.
	///
	/// The auditor takes part from the tick of its seal: if the claim wins, and no earlier seal does, the
	/// challenger's reward is the auditor's.
	///
	/// # Errors
	/// Typed: as [`Self::check_claim`]; the job is not held by anybody and its window is over; the
	/// auditor has a game about the job already.
	fn open_game(
		job: &JobId,
		commitment: &CommitmentHash,
		auditor: &AccountId,
		sealed_at: Tick,
		claim: &TraceClaim,
	) -> DispatchResult;

	/// A claim that [`Self::check_claim`] takes, as costly to check as any.
	///
	/// # Errors
	/// As [`Disputable::dispute_terms`](super::Disputable::dispute_terms).
	#[cfg(feature = "runtime-benchmarks")]
	fn claim_for_benchmark(
		job: &JobId,
		commitment: &CommitmentHash,
		finding: Finding,
	) -> Result<TraceClaim, sp_runtime::DispatchError>;
}

/// Who is told what became of auditors' claims and of jobs that they signed.
pub trait GameNotices<AccountId> {
	/// The game that [`OpenGame::open_game`] opened has ended. Called once for each.
	fn claim_ended(job: &JobId, auditor: &AccountId, end: ClaimEnd);

	/// A claim against the job's answer won a game: whoever signed OK signed a falsehood. Called in the
	/// same call in which the job falls, once for each job, just before [`Self::claim_ended`].
	fn job_lost(job: &JobId, terms: &DisputeTerms<AccountId>);
}

/// For chains without audits.
impl<AccountId> GameNotices<AccountId> for () {
	fn claim_ended(_job: &JobId, _auditor: &AccountId, _end: ClaimEnd) {}

	fn job_lost(_job: &JobId, _terms: &DisputeTerms<AccountId>) {}
}
