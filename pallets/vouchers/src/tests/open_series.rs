//! Opening series.

use crate::{mock::*, *};
use assay_market::{Quote, SeriesId};
use frame_support::{assert_noop, assert_ok, traits::fungibles::metadata::Inspect};
use sp_runtime::DispatchResult;

fn open_native() -> DispatchResult {
	Vouchers::open_series(by(ANYBODY), Quote::Native)
}

#[test]
fn series_should_open_at_the_controllers_price_with_fixed_times() {
	ExtBuilder::default().build_and_execute(|| {
		let now = Now::get();
		assert_ok!(open_native());
		let opened = Event::SeriesOpened {
			series: SeriesId(0),
			quote: Quote::Native,
			price_per_unit: 100,
			asset: FIRST_VOUCHER,
			closes_at: now + 10 * DAY,
			expires_at: now + 30 * DAY,
			grace_ends_at: now + 44 * DAY,
		};
		assert_eq!(events(), [opened]);
		let record = Quotes::<Test>::get(Quote::Native).unwrap();
		assert_eq!(record.live_series, 1);
		let last = LastSeries { opened_at: now, closes_at: now + 10 * DAY, price_per_unit: 100 };
		assert_eq!(record.last, Some(last));
	});
}

#[test]
fn vouchers_should_be_a_named_asset_that_nobody_governs() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(open_native());
		assert_eq!(<Assets as Inspect<_>>::name(FIRST_VOUCHER), b"Compute voucher 0".to_vec());
		assert_eq!(<Assets as Inspect<_>>::symbol(FIRST_VOUCHER), b"CU0".to_vec());
		assert_eq!(<Assets as Inspect<_>>::decimals(FIRST_VOUCHER), 6);
		let details = Assets::asset_details(FIRST_VOUCHER).unwrap();
		let owner = Vouchers::owner_account();
		assert_eq!(
			(details.owner, details.issuer, details.admin, details.freezer),
			(owner.clone(), owner.clone(), owner.clone(), owner)
		);
		assert_eq!((details.min_balance, details.is_sufficient), (1, false));
	});
}

#[test]
fn at_most_one_series_a_day_should_open() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(open_native());
		Quotes::<Test>::mutate(Quote::Native, |record| record.as_mut().unwrap().price = 200);
		pass(DAY - 1);
		assert_noop!(open_native(), Error::<Test>::SeriesTooSoon);
		pass(1);
		assert_ok!(open_native());
	});
}

#[test]
fn second_series_should_wait_for_a_move_of_five_percent() {
	ExtBuilder::default().build_and_execute(|| {
		// At this use the price stays.
		Capacity::set(0);
		assert_ok!(open_native());
		pass(DAY);
		assert_noop!(open_native(), Error::<Test>::PriceUnmoved);
		// An idle market lowers it by 5 % in the same call.
		Capacity::set(1_000);
		assert_ok!(open_native());
		assert_eq!(series(SeriesId(1)).price_per_unit, 95);
	});
}

#[test]
fn series_should_open_at_an_unmoved_price_when_none_is_open() {
	ExtBuilder::default().build_and_execute(|| {
		Capacity::set(0);
		assert_ok!(open_native());
		pass(10 * DAY - 1);
		assert_noop!(open_native(), Error::<Test>::PriceUnmoved);
		pass(1);
		assert_ok!(open_native());
		assert_eq!(series(SeriesId(1)).price_per_unit, 100);
	});
}

#[test]
fn quotes_should_open_series_independently() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		assert_ok!(open_native());
		assert_ok!(Vouchers::open_series(by(ANYBODY), Quote::Asset(STABLE)));
		assert_eq!(series(SeriesId(1)).asset, FIRST_VOUCHER + 1);
		assert_noop!(
			Vouchers::open_series(by(ANYBODY), Quote::Asset(77)),
			Error::<Test>::UnknownQuote
		);
	});
}

#[test]
fn live_series_of_a_quote_should_be_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		MaxLiveSeries::set(3);
		for _ in 0..3 {
			assert_ok!(open_native());
			pass(10 * DAY);
		}
		assert_noop!(open_native(), Error::<Test>::TooManySeries);
		pass(14 * DAY);
		assert_ok!(Vouchers::close_series(by(ANYBODY), SeriesId(0)));
		assert_ok!(open_native());
	});
}

#[test]
fn asset_whose_team_changed_should_open_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		assert_ok!(Assets::set_team(by(ISSUER), STABLE, ISSUER, ISSUER, ANYBODY));
		assert_noop!(
			Vouchers::open_series(by(ANYBODY), Quote::Asset(STABLE)),
			Error::<Test>::TeamChanged
		);
		let accept = |origin, asset| Vouchers::accept_team(origin, asset, Statement::default());
		assert_noop!(accept(by(ISSUER), STABLE), sp_runtime::traits::BadOrigin);
		assert_noop!(accept(RuntimeOrigin::root(), 77), Error::<Test>::UnknownQuote);
		events();
		assert_ok!(accept(RuntimeOrigin::root(), STABLE));
		assert_eq!(events(), [Event::TeamAccepted { asset: STABLE }]);
		assert_ok!(Vouchers::open_series(by(ANYBODY), Quote::Asset(STABLE)));
	});
}

#[test]
fn numbers_of_squatted_assets_should_be_skipped() {
	ExtBuilder::default().build_and_execute(|| {
		for squatted in [FIRST_VOUCHER, FIRST_VOUCHER + 1, FIRST_VOUCHER + 3] {
			assert_ok!(Assets::create(by(ANYBODY), squatted, ANYBODY, 1));
		}
		assert_ok!(open_native());
		assert_eq!(series(SeriesId(2)).asset, FIRST_VOUCHER + 2);
		pass(10 * DAY);
		assert_ok!(open_native());
		assert_eq!(series(SeriesId(4)).asset, FIRST_VOUCHER + 4);
		assert_eq!(AllSeries::<Test>::iter().count(), 2);
	});
}

#[test]
fn too_many_squatted_assets_should_be_named_as_the_cause() {
	ExtBuilder::default().build_and_execute(|| {
		for squatted in FIRST_VOUCHER..=FIRST_VOUCHER + SKIPPED_MAX {
			assert_ok!(Assets::create(by(ANYBODY), squatted, ANYBODY, 1));
		}
		assert_noop!(open_native(), Error::<Test>::AssetIdTaken);
		assert_ok!(Assets::start_destroy(by(ANYBODY), FIRST_VOUCHER + SKIPPED_MAX));
		assert_ok!(Assets::finish_destroy(by(ANYBODY), FIRST_VOUCHER + SKIPPED_MAX));
		assert_ok!(open_native());
		assert_eq!(series(SeriesId(SKIPPED_MAX)).asset, FIRST_VOUCHER + SKIPPED_MAX);
	});
}

#[test]
fn numbers_and_times_that_do_not_fit_should_be_errors() {
	ExtBuilder::default().build_and_execute(|| {
		NextSeriesId::<Test>::put(SeriesId(u32::MAX));
		assert_noop!(open_native(), Error::<Test>::Overflow);
		NextSeriesId::<Test>::kill();
		Now::set(u32::MAX - DAY);
		Quotes::<Test>::mutate(Quote::Native, |record| {
			record.as_mut().unwrap().stepped_at = Now::get();
		});
		assert_noop!(open_native(), Error::<Test>::Overflow);
	});
}

#[test]
fn owner_that_cannot_pay_for_names_should_be_named_as_the_cause() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(Balances::force_set_balance(
			RuntimeOrigin::root(),
			Vouchers::owner_account(),
			ED
		));
		assert_noop!(open_native(), Error::<Test>::OwnerCannotDeposit);
		// Anybody can help.
		assert_ok!(Balances::transfer_keep_alive(by(ANYBODY), Vouchers::owner_account(), 1_000));
		assert_ok!(open_native());
	});
}
