//! What can be asked before acting.

use crate::{mock::*, *};
use assay_market::{Price, Quote, SeriesId};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::FixedU128;

#[test]
fn series_should_show_its_phase_and_the_price_of_a_compute_unit() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = minted(Quote::Asset(STABLE), 400);
		assert_ok!(Vouchers::subscribe(by(SERVER), id, model(), 100));
		let view = Vouchers::series(id).unwrap();
		assert_eq!(view.price_per_cu, Some(100_000_000));
		assert_eq!(view.native_per_cu, Some(200_000_000));
		assert_eq!((view.phase, view.mintable), (Phase::Open, 100));
		assert_eq!(Vouchers::all_series(), [view]);
		let phase_after = |ticks| {
			pass(ticks);
			Vouchers::series(id).unwrap().phase
		};
		assert_eq!(phase_after(10 * DAY), Phase::Running);
		assert_eq!(phase_after(20 * DAY), Phase::Grace);
		assert_eq!(phase_after(14 * DAY), Phase::Over);
		assert_eq!(Vouchers::series(id).unwrap().native_per_cu, None);
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_eq!(phase_after(0), Phase::Closed);
		assert_eq!(Vouchers::series(SeriesId(7)), None);
	});
}

#[test]
fn cost_of_a_mint_should_be_what_minting_takes() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 1_000);
		for units in [1, 33, 777] {
			let quote = Vouchers::quote_mint(id, units).unwrap();
			let before = balance(Quote::Native, &BUYER);
			assert_ok!(Vouchers::mint(by(BUYER), id, units, quote.cost.total));
			assert_eq!(before - balance(Quote::Native, &BUYER), quote.cost.total);
			assert_eq!(Vouchers::mintable(id), quote.mintable - units);
		}
		assert_noop!(Vouchers::quote_mint(id, 0), Error::<Test>::ZeroUnits);
		assert_noop!(Vouchers::quote_mint(SeriesId(7), 1), Error::<Test>::UnknownSeries);
	});
}

#[test]
fn nothing_should_be_mintable_outside_the_window() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 1_000);
		assert_eq!(Vouchers::mintable(id), 1_000);
		assert_eq!(Vouchers::mintable(SeriesId(7)), 0);
		pass(10 * DAY);
		assert_eq!(Vouchers::mintable(id), 0);
	});
}

#[test]
fn account_should_see_its_vouchers_and_until_when_they_are_good() {
	ExtBuilder::default().build_and_execute(|| {
		let now = Now::get();
		let id = minted(Quote::Native, 1_000);
		assert_ok!(escrow(&BUYER, id, 300));
		let holding = Holding {
			series: id,
			phase: Phase::Open,
			free: 700,
			escrowable: 699,
			escrowed: 300,
			expires_at: now + 30 * DAY,
			reclaimable_until: now + 44 * DAY,
			reserve: Some(Price { quote: Quote::Native, amount: 70_000 }),
		};
		assert_eq!(Vouchers::vouchers_of(BUYER), [holding]);
		assert_eq!(Vouchers::vouchers_of(OTHER), []);
		pass(44 * DAY);
		assert_ok!(release(&BUYER, id, 300));
		assert_ok!(Vouchers::close_series(by(ANYBODY), id));
		assert_eq!(Vouchers::vouchers_of(BUYER), []);
	});
}

#[test]
fn quotes_should_show_rates_and_whether_they_are_fresh() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		pass(DAY);
		let mut views = Vouchers::quotes();
		views.sort_by_key(|view| view.quote);
		let shown: Vec<_> =
			views.iter().map(|view| (view.quote, view.rate, view.is_fresh)).collect();
		let rate = FixedU128::from_u32;
		assert_eq!(shown, [(Quote::Native, rate(1), true), (Quote::Asset(STABLE), rate(2), false)]);
	});
}

#[test]
fn series_should_not_answer_for_prices_that_do_not_fit() {
	ExtBuilder::default().build_and_execute(|| {
		let id = open(Quote::Native, 100);
		AllSeries::<Test>::mutate(id, |series| {
			series.as_mut().unwrap().price_per_unit = u128::MAX / 2;
		});
		assert_eq!(Vouchers::series(id).unwrap().price_per_cu, None);
		assert_noop!(Vouchers::quote_mint(id, 3), Error::<Test>::Overflow);
	});
}
