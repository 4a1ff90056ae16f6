use assay_market::traits::Bonds;
use frame_support::{assert_noop, assert_ok};

use crate::{mock::*, Error, Event, HoldReason, Ledgers};

fn request(amount: u128) -> sp_runtime::DispatchResult {
	Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, amount)
}

fn withdraw() -> sp_runtime::DispatchResult {
	Providers::withdraw(RuntimeOrigin::signed(OWNER), MODEL)
}

/// Lets the minimum time of a withdrawal pass.
fn wait() {
	Now::mutate(|now| *now += WITHDRAWAL_TICKS);
}

/// Lets it pass without heartbeats being missed.
fn wait_offline() {
	assert_ok!(Providers::set_online(RuntimeOrigin::signed(OWNER), false));
	wait();
}

#[test]
fn a_part_should_come_back_after_the_minimum_time() {
	build_and_execute(|| {
		let provider = bonded(OWNER, 3 * MIN_BOND);
		events();
		Now::set(7);
		assert_ok!(request(2 * MIN_BOND));
		let ready_at = 7 + WITHDRAWAL_TICKS;
		let amount = 2 * MIN_BOND;
		assert_eq!(
			events(),
			[Event::WithdrawalRequested { provider, model: MODEL, amount, ready_at }]
		);
		assert_eq!(Providers::free_bond(provider, &MODEL), MIN_BOND);
		Now::set(ready_at - 1);
		assert_noop!(withdraw(), Error::<Test>::WithdrawalTooEarly);
		Now::set(ready_at);
		assert_ok!(withdraw());
		assert_eq!(
			events(),
			[Event::Withdrawn { provider, model: MODEL, amount, bonded: MIN_BOND }]
		);
		assert_eq!(on_hold(HoldReason::Bond, OWNER), MIN_BOND);
		assert_eq!(Providers::total_bonded(&MODEL), MIN_BOND);
		assert_noop!(withdraw(), Error::<Test>::NothingLeaving);
	});
}

#[test]
fn the_whole_should_come_back_with_its_offer() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		assert_ok!(request(MIN_BOND));
		// What leaves backs nothing new.
		assert!(!Providers::is_bonded(provider, &MODEL));
		assert_eq!(Providers::offer(provider, &MODEL), None);
		let reserve = Providers::reserve(provider, &MODEL, 0, 0);
		assert_noop!(reserve, Error::<Test>::BelowMinimum);
		wait_offline();
		events();
		assert_ok!(withdraw());
		assert_eq!(
			events(),
			[
				Event::Withdrawn { provider, model: MODEL, amount: MIN_BOND, bonded: 0 },
				Event::OfferWithdrawn { provider, model: MODEL },
			]
		);
		assert!(!Ledgers::<Test>::contains_key(provider, MODEL));
		assert_eq!(Balances::free_balance(OWNER), FUNDS - DEPOSIT);
		assert_ok!(Providers::deregister(RuntimeOrigin::signed(OWNER)));
	});
}

#[test]
fn a_request_should_be_refused_for_what_is_not_free_or_leaves_too_little() {
	build_and_execute(|| {
		assert_noop!(request(1), Error::<Test>::NotOwner);
		let provider = serving(OWNER, 3 * MIN_BOND, 1);
		let elsewhere = Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL_2, 1);
		assert_noop!(elsewhere, Error::<Test>::NoBond);
		assert_noop!(request(0), Error::<Test>::ZeroAmount);
		assert_noop!(request(3 * MIN_BOND + 1), Error::<Test>::TooLittleFreeBond);
		assert_noop!(request(2 * MIN_BOND + 1), Error::<Test>::BelowMinimum);
		assert_ok!(Providers::reserve(provider, &MODEL, 1_000, 0));
		// 5 % of the reserved 1 000 stay free.
		assert_noop!(request(1_951), Error::<Test>::TooLittleFreeBond);
		assert_ok!(request(1_950));
		assert_noop!(withdraw(), Error::<Test>::WithdrawalTooEarly);
	});
}

#[test]
fn a_new_request_should_replace_the_old_and_start_its_time_anew() {
	build_and_execute(|| {
		bonded(OWNER, 3 * MIN_BOND);
		assert_ok!(request(2 * MIN_BOND));
		wait();
		assert_ok!(request(MIN_BOND));
		assert_noop!(withdraw(), Error::<Test>::WithdrawalTooEarly);
		wait();
		assert_ok!(withdraw());
		assert_eq!(on_hold(HoldReason::Bond, OWNER), 2 * MIN_BOND);
	});
}

#[test]
fn a_request_should_be_cancelled() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		let cancel = |who| Providers::cancel_withdrawal(RuntimeOrigin::signed(who), MODEL);
		assert_noop!(cancel(OWNER), Error::<Test>::NothingLeaving);
		assert_ok!(request(MIN_BOND));
		assert_noop!(cancel(OTHER), Error::<Test>::NotOwner);
		events();
		assert_ok!(cancel(OWNER));
		assert_eq!(
			events(),
			[Event::WithdrawalCancelled { provider, model: MODEL, amount: MIN_BOND }]
		);
		assert!(Providers::is_bonded(provider, &MODEL));
		assert_noop!(
			Providers::cancel_withdrawal(RuntimeOrigin::signed(OWNER), MODEL_2),
			Error::<Test>::NoBond
		);
	});
}

#[test]
fn nothing_should_leave_while_an_offence_is_pending() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		assert_ok!(request(MIN_BOND));
		wait();
		Pending::set(vec![(provider, MODEL)]);
		assert_noop!(withdraw(), Error::<Test>::OffencePending);
		Pending::set(vec![(provider, MODEL_2)]);
		assert_ok!(withdraw());
	});
}

#[test]
fn nothing_should_leave_while_a_debt_is_open() {
	build_and_execute(|| {
		let provider = bonded(OWNER, 3 * MIN_BOND);
		assert_ok!(Providers::pledge(provider, &MODEL, 2 * MIN_BOND, true));
		assert_ok!(Providers::slash(provider, &MODEL, MIN_BOND + 100, &SLASHER));
		assert_ok!(Providers::pledge(provider, &MODEL, 2 * MIN_BOND, false));
		assert_ok!(request(MIN_BOND - 100));
		wait();
		assert_noop!(withdraw(), Error::<Test>::InDebt);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL, 100));
		assert_ok!(withdraw());
	});
}

#[test]
fn nothing_should_leave_below_the_minimum_while_jobs_are_open() {
	build_and_execute(|| {
		let provider = serving(OWNER, 2 * MIN_BOND, 1);
		// Jobs that put nothing at stake still have to be answered.
		assert_ok!(Providers::reserve(provider, &MODEL, 0, 10));
		assert_ok!(request(2 * MIN_BOND));
		wait_offline();
		assert_noop!(withdraw(), Error::<Test>::JobsOpen);
		assert_ok!(Providers::release(provider, &MODEL, 0, 0, 10));
		assert_ok!(withdraw());
	});
}

#[test]
fn what_a_slash_left_should_leave_only_as_a_whole() {
	build_and_execute(|| {
		let provider = bonded(OWNER, 2 * MIN_BOND);
		assert_ok!(request(MIN_BOND));
		assert_ok!(Providers::slash(provider, &MODEL, 500, &SLASHER));
		wait();
		assert_noop!(withdraw(), Error::<Test>::BelowMinimum);
		assert_ok!(request(2 * MIN_BOND - 500));
		wait();
		assert_ok!(withdraw());
	});
}

#[test]
fn a_raised_minimum_should_bar_a_withdrawal_that_was_requested_before() {
	build_and_execute(|| {
		bonded(OWNER, 2 * MIN_BOND);
		assert_ok!(request(MIN_BOND));
		wait();
		Floor::set(MIN_BOND + 1);
		assert_noop!(withdraw(), Error::<Test>::BelowMinimum);
	});
}

#[test]
fn the_buffer_should_stay_when_penalties_took_what_was_free() {
	build_and_execute(|| {
		let provider = serving(OWNER, 4 * MIN_BOND, 1);
		assert_ok!(Providers::reserve(provider, &MODEL, 2 * MIN_BOND, 0));
		assert_ok!(request(MIN_BOND));
		assert_ok!(Providers::slash(provider, &MODEL, MIN_BOND - 50, &SLASHER));
		wait();
		assert_noop!(withdraw(), Error::<Test>::TooLittleFreeBond);
		assert_ok!(Providers::release(provider, &MODEL, 2 * MIN_BOND, 0, 0));
		assert_ok!(withdraw());
	});
}

#[test]
fn an_overdue_provider_should_not_shrink_what_it_answers_with() {
	build_and_execute(|| {
		serving(OWNER, 3 * MIN_BOND, 1);
		Now::set(10 * PERIOD);
		assert_noop!(request(MIN_BOND), Error::<Test>::Overdue);
	});
}
