//! What disputes ask of jobs.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

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
	/// The last tick at which the answer may be challenged.
	pub window_ends_at: Tick,
}

/// How a dispute ended.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Verdict<AccountId> {
	/// No claim against the answer won.
	#[codec(index = 0)]
	Upheld,
	/// A claim won, with its owner's costs by formula.
	#[codec(index = 1)]
	Refuted {
		/// Owner of the earliest seal whose claim won, and its costs.
		challenger: (AccountId, Balance),
	},
	/// The provider posted no trace or data in time.
	#[codec(index = 2)]
	Silent {
		/// Owner of the earliest seal, and its costs, if there was one.
		challenger: Option<(AccountId, Balance)>,
	},
	/// The version of the arithmetic is faulty: everybody gets their own back.
	#[codec(index = 3)]
	Void,
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

	/// The data of the job was posted: its window is extended to this tick, if it ended before.
	///
	/// # Errors
	/// Typed: no such job.
	fn extend_window(job: &JobId, until: Tick) -> DispatchResult;

	/// A game or audit ended. The first verdict against the provider ends the job.
	///
	/// # Errors
	/// Typed: no such job, or none was open.
	fn decide(job: &JobId, verdict: Verdict<AccountId>) -> DispatchResult;
}
