//! Vouchers on hold for jobs.

use crate::{mock::*, *};
use assay_market::{
	traits::{PayoutReason, SeriesTerms, Vouchers as _},
	Quote, SeriesId,
};
use frame_support::{assert_noop, assert_ok, traits::fungibles::hold::Inspect};

fn on_hold(who: &AccountId) -> u128 {
	AssetsHolder::balance_on_hold(FIRST_VOUCHER, &HoldReason::Escrow.into(), who)
}

#[test]
fn jobs_should_learn_a_series_terms_until_it_expires() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(Vouchers::terms(SeriesId(0)), Error::<Test>::UnknownSeries);
		let expires_at = Now::get() + 30 * DAY;
		let id = open(Quote::Native, 100);
		let terms = SeriesTerms { quote: Quote::Native, price_per_unit: 100, expires_at };
		pass(30 * DAY - 1);
		assert_eq!(Vouchers::terms(id), Ok(terms));
		pass(1);
		assert_noop!(Vouchers::terms(id), Error::<Test>::SeriesExpired);
		pass(14 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_noop!(Vouchers::terms(id), Error::<Test>::SeriesClosed);
	});
}

#[test]
fn escrow_should_hold_units_and_leave_one_free() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		events();
		assert_noop!(escrow(&BUYER, id, 0), Error::<Test>::ZeroUnits);
		assert_noop!(escrow(&BUYER, id, 1_000), Error::<Test>::TooFewVouchers);
		assert_noop!(escrow(&OTHER, id, 1), Error::<Test>::TooFewVouchers);
		assert_ok!(escrow(&BUYER, id, 600));
		assert_eq!(events(), [Event::Escrowed { series: id, who: BUYER, units: 600 }]);
		assert_ok!(escrow(&BUYER, id, 399));
		assert_noop!(escrow(&BUYER, id, 1), Error::<Test>::TooFewVouchers);
		assert_eq!((on_hold(&BUYER), vouchers(id, &BUYER)), (999, 1));
		assert_eq!(series(id).escrowed, 999);
		assert_eq!(Vouchers::escrowed(&BUYER, id), Some(999));
	});
}

#[test]
fn vouchers_in_escrow_should_neither_move_nor_die() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 600));
		assert_ok!(Assets::transfer(by(BUYER), FIRST_VOUCHER, OTHER, 399));
		assert!(Assets::transfer(by(BUYER), FIRST_VOUCHER, OTHER, 1).is_err());
		assert_noop!(
			Assets::refund(by(BUYER), FIRST_VOUCHER, true),
			pallet_assets::Error::<Test>::ContainsHolds
		);
		// The account of the native token cannot be left either.
		let all = Balances::free_balance(BUYER);
		assert!(Balances::transfer_allow_death(by(BUYER), OTHER, all).is_err());
		assert_ok!(release(&BUYER, id, 600));
		assert_eq!(vouchers(id, &BUYER), 601);
	});
}

#[test]
fn nothing_should_be_escrowed_from_the_expiry_on() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		pass(30 * DAY - 1);
		assert_ok!(escrow(&BUYER, id, 1));
		pass(1);
		assert_noop!(escrow(&BUYER, id, 1), Error::<Test>::SeriesExpired);
		assert_noop!(escrow(&BUYER, SeriesId(9), 1), Error::<Test>::UnknownSeries);
	});
}

#[test]
fn released_units_should_be_free_again() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 600));
		events();
		assert_ok!(release(&BUYER, id, 200));
		assert_eq!(events(), [Event::Released { series: id, who: BUYER, units: 200 }]);
		assert_eq!((on_hold(&BUYER), vouchers(id, &BUYER)), (400, 600));
		assert_noop!(release(&BUYER, id, 401), Error::<Test>::TooFewEscrowed);
		assert_noop!(release(&OTHER, id, 1), Error::<Test>::TooFewEscrowed);
		assert_noop!(release(&BUYER, SeriesId(9), 1), Error::<Test>::UnknownSeries);
		assert_ok!(release(&BUYER, id, 0));
		assert_ok!(release(&BUYER, id, 400));
		assert_eq!(Escrows::<Test>::iter().count(), 0);
		assert_eq!(events(), [Event::Released { series: id, who: BUYER, units: 400 }]);
	});
}

/// Releases after the expiry, in a quote.
fn check_expired_release(quote: Quote, after: u32) {
	let id = minted(quote, 1_000);
	assert_ok!(escrow(&BUYER, id, 600));
	pass(after);
	events();
	assert_ok!(release(&BUYER, id, 500));
	let expired = Event::ExpiredInEscrow { series: id, who: BUYER, units: 500, amount: 50_000 };
	assert_eq!(events(), [expired]);
	assert_eq!(claimable(BUYER, PayoutReason::ExpiredVouchers, quote), 50_000);
	let record = series(id);
	assert_eq!((record.outstanding, record.escrowed, record.reserve), (500, 100, 50_000));
	// Half of the units took half of the pool with them.
	assert_eq!((record.premium_pool, record.forfeited), (1_050, 1_050));
	assert_eq!(vouchers(id, &BUYER), 400);
}

#[test]
fn units_released_after_the_expiry_should_become_claimable_money() {
	ExtBuilder::default().build_and_execute(|| check_expired_release(Quote::Native, 30 * DAY));
}

#[test]
fn escrow_should_outlive_even_the_grace_period_and_a_stale_rate() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_expired_release(Quote::Asset(STABLE), 300 * DAY);
	});
}
