//! The values that governance may change without an upgrade, in one place.

use crate::{
	configs::{market::TICKS_PER_DAY, slashing::MIN_EXPOSURE},
	units::ASY,
	Balance, Runtime,
};
use assay_market::Tick;
use assay_programs::cost::Weights;
use frame_support::dynamic_params::{dynamic_pallet_params, dynamic_params};
use sp_runtime::{Perbill, Permill};

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

	/// How compute is counted.
	#[dynamic_pallet_params]
	#[codec(index = 1)]
	pub mod compute {
		/// What each part of a run counts for. Jobs keep the weights of their submission; vouchers buy
		/// what they buy on the day on which they are spent.
		#[codec(index = 0)]
		pub static CostWeights: Weights = Weights::default();
	}

	/// What is asked of providers. Values that make no sense count as the least that does, see
	/// `configs/providers.rs`.
	#[dynamic_pallet_params]
	#[codec(index = 2)]
	pub mod providers {
		/// What a registration holds.
		#[codec(index = 0)]
		pub static RegistrationDeposit: Balance = ASY;
		/// Least bond for any model: ten of the cheapest jobs at once.
		#[codec(index = 1)]
		pub static BondFloor: Balance = 10 * MIN_EXPOSURE;
		/// Share of what is at stake that stays free, so that penalties find some.
		#[codec(index = 2)]
		pub static ExposureBuffer: Permill = Permill::from_percent(5);
		/// Ticks from the request for a withdrawal to the withdrawal.
		#[codec(index = 3)]
		pub static WithdrawalTicks: Tick = TICKS_PER_DAY;
		/// Ticks for which an answer's exposure is locked: window, data and audit, half an hour.
		#[codec(index = 4)]
		pub static LockTicks: Tick = 300;
		/// Length of the periods in each of which a heartbeat is owed: ten minutes.
		#[codec(index = 5)]
		pub static HeartbeatPeriod: Tick = 100;
		/// Periods in a row without a heartbeat: time to restart a machine.
		#[codec(index = 6)]
		pub static HeartbeatAllowance: u32 = 2;
		/// Least bytes of trace per tick, 17 megabytes a second: a processor does more.
		#[codec(index = 7)]
		pub static MinTraceBytesPerTick: u64 = 100_000_000;
		/// Most ticks that the traces of all open jobs may take: a window.
		#[codec(index = 8)]
		pub static MaxTraceTicks: Tick = 150;
		/// Voucher units per day that count as demonstrated before anything was served: a million
		/// compute units, so that the first vouchers can be sold.
		#[codec(index = 9)]
		pub static ServedFloor: Balance = 1_000_000_000_000;
		/// Eras after which what is known of a provider counts half: thirty days.
		#[codec(index = 10)]
		pub static ReputationHalvingEras: u32 = 120;
		/// How many times what was demonstrated counts as what can be served: above the inverse of the
		/// utilisation at which prices stay, or they would rise without demand.
		#[codec(index = 11)]
		pub static DemonstratedFactor: u32 = 2;
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
