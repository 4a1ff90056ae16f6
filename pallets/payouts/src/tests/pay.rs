use crate::{mock::*, Claimable, Error, Event, Totals, REASONS_MAX};
use assay_market::{
	traits::{PayoutReason, Payouts as _},
	Balance, Price, Quote,
};
use frame_support::{
	assert_noop, assert_ok,
	storage::with_storage_layer,
	traits::{LockableCurrency, WithdrawReasons},
};
use sp_runtime::DispatchResult;

/// A payment as inside a call, whose changes are undone when it fails.
fn pay(price: Price, reason: PayoutReason) -> DispatchResult {
	with_storage_layer(|| Payouts::pay(&PAYER, &ALICE, price, reason))
}

#[test]
fn a_payment_should_move_the_money_and_wait_for_its_receiver() {
	for price in [native(500), asset(STABLE, 500), asset(COARSE, 500)] {
		build_and_execute(|| {
			let before = balance(Payouts::pallet_account(), price.quote);
			assert_ok!(pay(price, PayoutReason::Premium));

			let reason = PayoutReason::Premium;
			assert_eq!(events(), [Event::Paid { from: PAYER, to: ALICE, price, reason }]);
			assert_eq!(balance(PAYER, price.quote), WEALTH - 500);
			assert_eq!(balance(Payouts::pallet_account(), price.quote), before + 500);
			assert_eq!(Payouts::claimable(ALICE), [Claimable { price, reason }]);
			assert_eq!(Payouts::waiting(price.quote), 500);
		});
	}
}

#[test]
fn payments_should_add_up_by_reason_and_quote() {
	build_and_execute(|| {
		for (price, reason) in [
			(native(1), PayoutReason::Earnings),
			(native(2), PayoutReason::Premium),
			(native(4), PayoutReason::Earnings),
			(asset(STABLE, 8), PayoutReason::Earnings),
		] {
			assert_ok!(pay(price, reason));
		}
		let mut claimable = Payouts::claimable(ALICE);
		claimable.sort_by_key(|one| (one.price.quote, one.reason));
		assert_eq!(
			claimable,
			[
				Claimable { price: native(5), reason: PayoutReason::Earnings },
				Claimable { price: native(2), reason: PayoutReason::Premium },
				Claimable { price: asset(STABLE, 8), reason: PayoutReason::Earnings },
			]
		);
		assert_eq!(Payouts::waiting(Quote::Native), 7);
		assert_eq!(Payouts::waiting(Quote::Asset(STABLE)), 8);
	});
}

#[test]
fn every_reason_should_fit_into_a_claim() {
	build_and_execute(|| {
		for reason in PayoutReason::ALL {
			assert_ok!(pay(native(1), reason));
		}
		assert_eq!(Payouts::claimable(ALICE).len(), PayoutReason::ALL.len());
		assert!(PayoutReason::ALL.len() <= usize::try_from(REASONS_MAX).unwrap());
	});
}

#[test]
fn a_dead_receiver_should_be_paid_even_one_unit() {
	build_and_execute(|| {
		earn(DEAD, native(1));
		assert_eq!(Payouts::claimable(DEAD).len(), 1);
	});
}

#[test]
fn a_payment_of_nothing_should_do_nothing() {
	build_and_execute(|| {
		assert_ok!(pay(native(0), PayoutReason::Earnings));
		assert_ok!(pay(asset(99, 0), PayoutReason::Earnings));
		assert_eq!(events(), []);
		assert!(Payouts::claimable(ALICE).is_empty());
	});
}

#[test]
fn a_payer_should_keep_its_existential_deposit_but_no_asset() {
	build_and_execute(|| {
		let too_much = native(WEALTH - ED + 1);
		assert_noop!(pay(too_much, PayoutReason::Earnings), Error::<Test>::InsufficientFunds);
		assert_noop!(pay(native(WEALTH), PayoutReason::Earnings), Error::<Test>::InsufficientFunds);
		assert_ok!(pay(native(WEALTH - ED), PayoutReason::Earnings));
		assert_ok!(pay(asset(STABLE, WEALTH), PayoutReason::Earnings));
		assert_eq!(balance(PAYER, Quote::Native), ED);
		assert_eq!(balance(PAYER, Quote::Asset(STABLE)), 0);
	});
}

#[test]
fn a_payer_with_less_should_be_refused() {
	build_and_execute(|| {
		for price in [native(Balance::MAX), native(WEALTH + 1), asset(STABLE, WEALTH + 1)] {
			assert_noop!(pay(price, PayoutReason::Earnings), Error::<Test>::InsufficientFunds);
		}
		assert_noop!(
			Payouts::pay(&DEAD, &ALICE, native(1), PayoutReason::Earnings),
			Error::<Test>::InsufficientFunds
		);
	});
}

#[test]
fn a_payer_left_with_dust_of_an_asset_should_be_refused() {
	build_and_execute(|| {
		assert_noop!(
			pay(asset(COARSE, WEALTH - COARSE_MINIMUM + 1), PayoutReason::Earnings),
			Error::<Test>::DustWouldBeLost
		);
		assert_ok!(pay(asset(COARSE, WEALTH - COARSE_MINIMUM), PayoutReason::Earnings));
	});
}

#[test]
fn too_little_of_an_asset_to_open_the_pallets_account_should_be_refused() {
	build_and_execute(|| {
		assert_noop!(
			pay(asset(COARSE, COARSE_MINIMUM - 1), PayoutReason::Earnings),
			Error::<Test>::ReceiverBelowMinimum
		);
	});
}

#[test]
fn a_payer_with_frozen_money_should_be_refused_by_name() {
	build_and_execute(|| {
		let lock = |amount| {
			Balances::set_lock(*b"a test's", &PAYER, amount, WithdrawReasons::all());
		};
		lock(WEALTH);
		assert_noop!(pay(native(1), PayoutReason::Earnings), Error::<Test>::Frozen);
		let too_much = native(WEALTH - ED + 1);
		assert_noop!(pay(too_much, PayoutReason::Earnings), Error::<Test>::InsufficientFunds);
		lock(WEALTH - 1);
		assert_ok!(pay(native(1), PayoutReason::Earnings));
	});
}

#[test]
fn an_unknown_or_frozen_asset_should_be_refused() {
	build_and_execute(|| {
		assert_noop!(pay(asset(99, 1), PayoutReason::Earnings), Error::<Test>::UnknownAsset);
		assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ADMIN), STABLE));
		assert_noop!(pay(asset(STABLE, 1), PayoutReason::Earnings), Error::<Test>::Frozen);
	});
}

#[test]
fn one_asset_too_many_of_an_account_should_be_refused_until_another_is_claimed() {
	build_and_execute(|| {
		earn(ALICE, asset(STABLE, 100));
		earn(ALICE, asset(COARSE, 100));
		assert_eq!(Payouts::assets_of(&ALICE), MaxQuotes::get());
		assert_noop!(pay(asset(OTHER, 1), PayoutReason::Earnings), Error::<Test>::TooManyQuotes);
		// Open claims still take payments.
		earn(ALICE, asset(STABLE, 1));

		assert_ok!(Payouts::claim(RuntimeOrigin::signed(ALICE), Quote::Asset(COARSE), None));
		earn(ALICE, asset(OTHER, 1));
	});
}

#[test]
fn claims_that_nobody_takes_should_stand_in_nobody_elses_way() {
	build_and_execute(|| {
		for id in [STABLE, COARSE] {
			earn(DEAD, asset(id, 100));
		}
		// Neither payments to others nor those in the native token.
		earn(BOB, asset(OTHER, 1));
		earn(BOB, native(1));
		earn(DEAD, native(1));
	});
}

#[test]
fn sums_that_do_not_fit_should_be_refused() {
	build_and_execute(|| {
		earn(ALICE, native(10));
		Totals::<Test>::insert(Quote::Native, Balance::MAX);
		assert_noop!(pay(native(1), PayoutReason::Earnings), Error::<Test>::Overflow);
		Totals::<Test>::insert(Quote::Native, 10);
	});
}
