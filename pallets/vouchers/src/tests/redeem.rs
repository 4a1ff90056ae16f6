//! Vouchers burned for settled jobs, and who earns the premium.

use crate::{mock::*, *};
use assay_market::{
	traits::{PayoutReason, Redeemed},
	Balance, Price, ProviderId, Quote, SeriesId,
};
use frame_support::{assert_noop, assert_ok};

fn premium_of(who: AccountId, quote: Quote) -> Balance {
	claimable(who, PayoutReason::Premium, quote)
}

/// Redeems half of what was minted in a quote, served by its subscriber.
fn check_redeem(quote: Quote) {
	let id = minted(quote, 1_000);
	assert_ok!(escrow(&BUYER, id, 500));
	let before = balance(quote, &SETTLEMENT);
	events();
	let price = Price { quote, amount: 50_000 };
	assert_eq!(redeem(&BUYER, id, 500, PROVIDER), Ok(Redeemed { units: 500, price }));
	let redeemed = Event::Redeemed {
		series: id,
		who: BUYER,
		units: 500,
		amount: 50_000,
		premium: 1_050,
		earned: 1_050,
		provider: PROVIDER,
	};
	assert_eq!(events(), [redeemed]);
	assert_eq!(balance(quote, &SETTLEMENT) - before, 50_000);
	assert_eq!(premium_of(SERVER, quote), 1_050);
	let record = series(id);
	assert_eq!((record.redeemed, record.outstanding, record.escrowed), (500, 500, 0));
	assert_eq!((record.reserve, record.premium_pool, record.forfeited), (50_000, 1_050, 0));
	assert_eq!(RedeemedUnits::<Test>::get(), 500);
	assert_eq!(Vouchers::subscription(id, PROVIDER, model()).unwrap().served, 500);
}

#[test]
fn redeemed_units_should_pay_for_the_job_and_the_subscriber() {
	ExtBuilder::default().build_and_execute(|| check_redeem(Quote::Native));
}

#[test]
fn an_assets_units_should_pay_in_the_asset() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_redeem(Quote::Asset(STABLE));
	});
}

#[test]
fn redeeming_should_work_after_expiry_and_grace() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 999));
		pass(30 * DAY);
		assert_ok!(redeem(&BUYER, id, 500, PROVIDER));
		pass(14 * DAY);
		assert_ok!(redeem(&BUYER, id, 499, PROVIDER));
		assert_eq!(series(id).reserve, 100);
	});
}

#[test]
fn only_what_is_in_escrow_should_be_redeemed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(redeem(&BUYER, SeriesId(0), 1, PROVIDER), Error::<Test>::UnknownSeries);
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		assert_noop!(redeem(&BUYER, id, 501, PROVIDER), Error::<Test>::TooFewEscrowed);
		assert_noop!(redeem(&OTHER, id, 1, PROVIDER), Error::<Test>::TooFewEscrowed);
		let nothing = Price { quote: Quote::Native, amount: 0 };
		assert_eq!(redeem(&BUYER, id, 0, PROVIDER), Ok(Redeemed { units: 0, price: nothing }));
		assert_eq!(series(id).escrowed, 500);
	});
}

#[test]
fn premium_of_units_served_by_others_should_be_forfeited() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		assert_ok!(redeem(&BUYER, id, 300, RIVAL));
		assert_ok!(redeem(&BUYER, id, 200, ProviderId(77)));
		assert_eq!(series(id).forfeited, 1_050);
		assert_eq!(premium_of(RIVAL_SERVER, Quote::Native), 0);
		assert_eq!(Vouchers::subscription(id, PROVIDER, model()).unwrap().served, 0);
	});
}

#[test]
fn subscriber_should_earn_for_no_more_than_it_undertook() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 100);
		assert_ok!(Vouchers::subscribe(by(RIVAL_SERVER), id, model(), 900));
		assert_ok!(Vouchers::mint(by(BUYER), id, 1_000, Balance::MAX));
		assert_ok!(escrow(&BUYER, id, 999));
		assert_ok!(redeem(&BUYER, id, 60, PROVIDER));
		assert_eq!(premium_of(SERVER, Quote::Native), 126);
		assert_ok!(redeem(&BUYER, id, 60, PROVIDER));
		// 40 of the 60 were still its own.
		assert_eq!(premium_of(SERVER, Quote::Native), 126 + 84);
		assert_eq!(series(id).forfeited, 42);
		assert_ok!(redeem(&BUYER, id, 60, PROVIDER));
		assert_eq!(premium_of(SERVER, Quote::Native), 210);
	});
}

#[test]
fn premium_of_an_owner_that_is_gone_should_be_forfeited() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		Providers::mutate(|providers| providers.remove(&SERVER));
		assert_ok!(redeem(&BUYER, id, 500, PROVIDER));
		assert_eq!(series(id).forfeited, 1_050);
	});
}

#[test]
fn single_units_should_leave_no_premium_behind() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 101);
		assert_ok!(escrow(&BUYER, id, 100));
		for _ in 0..100 {
			assert_ok!(redeem(&BUYER, id, 1, PROVIDER));
		}
		let record = series(id);
		let shared = premium_of(SERVER, Quote::Native) + record.premium_pool + record.forfeited;
		assert_eq!(shared, 212);
		assert_eq!(record.outstanding, 1);
	});
}
