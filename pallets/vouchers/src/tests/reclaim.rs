//! Getting the reserve of expired vouchers back.

use crate::{mock::*, *};
use assay_market::{Balance, Quote, SeriesId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn reclaim(units: Balance) -> DispatchResult {
	Vouchers::reclaim(by(BUYER), SeriesId(0), units)
}

fn check_reclaim(quote: Quote) {
	let id = minted(quote, 1_000);
	pass(30 * DAY);
	let before = balance(quote, &BUYER);
	events();
	assert_ok!(reclaim(400));
	let reclaimed = Event::Reclaimed { series: id, who: BUYER, units: 400, amount: 40_000 };
	assert_eq!(events(), [reclaimed]);
	assert_eq!(balance(quote, &BUYER) - before, 40_000);
	let record = series(id);
	assert_eq!((record.outstanding, record.reserve), (600, 60_000));
	assert_eq!((record.premium_pool, record.forfeited), (1_260, 840));
	assert_ok!(reclaim(600));
	assert_eq!(vouchers(id, &BUYER), 0);
	assert_eq!(series(id).reserve, 0);
}

#[test]
fn reserve_should_be_paid_back_without_the_premium() {
	ExtBuilder::default().build_and_execute(|| check_reclaim(Quote::Native));
}

#[test]
fn reserve_of_an_asset_should_be_paid_back_in_the_asset() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_reclaim(Quote::Asset(STABLE));
	});
}

#[test]
fn reclaiming_should_be_possible_in_the_grace_period_only() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(reclaim(1), Error::<Test>::UnknownSeries);
		let id = minted(Quote::Native, 1_000);
		assert_noop!(reclaim(0), Error::<Test>::ZeroUnits);
		assert_noop!(reclaim(1), Error::<Test>::NotExpired);
		pass(30 * DAY - 1);
		assert_noop!(reclaim(1), Error::<Test>::NotExpired);
		pass(1);
		assert_ok!(reclaim(1));
		pass(14 * DAY - 1);
		assert_ok!(reclaim(1));
		pass(1);
		assert_noop!(reclaim(1), Error::<Test>::GraceOver);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_noop!(reclaim(1), Error::<Test>::SeriesClosed);
	});
}

#[test]
fn only_free_units_should_be_reclaimed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 600));
		pass(30 * DAY);
		assert_noop!(reclaim(1_001), Error::<Test>::TooFewVouchers);
		// One free unit stays while others are in escrow.
		assert_noop!(reclaim(400), Error::<Test>::TooFewVouchers);
		assert_ok!(reclaim(399));
		assert_ok!(release(&BUYER, id, 600));
		assert_ok!(reclaim(1));
		assert_eq!(series(id).outstanding, 0);
	});
}

#[test]
fn whoever_bought_vouchers_from_others_should_reclaim_them() {
	ExtBuilder::default().build_and_execute(|| {
		minted(Quote::Native, 1_000);
		assert_ok!(Assets::transfer(by(BUYER), FIRST_VOUCHER, OTHER, 1_000));
		pass(30 * DAY);
		assert_noop!(reclaim(1), Error::<Test>::TooFewVouchers);
		let before = balance(Quote::Native, &OTHER);
		assert_ok!(Vouchers::reclaim(by(OTHER), SeriesId(0), 1_000));
		assert_eq!(balance(Quote::Native, &OTHER) - before, 100_000);
	});
}

#[test]
fn last_holder_in_escrow_should_not_inherit_the_pool_of_those_who_reclaimed() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 10));
		pass(30 * DAY);
		assert_ok!(reclaim(989));
		assert_ok!(redeem(&BUYER, id, 10, PROVIDER));
		let premium = assay_market::traits::PayoutReason::Premium;
		assert_eq!(claimable(SERVER, premium, Quote::Native), 21);
	});
}
