//! What providers and auditors are punished for.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult, Perbill};

use crate::{Balance, JobId, ModelId, ProviderId, Tick};

/// What was done.
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
pub enum OffenceKind {
	/// A game about a job was lost.
	#[codec(index = 0)]
	WrongResult,
	/// No trace, data or reply within the clock.
	#[codec(index = 1)]
	Silence,
	/// No answer by the deadline.
	#[codec(index = 2)]
	Late,
	/// Declared online, heartbeats missed beyond the allowance. One downtime is reported once for
	/// each of the provider's bonds with an offer, all in the same tick.
	#[codec(index = 3)]
	Downtime,
	/// Signed OK on a job that was lost.
	#[codec(index = 4)]
	FalseAudit,
}

/// Who gets a slash, in this order; what is left burns.
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
pub struct SlashShares {
	/// Most that a challenger's costs may take.
	pub costs_at_most: Perbill,
	/// c: the challenger's reward.
	pub reward: Perbill,
	/// Most that a reward may be, in the native token.
	pub reward_at_most: Balance,
	/// The insurance's share.
	pub insurance: Perbill,
	/// Least share that burns.
	pub burn_at_least: Perbill,
}

/// What a job keeps of the rules of punishment: rules that change later leave it alone.
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
pub struct PenaltyTerms {
	/// Penalty for a late answer, of the job's exposure.
	pub late: Perbill,
	/// Penalty of an auditor that signed OK on a lost job, of the job's exposure.
	pub false_audit: Perbill,
	/// Who gets what a lost game, or silence, costs.
	pub shares: SlashShares,
	/// Ticks for which that waits before it is distributed.
	pub deferral_ticks: Tick,
}

/// Whom a lost game compensates.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct LostGame<AccountId> {
	/// Whose answer was promised.
	pub user: AccountId,
	/// The job's price in the native token: the most that the user is compensated by.
	pub price: Balance,
	/// Who won, with its costs by formula; nobody if the provider fell silent before anybody showed
	/// a root.
	pub challenger: Option<(AccountId, Balance)>,
}

/// An offence, as proved by the pallet that reports it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Offence<AccountId> {
	/// What was done.
	pub kind: OffenceKind,
	/// By whom.
	pub provider: ProviderId,
	/// Whose bond answers for it.
	pub model: ModelId,
	/// In which job, if in one.
	pub job: Option<JobId>,
	/// Version of the arithmetic of the job; 0 without one.
	pub numerics_version: u32,
	/// What was at stake: the job's exposure. For downtime, the free bond.
	pub exposure: Balance,
	/// The rules of punishment that the job keeps; without a job, [`Offences::terms`].
	pub terms: PenaltyTerms,
	/// Whom to compensate; `None` for offences that pay nobody.
	pub lost: Option<LostGame<AccountId>>,
}

/// Where offences are reported. The reporter has released the job's exposure before, in the same
/// call.
pub trait Offences<AccountId> {
	/// The rules of punishment as they are now. A job keeps them from its acceptance on and hands them
	/// over with its offences.
	fn terms() -> PenaltyTerms;

	/// Takes the penalty and distributes it, after the deferral where there is one.
	///
	/// # Errors
	/// If the provider is unknown. Never because a bond is too small.
	fn report(offence: Offence<AccountId>) -> DispatchResult;

	/// Pays the costs of somebody whose claim was right, but was not the first, from the insurance: as
	/// far as that has and may. Returns what it paid. The default has none.
	///
	/// # Errors
	/// If money cannot be moved.
	fn cover_costs(_who: &AccountId, _costs: Balance) -> Result<Balance, DispatchError> {
		Ok(0)
	}

	/// Whether governance declared a version of the arithmetic faulty, or the breaker stopped it for
	/// a model.
	fn is_stopped(numerics_version: u32, model: &ModelId) -> bool;

	/// Whether open jobs are void, so that everybody gets their own back. Where
	/// [`Self::is_stopped`] but not this, jobs wait for the decision: they are neither paid nor void.
	fn is_faulty(numerics_version: u32, model: &ModelId) -> bool;

	/// While a model's breaker has stopped it: the first tick at which it goes on by itself. Governance
	/// may let it go on earlier, or declare the version faulty. `None` if its breaker has not, and from
	/// those who have none.
	fn paused_until(_model: &ModelId) -> Option<Tick> {
		None
	}

	/// Whether something of a provider still waits to be decided, so that its bond must stay.
	fn is_pending(provider: ProviderId, model: &ModelId) -> bool;
}
