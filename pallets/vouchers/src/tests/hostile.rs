//! Donations, burned and frozen assets, accounts that try to leave.

use crate::{mock::*, *};
use assay_market::{traits::PayoutReason, Balance, Quote};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::TryRuntimeError;

const STABLE_QUOTE: Quote = Quote::Asset(STABLE);

#[test]
fn donations_to_the_pallets_accounts_should_change_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let native = minted(Quote::Native, 1_000);
		let stable = minted(STABLE_QUOTE, 1_000);
		let before = (series(native), series(stable));
		for to in [Vouchers::account(), Vouchers::owner_account()] {
			assert_ok!(Balances::transfer_keep_alive(by(OTHER), to.clone(), 12_345));
			assert_ok!(Assets::transfer(by(OTHER), STABLE, to.clone(), 12_345));
			assert_ok!(Assets::transfer(by(BUYER), series(native).asset, to.clone(), 50));
			assert_ok!(Assets::transfer(by(BUYER), series(stable).asset, to, 1));
		}
		assert_eq!((series(native), series(stable)), before);
		assert_ok!(Vouchers::do_try_state());
		// The donated vouchers are nobody's: their reserve is insured in the end.
		pass(30 * DAY);
		assert_ok!(Vouchers::reclaim(by(BUYER), native, 900));
		pass(14 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), native));
		let premium = 600 + 2_100;
		assert_eq!(balance(Quote::Native, &INSURANCE), ED + 10_000 + premium - 7);
		assert_eq!(balance(Quote::Native, &Vouchers::account()), ED + 12_345);
	});
}

#[test]
fn vouchers_burned_by_their_holder_should_leave_their_reserve_to_the_insurance() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(Assets::transfer(by(BUYER), FIRST_VOUCHER, OTHER, 400));
		assert_ok!(Assets::refund(by(OTHER), FIRST_VOUCHER, true));
		assert_eq!(Assets::total_supply(FIRST_VOUCHER), 600);
		assert_eq!((series(id).outstanding, series(id).reserve), (1_000, 100_000));
		assert_ok!(Vouchers::do_try_state());
		assert_ok!(escrow(&BUYER, id, 500));
		assert_ok!(redeem(&BUYER, id, 500, PROVIDER));
		pass(30 * DAY);
		assert_ok!(Vouchers::reclaim(by(BUYER), id, 100));
		assert_eq!(series(id).reserve, 40_000);
		pass(14 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
	});
}

#[test]
fn frozen_asset_should_stop_its_own_series_only_until_it_thaws() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let native = minted(Quote::Native, 1_000);
		let stable = minted(STABLE_QUOTE, 1_000);
		assert_ok!(escrow(&BUYER, native, 500));
		assert_ok!(escrow(&BUYER, stable, 500));
		assert_ok!(Assets::freeze(by(ISSUER), STABLE, Vouchers::account()));
		let frozen = sp_runtime::TokenError::Frozen;
		assert_noop!(redeem(&BUYER, stable, 100, PROVIDER), frozen);
		assert_ok!(redeem(&BUYER, native, 100, PROVIDER));
		// Before the expiry, giving vouchers back moves no money.
		assert_ok!(release(&BUYER, stable, 100));
		pass(30 * DAY);
		assert_noop!(Vouchers::reclaim(by(BUYER), stable, 100), frozen);
		// Afterwards it does, and a job must be able to end without it.
		assert_ok!(release(&BUYER, stable, 100));
		assert_eq!(Owed::<Test>::get(BUYER, STABLE_QUOTE), 10_000);
		assert_ok!(Vouchers::do_try_state());
		let pay_owed = || Vouchers::pay_owed(by(ANYBODY), BUYER, STABLE_QUOTE);
		assert_noop!(pay_owed(), frozen);
		assert_ok!(release(&BUYER, native, 100));
		assert_ok!(Vouchers::reclaim(by(BUYER), native, 100));
		assert_ok!(Assets::thaw(by(ISSUER), STABLE, Vouchers::account()));
		assert_ok!(pay_owed());
		let claim = claimable(BUYER, PayoutReason::ExpiredVouchers, STABLE_QUOTE);
		assert_eq!(claim, 10_000);
		assert_ok!(redeem(&BUYER, stable, 100, PROVIDER));
		assert_ok!(release(&BUYER, stable, 100));
		assert_ok!(Vouchers::reclaim(by(BUYER), stable, 100));
	});
}

#[test]
fn destroyed_asset_should_stop_its_own_series_and_be_seen() {
	// The issuer took the reserve: the properties cannot hold, and say so.
	ExtBuilder::default().build().execute_with(|| {
		register_stable();
		let native = minted(Quote::Native, 1_000);
		let stable = minted(STABLE_QUOTE, 1_000);
		assert_ok!(escrow(&BUYER, native, 500));
		assert_ok!(escrow(&BUYER, stable, 500));
		assert_ok!(Assets::start_destroy(by(ISSUER), STABLE));
		while Assets::asset_details(STABLE).unwrap().accounts > 0 {
			assert_ok!(Assets::destroy_accounts(by(ANYBODY), STABLE));
		}
		assert!(redeem(&BUYER, stable, 100, PROVIDER).is_err());
		pass(30 * DAY);
		assert_ok!(release(&BUYER, stable, 500));
		assert!(Vouchers::pay_owed(by(ANYBODY), BUYER, STABLE_QUOTE).is_err());
		assert_ok!(redeem(&BUYER, native, 100, PROVIDER));
		let broken = TryRuntimeError::Other("account_covers_ledger");
		assert_eq!(Vouchers::do_try_state(), Err(broken));
	});
}

#[test]
fn account_with_vouchers_should_not_be_able_to_die() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		assert_ok!(Balances::transfer_all(by(BUYER), OTHER, false));
		assert_eq!(balance(Quote::Native, &BUYER), ED);
		pass(30 * DAY);
		assert_ok!(release(&BUYER, id, 500));
		assert_eq!(claimable(BUYER, PayoutReason::ExpiredVouchers, Quote::Native), 50_000);
		assert_ok!(Vouchers::reclaim(by(BUYER), id, 500));
		assert_eq!(balance(Quote::Native, &BUYER), ED + 50_000);
	});
}

#[test]
fn last_vouchers_should_be_paid_to_the_last_coin() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		for quote in [Quote::Native, STABLE_QUOTE] {
			let id = minted(quote, 1_000);
			assert_ok!(escrow(&BUYER, id, 999));
			assert_ok!(redeem(&BUYER, id, 999, PROVIDER));
			assert_ok!(Assets::transfer(by(BUYER), series(id).asset, OTHER, 1));
		}
		pass(30 * DAY);
		for id in [0, 1].map(assay_market::SeriesId) {
			assert_ok!(Vouchers::reclaim(by(OTHER), id, 1));
			assert_ok!(Vouchers::sweep_forfeits(by(ANYBODY), id));
		}
		assert_eq!(balance(Quote::Native, &Vouchers::account()), ED);
		assert_eq!(balance(STABLE_QUOTE, &Vouchers::account()), 0);
		// The account without the asset takes it again.
		poll(1);
		assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
		minted(STABLE_QUOTE, 100);
	});
}

#[test]
fn buyer_with_too_many_assets_should_be_refused_without_a_loss() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 1_000);
		for _ in 0..14 {
			assert_ok!(System::inc_consumers(&BUYER));
		}
		assert_noop!(
			Vouchers::mint(by(BUYER), id, 10, Balance::MAX),
			sp_runtime::TokenError::CannotCreate
		);
	});
}
