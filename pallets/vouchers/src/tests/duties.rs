//! What subscribing asks of a provider's offer, and for how long.

use crate::{mock::*, *};
use assay_market::{
	traits::{ModelStatus, Offer, Subscribed, Vouchers as _},
	Balance, Price, Quote, SeriesId, Tick,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn subscribe(id: SeriesId) -> DispatchResult {
	Vouchers::subscribe(by(SERVER), id, model(), 100)
}

/// Offers another multiplier from now on.
fn offer(multiplier_percent: u16) {
	CurrentOffer::set(Some(Offer { multiplier_percent, ..OFFER }));
}

/// Opens a native series at a price.
fn open_at(price: Balance) -> SeriesId {
	let id = NextSeriesId::<Test>::get();
	Quotes::<Test>::mutate(Quote::Native, |record| {
		let record = record.as_mut().unwrap();
		(record.price, record.stepped_at) = (price, Now::get());
	});
	assert_ok!(Vouchers::open_series(by(ANYBODY), Quote::Native));
	id
}

fn terms(max_min_price_per_unit: Balance, max_multiplier_percent: u16, until: Tick) -> Subscribed {
	Subscribed { max_min_price_per_unit, max_multiplier_percent, until }
}

#[test]
fn subscription_should_bind_the_offer_to_the_series_price_until_the_expiry() {
	ExtBuilder::default().build_and_execute(|| {
		offer(120);
		let until = Now::get() + 30 * DAY;
		let id = open(Quote::Native, 100);
		assert_eq!(bounds(PROVIDER), Some(terms(100, 120, until)));
		assert_eq!(bounds(RIVAL), None);
		// What is added later keeps the better of both promises.
		offer(130);
		assert_ok!(subscribe(id));
		assert_eq!(bounds(PROVIDER), Some(terms(100, 120, until)));
		offer(110);
		assert_ok!(subscribe(id));
		assert_eq!(bounds(PROVIDER), Some(terms(100, 110, until)));
	});
}

#[test]
fn whoever_serves_nobody_should_not_subscribe() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open_at(100);
		for status in [
			ModelStatus::Unlisted,
			ModelStatus::Frozen,
			ModelStatus::Deprecated { until: Tick::MAX },
		] {
			Status::set(status);
			assert_noop!(subscribe(id), Error::<Test>::ModelNotListed);
		}
		Status::set(ModelStatus::Listed);
		CurrentOffer::set(None);
		assert_noop!(subscribe(id), Error::<Test>::NotServing);
		offer(151);
		assert_noop!(subscribe(id), Error::<Test>::MultiplierTooHigh);
		let at_least = |min_price_per_unit| {
			CurrentOffer::set(Some(Offer { min_price_per_unit, multiplier_percent: 150, ..OFFER }));
		};
		at_least(101);
		assert_noop!(subscribe(id), Error::<Test>::OfferAboveSeriesPrice);
		at_least(100);
		assert_ok!(subscribe(id));
	});
}

#[test]
fn strictest_of_several_subscriptions_should_bind_while_it_lasts() {
	ExtBuilder::default().build_and_execute(|| {
		let start = Now::get();
		offer(130);
		let dear = open_at(200);
		assert_ok!(subscribe(dear));
		pass(DAY);
		offer(110);
		let cheap = open_at(100);
		assert_ok!(subscribe(cheap));
		assert_eq!(bounds(PROVIDER), Some(terms(100, 110, start + 31 * DAY)));
		// Taking back a part changes nothing, taking back all of it does.
		assert_ok!(Vouchers::subscribe(by(SERVER), cheap, model(), 50));
		assert_ok!(Vouchers::unsubscribe(by(SERVER), cheap, model(), 50));
		assert_eq!(bounds(PROVIDER), Some(terms(100, 110, start + 31 * DAY)));
		assert_ok!(Vouchers::unsubscribe(by(SERVER), cheap, model(), 100));
		assert_eq!(bounds(PROVIDER), Some(terms(200, 130, start + 30 * DAY)));
		assert_ok!(Vouchers::unsubscribe(by(SERVER), dear, model(), 100));
		assert_eq!(bounds(PROVIDER), None);
	});
}

#[test]
fn expired_duties_should_be_dropped_with_the_next_change() {
	ExtBuilder::default().build_and_execute(|| {
		let start = Now::get();
		let early = open_at(100);
		assert_ok!(subscribe(early));
		pass(10 * DAY);
		let late = open_at(200);
		assert_ok!(subscribe(late));
		assert_eq!(bounds(PROVIDER), Some(terms(100, 100, start + 40 * DAY)));
		pass(20 * DAY);
		assert_ok!(Vouchers::release_subscription(by(SERVER), early, PROVIDER, model()));
		assert_eq!(bounds(PROVIDER), Some(terms(200, 100, start + 40 * DAY)));
		let last = open_at(300);
		pass(10 * DAY - 1);
		assert_ok!(subscribe(last));
		assert_eq!(bounds(PROVIDER), Some(terms(200, 100, start + 60 * DAY)));
	});
}

#[test]
fn served_subscription_should_bind_until_it_is_released() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 100);
		assert_ok!(Vouchers::subscribe(by(RIVAL_SERVER), id, model(), 100));
		assert_ok!(Vouchers::mint(by(BUYER), id, 200, Balance::MAX));
		assert_ok!(escrow(&BUYER, id, 100));
		assert_ok!(redeem(&BUYER, id, 100, PROVIDER));
		assert!(bounds(PROVIDER).is_some());
		assert_ok!(Vouchers::release_subscription(by(ANYBODY), id, PROVIDER, model()));
		assert_eq!(bounds(PROVIDER), None);
		assert!(bounds(RIVAL).is_some());
	});
}

#[test]
fn duties_of_a_provider_should_be_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		MaxSubscriptions::set(1);
		let first = open_at(100);
		assert_ok!(subscribe(first));
		assert_ok!(subscribe(first));
		pass(DAY);
		let second = open_at(200);
		assert_noop!(subscribe(second), Error::<Test>::TooManySubscriptions);
		assert_ok!(Vouchers::unsubscribe(by(SERVER), first, model(), 200));
		assert_ok!(subscribe(second));
	});
}

#[test]
fn series_of_an_asset_should_be_served_however_far_its_rate_falls() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let quote = Quote::Asset(STABLE);
		assert_ok!(Vouchers::open_series(by(ANYBODY), quote));
		// A price of 100 is worth 200 native tokens now, and about 40 after falling every day.
		let at_least = |min_price_per_unit| {
			CurrentOffer::set(Some(Offer { min_price_per_unit, ..OFFER }));
		};
		at_least(35);
		assert_noop!(subscribe(SeriesId(0)), Error::<Test>::OfferAboveSeriesPrice);
		at_least(34);
		assert_ok!(subscribe(SeriesId(0)));
		assert_eq!(bounds(PROVIDER).unwrap().max_min_price_per_unit, 34);
		Pools::set([(STABLE, (1, 1_000_000))].into());
		let worth = || Vouchers::native_value(Price { quote, amount: 100 * 1_000 }).unwrap();
		for _ in 0..59 {
			pass(DAY / 2);
			poll(1);
			assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
			assert!(worth() >= 34 * 1_000, "{}", worth());
		}
		assert!(worth() < 50 * 1_000, "{}", worth());
	});
}
