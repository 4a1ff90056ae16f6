use assay_market::{traits::Bonds, ProviderId};
use frame_support::{
	assert_noop, assert_ok,
	traits::{LockableCurrency, WithdrawReasons},
};
use sp_runtime::TokenError;

use crate::{mock::*, Error, Event, HoldReason};

fn propose(who: u64, to: u64) -> sp_runtime::DispatchResult {
	Providers::propose_rotation(RuntimeOrigin::signed(who), to)
}

fn accept(who: u64, provider: ProviderId) -> sp_runtime::DispatchResult {
	Providers::accept_rotation(RuntimeOrigin::signed(who), provider)
}

#[test]
fn rotation_should_move_everything_in_the_middle_of_jobs() {
	build_and_execute(|| {
		let provider = serving(OWNER, 3 * MIN_BOND, 1);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OWNER), MODEL_2, MIN_BOND));
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_ok!(Providers::reserve(provider, &MODEL, 500, 10));
		assert_ok!(Providers::reserve(provider, &MODEL, 600, 10));
		assert_ok!(Providers::expose(provider, &MODEL, 600, 600));
		assert_ok!(Providers::pledge(provider, &MODEL, 200, true));
		assert_ok!(Providers::request_withdrawal(RuntimeOrigin::signed(OWNER), MODEL, 100));
		let before = ledger(provider);
		events();

		assert_ok!(propose(OWNER, OTHER));
		assert_ok!(accept(OTHER, provider));
		let bonded = 4 * MIN_BOND;
		assert_eq!(
			events(),
			[
				Event::RotationProposed { provider, new_owner: OTHER },
				Event::DelegateRemoved { provider, delegate: KEY },
				Event::Rotated { provider, from: OWNER, to: OTHER, bonded },
			]
		);
		assert_eq!(ledger(provider), before);
		assert_eq!(Providers::owner(provider), Some(OTHER));
		assert_eq!(Providers::provider_of(&OTHER), Some(provider));
		assert_eq!(Providers::provider_of(&OWNER), None);
		// Keys of the old owner's machines do not act on the new owner's bond.
		assert_eq!(Providers::provider_of(&KEY), None);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OTHER), KEY));
		assert_eq!(on_hold(HoldReason::Bond, OWNER), 0);
		assert_eq!(on_hold(HoldReason::Registration, OWNER), 0);
		assert_eq!(on_hold(HoldReason::Bond, OTHER), bonded);
		assert_eq!(on_hold(HoldReason::Registration, OTHER), DEPOSIT);
		assert_eq!(HandedOver::get(), [(OWNER, OTHER)]);

		// Jobs end, slashes reach the bond, and the new owner has the calls.
		assert_ok!(Providers::release(provider, &MODEL, 0, 600, 10));
		assert_ok!(Providers::slash(provider, &MODEL, 600, &SLASHER), 600);
		assert_ok!(Providers::release(provider, &MODEL, 500, 0, 10));
		assert_noop!(
			Providers::bond(RuntimeOrigin::signed(OWNER), MODEL, 1),
			Error::<Test>::NotOwner
		);
		assert_ok!(Providers::bond(RuntimeOrigin::signed(OTHER), MODEL, 1));
		// The old owner is free to begin anew.
		assert_eq!(registered(OWNER), ProviderId(1));
	});
}

#[test]
fn rotation_should_need_both_sides() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		assert_noop!(accept(OTHER, ProviderId(9)), Error::<Test>::UnknownProvider);
		assert_noop!(accept(OTHER, provider), Error::<Test>::NotProposed);
		assert_noop!(propose(STRANGER, OTHER), Error::<Test>::NotOwner);
		assert_ok!(propose(OWNER, OTHER));
		assert_noop!(accept(STRANGER, provider), Error::<Test>::NotProposed);
		// The last proposal counts.
		assert_ok!(propose(OWNER, STRANGER));
		assert_noop!(accept(OTHER, provider), Error::<Test>::NotProposed);
		assert_ok!(accept(STRANGER, provider));
		assert_noop!(accept(STRANGER, provider), Error::<Test>::NotProposed);
	});
}

#[test]
fn rotation_should_be_cancelled() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		let cancel = |who| Providers::cancel_rotation(RuntimeOrigin::signed(who));
		assert_noop!(cancel(OWNER), Error::<Test>::NotProposed);
		assert_ok!(propose(OWNER, OTHER));
		assert_noop!(cancel(OTHER), Error::<Test>::NotOwner);
		events();
		assert_ok!(cancel(OWNER));
		assert_eq!(events(), [Event::RotationCancelled { provider }]);
		assert_noop!(accept(OTHER, provider), Error::<Test>::NotProposed);
	});
}

#[test]
fn rotation_should_refuse_accounts_that_belong_to_a_provider() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		registered(OTHER);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_noop!(propose(OWNER, OTHER), Error::<Test>::AlreadyMember);
		assert_noop!(propose(OWNER, KEY), Error::<Test>::AlreadyMember);
		assert_noop!(propose(OWNER, OWNER), Error::<Test>::AlreadyMember);
		// It may become one in between.
		assert_ok!(propose(OWNER, STRANGER));
		assert_ok!(Providers::register(RuntimeOrigin::signed(STRANGER)));
		assert_noop!(accept(STRANGER, provider), Error::<Test>::AlreadyMember);
	});
}

#[test]
fn rotation_should_not_free_money_from_other_locks() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		Balances::set_lock(*b"votes   ", &OWNER, FUNDS, WithdrawReasons::all());
		assert_ok!(propose(OWNER, OTHER));
		assert_noop!(accept(OTHER, provider), TokenError::Frozen);
		Balances::remove_lock(*b"votes   ", &OWNER);
		assert_ok!(accept(OTHER, provider));
	});
}

#[test]
fn rotation_should_refuse_an_account_that_does_not_exist() {
	build_and_execute(|| {
		let provider = bonded(OWNER, MIN_BOND);
		assert_ok!(propose(OWNER, 60));
		assert_noop!(accept(60, provider), TokenError::CannotCreateHold);
		endow(60, EXISTENTIAL_DEPOSIT);
		assert_ok!(accept(60, provider));
		assert_eq!(on_hold(HoldReason::Bond, 60), MIN_BOND);
	});
}

#[test]
fn a_provider_without_bonds_should_rotate_too() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		assert_ok!(propose(OWNER, OTHER));
		assert_ok!(accept(OTHER, provider));
		assert_ok!(Providers::deregister(RuntimeOrigin::signed(OTHER)));
		assert_eq!(Balances::free_balance(OTHER), FUNDS + DEPOSIT);
	});
}
