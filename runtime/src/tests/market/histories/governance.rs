//! Root: parameters at their limits and beyond, quotes, faults.

use super::{super::dispatch, pick, world::Done};
use crate::{
	configs::{
		market::TICKS_PER_DAY, models::InitialParameters, slashing::DefaultRules,
		vouchers::DefaultParameters,
	},
	genesis_config_presets::market::STABLE_ASSET,
	parameters::{dynamic_params::providers, RuntimeParameters},
	Balance, Runtime, RuntimeCall, RuntimeOrigin,
};
use assay_market::traits::Split;
use pallet_burn::SaleTerms;
use pallet_jobs::JobParameters;
use pallet_vouchers::NewQuote;
use proptest::prelude::*;
use sp_runtime::{FixedU128, Perbill, Permill};

#[derive(Clone, Debug)]
pub(super) enum Act {
	Rules(u8),
	JobParameters { which: u8, ticks: u32 },
	VoucherParameters { which: u8, permill: u32, ticks: u32 },
	ModelParameters { which: u8, amount: Balance },
	Shares { burn: u32, validators: u32 },
	Emission(u32),
	Sales { share: u32, period: u32 },
	RegisterStable { price: Balance, rate: u32 },
	RemoveQuote(usize),
	SetFloor { quote: usize, floor: Balance },
	AcceptTeam,
	DeclareFaulty(u32),
	Resume(usize),
	ProviderParameter { which: u8, value: u32 },
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let ticks = || prop_oneof![Just(0), Just(1), 2..500_u32, Just(100_800), any::<u32>()];
	let permill = || prop_oneof![Just(0), Just(1_000_000), 1..1_000_000_u32];
	prop_oneof![
		2 => any::<u8>().prop_map(Act::Rules),
		2 => (any::<u8>(), ticks()).prop_map(|(which, ticks)| Act::JobParameters { which, ticks }),
		2 => (any::<u8>(), permill(), ticks())
			.prop_map(|(which, permill, ticks)| Act::VoucherParameters { which, permill, ticks }),
		1 => (any::<u8>(), pick::amount())
			.prop_map(|(which, amount)| Act::ModelParameters { which, amount }),
		2 => (0..600_000_u32, 0..600_000_u32)
			.prop_map(|(burn, validators)| Act::Shares { burn, validators }),
		2 => permill().prop_map(Act::Emission),
		1 => (permill(), ticks()).prop_map(|(share, period)| Act::Sales { share, period }),
		6 => (20..3_000_u128, 1..3_u32)
			.prop_map(|(price, rate)| Act::RegisterStable { price, rate }),
		1 => any::<usize>().prop_map(Act::RemoveQuote),
		1 => (any::<usize>(), 0..5_000_u128)
			.prop_map(|(quote, floor)| Act::SetFloor { quote, floor }),
		1 => Just(Act::AcceptTeam),
		// The only version is 1, and without it nothing goes on.
		1 => prop_oneof![20 => Just(2), 1 => Just(1)].prop_map(Act::DeclareFaulty),
		1 => any::<usize>().prop_map(Act::Resume),
		2 => (any::<u8>(), ticks())
			.prop_map(|(which, value)| Act::ProviderParameter { which, value }),
	]
}

fn rules(which: u8) -> pallet_slashing::Rules {
	let mut rules = DefaultRules::get();
	match which % 8 {
		0 => rules.deterrence.exposure_factor = 1_000,
		1 => rules.deterrence.exposure_factor = 158,
		2 => rules.deterrence.min_exposure *= 5,
		3 => rules.shares.reward_at_most = u128::MAX,
		4 => rules.deferral_ticks = 1,
		5 => rules.penalties.late = Perbill::one(),
		6 => rules.penalties.downtime = rules.penalties.downtime_at_most,
		_ => rules.insurance.per_era = rules.insurance.per_event,
	}
	rules
}

fn job_parameters(which: u8, ticks: u32) -> JobParameters {
	let mut parameters = JobParameters::default();
	let field = match which % 5 {
		0 => &mut parameters.turn_ticks,
		1 => &mut parameters.accept_within_max,
		2 => &mut parameters.window_ticks,
		3 => &mut parameters.data_ticks,
		_ => &mut parameters.check_ticks,
	};
	*field = ticks;
	parameters
}

fn voucher_parameters(which: u8, permill: u32, ticks: u32) -> pallet_vouchers::Parameters {
	let mut parameters = DefaultParameters::get();
	let permill = Permill::from_parts(permill);
	match which % 9 {
		0 => parameters.window_ticks = ticks,
		1 => parameters.life_ticks = ticks.max(parameters.window_ticks),
		2 => parameters.grace_ticks = TICKS_PER_DAY.saturating_add(ticks % TICKS_PER_DAY),
		3 => parameters.premium = permill,
		4 => parameters.subscribers_share = permill,
		5 => parameters.pledge = permill,
		6 => parameters.target_utilisation = permill,
		7 => parameters.rate_interval_ticks = ticks,
		_ => parameters.sweep_fee = Balance::from(ticks) * 1_000_000,
	}
	parameters
}

fn model_parameters(which: u8, amount: Balance) -> pallet_models::Parameters {
	let mut parameters = InitialParameters::get();
	match which % 4 {
		0 => parameters.min_bond_floor = amount,
		1 => parameters.silence_exposure = amount,
		2 => parameters.deposit_base = amount,
		_ => parameters.request_fee_base = amount.min(parameters.request_fee_base),
	}
	parameters
}

fn provider_parameter(which: u8, value: u32) -> RuntimeParameters {
	use providers::{
		BondFloor, ExposureBuffer, HeartbeatAllowance, HeartbeatPeriod, LockTicks, Parameters,
		RegistrationDeposit, WithdrawalTicks,
	};
	let amount = Balance::from(value) * crate::units::MILLI_ASY;
	RuntimeParameters::Providers(match which % 8 {
		0 => Parameters::RegistrationDeposit(RegistrationDeposit, Some(amount)),
		1 => Parameters::BondFloor(BondFloor, Some(amount)),
		2 => {
			Parameters::ExposureBuffer(ExposureBuffer, Some(Permill::from_parts(value % 1_000_000)))
		}
		3 => Parameters::WithdrawalTicks(WithdrawalTicks, Some(value)),
		4 => Parameters::LockTicks(LockTicks, Some(value)),
		5 => Parameters::HeartbeatPeriod(HeartbeatPeriod, Some(value)),
		6 => Parameters::HeartbeatAllowance(HeartbeatAllowance, Some(value)),
		_ => Parameters::HeartbeatPeriod(HeartbeatPeriod, None),
	})
}

impl Act {
	pub(super) fn take(&self) -> Done {
		let call: RuntimeCall = match *self {
			Self::Rules(which) => pallet_slashing::Call::set_rules { rules: rules(which) }.into(),
			Self::JobParameters { which, ticks } => {
				let parameters = job_parameters(which, ticks);
				pallet_jobs::Call::set_parameters { parameters }.into()
			}
			Self::VoucherParameters { which, permill, ticks } => {
				let parameters = voucher_parameters(which, permill, ticks);
				pallet_vouchers::Call::set_parameters { parameters }.into()
			}
			Self::ModelParameters { which, amount } => {
				let parameters = model_parameters(which, amount);
				pallet_models::Call::set_parameters { parameters }.into()
			}
			Self::Shares { burn, validators } => {
				let [burn, validators] = [burn, validators].map(Permill::from_parts);
				let treasury = Permill::from_percent(5);
				let given = [burn, validators, treasury].map(Permill::deconstruct);
				let left = 1_000_000_u32.saturating_sub(given.iter().sum());
				let provider = Permill::from_parts(left);
				let shares = Split { provider, burn, validators, treasury };
				pallet_burn::Call::set_shares { shares }.into()
			}
			Self::Emission(rate) => {
				let rate = Permill::from_parts(rate);
				pallet_burn::Call::set_emission_rate { rate }.into()
			}
			Self::Sales { share, period } => {
				// A few are greater than the pool's fee admits.
				let reserve_share = Permill::from_parts(share % 3_000);
				let terms = SaleTerms { period, reserve_share, ..SaleTerms::default() };
				pallet_burn::Call::set_sale_terms { terms }.into()
			}
			Self::RegisterStable { price, rate } => {
				let rate = FixedU128::from_u32(rate);
				let statement = b"the issuer can freeze it".to_vec().try_into().ok()?;
				let new = NewQuote::Asset { id: STABLE_ASSET, rate, statement };
				pallet_vouchers::Call::register_quote { new, price, floor: 20 }.into()
			}
			Self::RemoveQuote(quote) => {
				pallet_vouchers::Call::remove_quote { quote: pick::quote(quote) }.into()
			}
			Self::SetFloor { quote, floor } => {
				pallet_vouchers::Call::set_floor { quote: pick::quote(quote), floor }.into()
			}
			Self::AcceptTeam => {
				let statement = b"looked at again".to_vec().try_into().ok()?;
				pallet_vouchers::Call::accept_team { asset: STABLE_ASSET, statement }.into()
			}
			Self::DeclareFaulty(numerics_version) => {
				pallet_slashing::Call::declare_faulty { numerics_version }.into()
			}
			Self::Resume(which) => {
				let model = pick::of(pallet_slashing::Paused::<Runtime>::iter_keys(), which)?;
				pallet_slashing::Call::resume { model }.into()
			}
			Self::ProviderParameter { which, value } => {
				let key_value = provider_parameter(which, value);
				pallet_parameters::Call::set_parameter { key_value }.into()
			}
		};
		Some(dispatch(call, RuntimeOrigin::root()))
	}
}
