//! Slashes that wait, and their distribution.

use assay_market::traits::{BurnReason, Offence, OffenceKind, Offences, PayoutReason};
use frame_support::{
	assert_noop, assert_ok,
	traits::Hooks,
	weights::{Weight, WeightMeter},
};

use super::events;
use crate::{mock::*, shares::Parts, Error, Event, Pending, TotalPending, WeightInfo};

fn poll() {
	Slashing::on_poll(1, &mut WeightMeter::new());
}

#[test]
fn a_lost_game_takes_the_exposure_and_waits() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 2_000)));
		assert_eq!(Balances::free_balance(VAULT), BOND + ED - 100_000);
		assert_eq!(TotalPending::<Test>::get(), 100_000);
		assert!(Slashing::is_pending(PROVIDER, &model()));
		assert!(!Slashing::is_pending(STRANGER, &model()));
		assert!(matches!(
			events()[..],
			[Event::Slashed { id: 0, taken: 100_000, exposure: 100_000, due_at: 30, .. }]
		));
		let anybody = RuntimeOrigin::signed(ANYBODY);
		Now::set(29);
		assert_noop!(Slashing::distribute(anybody, 0), Error::<Test>::NotDue);
	});
}

#[test]
fn what_is_due_goes_to_those_who_are_owed_in_order() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 2_000)));
		events();
		Now::set(30);
		assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0));
		let parts = Parts {
			costs: 2_000,
			compensation: 600,
			reward: 5_000,
			insurance: 10_000,
			burned: 82_400,
		};
		assert_eq!(events(), [Event::Distributed { id: 0, parts, insured: 0 }]);
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 7_000);
		assert_eq!(paid(USER, PayoutReason::Compensation), 600);
		assert_eq!(Slashing::insured(), 10_000);
		assert_eq!(burned(BurnReason::Slashes), 82_400);
		assert_eq!(Balances::free_balance(Slashing::account()), ED);
		assert!(!Slashing::is_pending(PROVIDER, &model()));
		assert_noop!(
			Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0),
			Error::<Test>::UnknownSlash
		);
	});
}

#[test]
fn silence_without_a_challenger_pays_only_the_user() {
	ExtBuilder::default().build_and_execute(|| {
		let mut offence = wrong_result(100_000, 600, 0);
		offence.kind = OffenceKind::Silence;
		if let Some(lost) = &mut offence.lost {
			lost.challenger = None;
		}
		assert_ok!(Slashing::report(offence));
		Now::set(30);
		poll();
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 0);
		assert_eq!(paid(USER, PayoutReason::Compensation), 600);
		assert_eq!(Slashing::insured(), 10_000);
		assert_eq!(burned(BurnReason::Slashes), 89_400);
	});
}

#[test]
fn a_slash_of_an_empty_bond_is_distributed_as_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(unpaid(OffenceKind::FalseAudit, 4 * BOND)));
		assert_ok!(Slashing::report(wrong_result(100_000, 600, 2_000)));
		Now::set(30);
		assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), 0));
		assert_eq!(paid(USER, PayoutReason::Compensation), 0);
		assert_eq!(TotalPending::<Test>::get(), 0);
	});
}

#[test]
fn blocks_distribute_a_few_at_a_time_and_reach_everyone() {
	ExtBuilder::default().build_and_execute(|| {
		let small: Vec<Offence<_>> = (0..8).map(|_| wrong_result(10_000, 60, 20)).collect();
		for offence in small {
			assert_ok!(Slashing::report(offence));
		}
		poll();
		assert_eq!(Pending::<Test>::iter().count(), 8, "nothing is due");
		Now::set(30);
		let left: Vec<_> = (0..4)
			.map(|_| {
				poll();
				Pending::<Test>::iter().count()
			})
			.collect();
		// The first looks may fall on the end of the queue.
		assert!(left.windows(2).all(|pair| pair[0] - pair[1] <= 3), "{left:?}");
		assert_eq!(left.last(), Some(&0), "{left:?}");
	});
}

#[test]
fn slashes_that_cannot_be_distributed_do_not_keep_others_waiting() {
	ExtBuilder::default().build_and_execute(|| {
		for at in 0..6 {
			Now::set(10 + 10 * at);
			assert_ok!(Slashing::report(wrong_result(10_000, 60, 20)));
		}
		// Due are those of the ticks 10 to 40.
		Now::set(60);
		for _ in 0..4 {
			poll();
		}
		let mut left: Vec<_> = Pending::<Test>::iter_keys().collect();
		left.sort_unstable();
		assert_eq!(left, [4, 5]);
	});
}

#[test]
fn a_block_without_weight_left_does_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Slashing::report(wrong_result(10_000, 60, 20)));
		Now::set(30);
		let look = <() as WeightInfo>::look_at_queue();
		let enough = look + <() as WeightInfo>::distribute();
		for limit in [Weight::zero(), look, enough - Weight::from_parts(1, 0)] {
			let mut meter = WeightMeter::with_limit(limit);
			Slashing::on_poll(1, &mut meter);
			assert_eq!(Pending::<Test>::iter().count(), 1);
		}
		Slashing::on_poll(1, &mut WeightMeter::with_limit(enough));
		assert_eq!(Pending::<Test>::iter().count(), 0);
	});
}
