//! The values that governance may change without an upgrade, in one place.

use crate::Runtime;
use frame_support::dynamic_params::{dynamic_pallet_params, dynamic_params};
use sp_runtime::Perbill;

/// The governed values. An index is part of storage: never change or reuse one.
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
	use super::*;

	/// What validators and their nominators earn.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod staking_rewards {
		/// Share of the total issuance that is minted for stakers in a year. Values above
		/// [`crate::configs::staking::ANNUAL_INFLATION_MAX`] count as that limit.
		#[codec(index = 0)]
		pub static AnnualInflation: Perbill = Perbill::from_percent(2);
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		RuntimeParameters::StakingRewards(
			dynamic_params::staking_rewards::Parameters::AnnualInflation(
				dynamic_params::staking_rewards::AnnualInflation,
				Some(Perbill::from_percent(1)),
			),
		)
	}
}
