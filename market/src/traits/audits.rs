//! What jobs and audits ask of each other, and what audits ask of the rules.

use sp_runtime::{DispatchResult, Perbill};

use crate::{Balance, CommitmentHash, JobId};

/// Who audits answers. Told by jobs; never fails, so that no audit can keep a job from its life.
pub trait Audits {
	/// The probability with which the answer of a job that is accepted now will be audited. A job
	/// keeps it.
	fn share() -> Perbill;

	/// A job of a listed model was answered: it will be drawn with this probability. Called once
	/// for each answer, in the call that commits it.
	fn answered(job: &JobId, commitment: &CommitmentHash, share: Perbill);

	/// Whether it is not known yet if an answer is audited. Until then it is not paid.
	fn awaits_draw(job: &JobId) -> bool;

	/// An answer stands for good, or fell, or nobody can be held to it: auditors answer for it no
	/// longer than that. Called once for each answer, in the call in which it happens.
	fn answer_closed(job: &JobId);
}

/// For chains without audits.
impl Audits for () {
	fn share() -> Perbill {
		Perbill::zero()
	}

	fn answered(_job: &JobId, _commitment: &CommitmentHash, _share: Perbill) {}

	fn awaits_draw(_job: &JobId) -> bool {
		false
	}

	fn answer_closed(_job: &JobId) {}
}

/// Answers that can be audited.
pub trait Auditable {
	/// An audit of an answer began: it does not settle until the audit was decided, as a game is,
	/// by [`Disputable::decide`](super::Disputable::decide). Unlike a game, an audit may begin
	/// after the window, since an answer that awaits its draw is not paid.
	///
	/// # Errors
	/// Typed: no such job, not committed, another commitment.
	fn hold_for_audit(job: &JobId, commitment: &CommitmentHash) -> DispatchResult;

	/// An answered job of a listed model, for benchmarks that need one.
	///
	/// # Errors
	/// If it cannot be made.
	#[cfg(feature = "runtime-benchmarks")]
	fn answered_for_benchmark(
	) -> Result<(crate::ModelId, JobId, CommitmentHash), sp_runtime::DispatchError>;
}

/// The governed rule of audits.
pub trait AuditRule {
	/// q: the probability with which an answer is audited.
	fn audit_share() -> Perbill;

	/// The part of a job's exposure that an auditor answers with that signs a falsehood.
	fn false_audit() -> Perbill;

	/// Least exposure of a job, in the native token.
	fn min_exposure() -> Balance;
}
