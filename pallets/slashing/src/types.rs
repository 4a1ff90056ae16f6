//! What is stored.

use assay_market::{traits::OffenceKind, Balance, JobId, ModelId, ProviderId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

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
	/// First tick at which it may be distributed.
	pub due_at: Tick,
}

/// What a model lost to slashes within an era.
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
pub struct EraLoss {
	/// Which era.
	pub era: u32,
	/// How much.
	pub lost: Balance,
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
	/// Version of the arithmetic of the job that tripped the breaker.
	pub numerics_version: u32,
}
