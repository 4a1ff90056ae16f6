//! Finality.

use super::{babe::MaxAuthorities, session::ReportLongevity, staking};
use crate::{Historical, Offences, Runtime, RuntimeEvent};
use frame_support::parameter_types;

parameter_types! {
	/// How many changes of the validator set an equivocation report may lie back: all in which the
	/// offender's stake is still bonded.
	pub const MaxSetIdSessionEntries: u64 =
		(staking::BONDING_DURATION_ERAS * staking::SESSIONS_PER_ERA) as u64;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type MaxAuthorities = MaxAuthorities;
	type MaxNominators = staking::MaxExposurePageSize;
	type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
	type WeightInfo = ();
}
