//! Governed values; which ones there are is in [`crate::parameters`].

use crate::{parameters::RuntimeParameters, AccountId, Runtime, RuntimeEvent};
use frame_support::traits::AsEnsureOriginWithArg;
use frame_system::EnsureRoot;

/// Only Root, that is a referendum, changes a parameter.
pub type ParameterOrigin = AsEnsureOriginWithArg<EnsureRoot<AccountId>>;

impl pallet_parameters::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	type AdminOrigin = ParameterOrigin;
	type WeightInfo = crate::weights::pallet_parameters::WeightInfo<Runtime>;
}
