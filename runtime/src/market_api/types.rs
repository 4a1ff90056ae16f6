//! The answers.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use crate::RuntimeHoldReason;
use assay_market::{traits::PayoutReason, JobId, ModelId, Price, ProviderId, SeriesId, Tick};
use codec::{Decode, Encode};
use pallet_jobs::Side;
use pallet_providers::views::LockReason;
use pallet_slashing::SlashId;
use scale_info::TypeInfo;
use sp_staking::EraIndex;

/// An amount of money, where it lies, and what sets it free.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Position {
	/// How much, of what. Vouchers are assets, counted in units.
	pub price: Price,
	/// Where it lies, and why.
	pub place: Place,
	/// What sets it free.
	pub release: Release,
}

/// Where money lies, and why.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Place {
	/// On the account, to be spent.
	#[codec(index = 0)]
	Free,
	/// On the account, under a lock: it votes.
	#[codec(index = 1)]
	Locked,
	/// On the account, as a deposit of the older kind: of proxies, multisigs, names of assets.
	#[codec(index = 2)]
	Deposit,
	/// On hold for something that no other place names.
	#[codec(index = 3)]
	Hold(RuntimeHoldReason),
	/// Staked.
	#[codec(index = 4)]
	Staked,
	/// Bonded for a model.
	#[codec(index = 5)]
	Bond {
		/// Whose bond.
		provider: ProviderId,
		/// For which model.
		model: ModelId,
		/// What it answers for; nothing if it may be put at stake or asked back.
		lock: Option<LockReason>,
	},
	/// Vouchers in escrow.
	#[codec(index = 6)]
	Escrow {
		/// For which job.
		job: JobId,
	},
	/// On hold for a job's data.
	#[codec(index = 7)]
	DataRequest {
		/// Of which job.
		job: JobId,
		/// Which list.
		side: Side,
	},
	/// On hold for a leaf of a model's weights.
	#[codec(index = 8)]
	WeightsRequest {
		/// Of which model.
		model: ModelId,
		/// Which leaf.
		leaf: u64,
	},
	/// The deposit of a model that the account registered.
	#[codec(index = 9)]
	ModelDeposit {
		/// Which model.
		model: ModelId,
	},
	/// The deposit of an entry of the account's list of models.
	#[codec(index = 10)]
	Curation {
		/// Which model.
		model: ModelId,
	},
	/// Waits for the account.
	#[codec(index = 11)]
	Claimable(PayoutReason),
	/// Is owed to the account, and could not be paid when it fell due.
	#[codec(index = 12)]
	Owed,
	/// The account's part of a slash that is not distributed.
	#[codec(index = 13)]
	PendingSlash {
		/// Which slash.
		slash: SlashId,
	},
	/// Reserve of expired vouchers of the account.
	#[codec(index = 14)]
	Reclaimable {
		/// Of which series.
		series: SeriesId,
	},
}

impl Place {
	/// Whether the money lies on the account itself, rather than on one that keeps it for the account.
	pub const fn is_on_account(&self) -> bool {
		!matches!(
			self,
			Self::Claimable(_) | Self::Owed | Self::PendingSlash { .. } | Self::Reclaimable { .. }
		)
	}
}

/// What sets money free.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Release {
	/// Nothing is in its way.
	#[codec(index = 0)]
	Now,
	/// A call of its owner: to withdraw, to claim, to remove what the deposit is for.
	#[codec(index = 1)]
	ByCall,
	/// A call of its owner from this tick on, if nothing else comes in its way.
	#[codec(index = 2)]
	FromTick(Tick),
	/// A call of its owner before this tick; after it, the money is gone.
	#[codec(index = 3)]
	BeforeTick(Tick),
	/// The chain by itself, or anybody's call, at this tick; earlier, if what it waits for happens.
	#[codec(index = 4)]
	AtTick(Tick),
	/// A call of its owner from this era of staking on.
	#[codec(index = 5)]
	FromEra(EraIndex),
	/// The end of the jobs, subscriptions or attestations that it answers for.
	#[codec(index = 6)]
	WithObligation,
	/// The end of a dispute.
	#[codec(index = 7)]
	WithDispute,
	/// Nothing: it pays for an entry that is kept for good.
	#[codec(index = 8)]
	Never,
}
