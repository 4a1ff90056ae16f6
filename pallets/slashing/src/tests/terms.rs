//! What a job keeps of the rules.

use assay_market::traits::{BurnReason, Offence, OffenceKind, Offences, PayoutReason};
use frame_support::assert_ok;
use sp_runtime::Perbill;

use super::events;
use crate::{mock::*, Event, Rules};

/// Rules under which everything is dearer and takes longer.
fn harsher() -> Rules {
	let mut rules = DefaultRules::get();
	rules.penalties.late = Perbill::one();
	rules.penalties.false_audit = Perbill::one();
	rules.deferral_ticks = 1_000;
	rules.shares.costs_at_most = Perbill::zero();
	rules.shares.insurance = Perbill::zero();
	rules
}

#[test]
fn terms_are_those_of_the_rules() {
	ExtBuilder::default().build_and_execute(|| {
		let kept = Slashing::terms();
		let rules = DefaultRules::get();
		assert_eq!(
			(kept.late, kept.false_audit),
			(rules.penalties.late, rules.penalties.false_audit)
		);
		assert_eq!((kept.shares, kept.deferral_ticks), (rules.shares, 20));
		assert_ok!(Slashing::set_rules(RuntimeOrigin::root(), harsher()));
		assert_eq!(Slashing::terms(), harsher().terms());
		assert_ne!(Slashing::terms(), kept);
	});
}

#[test]
fn running_jobs_keep_their_penalties() {
	ExtBuilder::default().build_and_execute(|| {
		let offences =
			[OffenceKind::Late, OffenceKind::FalseAudit].map(|kind| unpaid(kind, 10_000));
		assert_ok!(Slashing::set_rules(RuntimeOrigin::root(), harsher()));
		for offence in offences {
			assert_ok!(Slashing::report(offence));
		}
		assert_eq!(burned(BurnReason::Slashes), 200 + 2_500);
		assert_ok!(Slashing::report(unpaid(OffenceKind::Late, 10_000)));
		assert_eq!(burned(BurnReason::Slashes), 200 + 2_500 + 10_000);
	});
}

#[test]
fn running_jobs_and_waiting_slashes_keep_deferral_and_shares() {
	ExtBuilder::default().build_and_execute(|| {
		let waiting = wrong_result(100_000, 600, 2_000);
		let running = Offence { provider: OTHERS[0], ..waiting.clone() };
		assert_ok!(Slashing::report(waiting));
		assert_ok!(Slashing::set_rules(RuntimeOrigin::root(), harsher()));
		assert_ok!(Slashing::report(running));
		events();
		Now::set(30);
		for id in [0, 1] {
			assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), id));
		}
		assert!(events().iter().all(|event| matches!(
			event,
			Event::Distributed { parts, insured: 0, .. }
				if (parts.costs, parts.insurance) == (2_000, 10_000)
		)));
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 2 * 7_000);
	});
}
