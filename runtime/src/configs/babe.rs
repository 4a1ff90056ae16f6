//! Block production: primary slots by VRF, and secondary slots that carry a VRF too, so that every
//! block adds randomness and no slot stays empty.

use super::session::ReportLongevity;
use crate::{Historical, Offences, Runtime, Session};
use frame_support::traits::ConstU32;
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};

/// Most validators at a time.
pub type MaxAuthorities = ConstU32<100>;

/// The first epoch's rule: a quarter of the slots have a primary author on average, every slot has
/// a secondary one.
pub const GENESIS_EPOCH_CONFIG: BabeEpochConfiguration =
	BabeEpochConfiguration { c: (1, 4), allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots };

impl pallet_babe::Config for Runtime {
	type EpochDuration = pallet_timing::EpochDurationSlots<Runtime>;
	type ExpectedBlockTime = pallet_timing::SlotDurationMs<Runtime>;
	// The session pallet decides when an epoch ends, so that the two never part.
	type EpochChangeTrigger = pallet_babe::ExternalTrigger;
	type DisabledValidators = Session;
	type MaxAuthorities = MaxAuthorities;
	type MaxNominators = super::staking::MaxExposurePageSize;
	type KeyOwnerProof = sp_session::MembershipProof;
	type EquivocationReportSystem =
		pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
	type WeightInfo = ();
}
