//! The brake: in safe mode only what keeps the chain running and governed can be called.

use super::{
	referenda::Days,
	technical_committee::{RootOrCommittee, RootOrCommitteeWithSuccess},
};
use crate::{AccountId, Balances, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason};
use frame_support::traits::{ConstU32, Contains, Get};
use frame_system::EnsureRoot;

/// Calls that work in safe mode: inherents, consensus, governance and the way out.
pub struct AllowedInSafeMode;

impl Contains<RuntimeCall> for AllowedInSafeMode {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::System(..)
				| RuntimeCall::Timestamp(..)
				| RuntimeCall::Babe(..)
				| RuntimeCall::Grandpa(..)
				| RuntimeCall::Session(..)
				| RuntimeCall::SafeMode(..)
				| RuntimeCall::MultiBlockMigrations(..)
				| RuntimeCall::Parameters(..)
				| RuntimeCall::Preimage(..)
				| RuntimeCall::Scheduler(..)
				| RuntimeCall::ConvictionVoting(..)
				| RuntimeCall::Referenda(..)
				| RuntimeCall::TechnicalCommittee(..)
				| RuntimeCall::Sudo(..)
		)
	}
}

/// No deposit buys the right to stop the chain.
pub struct NotForSale;
impl Get<Option<crate::Balance>> for NotForSale {
	fn get() -> Option<crate::Balance> {
		None
	}
}

/// Deposits are never taken, so they need no release.
pub struct Never;
impl Get<Option<crate::BlockNumber>> for Never {
	fn get() -> Option<crate::BlockNumber> {
		None
	}
}

impl pallet_safe_mode::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WhitelistedCalls = AllowedInSafeMode;
	type EnterDuration = ConstU32<0>;
	type ExtendDuration = ConstU32<0>;
	type EnterDepositAmount = NotForSale;
	type ExtendDepositAmount = NotForSale;
	// A week: long enough for a referendum to mend things, short enough that a committee that
	// loses its keys does not keep the chain.
	type ForceEnterOrigin = RootOrCommitteeWithSuccess<Days<7>>;
	type ForceExtendOrigin = RootOrCommitteeWithSuccess<Days<7>>;
	type ForceExitOrigin = RootOrCommittee;
	type ForceDepositOrigin = EnsureRoot<AccountId>;
	type Notify = ();
	type ReleaseDelay = Never;
	type WeightInfo = crate::weights::pallet_safe_mode::WeightInfo<Runtime>;
}
