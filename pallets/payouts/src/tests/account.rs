use crate::mock::*;
use assay_market::Quote;
use frame_support::{assert_ok, traits::Hooks};
use sp_runtime::BuildStorage;

#[test]
fn genesis_should_endow_the_account_outside_of_the_ledger() {
	build_and_execute(|| {
		assert_eq!(balance(Payouts::pallet_account(), Quote::Native), ED);
		assert_eq!(Payouts::waiting(Quote::Native), 0);
	});
}

#[test]
fn genesis_should_leave_an_account_alone_that_has_money() {
	let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![(Payouts::pallet_account(), 3 * ED)],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	crate::GenesisConfig::<Test>::default().assimilate_storage(&mut storage).unwrap();
	sp_io::TestExternalities::new(storage).execute_with(|| {
		assert_eq!(balance(Payouts::pallet_account(), Quote::Native), 3 * ED);
	});
}

#[test]
fn the_account_should_outlive_every_claim() {
	build_and_execute(|| {
		earn(ALICE, native(500));
		assert_ok!(Payouts::claim(RuntimeOrigin::signed(ALICE), Quote::Native, None));
		assert_eq!(balance(Payouts::pallet_account(), Quote::Native), ED);
		assert!(System::account_exists(&Payouts::pallet_account()));
	});
}

#[test]
fn gifts_should_change_nothing_for_anybody() {
	build_and_execute(|| {
		earn(ALICE, native(500));
		let gift = || RuntimeOrigin::signed(ADMIN);
		assert_ok!(Balances::transfer_allow_death(gift(), Payouts::pallet_account(), 77));
		assert_ok!(Assets::transfer(gift(), STABLE, Payouts::pallet_account(), 77));
		assert_eq!(Payouts::waiting(Quote::Native), 500);
		assert_eq!(Payouts::waiting(Quote::Asset(STABLE)), 0);

		assert_ok!(Payouts::claim(RuntimeOrigin::signed(ALICE), Quote::Native, None));
		assert_eq!(balance(ALICE, Quote::Native), ED + 500);
		assert_eq!(balance(Payouts::pallet_account(), Quote::Native), ED + 77);
	});
}

#[test]
#[should_panic(expected = "MaxQuotes is zero: no asset could ever be paid")]
fn a_bound_of_no_quotes_should_fail_the_integrity_test() {
	build_and_execute(|| {
		MaxQuotes::set(0);
		Payouts::integrity_test();
	});
}
