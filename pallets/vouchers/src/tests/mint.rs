//! Buying vouchers.

use crate::{mock::*, *};
use assay_market::{Balance, Quote, SeriesId};
use frame_support::{assert_err, assert_noop, assert_ok};
use sp_runtime::{DispatchResult, Permill, TokenError};

fn mint(units: Balance, max_cost: Balance) -> DispatchResult {
	Vouchers::mint(by(BUYER), SeriesId(0), units, max_cost)
}

/// Mints 1 000 units at 100 in `quote` and checks where the money went.
fn check_money(quote: Quote) {
	let id = open(quote, 1_000);
	let of = |who: &AccountId| balance(quote, who);
	let parties = [BUYER, Vouchers::account(), INSURANCE, TREASURY];
	let before = parties.each_ref().map(of);
	events();
	assert_ok!(mint(1_000, 103_000));
	let cost = Cost { price: 100_000, premium: 3_000, total: 103_000 };
	assert_eq!(events(), [Event::Minted { series: id, who: BUYER, units: 1_000, cost }]);
	let after = parties.each_ref().map(of);
	assert_eq!(before[0] - after[0], 103_000);
	assert_eq!(after[1] - before[1], 102_100);
	assert_eq!(after[2] - before[2], 600);
	assert_eq!(after[3] - before[3], 300);
	let record = series(id);
	assert_eq!((record.reserve, record.premium_pool), (100_000, 2_100));
	assert_eq!((record.minted, record.outstanding), (1_000, 1_000));
	assert_eq!(vouchers(id, &BUYER), 1_000);
}

#[test]
fn native_money_should_go_to_reserve_pool_insurance_and_treasury() {
	ExtBuilder::default().build_and_execute(|| check_money(Quote::Native));
}

#[test]
fn an_assets_money_should_go_the_same_ways() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_money(Quote::Asset(STABLE));
	});
}

#[test]
fn single_unit_should_cost_a_premium_rounded_up() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 100);
		assert_ok!(mint(1, 103));
		let record = series(id);
		assert_eq!((record.reserve, record.premium_pool), (100, 2));
	});
}

#[test]
fn cost_above_the_buyers_limit_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		open(Quote::Native, 1_000);
		assert_noop!(mint(1_000, 102_999), Error::<Test>::CostAboveMax);
		assert_eq!(Vouchers::quote_mint(SeriesId(0), 1_000).unwrap().cost.total, 103_000);
	});
}

#[test]
fn nothing_should_be_minted_beyond_what_is_subscribed() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(mint(1, Balance::MAX), Error::<Test>::UnknownSeries);
		open(Quote::Native, 1_000);
		assert_noop!(mint(0, Balance::MAX), Error::<Test>::ZeroUnits);
		assert_noop!(mint(1_001, Balance::MAX), Error::<Test>::NotSubscribed);
		assert_noop!(mint(Balance::MAX, Balance::MAX), Error::<Test>::Overflow);
		assert_ok!(mint(600, Balance::MAX));
		assert_noop!(mint(401, Balance::MAX), Error::<Test>::NotSubscribed);
		// What is redeemed does not come back.
		assert_ok!(escrow(&BUYER, SeriesId(0), 500));
		assert_ok!(redeem(&BUYER, SeriesId(0), 500, PROVIDER));
		assert_noop!(mint(401, Balance::MAX), Error::<Test>::NotSubscribed);
		assert_ok!(mint(400, Balance::MAX));
	});
}

#[test]
fn days_should_have_a_limit_over_all_series() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		open(Quote::Native, 20_000);
		let stable = open(Quote::Asset(STABLE), 20_000);
		assert_ok!(mint(6_000, Balance::MAX));
		let mint_stable = |units| Vouchers::mint(by(OTHER), stable, units, Balance::MAX);
		assert_noop!(mint_stable(4_001), Error::<Test>::DailyLimit);
		assert_eq!(Vouchers::mintable(stable), 4_000);
		assert_ok!(mint_stable(4_000));
		assert_eq!(Vouchers::mintable(stable), 0);
		pass(DAY - 1);
		assert_noop!(mint(1, Balance::MAX), Error::<Test>::DailyLimit);
		pass(1);
		assert_ok!(mint(10_000, Balance::MAX));
		assert_noop!(mint(1, Balance::MAX), Error::<Test>::DailyLimit);
	});
}

#[test]
fn a_series_should_keep_the_premium_of_its_opening() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = open(Quote::Native, 2_000);
		assert_ok!(mint(1_000, Balance::MAX));
		let parameters = Parameters {
			premium: Permill::from_percent(2),
			subscribers_share: Permill::from_percent(50),
			insurance_share: Permill::from_percent(50),
			..parameters()
		};
		assert_ok!(Vouchers::set_parameters(RuntimeOrigin::root(), parameters));
		let insured = balance(Quote::Native, &INSURANCE);
		let cost = Vouchers::quote_mint(id, 1_000).unwrap().cost;
		assert_eq!(cost, Cost { price: 100_000, premium: 3_000, total: 103_000 });
		assert_ok!(mint(1_000, 103_000));
		assert_eq!(series(id).premium_pool, 2 * 2_100);
		assert_eq!(balance(Quote::Native, &INSURANCE) - insured, 600);

		// The next one has the new premium.
		let next = open(Quote::Asset(STABLE), 1_000);
		assert_ok!(Vouchers::mint(by(BUYER), next, 1_000, Balance::MAX));
		let record = series(next);
		assert_eq!(record.premium_pool, record.reserve * 2 / 100 / 2);
	});
}

#[test]
fn minting_should_end_with_the_window() {
	ExtBuilder::default().build_and_execute(|| {
		open(Quote::Native, 1_000);
		pass(10 * DAY - 1);
		assert_ok!(mint(1, Balance::MAX));
		pass(1);
		assert_noop!(mint(1, Balance::MAX), Error::<Test>::WindowClosed);
		pass(34 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), SeriesId(0)));
		assert_noop!(mint(1, Balance::MAX), Error::<Test>::SeriesClosed);
	});
}

#[test]
fn poor_buyer_should_keep_its_existential_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = open(Quote::Native, 1_000);
		let set = |amount| {
			assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), BUYER, amount));
		};
		set(103_000 + ED - 1);
		// Vouchers keep the buyer's account; so its last tokens cannot be spent.
		assert_err!(mint(1_000, Balance::MAX), TokenError::Frozen);
		assert_eq!(series(id).minted, 0);
		set(103_000 + ED);
		assert_ok!(mint(1_000, Balance::MAX));
		assert_eq!(balance(Quote::Native, &BUYER), ED);
	});
}

#[test]
fn buyer_should_spend_its_last_unit_of_an_asset() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = open(Quote::Asset(STABLE), 1_000);
		assert_ok!(Assets::transfer(by(BUYER), STABLE, OTHER, PURSE - 103_000));
		assert_ok!(Vouchers::mint(by(BUYER), id, 1_000, Balance::MAX));
		assert_eq!(balance(Quote::Asset(STABLE), &BUYER), 0);
	});
}
