//! Penalties that burn at once.

use assay_market::traits::{BurnReason, OffenceKind, Offences};
use frame_support::{assert_noop, assert_ok};

use super::events;
use crate::{mock::*, Error, Event, Pending};

#[test]
fn a_late_job_burns_two_per_cent_and_pays_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(unpaid(OffenceKind::Late, 10_001)));
		// Rounded up: a penalty is never nothing.
		assert_eq!(burned(BurnReason::Slashes), 201);
		assert_eq!(Balances::free_balance(VAULT), BOND + ED - 201);
		assert!(matches!(
			events()[..],
			[Event::Burned { kind: OffenceKind::Late, penalty: 201, taken: 201, .. }]
		));
		assert!(!Slashing::is_pending(PROVIDER, &model()));
	});
}

#[test]
fn a_false_audit_burns_a_quarter_of_the_exposure() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(unpaid(OffenceKind::FalseAudit, 10_000)));
		assert_eq!(burned(BurnReason::Slashes), 2_500);
	});
}

#[test]
fn silence_about_weights_burns_all_of_what_was_at_stake() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(unpaid(OffenceKind::Silence, 700)));
		assert_eq!(burned(BurnReason::Slashes), 700);
		assert_eq!(Pending::<Test>::iter().count(), 0);
	});
}

#[test]
fn downtimes_that_follow_soon_double_up_to_the_most_and_are_forgotten() {
	ExtBuilder::default().build_and_execute(|| {
		let mut before = 0;
		let mut next = |free| {
			assert_ok!(Slashing::report(unpaid(OffenceKind::Downtime, free)));
			let now = burned(BurnReason::Slashes);
			let penalty = now - before;
			before = now;
			penalty
		};
		let penalties: Vec<_> = (0..10).map(|_| next(1_000_000)).collect();
		assert_eq!(
			penalties,
			[500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 50_000, 50_000, 50_000]
		);
		Now::set(Now::get() + 101);
		assert_eq!(next(1_000_000), 500);
		// Nothing free, nothing taken.
		assert_eq!(next(0), 0);
	});
}

#[test]
fn a_bond_that_is_too_small_gives_what_it_has() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(unpaid(OffenceKind::FalseAudit, 8 * BOND)));
		assert_eq!(burned(BurnReason::Slashes), BOND);
		assert!(matches!(
			events()[..],
			[Event::Burned { penalty, taken, .. }] if penalty == 2 * BOND && taken == BOND
		));
	});
}

#[test]
fn reports_that_make_no_sense_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Slashing::report(unpaid(OffenceKind::WrongResult, 100)),
			Error::<Test>::NobodyToPay
		);
		let mut stranger = unpaid(OffenceKind::Late, 100);
		stranger.provider = STRANGER;
		assert_noop!(Slashing::report(stranger), Error::<Test>::UnknownProvider);
		let mut stranger = wrong_result(100, 1, 1);
		stranger.provider = STRANGER;
		assert_noop!(Slashing::report(stranger), Error::<Test>::UnknownProvider);
	});
}
