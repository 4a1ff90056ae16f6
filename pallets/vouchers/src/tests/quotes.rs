//! Registering, removing and flooring quotes.

use crate::{mock::*, *};
use assay_market::{AssetId, Balance, Quote};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{traits::BadOrigin, DispatchResult, FixedU128};

fn asset_quote(id: AssetId) -> NewQuote {
	NewQuote::Asset { id, rate: FixedU128::from_u32(2), statement: Statement::default() }
}

fn register(new: NewQuote, price: Balance, floor: Balance) -> DispatchResult {
	Vouchers::register_quote(RuntimeOrigin::root(), new, price, floor)
}

/// An asset with a pool.
fn create_asset(id: AssetId, min_balance: Balance) {
	assert_ok!(Assets::force_create(RuntimeOrigin::root(), id, ISSUER, false, min_balance));
	Pools::mutate(|pools| pools.insert(id, (1, 1)));
}

#[test]
fn only_the_admin_should_decide_about_quotes() {
	ExtBuilder::default().build_and_execute(|| {
		let new = asset_quote(STABLE);
		assert_noop!(Vouchers::register_quote(by(BUYER), new, 100, 50), BadOrigin);
		assert_noop!(Vouchers::set_floor(by(BUYER), Quote::Native, 50), BadOrigin);
		assert_noop!(Vouchers::remove_quote(by(BUYER), Quote::Native), BadOrigin);
	});
}

#[test]
fn asset_should_be_registered_with_its_team_and_what_is_claimed_about_it() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let quote = Quote::Asset(STABLE);
		assert_eq!(events(), [Event::QuoteRegistered { quote, price: 100, floor: 50 }]);
		let backing = Quotes::<Test>::get(quote).unwrap().backing.unwrap();
		assert_eq!(backing.team.freezer, Some(ISSUER));
		assert_eq!(backing.team.admin, Some(ISSUER));
		assert_eq!(backing.statement.to_vec(), b"a test asset; ISSUER can freeze it".to_vec());
		assert_noop!(register(asset_quote(STABLE), 100, 50), Error::<Test>::QuoteExists);
	});
}

#[test]
fn asset_that_cannot_carry_reserves_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		create_asset(FIRST_VOUCHER, 1);
		create_asset(7, 2);
		create_asset(8, 1);
		Pools::mutate(|pools| pools.remove(&8));
		for (asset, error) in [
			(FIRST_VOUCHER, Error::<Test>::QuoteIsVoucher),
			(FIRST_VOUCHER - 1, Error::<Test>::UnknownAsset),
			(7, Error::<Test>::MinBalanceNotOne),
			(8, Error::<Test>::NoPool),
		] {
			assert_noop!(register(asset_quote(asset), 100, 50), error);
		}
		let worthless = NewQuote::Asset {
			id: STABLE,
			rate: FixedU128::from_inner(0),
			statement: Statement::default(),
		};
		assert_noop!(register(worthless, 100, 50), Error::<Test>::RateOutOfRange);
	});
}

#[test]
fn asset_that_the_insurance_cannot_own_should_be_refused() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..15 {
			assert_ok!(System::inc_consumers(&INSURANCE));
		}
		assert_noop!(register(asset_quote(STABLE), 100, 50), Error::<Test>::AssetNotOwnable);
	});
}

#[test]
fn prices_that_cannot_be_stepped_should_be_refused() {
	ExtBuilder::without_quotes().build_and_execute(|| {
		assert_noop!(register(NewQuote::Native, 100, 19), Error::<Test>::FloorTooLow);
		assert_noop!(register(NewQuote::Native, 20, 21), Error::<Test>::PriceBelowFloor);
		assert_ok!(register(NewQuote::Native, 20, 20));
	});
}

#[test]
fn quotes_should_be_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		create_asset(7, 1);
		assert_noop!(register(asset_quote(7), 100, 50), Error::<Test>::TooManyQuotes);
	});
}

#[test]
fn floor_should_be_moved_within_its_limit() {
	ExtBuilder::default().build_and_execute(|| {
		let set = |quote, floor| Vouchers::set_floor(RuntimeOrigin::root(), quote, floor);
		assert_ok!(set(Quote::Native, 200));
		assert_eq!(events(), [Event::FloorSet { quote: Quote::Native, floor: 200 }]);
		assert_eq!(Quotes::<Test>::get(Quote::Native).unwrap().floor, 200);
		assert_noop!(set(Quote::Native, 19), Error::<Test>::FloorTooLow);
		assert_noop!(set(Quote::Asset(STABLE), 200), Error::<Test>::UnknownQuote);
	});
}

#[test]
fn quote_should_be_removed_only_without_live_series() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let quote = Quote::Asset(STABLE);
		let remove = || Vouchers::remove_quote(RuntimeOrigin::root(), quote);
		let id = minted(quote, 100);
		assert_noop!(remove(), Error::<Test>::QuoteInUse);
		pass(44 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		events();
		assert_ok!(remove());
		assert_eq!(events(), [Event::QuoteRemoved { quote }]);
		assert_eq!(Rates::<Test>::get(STABLE), None);
		assert_noop!(remove(), Error::<Test>::UnknownQuote);
	});
}
