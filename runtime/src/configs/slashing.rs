//! Penalties: what deters, who gets what of a slash, and the insurance.

use super::market::{ActiveEra, MarketAdmin, TICKS_PER_DAY};
use crate::{units::ASY, AccountId, Balance, Balances, Burn, Clock, Payouts, Providers, Runtime};
use assay_market::traits::SlashShares;
use frame_support::{parameter_types, traits::ConstU32, PalletId};
use pallet_slashing::{
	rules::{BreakerRules, Deterrence, InsuranceRules, Penalties},
	Rules,
};
use sp_runtime::Perbill;

/// What a dispute costs both sides in fees: a witness of the greatest size, and the moves down the
/// greatest tree.
const DISPUTE_COSTS: Balance = ASY / 4;
/// Least exposure of a job. Of it the challenger's reward, 5 %, is twice the costs of a dispute, so
/// that even the cheapest wrong answer is worth refuting.
pub const MIN_EXPOSURE: Balance = 40 * DISPUTE_COSTS;

parameter_types! {
	/// Name of the account on which slashes wait.
	pub const SlashingPalletId: PalletId = PalletId(*b"assay/sl");
	/// Name of the insurance's account.
	pub const InsuranceId: PalletId = PalletId(*b"assay/in");
	/// The insurance's account.
	pub InsuranceAccount: AccountId = pallet_slashing::Pallet::<Runtime>::insurance_account();
	/// Nothing was measured yet.
	pub const UnmeasuredHonesty: Perbill = Perbill::from_percent(50);
	/// The rules until governance sets others.
	pub DefaultRules: Rules = Rules {
		// b · q · h · k · (1 − c) = 2/3 · 0.04 · 1/2 · 160 · 0.95 = 2.03: cheating loses twice what it
		// saves.
		deterrence: Deterrence {
			audit_share: Perbill::from_percent(4),
			// Until it is measured.
			honesty: Perbill::from_percent(50),
			// The last author of a draw may withhold its block and draw once more.
			draw_bias: Perbill::from_rational(2_u32, 3),
			exposure_factor: 160,
			max_exposure_factor: 1_000,
			min_exposure: MIN_EXPOSURE,
			dispute_costs: DISPUTE_COSTS,
		},
		shares: SlashShares {
			costs_at_most: Perbill::from_percent(10),
			reward: Perbill::from_percent(5),
			// No reward is worth a conspiracy.
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
			// What every winner has really paid: more, and refuting oneself would pay.
			per_event: DISPUTE_COSTS,
			per_era: 100 * ASY,
		},
		// A referendum takes three days or more.
		deferral_ticks: 7 * TICKS_PER_DAY,
		// A wrong arithmetic makes many providers lose; a single one, however great, only shows itself.
		breaker: BreakerRules {
			share: Perbill::from_percent(5),
			providers: 3,
			least: 10 * MIN_EXPOSURE,
		},
	};
}

impl pallet_slashing::Config for Runtime {
	type Currency = Balances;
	type Bonds = Providers;
	type Payouts = Payouts;
	type Supply = Burn;
	type Clock = Clock;
	type Era = ActiveEra;
	type AdminOrigin = MarketAdmin;
	type MeasuredHonesty = UnmeasuredHonesty;
	type DefaultRules = DefaultRules;
	type PalletId = SlashingPalletId;
	type InsuranceId = InsuranceId;
	// Lost games are rare, and whoever is owed may distribute.
	type MaxPerBlock = ConstU32<10>;
	type WeightInfo = crate::weights::pallet_slashing::WeightInfo<Runtime>;
}
