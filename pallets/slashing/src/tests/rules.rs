//! Which rules are admitted.

use assay_market::traits::{AuditRule, ExposureRule};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError::BadOrigin, Perbill};

use super::events;
use crate::{mock::*, rules::BREAKER_PROVIDERS_MAX, Error, Event, Rules, RulesFault};

fn changed(change: impl FnOnce(&mut Rules)) -> Rules {
	let mut rules = DefaultRules::get();
	change(&mut rules);
	rules
}

fn set(rules: Rules) -> sp_runtime::DispatchResult {
	Slashing::set_rules(RuntimeOrigin::root(), rules)
}

#[test]
fn governance_replaces_valid_rules() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = changed(|rules| rules.deterrence.exposure_factor = 200);
		assert_noop!(Slashing::set_rules(RuntimeOrigin::signed(ANYBODY), rules), BadOrigin);
		assert_ok!(set(rules));
		let deterrence_ppb = 2_533_333_200;
		assert_eq!(events(), [Event::RulesSet { rules, deterrence_ppb }]);
		assert_eq!(Slashing::current_rules(), (rules, deterrence_ppb));
		assert_eq!(Slashing::factor(), 200);
		assert_eq!(Slashing::max_factor(), 1_000);
		assert_eq!(Slashing::minimum(), 10_000);
		assert_eq!(Slashing::audit_share(), Perbill::from_percent(4));
		assert_eq!(Slashing::false_audit(), Perbill::from_percent(25));
		assert_eq!(Slashing::min_exposure(), 10_000);
		assert_eq!(Slashing::exposure(1, 200), Some(10_000));
		assert_eq!(Slashing::exposure(51, 200), Some(10_200));
		assert_eq!(Slashing::exposure(u128::MAX / 199, 200), None);
	});
}

#[test]
fn rules_that_count_on_more_honesty_than_measured_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let with = |percent| changed(|it| it.deterrence.honesty = Perbill::from_percent(percent));
		let fault = || Error::<Test>::BadRules(RulesFault::HonestyAboveMeasured);
		assert_noop!(set(with(51)), fault());
		MeasuredHonesty::set(Perbill::from_percent(80));
		assert_ok!(set(with(80)));
		// What was measured since leaves rules alone that are in force.
		MeasuredHonesty::set(Perbill::from_percent(40));
		assert_noop!(set(with(80)), fault());
		// With less honesty, exposure has to be greater.
		let less = with(40);
		assert_noop!(set(less), Error::<Test>::BadRules(RulesFault::CheatingPays));
		let mut dearer = less;
		dearer.deterrence.exposure_factor = 200;
		assert_ok!(set(dearer));
	});
}

#[test]
fn rules_that_do_not_deter_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		// The design's figures are just enough: 2/3 · 4 % · 1/2 · 160 · 95 % = 2.0267.
		assert_eq!(DefaultRules::get().deterrence_ppb() / 1_000_000, 2_026);
		let lacking: [fn(&mut Rules); 5] = [
			|rules| rules.deterrence.exposure_factor = 157,
			|rules| rules.deterrence.audit_share = Perbill::from_parts(39_000_000),
			|rules| rules.deterrence.honesty = Perbill::from_percent(49),
			|rules| rules.deterrence.draw_bias = Perbill::from_percent(65),
			|rules| {
				rules.shares.reward = Perbill::from_percent(7);
			},
		];
		for lack in lacking {
			assert_noop!(set(changed(lack)), Error::<Test>::BadRules(RulesFault::CheatingPays));
		}
		assert_ok!(set(changed(|rules| rules.deterrence.exposure_factor = 158)));
	});
}

#[test]
fn every_other_fault_is_named() {
	ExtBuilder::default().build_and_execute(|| {
		let faults: [(fn(&mut Rules), RulesFault); 16] = [
			(|rules| rules.deterrence.max_exposure_factor = 159, RulesFault::ExposureFactor),
			(|rules| rules.deterrence.min_exposure = 9_999, RulesFault::SmallJobsNotWorthDisputing),
			(|rules| rules.shares.reward_at_most = 499, RulesFault::SmallJobsNotWorthDisputing),
			(
				|rules| rules.shares.burn_at_least = Perbill::from_percent(49),
				RulesFault::SharesExceedSlash,
			),
			(
				|rules| rules.shares.insurance = Perbill::from_percent(36),
				RulesFault::SharesExceedSlash,
			),
			(
				|rules| rules.shares.costs_at_most = Perbill::from_percent(36),
				RulesFault::SharesExceedSlash,
			),
			(|rules| rules.penalties.late = Perbill::zero(), RulesFault::Penalty),
			(|rules| rules.breaker.share = Perbill::zero(), RulesFault::Breaker),
			(|rules| rules.breaker.least = 0, RulesFault::Breaker),
			(|rules| rules.breaker.providers = 1, RulesFault::Breaker),
			(|rules| rules.breaker.providers = BREAKER_PROVIDERS_MAX + 1, RulesFault::Breaker),
			(|rules| rules.deferral_ticks = 0, RulesFault::NoDeferral),
			(
				|rules| rules.penalties.downtime_at_most = Perbill::from_parts(499_999),
				RulesFault::Penalty,
			),
			(|rules| rules.insurance.per_event = 626, RulesFault::InsuranceCaps),
			(|rules| rules.insurance.target = 624, RulesFault::InsuranceCaps),
			(|rules| rules.insurance.per_event = 251, RulesFault::InsuranceAboveCosts),
		];
		for (fault, name) in faults {
			assert_noop!(set(changed(fault)), Error::<Test>::BadRules(name));
		}
	});
}
