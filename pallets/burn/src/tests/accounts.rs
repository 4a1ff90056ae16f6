use crate::mock::*;
use assay_market::traits::Settlement as _;
use frame_support::{assert_ok, traits::Hooks};

#[test]
fn genesis_should_endow_both_accounts() {
	build_and_execute(|| {
		let (account, pot) = Burn::pallet_accounts();
		assert_ne!(account, pot);
		assert_eq!(account, Burn::account());
		assert_eq!(Balances::free_balance(account), ED);
		assert_eq!(Balances::free_balance(pot), ED);
	});
}

#[test]
fn endowing_should_leave_accounts_alone_that_have_money() {
	build_and_execute(|| {
		fund(native_price(50));
		let issuance = Balances::total_issuance();
		assert_ok!(Burn::endow());
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn gifts_to_the_account_should_change_nothing() {
	build_and_execute(|| {
		fund(native_price(77));
		fund(asset_price(STABLE, 77));
		let shares = settle(native_price(10_000), false);
		assert_eq!(shares, Burn::preview(native_price(10_000), false));
		settle(asset_price(STABLE, 10_000), false);
		let (_, lot) = Burn::waiting_for_sale()[0];
		assert_eq!(lot.units(), Some(2_500));
		assert_eq!(Balances::free_balance(Burn::account()), ED + 77);
		assert_eq!(units(STABLE, Burn::account()), 2_577);
	});
}

#[test]
fn gifts_to_the_pot_should_go_to_the_validators() {
	build_and_execute(|| {
		let gift = RuntimeOrigin::signed(FUNDER);
		assert_ok!(Balances::transfer_allow_death(gift, Burn::pot(), 77));
		assert_eq!(Burn::take_for_era(), 77);
	});
}

#[test]
#[should_panic(expected = "MaxQuotes is zero: no asset could be sold")]
fn a_bound_of_no_assets_should_fail_the_integrity_test() {
	build_and_execute(|| {
		MaxQuotes::set(0);
		Burn::integrity_test();
	});
}
