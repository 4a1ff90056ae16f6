//! What is stored.

use assay_market::{
	traits::{OffenceKind, SlashShares},
	Balance, JobId, ModelId, ProviderId, Tick,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedBTreeSet};
use scale_info::TypeInfo;

use crate::rules::BREAKER_PROVIDERS_MAX;

/// Number of a slash, in order of the offences.
pub type SlashId = u64;

/// A slash that was taken and waits to be distributed.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PendingSlash<AccountId> {
	/// What was done.
	pub kind: OffenceKind,
	/// By whom.
	pub provider: ProviderId,
	/// Whose bond it was taken from.
	pub model: ModelId,
	/// In which job.
	pub job: Option<JobId>,
	/// Version of the arithmetic of the job.
	pub numerics_version: u32,
	/// What was taken; it lies on the pallet's account.
	pub taken: Balance,
	/// Whose answer was promised, and most that the user is compensated by.
	pub user: (AccountId, Balance),
	/// Who won, with its costs by formula.
	pub challenger: Option<(AccountId, Balance)>,
	/// Who gets which part of it: as the job kept it.
	pub shares: SlashShares,
	/// First tick at which it may be distributed.
	pub due_at: Tick,
}

/// What was lost in games about a model within an era.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EraLoss {
	/// Which era.
	pub era: u32,
	/// How much.
	pub lost: Balance,
	/// By whom: the first providers that lost, as many as the breaker may ask for.
	pub providers: BoundedBTreeSet<ProviderId, ConstU32<BREAKER_PROVIDERS_MAX>>,
}

/// What the insurance paid within an era.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct EraPaid {
	/// Which era.
	pub era: u32,
	/// How much.
	pub paid: Balance,
	/// Most that it might pay in this era, when it paid last.
	pub most: Balance,
}

/// Earlier downtimes of a provider.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Downtimes {
	/// How many that are not forgotten.
	pub count: u32,
	/// Tick of the last.
	pub last_at: Tick,
}

impl Downtimes {
	/// Whether they are forgotten: after `memory` ticks they count no more.
	pub(crate) fn are_old(&self, now: Tick, memory: Tick) -> bool {
		now.saturating_sub(self.last_at) > memory
	}
}

/// Why nothing of a model is distributed, and no new job of it begins.
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
pub struct Pause {
	/// Since which tick.
	pub since: Tick,
	/// First tick at which it is over by itself.
	pub until: Tick,
	/// Version of the arithmetic of the job that tripped the breaker.
	pub numerics_version: u32,
}
