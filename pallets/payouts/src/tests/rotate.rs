use crate::{mock::*, Claimable, Claims, Error, Event};
use assay_market::{
	traits::{PayoutReason, Payouts as _},
	Balance, Quote,
};
use frame_support::{assert_noop, assert_ok};

#[test]
fn rotation_should_move_every_claim_and_merge_it() {
	build_and_execute(|| {
		earn(ALICE, native(5));
		earn(ALICE, asset(STABLE, 7));
		earn(ALICE, asset(COARSE, 100));
		earn(BOB, native(11));
		assert_ok!(Payouts::pay(&PAYER, &BOB, native(1), PayoutReason::Premium));
		events();

		assert_ok!(Payouts::rotate(&ALICE, &BOB));
		assert_eq!(events(), [Event::Rotated { from: ALICE, to: BOB }]);
		assert!(Payouts::claimable(ALICE).is_empty());
		let mut claimable = Payouts::claimable(BOB);
		claimable.sort_by_key(|one| (one.price.quote, one.reason));
		let reason = PayoutReason::Earnings;
		assert_eq!(
			claimable,
			[
				Claimable { price: native(16), reason },
				Claimable { price: native(1), reason: PayoutReason::Premium },
				Claimable { price: asset(STABLE, 7), reason },
				Claimable { price: asset(COARSE, 100), reason },
			]
		);
		assert_eq!(Payouts::waiting(Quote::Native), 17);
	});
}

#[test]
fn rotation_of_nothing_or_to_itself_should_do_nothing() {
	build_and_execute(|| {
		assert_ok!(Payouts::rotate(&ALICE, &BOB));
		earn(ALICE, native(5));
		events();
		assert_ok!(Payouts::rotate(&ALICE, &ALICE));
		assert_eq!(events(), []);
		assert_eq!(Payouts::claimable(ALICE).len(), 1);
	});
}

#[test]
fn rotation_should_leave_no_account_with_too_many_assets() {
	build_and_execute(|| {
		earn(ALICE, asset(STABLE, 7));
		earn(ALICE, asset(COARSE, 100));
		earn(BOB, asset(OTHER, 7));
		let rotate =
			|| frame_support::storage::with_storage_layer(|| Payouts::rotate(&ALICE, &BOB));
		assert_noop!(rotate(), Error::<Test>::TooManyQuotes);
		assert_ok!(Payouts::claim(RuntimeOrigin::signed(BOB), Quote::Asset(OTHER), None));
		assert_ok!(rotate());
		assert_eq!(Payouts::assets_of(&BOB), 2);
	});
}

#[test]
fn rotation_that_overflows_should_be_refused() {
	build_and_execute(|| {
		earn(ALICE, native(5));
		earn(BOB, native(5));
		let set = |amount| {
			Claims::<Test>::mutate(BOB, Quote::Native, |claim| {
				claim.try_insert(PayoutReason::Earnings, amount).unwrap();
			});
		};
		set(Balance::MAX);
		// As inside a call, whose changes are undone when it fails.
		let rotated =
			|| frame_support::storage::with_storage_layer(|| Payouts::rotate(&ALICE, &BOB));
		assert_noop!(rotated(), Error::<Test>::Overflow);
		set(5);
	});
}
