//! The daily step of the price.

use crate::{mock::*, *};
use assay_market::Quote;
use frame_support::{assert_noop, assert_ok};

fn step() -> sp_runtime::DispatchResult {
	Vouchers::step_price(by(ANYBODY), Quote::Native)
}

fn price() -> u128 {
	Quotes::<Test>::get(Quote::Native).unwrap().price
}

#[test]
fn price_should_be_stepped_once_a_day() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			Vouchers::step_price(by(ANYBODY), Quote::Asset(STABLE)),
			Error::<Test>::UnknownQuote
		);
		pass(DAY - 1);
		assert_noop!(step(), Error::<Test>::StepTooSoon);
		pass(1);
		assert_ok!(step());
		let stepped = Event::PriceStepped {
			quote: Quote::Native,
			price: 95,
			demand_per_day: 0,
			capacity_per_day: 1_000,
		};
		assert_eq!(events(), [stepped]);
		assert_noop!(step(), Error::<Test>::StepTooSoon);
		pass(DAY);
		assert_ok!(step());
		assert_eq!(price(), 91);
	});
}

#[test]
fn days_that_nobody_asked_about_should_be_averaged() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 5_000);
		assert_ok!(escrow(&BUYER, id, 4_800));
		assert_ok!(redeem(&BUYER, id, 4_800, PROVIDER));
		pass(3 * DAY);
		events();
		assert_ok!(step());
		let stepped = Event::PriceStepped {
			quote: Quote::Native,
			price: 105,
			demand_per_day: 1_600,
			capacity_per_day: 1_000,
		};
		assert_eq!(events(), [stepped]);
		// The next step counts only what was redeemed since.
		pass(DAY);
		assert_ok!(step());
		assert_eq!(price(), 100);
	});
}

#[test]
fn demand_in_one_quote_should_move_the_price_in_every_quote() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = minted(Quote::Asset(STABLE), 5_000);
		assert_ok!(escrow(&BUYER, id, 1_600));
		assert_ok!(redeem(&BUYER, id, 1_600, PROVIDER));
		pass(DAY);
		assert_ok!(step());
		assert_eq!(price(), 105);
	});
}

#[test]
fn use_of_unlisted_models_should_move_no_price() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 5_000);
		assert_ok!(escrow(&BUYER, id, 4_000));
		assert_ok!(redeem_as_demand(&BUYER, id, 3_200, PROVIDER, false));
		assert_ok!(redeem_as_demand(&BUYER, id, 400, PROVIDER, true));
		assert_eq!((series(id).redeemed, RedeemedUnits::<Test>::get()), (3_600, 400));
		pass(DAY);
		assert_ok!(step());
		// Half of the target of 800: half a step down. The rest would have raised it by a full one.
		assert_eq!(price(), 98);
	});
}

#[test]
fn price_that_does_not_fit_should_be_an_error() {
	ExtBuilder::default().build_and_execute(|| {
		Quotes::<Test>::mutate(Quote::Native, |record| {
			let record = record.as_mut().unwrap();
			record.price = u128::MAX;
		});
		pass(DAY);
		RedeemedUnits::<Test>::put(5_000);
		assert_noop!(step(), Error::<Test>::Overflow);
	});
}
