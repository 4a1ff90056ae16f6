//! What disputes ask of jobs.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

use super::PenaltyTerms;
use crate::{Balance, Commitment, CommitmentHash, JobId, Terms, Tick};

/// What a game is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeTerms<AccountId> {
	/// What was promised.
	pub terms: Terms,
	/// Who asked.
	pub user: AccountId,
	/// What was answered.
	pub commitment: Commitment,
	/// What the provider risks.
	pub exposure: Balance,
	/// Price in the native token.
	pub price: Balance,
	/// Bytes of the trace.
	pub trace_bytes: u64,
	/// Bytes of trace per tick that the provider offered when it accepted: the clock for its trace
	/// follows from it, whatever it offers now.
	pub trace_bytes_per_tick: u64,
	/// The rules of punishment that the job keeps. Whoever reports an auditor hands them over.
	pub penalty: PenaltyTerms,
	/// The last tick at which the answer may be challenged.
	pub window_ends_at: Tick,
	/// When the provider promised the answer: rules of disputes that changed later leave the job alone.
	pub accepted_at: Tick,
}

/// How a dispute ended.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Verdict<AccountId> {
	/// No claim against the answer won.
	#[codec(index = 0)]
	Upheld,
	/// The answer's trace was shown to be wrong.
	#[codec(index = 1)]
	Refuted {
		/// Owner of the earliest seal whose claim won, with its costs by formula; nobody if the claims
		/// against it were wrong as well.
		challenger: Option<(AccountId, Balance)>,
	},
	/// The provider posted no trace in time, or did not stand by it. Demanded data that is overdue is
	/// no affair of games: once the last of them has ended without a winner, the job falls by itself.
	#[codec(index = 2)]
	Silent {
		/// Owner of the earliest seal that stood by its claim, with its costs by formula, if there was
		/// one.
		challenger: Option<(AccountId, Balance)>,
	},
	/// The version of the arithmetic is faulty: everybody gets their own back.
	#[codec(index = 3)]
	Void,
}

/// Versions of the arithmetic that jobs are about, so that no upgrade takes away what decides about
/// them.
pub trait OpenVersions {
	/// Versions of the arithmetic of all jobs that are not over, ascending, each once.
	fn open_versions() -> Vec<u32>;
}

/// Jobs whose answers can be disputed.
pub trait Disputable<AccountId> {
	/// What a game would be about.
	///
	/// # Errors
	/// Typed: no such job, not committed, another commitment.
	fn dispute_terms(
		job: &JobId,
		commitment: &CommitmentHash,
	) -> Result<DisputeTerms<AccountId>, DispatchError>;

	/// A game or audit about the job began: it does not settle until as many ended.
	///
	/// # Errors
	/// Typed: as [`Self::dispute_terms`], or the window is over.
	fn hold(job: &JobId, commitment: &CommitmentHash) -> DispatchResult;

	/// A game that follows from an open audit begins: as [`Self::hold`], but as long as anything about
	/// the job is open also after the window.
	///
	/// # Errors
	/// Typed: as [`Self::dispute_terms`], or the window is over and nothing is open.
	fn hold_further(job: &JobId, commitment: &CommitmentHash) -> DispatchResult;

	/// A game gives the others more time: the window is extended to this tick, if it ended before.
	///
	/// # Errors
	/// Typed: no such job, or its window is over and nothing is open.
	fn extend_window(job: &JobId, until: Tick) -> DispatchResult;

	/// A game or audit ended. The first verdict against the provider ends the job.
	///
	/// # Errors
	/// Typed: no such job, or none was open.
	fn decide(job: &JobId, verdict: Verdict<AccountId>) -> DispatchResult;

	/// A committed job of `user` for a model, answered by the provider of `owner`; each time another
	/// one. Returns also what its answer is named by. The default has none.
	///
	/// # Errors
	/// If a neighbour refuses.
	#[cfg(feature = "runtime-benchmarks")]
	fn commit_for_benchmark(
		_user: &AccountId,
		_owner: &AccountId,
		_model: &crate::ModelId,
	) -> Result<(JobId, CommitmentHash), DispatchError> {
		Err(DispatchError::Unavailable)
	}
}
