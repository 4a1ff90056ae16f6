//! What cannot be paid when a job ends is owed, and paid later.

use crate::{mock::*, *};
use assay_market::{traits::PayoutReason, Price, Quote};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

/// What the fake of payouts fails with.
const FAILURE: DispatchError = DispatchError::Exhausted;

fn claimable_by_buyer(quote: Quote) -> u128 {
	claimable(BUYER, PayoutReason::ExpiredVouchers, quote)
}

fn pay_owed(quote: Quote) -> DispatchResult {
	Vouchers::pay_owed(by(ANYBODY), BUYER, quote)
}

fn check_owed(quote: Quote) {
	let id = minted(quote, 1_000);
	assert_ok!(escrow(&BUYER, id, 600));
	pass(30 * DAY);
	PayoutsFail::set(true);
	let before = balance(quote, &Vouchers::account());
	events();
	assert_ok!(release(&BUYER, id, 500));
	let expected = [
		Event::ExpiredInEscrow { series: id, who: BUYER, units: 500, amount: 50_000 },
		Event::PaymentOwed { who: BUYER, quote, amount: 50_000, error: FAILURE },
	];
	assert_eq!(events(), expected);
	// The vouchers are gone, their reserve is not.
	assert_eq!((series(id).outstanding, series(id).reserve), (500, 50_000));
	assert_eq!((series(id).escrowed, vouchers(id, &BUYER)), (100, 400));
	assert_eq!(balance(quote, &Vouchers::account()), before);
	assert_eq!((Owed::<Test>::get(BUYER, quote), claimable_by_buyer(quote)), (50_000, 0));
	assert_ok!(release(&BUYER, id, 100));
	assert_eq!(Vouchers::owed(BUYER), [Price { quote, amount: 60_000 }]);
	assert_ok!(Vouchers::do_try_state());

	assert_noop!(pay_owed(quote), FAILURE);
	PayoutsFail::set(false);
	events();
	assert_ok!(pay_owed(quote));
	assert_eq!(events(), [Event::OwedPaid { who: BUYER, quote, amount: 60_000 }]);
	assert_eq!(claimable_by_buyer(quote), 60_000);
	assert_eq!(Vouchers::owed(BUYER), []);
	assert_noop!(pay_owed(quote), Error::<Test>::NothingOwed);
}

#[test]
fn what_cannot_be_paid_should_be_owed_and_paid_later() {
	ExtBuilder::default().build_and_execute(|| check_owed(Quote::Native));
}

#[test]
fn an_asset_that_cannot_be_paid_should_be_owed_and_paid_later() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_owed(Quote::Asset(STABLE));
	});
}

#[test]
fn what_is_owed_should_outlive_its_series_and_its_quote() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let quote = Quote::Asset(STABLE);
		let id = minted(quote, 1_000);
		assert_ok!(escrow(&BUYER, id, 600));
		pass(44 * DAY);
		PayoutsFail::set(true);
		assert_ok!(release(&BUYER, id, 600));
		PayoutsFail::set(false);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_ok!(Vouchers::remove_quote(RuntimeOrigin::root(), quote));
		assert_eq!(balance(quote, &Vouchers::account()), 60_000);
		assert_ok!(Vouchers::do_try_state());
		assert_ok!(pay_owed(quote));
		assert_eq!(claimable_by_buyer(quote), 60_000);
		assert_eq!(balance(quote, &Vouchers::account()), 0);
	});
}
