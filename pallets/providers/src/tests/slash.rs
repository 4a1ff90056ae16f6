use assay_market::{traits::Bonds, ProviderId};
use frame_support::{assert_err, assert_noop, assert_ok, traits::LockableCurrency};

use crate::{mock::*, Error, Event, HoldReason, Ledgers};

#[test]
fn the_exposure_of_a_lost_job_should_be_there_in_full() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2_100, 1);
		assert_ok!(Providers::reserve(provider, &MODEL, 2_000, 0));
		assert_ok!(Providers::expose(provider, &MODEL, 2_000, 2_000));
		assert_ok!(Providers::release(provider, &MODEL, 0, 2_000, 0));
		events();
		assert_ok!(Providers::slash(provider, &MODEL, 2_000, &SLASHER), 2_000);
		assert_eq!(
			events(),
			[Event::Slashed { provider, model: MODEL, amount: 2_000, debt: 0, to: SLASHER }]
		);
		assert_eq!(Balances::free_balance(SLASHER), EXISTENTIAL_DEPOSIT + 2_000);
		assert_eq!(ledger(provider).bonded, 100);
		assert_eq!(on_hold(HoldReason::Bond, OWNER), 100);
		assert_eq!(Providers::total_bonded(&MODEL), 100);
		// Below the minimum: open jobs would go on, new ones are refused.
		assert!(!Providers::is_bonded(provider, &MODEL));
		assert!(best(5).is_empty());
	});
}

#[test]
fn a_slash_should_leave_what_answers_for_other_jobs_and_subscriptions() {
	build_and_execute(|| {
		let provider = serving(OWNER, 3_000, 1);
		assert_ok!(Providers::reserve(provider, &MODEL, 500, 0));
		assert_ok!(Providers::reserve(provider, &MODEL, 700, 0));
		assert_ok!(Providers::expose(provider, &MODEL, 700, 700));
		assert_ok!(Providers::pledge(provider, &MODEL, 800, true));
		assert_ok!(Providers::slash(provider, &MODEL, 1_500, &SLASHER), 1_000);
		let after = ledger(provider);
		assert_eq!((after.bonded, after.debt), (2_000, 500));
		assert_eq!(Providers::free_bond(provider, &MODEL), 0);
		assert!(!Providers::is_bonded(provider, &MODEL));
		// A second slash adds to the debt.
		assert_ok!(Providers::slash(provider, &MODEL, 1, &SLASHER), 0);
		assert_eq!(ledger(provider).debt, 501);
	});
}

#[test]
fn a_slash_should_reach_what_was_asked_back_last() {
	build_and_execute(|| {
		let provider = bonded(OWNER, 3_000);
		let request = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 2_000);
		assert_ok!(request);
		assert_ok!(Providers::slash(provider, &MODEL, 1_000, &SLASHER), 1_000);
		assert_eq!(ledger(provider).leaving_amount(), 2_000);
		assert_ok!(Providers::slash(provider, &MODEL, 500, &SLASHER), 500);
		assert_eq!(ledger(provider).leaving_amount(), 1_500);
		assert_ok!(Providers::slash(provider, &MODEL, 1_499, &SLASHER), 1_499);
		assert_eq!(ledger(provider).leaving_amount(), 1);
	});
}

#[test]
fn a_bond_for_one_model_should_never_answer_for_another() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL_2, 5 * MIN_BOND));
		assert_ok!(Providers::slash(provider, &MODEL, 3 * MIN_BOND, &SLASHER), MIN_BOND);
		assert_eq!(ledger(provider).debt, 2 * MIN_BOND);
		assert_eq!(Providers::free_bond(provider, &MODEL_2), 5 * MIN_BOND);
		// It takes no new jobs until the debt is paid, but it does not pay it.
		assert!(!Providers::is_bonded(provider, &MODEL_2));
		let collect = Providers::collect_debt(RuntimeOrigin::signed(STRANGER), provider, MODEL);
		assert_noop!(collect, Error::<Test>::NothingToCollect);
	});
}

#[test]
fn a_ledger_that_lost_everything_should_end() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		events();
		assert_ok!(Providers::slash(provider, &MODEL, MIN_BOND, &SLASHER), MIN_BOND);
		assert_eq!(
			events(),
			[
				Event::Slashed { provider, model: MODEL, amount: MIN_BOND, debt: 0, to: SLASHER },
				Event::OfferWithdrawn { provider, model: MODEL },
			]
		);
		assert!(!Ledgers::<Test>::contains_key(provider, MODEL));
		// What comes too late finds nothing, and fails nothing.
		assert_ok!(Providers::slash(provider, &MODEL, 5, &SLASHER), 0);
		assert_ok!(Providers::slash(provider, &MODEL_2, 5, &SLASHER), 0);
	});
}

#[test]
fn a_slash_should_fail_only_for_an_unknown_provider() {
	build_and_execute(|| {
		let slash = |provider, amount, to| Providers::slash(provider, &MODEL, amount, &to);
		assert_err!(slash(ProviderId(9), 1, SLASHER), Error::<Test>::UnknownProvider);
		let provider = bonded(OWNER, MIN_BOND);
		assert_ok!(slash(provider, 0, SLASHER), 0);
		assert_ok!(slash(provider, u128::MAX, SLASHER), MIN_BOND);
		assert_eq!(ledger(provider).debt, u128::MAX - MIN_BOND);
		assert_ok!(slash(provider, u128::MAX, SLASHER), 0);
		assert_eq!(ledger(provider).debt, u128::MAX);
	});
}

#[test]
fn what_a_dead_receiver_cannot_take_should_become_debt() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		let dead = 77;
		let dust = EXISTENTIAL_DEPOSIT - 1;
		assert_ok!(Providers::slash(provider, &MODEL, dust, &dead), 0);
		assert_eq!((ledger(provider).bonded, ledger(provider).debt), (MIN_BOND, dust));
		assert_ok!(Providers::slash(provider, &MODEL, dust + 1, &dead), dust + 1);
	});
}

#[test]
fn a_lock_on_the_owners_money_should_not_hinder_a_slash() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		let reasons = frame_support::traits::WithdrawReasons::all();
		Balances::set_lock(*b"votes   ", &OWNER, FUNDS, reasons);
		assert_ok!(Providers::slash(provider, &MODEL, MIN_BOND, &SLASHER), MIN_BOND);
	});
}
