//! Governed values: every default is admitted, and what would break a promise is not.

use super::{dispatch, signed, Chain};
use crate::{
	configs::{
		market::TICKS_PER_DAY,
		models::{InitialParameters, WeightsPostingCost},
		slashing::DefaultRules,
		vouchers::{DefaultParameters, MAX_LIVE_SERIES},
	},
	parameters::{
		dynamic_params::{compute, providers},
		RuntimeParameters,
	},
	units::EXISTENTIAL_DEPOSIT,
	Runtime, RuntimeOrigin,
};
use assay_programs::cost::Weights;
use frame_support::{assert_ok, traits::Get};
use pallet_burn::Configuration;
use pallet_jobs::JobParameters;
use pallet_slashing::{Error, RulesFault};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{DispatchError, Perbill};

#[test]
fn every_default_should_be_admitted_by_its_pallet() {
	Chain::local().between_blocks(|| {
		assert_eq!(DefaultRules::get().validate(), Ok(()));
		assert_eq!(DefaultParameters::get().validate(TICKS_PER_DAY, MAX_LIVE_SERIES), Ok(()));
		assert_eq!(InitialParameters::get().validate(&WeightsPostingCost::get()), Ok(()));
		assert_eq!(JobParameters::default().validate(), Ok(()));
		assert!(Configuration::default().validate::<Runtime>().is_ok());
	});
}

#[test]
fn the_default_rules_should_deter() {
	// Twice what cheating saves, in parts per billion.
	assert!(DefaultRules::get().deterrence_ppb() >= 2_000_000_000);
	let rules = DefaultRules::get();
	let reward = rules.shares.reward.mul_floor(rules.deterrence.min_exposure);
	assert!(reward >= 2 * rules.deterrence.dispute_costs, "even the cheapest job is disputed");
}

#[test]
fn rules_that_do_not_deter_should_be_refused() {
	Chain::local().block(|| {
		let set = |change: fn(&mut pallet_slashing::Rules)| {
			let mut rules = DefaultRules::get();
			change(&mut rules);
			dispatch(pallet_slashing::Call::set_rules { rules }, RuntimeOrigin::root())
		};
		let refused = |fault| Err(DispatchError::from(Error::<Runtime>::BadRules(fault)));
		let cheating_pays = refused(RulesFault::CheatingPays);
		assert_eq!(set(|rules| rules.deterrence.exposure_factor = 157), cheating_pays);
		assert_eq!(
			set(|rules| rules.deterrence.audit_share = Perbill::from_percent(3)),
			cheating_pays
		);
		assert_eq!(set(|rules| rules.shares.reward = Perbill::from_percent(20)), cheating_pays);
		assert_eq!(
			set(|rules| rules.deterrence.min_exposure -= 100),
			refused(RulesFault::SmallJobsNotWorthDisputing)
		);
		assert_ok!(set(|rules| rules.deterrence.exposure_factor = 200));
	});
}

#[test]
fn only_root_should_govern_the_market() {
	Chain::local().block(|| {
		let rules = DefaultRules::get();
		let parameters = JobParameters::default();
		let calls: [crate::RuntimeCall; 3] = [
			pallet_slashing::Call::set_rules { rules }.into(),
			pallet_jobs::Call::set_parameters { parameters }.into(),
			pallet_vouchers::Call::set_parameters { parameters: DefaultParameters::get() }.into(),
		];
		for call in calls {
			assert_eq!(dispatch(call.clone(), signed(Alice)), Err(DispatchError::BadOrigin));
			assert_ok!(dispatch(call, RuntimeOrigin::root()));
		}
	});
}

fn set_parameter(key_value: RuntimeParameters) {
	let set = pallet_parameters::Call::set_parameter { key_value };
	assert_ok!(dispatch(set, RuntimeOrigin::root()));
}

#[test]
fn values_that_make_no_sense_should_count_as_the_least_that_does() {
	Chain::local().block(|| {
		let zero = Some(0);
		for parameters in [
			providers::Parameters::BondFloor(providers::BondFloor, Some(0)),
			providers::Parameters::LockTicks(providers::LockTicks, zero),
			providers::Parameters::HeartbeatPeriod(providers::HeartbeatPeriod, zero),
			providers::Parameters::MinTraceBytesPerTick(providers::MinTraceBytesPerTick, Some(0)),
			providers::Parameters::MaxTraceTicks(providers::MaxTraceTicks, zero),
			providers::Parameters::ReputationHalvingEras(providers::ReputationHalvingEras, zero),
			providers::Parameters::DemonstratedFactor(providers::DemonstratedFactor, zero),
		] {
			set_parameter(RuntimeParameters::Providers(parameters));
		}
		type Floor = <Runtime as pallet_providers::Config>::BondFloor;
		assert_eq!(Floor::get(), EXISTENTIAL_DEPOSIT);
		type Period = <Runtime as pallet_providers::Config>::HeartbeatPeriod;
		assert_eq!(Period::get(), 10);
		type Factor = <Runtime as pallet_providers::Config>::DemonstratedFactor;
		assert_eq!(Factor::get(), 2);
		// What the pallet divides by.
		type Lock = <Runtime as pallet_providers::Config>::LockTicks;
		type Halving = <Runtime as pallet_providers::Config>::ReputationHalvingEras;
		type Rate = <Runtime as pallet_providers::Config>::MinTraceBytesPerTick;
		type Trace = <Runtime as pallet_providers::Config>::MaxTraceTicks;
		assert_eq!((Lock::get(), Halving::get(), Trace::get(), Rate::get()), (1, 1, 1, 1));
	});
}

#[test]
fn registry_and_jobs_should_count_compute_alike_whatever_governance_chooses() {
	Chain::local().block(|| {
		type ForModels = <Runtime as pallet_models::Config>::CostWeights;
		type ForJobs = <Runtime as pallet_jobs::Config>::ComputeWeights;
		assert_eq!(<ForModels as Get<Weights>>::get(), Weights::default());
		let dearer = Weights { element: 17, ..Weights::default() };
		set_parameter(RuntimeParameters::Compute(compute::Parameters::CostWeights(
			compute::CostWeights,
			Some(dearer),
		)));
		assert_eq!(<ForModels as Get<Weights>>::get(), dearer);
		assert_eq!(<ForJobs as Get<Weights>>::get(), dearer);
	});
}
