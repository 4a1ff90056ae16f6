use assay_market::{
	traits::{Bonds, Offer, Subscribed},
	ProviderId, Tick,
};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use sp_runtime::DispatchResult;

use crate::{mock::*, Error};

fn bounds(max_min_price_per_unit: u128, max_multiplier_percent: u16, until: Tick) -> Subscribed {
	Subscribed { max_min_price_per_unit, max_multiplier_percent, until }
}

fn subscribe(provider: ProviderId, bounds: Subscribed) -> DispatchResult {
	Providers::set_subscribed(provider, &MODEL, Some(bounds))
}

fn set_offer(min_price_per_unit: u128, multiplier_percent: u16) -> DispatchResult {
	let offer = Offer { min_price_per_unit, multiplier_percent, ..offer(0) };
	Providers::set_offer(RuntimeOrigin::signed(OWNER), MODEL, offer)
}

fn withdraw_offer() -> DispatchResult {
	Providers::withdraw_offer(RuntimeOrigin::signed(OWNER), MODEL)
}

#[test]
fn a_subscription_should_hold_the_offer_until_it_ends() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 3);
		never_overdue(provider);
		assert_ok!(subscribe(provider, bounds(5, 150, 20)));
		assert_noop!(withdraw_offer(), Error::<Test>::SubscriptionBroken);
		assert_noop!(set_offer(6, 100), Error::<Test>::SubscriptionBroken);
		assert_noop!(set_offer(5, 151), Error::<Test>::SubscriptionBroken);
		assert_ok!(set_offer(5, 150));
		assert_ok!(set_offer(0, 25));
		Now::set(19);
		assert_noop!(withdraw_offer(), Error::<Test>::SubscriptionBroken);
		Now::set(20);
		assert_ok!(set_offer(600, 400));
		assert_ok!(withdraw_offer());
	});
}

#[test]
fn the_last_word_should_hold() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let (one, other) = (bounds(5, 150, 20), bounds(9, 120, 10));
		assert_ok!(subscribe(provider, one));
		assert_ok!(subscribe(provider, one.and(other)));
		assert_ok!(set_offer(5, 120));
		assert_noop!(set_offer(5, 121), Error::<Test>::SubscriptionBroken);
		// What was undertaken is served, before its time: first of one subscription, then of all.
		assert_ok!(subscribe(provider, one));
		assert_ok!(set_offer(5, 150));
		assert_ok!(Providers::set_subscribed(provider, &MODEL, None));
		assert_ok!(set_offer(600, 400));
	});
}

#[test]
fn only_an_offer_within_the_bounds_should_be_subscribed() {
	build_and_execute(|| {
		let terms = bounds(5, 150, 20);
		assert_noop!(subscribe(ProviderId(9), terms), Error::<Test>::NoBond);
		let provider = bonded(OWNER, MIN_BOND);
		assert_noop!(subscribe(provider, terms), Error::<Test>::SubscriptionBroken);
		assert_ok!(set_offer(6, 100));
		assert_noop!(subscribe(provider, terms), Error::<Test>::SubscriptionBroken);
		assert_ok!(set_offer(5, 200));
		assert_noop!(subscribe(provider, terms), Error::<Test>::SubscriptionBroken);
		assert_ok!(set_offer(5, 150));
		assert_ok!(subscribe(provider, terms));
		assert_storage_noop!(assert!(subscribe(provider, bounds(4, 150, 20)).is_err()));
	});
}

#[test]
fn ending_what_never_began_should_change_nothing() {
	build_and_execute(|| {
		let provider = serving(OWNER, MIN_BOND, 1);
		let end = |provider| Providers::set_subscribed(provider, &MODEL, None);
		assert_storage_noop!(assert_ok!(end(provider)));
		assert_storage_noop!(assert_ok!(end(ProviderId(9))));
	});
}
