//! Every governed value that decides where money goes, and what governance may choose.

use assay_market::{
	traits::{ExposureTerms, SlashShares, SplitTerms},
	Balance, Tick,
};
use pallet_burn::TOLERANCE_MAX;
use pallet_jobs::JobParameters;
use pallet_models::PostingCost;
use pallet_slashing::{
	rules::{BreakerRules, Deterrence, InsuranceRules, Penalties},
	Rules,
};
use pallet_vouchers::UNITS_PER_CU;
use sp_runtime::{Perbill, Permill};

/// One native token.
pub const ASY: Balance = 1_000_000_000_000;
/// A thousandth of it.
pub const MILLI_ASY: Balance = ASY / 1_000;
/// Ticks of a day, as the runtime counts them.
pub const TICKS_PER_DAY: Tick = 14_400;
/// Live series of a quote for which the runtime has room.
pub const MAX_LIVE_SERIES: u32 = 200;

/// All that governance chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
	/// Deterrence, slashes, insurance.
	pub rules: Rules,
	/// Premiums, price steps, sweeps.
	pub vouchers: pallet_vouchers::Parameters,
	/// The split, emission, sales.
	pub burn: pallet_burn::Configuration,
	/// Windows and clocks.
	pub jobs: JobParameters,
	/// Surroundings of requests of weights, deposits.
	pub models: pallet_models::Parameters,
	/// What transactions cost, and who looks.
	pub around: Surroundings,
}

/// What governance does not choose: fees, which the runtime sets, and how many others look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
	/// The least of any transaction.
	pub base: Balance,
	/// A byte.
	pub byte: Balance,
	/// What a pool keeps of a swap.
	pub swap: Permill,
	/// The chance that somebody replays an answer of a model that is not listed, which is never drawn for
	/// an audit: in trillionths.
	pub watched: u64,
}

impl Setting {
	/// The values with which the runtime begins. A test of the runtime compares them.
	pub fn today() -> Self {
		Self {
			rules: rules(),
			vouchers: vouchers(),
			burn: pallet_burn::Configuration::default(),
			jobs: JobParameters::default(),
			models: models(),
			around: Surroundings {
				base: MILLI_ASY / 10,
				byte: MILLI_ASY / 1_000,
				swap: Permill::from_parts(3_000),
				watched: 0,
			},
		}
	}

	/// Whether the pallets let governance choose these values.
	pub fn is_admitted(&self) -> bool {
		let sale = &self.burn.sale;
		let posting = PostingCost { base: self.around.base, per_byte: self.around.byte };
		self.rules.validate().is_ok()
			&& self.vouchers.validate(TICKS_PER_DAY, MAX_LIVE_SERIES).is_ok()
			&& self.burn.shares.is_whole()
			&& sale.orders_stay_within_tolerance()
			&& sale.tolerance <= TOLERANCE_MAX
			&& sale.orders_stay_below_fee(self.around.swap)
			&& self.jobs.validate().is_ok()
			&& self.models.validate(&posting).is_ok()
	}

	/// The chance that a wrong answer of a listed model is found: b·q·h, in trillionths, rounded down.
	pub fn detection(&self) -> u64 {
		let Deterrence { audit_share, honesty, draw_bias, .. } = self.rules.deterrence;
		let product = [audit_share, honesty, draw_bias]
			.iter()
			.map(|part| u128::from(part.deconstruct()))
			.product::<u128>();
		u64::try_from(product / 1_000_000_000_000_000).expect("at most 10^12")
	}

	/// What a job puts at stake whose user asks for nothing special, or for as much as may be.
	pub fn exposure_terms(&self, most: bool) -> ExposureTerms {
		let Deterrence { exposure_factor, max_exposure_factor, min_exposure, .. } =
			self.rules.deterrence;
		let factor = if most { max_exposure_factor } else { exposure_factor };
		ExposureTerms { factor, minimum: min_exposure }
	}

	/// The split that a job keeps.
	pub fn split(&self) -> SplitTerms {
		self.burn.terms()
	}
}

fn rules() -> Rules {
	let dispute_costs = ASY / 4;
	let min_exposure = 40 * dispute_costs;
	Rules {
		deterrence: Deterrence {
			audit_share: Perbill::from_percent(4),
			honesty: Perbill::from_percent(50),
			draw_bias: Perbill::from_rational(2_u32, 3),
			exposure_factor: 160,
			max_exposure_factor: 1_000,
			min_exposure,
			dispute_costs,
		},
		shares: SlashShares {
			costs_at_most: Perbill::from_percent(10),
			reward: Perbill::from_percent(5),
			reward_at_most: 1_000 * ASY,
			insurance: Perbill::from_percent(10),
			burn_at_least: Perbill::from_percent(50),
		},
		penalties: Penalties {
			late: Perbill::from_percent(2),
			false_audit: Perbill::from_percent(25),
			downtime: Perbill::from_parts(500_000),
			downtime_at_most: Perbill::from_percent(5),
			downtime_memory_ticks: 30 * TICKS_PER_DAY,
		},
		insurance: InsuranceRules {
			target: 10_000 * ASY,
			per_event: dispute_costs,
			per_era: 100 * ASY,
		},
		deferral_ticks: 7 * TICKS_PER_DAY,
		breaker: BreakerRules {
			share: Perbill::from_percent(5),
			providers: 3,
			least: 10 * min_exposure,
		},
	}
}

fn vouchers() -> pallet_vouchers::Parameters {
	pallet_vouchers::Parameters {
		window_ticks: 7 * TICKS_PER_DAY,
		life_ticks: 60 * TICKS_PER_DAY,
		grace_ticks: 14 * TICKS_PER_DAY,
		premium: Permill::from_percent(3),
		subscribers_share: Permill::from_percent(70),
		insurance_share: Permill::from_percent(20),
		pledge: Permill::from_percent(20),
		max_multiplier_percent: 100,
		least_subscription: 100 * UNITS_PER_CU,
		mint_limit_per_day: 10_000_000 * UNITS_PER_CU,
		target_utilisation: Permill::from_percent(80),
		price_step: Permill::from_percent(5),
		rate_interval_ticks: TICKS_PER_DAY / 24,
		rate_stale_ticks: TICKS_PER_DAY,
		sweep_fee: 20 * MILLI_ASY,
	}
}

fn models() -> pallet_models::Parameters {
	pallet_models::Parameters {
		min_bond_floor: 100 * ASY,
		max_trace_bytes_per_unit: 12_000_000_000,
		deposit_base: 5 * 20 * MILLI_ASY + 512 * MILLI_ASY / 10,
		deposit_per_byte: MILLI_ASY / 10,
		curation_deposit: 20 * MILLI_ASY + 64 * MILLI_ASY / 10,
		request_fee_base: MILLI_ASY / 10,
		request_fee_per_byte: MILLI_ASY / 1_000,
		request_ticks: TICKS_PER_DAY / 24,
		silence_exposure: 25 * ASY,
		notice_ticks: 30 * TICKS_PER_DAY,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_values_of_today_should_be_admitted() {
		assert!(Setting::today().is_admitted());
	}

	#[test]
	fn every_pallet_should_be_asked_what_is_admitted() {
		let refused = |change: fn(&mut Setting)| {
			let mut setting = Setting::today();
			change(&mut setting);
			!setting.is_admitted()
		};
		assert!(refused(|one| one.rules.deterrence.exposure_factor = 157));
		assert!(refused(|one| one.rules.insurance.per_event += 1));
		assert!(refused(|one| one.vouchers.premium = Permill::from_percent(1)));
		assert!(refused(|one| one.burn.shares.burn = Permill::zero()));
		assert!(refused(|one| one.burn.sale.tolerance = one.burn.sale.reserve_share));
		assert!(refused(|one| one.burn.sale.reserve_share = Permill::from_parts(2_701)));
		assert!(refused(|one| one.burn.sale.tolerance = Permill::from_percent(26)));
		assert!(refused(|one| one.jobs.data_ticks = 1));
		assert!(refused(|one| one.models.silence_exposure = 0));
		assert!(refused(|one| one.models.request_fee_per_byte += 1));
	}
}
