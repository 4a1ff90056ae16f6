//! A few people who can stop the chain's ordinary calls in an emergency, and nothing else. Root
//! names them.

use super::{referenda::Days, system::RuntimeBlockWeights};
use crate::{AccountId, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin};
use frame_support::{
	parameter_types,
	traits::{ConstU32, EitherOf},
	weights::Weight,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureWithSuccess};
use pallet_collective::{EnsureProportionAtLeast, Instance1};
use sp_runtime::Perbill;

parameter_types! {
	/// Share of a block that an accepted motion may take.
	pub MaxProposalWeight: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

/// Two thirds of the committee.
type TwoThirds = EnsureProportionAtLeast<AccountId, Instance1, 2, 3>;

/// Root or two thirds of the committee.
pub type RootOrCommittee = EitherOf<EnsureRoot<AccountId>, TwoThirds>;

/// Root or two thirds of the committee, worth `Success` to whoever asks.
pub type RootOrCommitteeWithSuccess<Success> = EitherOf<
	EnsureRootWithSuccess<AccountId, Success>,
	EnsureWithSuccess<TwoThirds, AccountId, Success>,
>;

impl pallet_collective::Config<Instance1> for Runtime {
	type RuntimeOrigin = RuntimeOrigin;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type MotionDuration = Days<3>;
	type MaxProposals = ConstU32<20>;
	type MaxMembers = ConstU32<25>;
	type DefaultVote = pallet_collective::MoreThanMajorityThenPrimeDefaultVote;
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type MaxProposalWeight = MaxProposalWeight;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	// Members are few and named by Root, so their proposals need no deposit.
	type Consideration = ();
	type WeightInfo = crate::weights::pallet_collective::WeightInfo<Runtime>;
}
