//! The end of a series: swept, closed, forgotten.

use crate::{mock::*, *};
use assay_market::{traits::PayoutReason, Quote, SeriesId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn close() -> DispatchResult {
	Vouchers::close_series(by(ANYBODY), SeriesId(0))
}

fn forget() -> DispatchResult {
	Vouchers::forget_series(by(ANYBODY), SeriesId(0))
}

fn sweep() -> DispatchResult {
	Vouchers::sweep_forfeits(by(ANYBODY), SeriesId(0))
}

/// Closes a series of which half was reclaimed, where the fee is so much in the quote.
fn check_close(quote: Quote, fee: u128) {
	let id = minted(quote, 1_000);
	pass(30 * DAY);
	assert_ok!(Vouchers::reclaim(by(BUYER), id, 500));
	pass(14 * DAY);
	let before = balance(quote, &INSURANCE);
	events();
	assert_ok!(close());
	let insured = 50_000 + 2_100 - fee;
	let closed = Event::SeriesClosed { series: id, unclaimed: 500, insured, fee, sweeper: ANYBODY };
	assert_eq!(events(), [closed]);
	assert_eq!(balance(quote, &INSURANCE) - before, insured);
	assert_eq!(claimable(ANYBODY, PayoutReason::SweepFee, quote), fee);
	assert_eq!(Quotes::<Test>::get(quote).unwrap().live_series, 0);
	assert_noop!(close(), Error::<Test>::SeriesClosed);
}

#[test]
fn what_nobody_claimed_should_go_to_the_insurance_less_a_fee() {
	ExtBuilder::default().build_and_execute(|| check_close(Quote::Native, 7));
}

#[test]
fn fee_in_an_asset_should_follow_the_last_rate_even_if_it_is_stale() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		check_close(Quote::Asset(STABLE), 3);
	});
}

#[test]
fn fee_should_not_exceed_what_is_left() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 100);
		pass(30 * DAY);
		assert_ok!(Vouchers::reclaim(by(BUYER), id, 100));
		assert_ok!(sweep());
		pass(14 * DAY);
		assert_ok!(close());
		assert_eq!(claimable(ANYBODY, PayoutReason::SweepFee, Quote::Native), 0);
	});
}

#[test]
fn series_should_not_close_before_the_grace_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(close(), Error::<Test>::UnknownSeries);
		minted(Quote::Native, 1_000);
		pass(44 * DAY - 1);
		assert_noop!(close(), Error::<Test>::GraceNotOver);
		pass(1);
		assert_ok!(close());
	});
}

#[test]
fn escrow_should_keep_a_series_from_closing() {
	ExtBuilder::default().build_and_execute(|| {
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 2));
		pass(44 * DAY);
		assert_noop!(close(), Error::<Test>::StillEscrowed);
		assert_ok!(redeem(&BUYER, id, 1, PROVIDER));
		assert_noop!(close(), Error::<Test>::StillEscrowed);
		assert_ok!(release(&BUYER, id, 1));
		assert_ok!(close());
	});
}

#[test]
fn vouchers_held_by_another_pallet_should_keep_the_asset() {
	ExtBuilder::default().build_and_execute(|| {
		use frame_support::traits::fungibles::hold::Mutate;
		minted(Quote::Native, 1_000);
		// The mock has one reason; a hold without our ledger stands for another pallet's.
		let reason = HoldReason::Escrow.into();
		assert_ok!(AssetsHolder::hold(FIRST_VOUCHER, &reason, &BUYER, 5));
		pass(44 * DAY);
		assert_noop!(close(), pallet_assets::Error::<Test>::ContainsHolds);
	});
}

#[test]
fn forfeits_should_be_swept_at_any_time() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(sweep(), Error::<Test>::UnknownSeries);
		let id = minted(Quote::Native, 1_000);
		assert_noop!(sweep(), Error::<Test>::NothingToSweep);
		assert_ok!(escrow(&BUYER, id, 500));
		assert_ok!(redeem(&BUYER, id, 500, RIVAL));
		let before = balance(Quote::Native, &INSURANCE);
		events();
		assert_ok!(sweep());
		assert_eq!(events(), [Event::ForfeitsSwept { series: id, amount: 1_050 }]);
		assert_eq!(balance(Quote::Native, &INSURANCE) - before, 1_050);
		assert_noop!(sweep(), Error::<Test>::NothingToSweep);
		pass(44 * DAY);
		assert_ok!(close());
		assert_noop!(sweep(), Error::<Test>::SeriesClosed);
	});
}

#[test]
fn closed_series_should_be_forgotten_when_nothing_is_left_of_it() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(forget(), Error::<Test>::UnknownSeries);
		let id = minted(Quote::Native, 1_000);
		assert_noop!(forget(), Error::<Test>::SeriesNotClosed);
		pass(44 * DAY);
		assert_ok!(close());
		assert_noop!(forget(), Error::<Test>::SubscriptionsLeft);
		assert_ok!(Vouchers::release_subscription(by(ANYBODY), id, PROVIDER, model()));
		assert_noop!(forget(), Error::<Test>::AssetNotDestroyed);
		assert_ok!(Assets::destroy_accounts(by(ANYBODY), FIRST_VOUCHER));
		assert_noop!(forget(), Error::<Test>::AssetNotDestroyed);
		assert_ok!(Assets::destroy_approvals(by(ANYBODY), FIRST_VOUCHER));
		assert_ok!(Assets::finish_destroy(by(ANYBODY), FIRST_VOUCHER));
		events();
		assert_ok!(forget());
		assert_eq!(events(), [Event::SeriesForgotten { series: id }]);
		assert_eq!(AllSeries::<Test>::iter().count(), 0);
		// The deposit for the name is free again.
		assert_eq!(Balances::reserved_balance(Vouchers::owner_account()), 0);
	});
}
