use crate::{mock::*, Error, Event, Lots};
use assay_market::{
	traits::{BurnReason, PayoutReason, Settlement as _, Shares, Split},
	Balance, Price, Quote,
};
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use proptest::prelude::*;
use sp_runtime::{DispatchError, Permill};

/// As inside a call, whose changes are undone when it fails.
fn distribute(price: Price) -> Result<Shares, DispatchError> {
	with_storage_layer(|| Burn::distribute(&job(), price, &PROVIDER, false, &Burn::terms()))
}

#[test]
fn a_native_price_should_be_claimable_burned_and_kept_for_validators() {
	build_and_execute(|| {
		let issuance = Balances::total_issuance();
		let shares = settle(native_price(10_000), false);

		assert_eq!(
			shares,
			Shares {
				quote: Quote::Native,
				provider: 7_000,
				burned: 1_500,
				validators: 1_000,
				treasury: 500,
				emitted: 0,
			}
		);
		assert_eq!(
			Payments::get(),
			[
				(PROVIDER, native_price(7_000), PayoutReason::Earnings),
				(TREASURY, native_price(500), PayoutReason::Treasury),
			]
		);
		assert_eq!(Balances::total_issuance(), issuance - 1_500);
		assert_eq!(Burn::supply_of_era(0).burned.get(&BurnReason::Jobs), Some(&1_500));
		assert_eq!(pot(), 1_000);
		assert_eq!(Balances::free_balance(Burn::account()), ED);
		assert_eq!(events(), [Event::Distributed { job: job(), provider: PROVIDER, shares }]);
	});
}

#[test]
fn a_price_in_an_asset_should_burn_nothing_yet() {
	build_and_execute(|| {
		let issuance = Balances::total_issuance();
		let shares = settle(asset_price(STABLE, 10_000), true);

		assert_eq!((shares.provider, shares.burned), (7_000, 1_500));
		assert_eq!((shares.validators, shares.treasury, shares.emitted), (1_000, 500, 0));
		assert_eq!(
			Payments::get(),
			[
				(PROVIDER, asset_price(STABLE, 7_000), PayoutReason::Earnings),
				(TREASURY, asset_price(STABLE, 500), PayoutReason::Treasury),
			]
		);
		assert_eq!(Balances::total_issuance(), issuance);
		assert_eq!(pot(), 0);
		assert_eq!(units(STABLE, Burn::account()), 2_500);
		let (asset, lot) = Burn::waiting_for_sale()[0];
		assert_eq!((asset, lot.burn, lot.validators), (STABLE, 1_500, 1_000));
		assert_eq!(lot.order_at, Burn::configuration().sale.period);
	});
}

#[test]
fn prices_in_an_asset_should_gather() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 10_000), false);
		settle(asset_price(STABLE, 20_000), false);
		settle(asset_price(OTHER, 100), false);
		let lot = Lots::<Test>::get(STABLE).unwrap();
		assert_eq!((lot.burn, lot.validators), (4_500, 3_000));
		let lot = Lots::<Test>::get(OTHER).unwrap();
		assert_eq!((lot.burn, lot.validators), (15, 10));
	});
}

#[test]
fn the_treasury_should_have_what_rounding_left() {
	build_and_execute(|| {
		let split = |amount| {
			let shares = settle(native_price(amount), false);
			(shares.provider, shares.burned, shares.validators, shares.treasury)
		};
		assert_eq!(split(0), (0, 0, 0, 0));
		assert_eq!(split(1), (0, 0, 0, 1));
		assert_eq!(split(19), (13, 2, 1, 3));
	});
}

#[test]
fn dust_in_an_asset_should_open_no_lot() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 1), false);
		assert!(Burn::waiting_for_sale().is_empty());
	});
}

#[test]
fn everything_should_burn_if_governance_says_so() {
	build_and_execute(|| {
		let shares = Split {
			burn: Permill::one(),
			provider: Permill::zero(),
			validators: Permill::zero(),
			treasury: Permill::zero(),
		};
		assert_ok!(Burn::set_shares(RuntimeOrigin::root(), shares));
		assert_eq!(settle(native_price(777), false).burned, 777);
		assert!(Payments::get().is_empty());
		assert_eq!(pot(), 0);
	});
}

#[test]
fn a_price_that_did_not_arrive_should_be_refused() {
	build_and_execute(|| {
		let refused = DispatchError::from(Error::<Test>::PriceNotOnAccount);
		assert_noop!(distribute(native_price(1)), refused);
		assert_noop!(distribute(asset_price(STABLE, 1)), refused);
		fund(native_price(100));
		assert_noop!(distribute(native_price(101)), refused);
		assert_noop!(distribute(native_price(Balance::MAX)), refused);
		assert_ok!(distribute(native_price(100)));
	});
}

#[test]
fn what_waits_for_sale_should_not_pay_for_another_job() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 10_000), false);
		let refused = DispatchError::from(Error::<Test>::PriceNotOnAccount);
		assert_noop!(distribute(asset_price(STABLE, 1)), refused);
		fund(asset_price(STABLE, 10));
		assert_noop!(distribute(asset_price(STABLE, 11)), refused);
		assert_ok!(distribute(asset_price(STABLE, 10)));
	});
}

#[test]
fn what_has_no_room_to_wait_for_sale_should_go_to_the_treasury() {
	build_and_execute(|| {
		MaxQuotes::set(1);
		settle(asset_price(STABLE, 100), false);
		let preview = Burn::preview(asset_price(OTHER, 100), false);
		let shares = settle(asset_price(OTHER, 100), false);
		assert_eq!(shares, preview);
		assert_eq!((shares.provider, shares.treasury), (70, 30));
		assert_eq!((shares.burned, shares.validators), (0, 0));
		let treasury = (TREASURY, asset_price(OTHER, 30), PayoutReason::Treasury);
		assert_eq!(Payments::get().last(), Some(&treasury));
		assert!(!Lots::<Test>::contains_key(OTHER));
		// Those that have room are sold as ever.
		assert_eq!(settle(asset_price(STABLE, 100), false).burned, 15);
		assert_eq!(settle(native_price(100), false).burned, 15);
	});
}

#[test]
fn running_jobs_should_keep_their_split() {
	build_and_execute(|| {
		let kept = Burn::terms();
		let all_burns = Split {
			burn: Permill::one(),
			provider: Permill::zero(),
			validators: Permill::zero(),
			treasury: Permill::zero(),
		};
		assert_ok!(Burn::set_shares(RuntimeOrigin::root(), all_burns));
		assert_ok!(Burn::set_emission_rate(RuntimeOrigin::root(), Permill::one()));
		fund(native_price(100));
		let shares = Burn::distribute(&job(), native_price(100), &PROVIDER, true, &kept).unwrap();
		assert_eq!((shares.provider, shares.burned, shares.emitted), (70, 15, 0));
		let shares = settle(native_price(100), true);
		assert_eq!((shares.provider, shares.burned, shares.emitted), (0, 100, 100));
	});
}

#[test]
fn a_lot_that_promises_more_than_the_account_has_should_take_no_more() {
	build_and_execute(|| {
		settle(asset_price(STABLE, 100), false);
		let set = |burn, validators| {
			Lots::<Test>::mutate(STABLE, |lot| {
				let lot = lot.as_mut().unwrap();
				(lot.burn, lot.validators) = (burn, validators);
			});
		};
		set(Balance::MAX, 1);
		fund(asset_price(STABLE, 100));
		assert_noop!(distribute(asset_price(STABLE, 100)), Error::<Test>::PriceNotOnAccount);
		set(15, 10);
		assert_ok!(distribute(asset_price(STABLE, 100)));
	});
}

#[test]
fn a_payout_that_fails_should_change_nothing() {
	build_and_execute(|| {
		fund(native_price(100));
		PayoutsFail::set(true);
		assert_noop!(distribute(native_price(100)), DispatchError::Other("payouts fail"));
		PayoutsFail::set(false);
		assert_ok!(distribute(native_price(100)));
	});
}

proptest! {
	/// Whatever the shares and the price, nothing is lost, nothing appears, and every share but the
	/// treasury's is its part rounded down.
	#[test]
	fn shares_should_sum_to_the_price(
		amount in prop_oneof![0..1_000u128, any::<u128>()],
		cuts in prop::array::uniform3(0..=1_000_000u32),
		rate in 0..=1_000_000u32,
		listed: bool,
	) {
		let mut cuts = cuts;
		cuts.sort_unstable();
		let [a, b, c] = cuts;
		let parts = [a, b - a, c - b, 1_000_000 - c].map(Permill::from_parts);
		let configuration = crate::Configuration {
			shares: Split {
				provider: parts[0],
				burn: parts[1],
				validators: parts[2],
				treasury: parts[3],
			},
			emission_rate: Permill::from_parts(rate),
			..Default::default()
		};
		prop_assert!(configuration.validate::<Test>().is_ok());

		let shares = configuration.terms().shares_of(native_price(amount), listed);
		let sum = [shares.provider, shares.burned, shares.validators, shares.treasury]
			.into_iter()
			.try_fold(0u128, u128::checked_add);
		prop_assert_eq!(sum, Some(amount));
		prop_assert_eq!(shares.provider, parts[0].mul_floor(amount));
		prop_assert_eq!(shares.burned, parts[1].mul_floor(amount));
		prop_assert_eq!(shares.validators, parts[2].mul_floor(amount));
		prop_assert!(shares.treasury - parts[3].mul_floor(amount) <= 3);
		prop_assert!(shares.emitted <= shares.burned);
		prop_assert!(listed || shares.emitted == 0);
	}
}
