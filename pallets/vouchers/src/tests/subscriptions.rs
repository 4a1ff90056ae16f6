//! Undertaking to serve, taking it back, and being released.

use crate::{mock::*, *};
use assay_market::{Balance, Quote, SeriesId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

fn subscribe(units: Balance) -> DispatchResult {
	Vouchers::subscribe(by(SERVER), SeriesId(0), model(), units)
}

fn unsubscribe(units: Balance) -> DispatchResult {
	Vouchers::unsubscribe(by(SERVER), SeriesId(0), model(), units)
}

fn release_by(who: AccountId) -> DispatchResult {
	Vouchers::release_subscription(by(who), SeriesId(0), PROVIDER, model())
}

fn open_native() {
	assert_ok!(Vouchers::open_series(by(ANYBODY), Quote::Native));
	events();
}

#[test]
fn subscription_should_pledge_a_share_of_the_price() {
	ExtBuilder::default().build_and_execute(|| {
		open_native();
		assert_ok!(subscribe(101));
		let subscribed = Event::Subscribed {
			series: SeriesId(0),
			provider: PROVIDER,
			model: model(),
			units: 101,
			pledged: 5_050,
		};
		assert_eq!(events(), [subscribed]);
		assert_eq!(pledged(PROVIDER), 5_050);
		// It can be added to by less than the least, as the whole exceeds it.
		assert_ok!(subscribe(1));
		let subscription = Vouchers::subscription(SeriesId(0), PROVIDER, model()).unwrap();
		assert_eq!(subscription, Subscription { units: 102, served: 0, pledged: 5_100 });
		assert_eq!((series(SeriesId(0)).subscribed, series(SeriesId(0)).subscribers), (102, 1));
	});
}

#[test]
fn pledge_for_an_asset_should_follow_its_rate() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		open(Quote::Asset(STABLE), 100);
		assert_eq!(pledged(PROVIDER), 10_000);
	});
}

#[test]
fn subscriptions_that_cannot_be_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(subscribe(100), Error::<Test>::UnknownSeries);
		open_native();
		assert_noop!(
			Vouchers::subscribe(by(BUYER), SeriesId(0), model(), 100),
			Error::<Test>::NotAnOwner
		);
		assert_noop!(subscribe(0), Error::<Test>::ZeroUnits);
		assert_noop!(subscribe(99), Error::<Test>::SubscriptionTooSmall);
		assert_noop!(subscribe(Balance::MAX), Error::<Test>::Overflow);
		Bond::set(4_999);
		assert_noop!(subscribe(100), DispatchError::Other("too little free bond"));
		Bond::set(5_000);
		assert_ok!(subscribe(100));
		pass(10 * DAY);
		assert_noop!(subscribe(100), Error::<Test>::WindowClosed);
	});
}

#[test]
fn delegates_should_bind_and_free_no_bond() {
	ExtBuilder::default().build_and_execute(|| {
		Delegates::set([(OTHER, PROVIDER)].into());
		let id = open(Quote::Native, 100);
		assert_noop!(Vouchers::subscribe(by(OTHER), id, model(), 100), Error::<Test>::NotAnOwner);
		assert_noop!(Vouchers::unsubscribe(by(OTHER), id, model(), 100), Error::<Test>::NotAnOwner);
		pass(30 * DAY);
		assert_noop!(release_by(OTHER), Error::<Test>::StillServing);
		assert_ok!(release_by(SERVER));
	});
}

#[test]
fn what_nobody_minted_should_be_taken_back_with_its_pledge() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 1_000);
		events();
		assert_ok!(unsubscribe(300));
		let unsubscribed = Event::Unsubscribed {
			series: id,
			provider: PROVIDER,
			model: model(),
			units: 300,
			freed: 15_000,
		};
		assert_eq!(events(), [unsubscribed]);
		assert_eq!((series(id).subscribed, pledged(PROVIDER)), (700, 35_000));
		assert_ok!(unsubscribe(700));
		assert_eq!((series(id).subscribers, pledged(PROVIDER)), (0, 0));
		assert_eq!(Vouchers::subscription(id, PROVIDER, model()), None);
		assert_noop!(unsubscribe(1), Error::<Test>::UnknownSubscription);
	});
}

#[test]
fn what_was_minted_or_served_should_not_be_taken_back() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(unsubscribe(1), Error::<Test>::UnknownSeries);
		let id = open(Quote::Native, 1_000);
		assert_noop!(Vouchers::unsubscribe(by(BUYER), id, model(), 1), Error::<Test>::NotAnOwner);
		assert_noop!(unsubscribe(0), Error::<Test>::ZeroUnits);
		assert_ok!(Vouchers::mint(by(BUYER), id, 400, Balance::MAX));
		assert_noop!(unsubscribe(601), Error::<Test>::AlreadyMinted);
		assert_ok!(escrow(&BUYER, id, 300));
		assert_ok!(redeem(&BUYER, id, 300, PROVIDER));
		assert_noop!(unsubscribe(701), Error::<Test>::AlreadyServed);
		assert_ok!(unsubscribe(600));
		// All that is left has been minted.
		assert_noop!(unsubscribe(1), Error::<Test>::AlreadyMinted);
	});
}

#[test]
fn taking_back_should_leave_the_least_or_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		open(Quote::Native, 150);
		assert_noop!(unsubscribe(51), Error::<Test>::SubscriptionTooSmall);
		assert_ok!(unsubscribe(50));
	});
}

#[test]
fn providers_should_cover_the_mint_together() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 100);
		assert_ok!(Vouchers::subscribe(by(RIVAL_SERVER), id, model(), 100));
		assert_ok!(Vouchers::mint(by(BUYER), id, 150, Balance::MAX));
		assert_noop!(unsubscribe(51), Error::<Test>::AlreadyMinted);
		assert_noop!(unsubscribe(50), Error::<Test>::SubscriptionTooSmall);
	});
}

#[test]
fn served_subscription_should_be_released_by_anybody_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 101);
		assert_ok!(escrow(&BUYER, id, 100));
		assert_ok!(redeem(&BUYER, id, 100, PROVIDER));
		assert_noop!(release_by(ANYBODY), Error::<Test>::StillServing);
		assert_noop!(release_by(SERVER), Error::<Test>::StillServing);
		assert_ok!(Vouchers::subscribe(by(RIVAL_SERVER), id, model(), 100));
		assert_ok!(Vouchers::mint(by(BUYER), id, 100, Balance::MAX));
		assert_ok!(escrow(&BUYER, id, 100));
		assert_ok!(redeem(&BUYER, id, 1, PROVIDER));
		events();
		assert_ok!(release_by(ANYBODY));
		let released = Event::SubscriptionReleased {
			series: id,
			provider: PROVIDER,
			model: model(),
			unserved: 0,
			freed: 5_050,
		};
		assert_eq!(events(), [released]);
		assert_eq!((pledged(PROVIDER), series(id).released), (0, 101));
		// The units that it served stay subscribed: nothing more can be minted for them.
		assert_eq!((series(id).subscribed, series(id).minted), (201, 201));
		assert_noop!(Vouchers::mint(by(BUYER), id, 1, Balance::MAX), Error::<Test>::NotSubscribed);
	});
}

#[test]
fn provider_alone_should_give_up_between_expiry_and_closing() {
	ExtBuilder::default().build_and_execute(|| {
		minted(Quote::Native, 1_000);
		pass(30 * DAY - 1);
		assert_noop!(release_by(SERVER), Error::<Test>::StillServing);
		pass(1);
		assert_noop!(release_by(ANYBODY), Error::<Test>::StillServing);
		assert_noop!(release_by(RIVAL_SERVER), Error::<Test>::StillServing);
		assert_ok!(release_by(SERVER));
		assert_noop!(release_by(SERVER), Error::<Test>::UnknownSubscription);
		assert_noop!(
			Vouchers::release_subscription(by(SERVER), SeriesId(7), PROVIDER, model()),
			Error::<Test>::UnknownSeries
		);
	});
}

#[test]
fn closing_should_let_anybody_release() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		pass(44 * DAY);
		assert_noop!(release_by(ANYBODY), Error::<Test>::StillServing);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_noop!(unsubscribe(1), Error::<Test>::SeriesClosed);
		assert_noop!(subscribe(100), Error::<Test>::SeriesClosed);
		assert_ok!(release_by(ANYBODY));
		assert_eq!(pledged(PROVIDER), 0);
	});
}
