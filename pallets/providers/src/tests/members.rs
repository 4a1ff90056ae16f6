use assay_market::{traits::Bonds, ProviderId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use crate::{mock::*, types::Role, Error, Event, HoldReason, Reputations};

#[test]
fn register_should_hold_the_deposit_and_make_the_owner_found() {
	build_and_execute(|| {
		assert_ok!(Providers::register(RuntimeOrigin::signed(OWNER)));
		let provider = ProviderId(0);
		assert_eq!(events(), [Event::Registered { provider, owner: OWNER, deposit: DEPOSIT }]);
		assert_eq!(on_hold(HoldReason::Registration, OWNER), DEPOSIT);
		assert_eq!(Providers::provider_of(&OWNER), Some(provider));
		assert_eq!(Providers::owner(provider), Some(OWNER));
		assert_eq!(registered(OTHER), ProviderId(1));
	});
}

#[test]
fn register_should_refuse_members_and_those_who_cannot_pay() {
	build_and_execute(|| {
		registered(OWNER);
		let register = |who| Providers::register(RuntimeOrigin::signed(who));
		assert_noop!(register(OWNER), Error::<Test>::AlreadyMember);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_noop!(register(KEY), Error::<Test>::AlreadyMember);
		assert_noop!(register(50), TokenError::FundsUnavailable);
		endow(51, DEPOSIT);
		// Nothing would be left to keep the account alive.
		assert_noop!(register(51), TokenError::FundsUnavailable);
		endow(51, EXISTENTIAL_DEPOSIT);
		assert_ok!(register(51));
	});
}

#[test]
fn deregister_should_free_the_deposit_and_forget_everything() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		Providers::job_ended(provider, &MODEL, None);
		events();
		assert_ok!(Providers::deregister(RuntimeOrigin::signed(OWNER)));
		assert_eq!(events(), [Event::Deregistered { provider, owner: OWNER }]);
		assert_eq!(Balances::free_balance(OWNER), FUNDS);
		assert_eq!(Providers::owner(provider), None);
		assert_eq!(Providers::provider_of(&KEY), None);
		assert!(!Reputations::<Test>::contains_key(provider));
		// Numbers are never given twice.
		assert_eq!(registered(OWNER), ProviderId(1));
	});
}

#[test]
fn deregister_should_refuse_while_bonds_remain_and_strangers() {
	build_and_execute(|| {
		bonded(OWNER, MIN_BOND);
		let deregister = |who| Providers::deregister(RuntimeOrigin::signed(who));
		assert_noop!(deregister(OWNER), Error::<Test>::BondsRemain);
		assert_noop!(deregister(STRANGER), Error::<Test>::NotOwner);
		assert_ok!(Providers::add_delegate(RuntimeOrigin::signed(OWNER), KEY));
		assert_noop!(deregister(KEY), Error::<Test>::NotOwner);
	});
}

#[test]
fn delegates_should_be_found_and_counted() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		let add = |key| Providers::add_delegate(RuntimeOrigin::signed(OWNER), key);
		events();
		assert_ok!(add(KEY));
		assert_eq!(events(), [Event::DelegateAdded { provider, delegate: KEY }]);
		assert_eq!(Providers::provider_of(&KEY), Some(provider));
		assert_eq!(Providers::membership(KEY).unwrap().role, Role::Delegate);
		for further in 1..4 {
			assert_ok!(add(KEY + further));
		}
		assert_noop!(add(KEY + 4), Error::<Test>::TooManyDelegates);
	});
}

#[test]
fn an_account_should_belong_to_one_provider_only() {
	build_and_execute(|| {
		registered(OWNER);
		registered(OTHER);
		let add = |owner, key| Providers::add_delegate(RuntimeOrigin::signed(owner), key);
		assert_ok!(add(OWNER, KEY));
		assert_noop!(add(OWNER, KEY), Error::<Test>::AlreadyMember);
		assert_noop!(add(OTHER, KEY), Error::<Test>::AlreadyMember);
		assert_noop!(add(OTHER, OWNER), Error::<Test>::AlreadyMember);
		assert_noop!(add(OTHER, OTHER), Error::<Test>::AlreadyMember);
		assert_noop!(add(KEY, STRANGER), Error::<Test>::NotOwner);
		assert_noop!(add(STRANGER, KEY + 1), Error::<Test>::NotOwner);
	});
}

#[test]
fn delegates_should_be_removed_by_the_owner_or_by_themselves() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		registered(OTHER);
		let add = |key| Providers::add_delegate(RuntimeOrigin::signed(OWNER), key);
		let remove = |who, key| Providers::remove_delegate(RuntimeOrigin::signed(who), key);
		assert_ok!(add(KEY));
		assert_ok!(add(KEY + 1));
		assert_noop!(remove(STRANGER, KEY), Error::<Test>::NotMember);
		assert_noop!(remove(KEY, KEY + 1), Error::<Test>::NotOwner);
		assert_noop!(remove(OTHER, KEY), Error::<Test>::NotDelegate);
		assert_noop!(remove(OWNER, OWNER), Error::<Test>::NotDelegate);
		events();
		assert_ok!(remove(KEY, KEY));
		assert_eq!(events(), [Event::DelegateRemoved { provider, delegate: KEY }]);
		assert_ok!(remove(OWNER, KEY + 1));
		assert_eq!(Providers::provider_of(&KEY), None);
		assert_ok!(add(KEY));
	});
}

#[test]
fn numbers_should_run_out_before_they_repeat() {
	build_and_execute(|| {
		crate::NextProviderId::<Test>::put(ProviderId(u32::MAX));
		let register = Providers::register(RuntimeOrigin::signed(OWNER));
		assert_noop!(register, Error::<Test>::Overflow);
	});
}
