//! The validators' keys and the epochs in which they serve.

use super::staking;
use crate::{
	units::deposit, AccountId, Babe, Balance, Balances, Runtime, RuntimeEvent, SessionKeys, Staking,
};
use frame_support::parameter_types;
use pallet_session::{disabling::UpToLimitWithReEnablingDisablingStrategy, historical};
use sp_runtime::traits::{ConvertInto, Get, OpaqueKeys};

parameter_types! {
	/// What a validator deposits for its session keys: three entries (the keys and an owner of
	/// each) of at most 128 bytes.
	pub const KeyDeposit: Balance = deposit(3, 3 * 128);
}

/// How long an equivocation can be reported, in slots: until the stake behind it is free.
pub struct ReportLongevity;
impl Get<u64> for ReportLongevity {
	fn get() -> u64 {
		let sessions = u64::from(staking::BONDING_DURATION_ERAS * staking::SESSIONS_PER_ERA);
		sessions.saturating_mul(pallet_timing::EpochDurationSlots::<Runtime>::get())
	}
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = Babe;
	type NextSessionRotation = Babe;
	type SessionManager = historical::NoteHistoricalRoot<Self, Staking>;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
	type Currency = Balances;
	type KeyDeposit = KeyDeposit;
	type WeightInfo = crate::weights::pallet_session::WeightInfo<Runtime>;
}

impl historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Staking keeps the exposures of past eras itself; the identification carries only who it was.
	type FullIdentification = ();
	type FullIdentificationOf = pallet_staking::UnitIdentificationOf<Self>;
}
