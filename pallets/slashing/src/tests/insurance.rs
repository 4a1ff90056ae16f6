//! What the insurance pays, and what it burns.

use assay_market::traits::{BurnReason, Offences, PayoutReason};
use frame_support::{assert_noop, assert_ok, traits::fungible::Mutate};

use super::events;
use crate::{mock::*, Error, Event};

/// Distributes a slash whose challenger's costs exceed the slash's part by so much. Returns what the
/// insurance added.
fn insured(uncovered: u128) -> u128 {
	let id = crate::NextId::<Test>::get();
	assert_ok!(Slashing::report(wrong_result(10_000, 60, 1_000 + uncovered)));
	Now::set(Now::get() + 20);
	events();
	assert_ok!(Slashing::distribute(RuntimeOrigin::signed(ANYBODY), id));
	match events()[..] {
		[Event::Distributed { insured, .. }] => insured,
		ref other => panic!("{other:?}"),
	}
}

#[test]
fn costs_beyond_the_slash_are_paid_within_the_caps_of_event_and_era() {
	ExtBuilder::default().insurance(50_000).build_and_execute(|| {
		assert_eq!(insured(0), 0);
		assert_eq!(insured(75), 75);
		assert_eq!(insured(5_000), 250);
		assert_eq!(insured(251), 250);
		assert_eq!(Slashing::insurance_left(), 50);
		assert_eq!(insured(250), 50);
		assert_eq!(insured(250), 0);
		Era::set(2);
		assert_eq!(insured(250), 250);
		assert_eq!(Slashing::insurance(), (50_000 + 7 * 1_000 - 875, 375));
	});
}

#[test]
fn costs_of_later_winners_are_paid_within_the_same_caps() {
	ExtBuilder::default().insurance(50_000).build_and_execute(|| {
		assert_eq!(Slashing::cover_costs(&ANYBODY, 175), Ok(175));
		assert_eq!(Slashing::cover_costs(&ANYBODY, 5_000), Ok(250));
		assert_eq!(Slashing::insurance_left(), 200);
		assert_eq!(insured(250), 200);
		assert_eq!(Slashing::cover_costs(&ANYBODY, 1), Ok(0));
	});
}

#[test]
fn an_empty_insurance_pays_what_it_has() {
	ExtBuilder::default().insurance(40).build_and_execute(|| {
		// The slash's own share comes after the costs.
		assert_eq!(insured(300), 40);
		assert_eq!(paid(CHALLENGER, PayoutReason::ChallengeReward), 1_000 + 500 + 40);
		assert_eq!(Slashing::insured(), 1_000);
	});
}

#[test]
fn what_is_above_the_target_burns() {
	ExtBuilder::default().insurance(100_000).build_and_execute(|| {
		let anybody = RuntimeOrigin::signed(ANYBODY);
		assert_noop!(Slashing::burn_excess(anybody.clone()), Error::<Test>::NoExcess);
		assert_ok!(Balances::mint_into(&Slashing::insurance_account(), 7));
		assert_ok!(Slashing::burn_excess(anybody));
		assert_eq!(events(), [Event::ExcessBurned { amount: 7 }]);
		assert_eq!(burned(BurnReason::InsuranceExcess), 7);
		assert_eq!(Slashing::insured(), 100_000);
	});
}

#[test]
fn genesis_gives_both_accounts_their_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		for account in [Slashing::account(), Slashing::insurance_account()] {
			assert_eq!(Balances::free_balance(account), ED);
		}
	});
	ExtBuilder::default().insurance(7).build_and_execute(|| assert_eq!(Slashing::insured(), 7));
}
