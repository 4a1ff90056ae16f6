use crate::{mock::*, Error, Event, Lots, SaleTerms};
use assay_market::traits::{PayoutReason, Settlement as _};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Permill};

fn anybody() -> RuntimeOrigin {
	RuntimeOrigin::signed(FUNDER)
}

#[test]
fn what_the_insurance_was_paid_in_an_asset_should_be_sold_for_it() {
	build_and_execute(|| {
		let terms = SaleTerms {
			period: 10,
			reserve_share: Permill::from_parts(2_500),
			tolerance: Permill::from_percent(2),
			averaging: 20,
		};
		assert_ok!(Burn::set_sale_terms(RuntimeOrigin::root(), terms));
		insure(STABLE, 100_001);
		events();
		assert_ok!(Burn::collect(anybody(), STABLE));
		assert_eq!(events(), [Event::Collected { asset: STABLE, amount: 100_000 }]);
		let lot = Lots::<Test>::get(STABLE).unwrap();
		assert_eq!((lot.burn, lot.validators, lot.insurance), (0, 0, 100_000));
		// The least balance keeps the account in the asset open.
		assert_eq!(units(STABLE, INSURANCE), 1);
		assert_noop!(Burn::collect(anybody(), STABLE), Error::<Test>::NothingToCollect);

		// A job's part joins it.
		settle(asset_price(STABLE, 400_000), false);
		next_block();
		let issuance = Balances::total_issuance();
		events();
		next_blocks(10);
		let sold = events();
		let Some(&Event::Sold { proceeds, burned, validators, insurance, .. }) = sold.first()
		else {
			panic!("{sold:?}");
		};
		assert_eq!(burned + validators + insurance, proceeds);
		assert!(insurance.abs_diff(proceeds / 2) <= 1, "half of the units were the insurance's");
		assert_eq!(Balances::free_balance(INSURANCE), ED + insurance);
		assert_eq!(pot(), validators);
		assert_eq!(Balances::total_issuance(), issuance - burned);
		assert_eq!(units(STABLE, Burn::account()), 0);
	});
}

#[test]
fn only_governance_should_collect_what_vouchers_are_not_quoted_in() {
	build_and_execute(|| {
		insure(OTHER, 100);
		assert_noop!(Burn::collect(anybody(), OTHER), Error::<Test>::NotAQuote);
		assert_noop!(Burn::collect(RuntimeOrigin::none(), OTHER), DispatchError::BadOrigin);
		assert_ok!(Burn::collect(RuntimeOrigin::root(), OTHER));
		assert_eq!(Lots::<Test>::get(OTHER).unwrap().insurance, 99);
	});
}

#[test]
fn nothing_should_be_collected_without_room() {
	build_and_execute(|| {
		MaxQuotes::set(1);
		settle(asset_price(OTHER, 100), false);
		insure(STABLE, 100);
		assert_noop!(Burn::collect(anybody(), STABLE), Error::<Test>::TooManyQuotes);
		assert_ok!(Burn::give_up_lot(RuntimeOrigin::root(), OTHER));
		assert_ok!(Burn::collect(anybody(), STABLE));
	});
}

#[test]
fn governance_should_give_up_lots_for_the_treasury() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 100), false);
		events();
		assert_noop!(Burn::give_up_lot(anybody(), STABLE), DispatchError::BadOrigin);
		assert_noop!(Burn::give_up_lot(RuntimeOrigin::root(), OTHER), Error::<Test>::NoLot);
		assert_ok!(Burn::give_up_lot(RuntimeOrigin::root(), STABLE));
		assert_eq!(events(), [Event::LotGivenUp { asset: STABLE, amount: 25, error: None }]);
		let treasury = (TREASURY, asset_price(STABLE, 25), PayoutReason::Treasury);
		assert_eq!(Payments::get().last(), Some(&treasury));
		assert!(Burn::waiting_for_sale().is_empty());
		assert_eq!(units(STABLE, Burn::account()), 0);
	});
}

#[test]
fn a_lot_that_cannot_be_moved_should_make_room_all_the_same() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 100), false);
		events();
		PayoutsFail::set(true);
		assert_ok!(Burn::give_up_lot(RuntimeOrigin::root(), STABLE));
		assert!(matches!(
			events()[..],
			[Event::LotGivenUp { asset: STABLE, amount: 25, error: Some(_) }]
		));
		assert!(Burn::waiting_for_sale().is_empty());
		assert_eq!(units(STABLE, Burn::account()), 25);
	});
}
