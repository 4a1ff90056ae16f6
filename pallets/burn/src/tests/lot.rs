use crate::{Lot, SaleTerms};
use assay_market::{Balance, Tick};
use proptest::prelude::*;
use sp_runtime::{FixedPointNumber, FixedU128, Permill};

const TERMS: SaleTerms = SaleTerms {
	period: 10,
	reserve_share: Permill::from_parts(2_500),
	tolerance: Permill::from_percent(2),
	averaging: 100,
};

fn price(integer: u128) -> Option<FixedU128> {
	Some(FixedU128::saturating_from_integer(integer))
}

/// The lot after looks at the pool, as `(tick, price)`.
fn watched(looks: impl IntoIterator<Item = (Tick, u128)>) -> Lot {
	let mut lot = Lot::open(0, TERMS.period);
	for (tick, integer) in looks {
		lot.observe(price(integer), tick, &TERMS);
	}
	lot
}

/// The average after looks at the pool.
fn average(looks: impl IntoIterator<Item = (Tick, u128)>) -> f64 {
	watched(looks).average.map_or(0.0, FixedU128::to_float)
}

/// A look in every tick from 0 to 1000 that shows 10.
fn long_at_ten() -> impl Iterator<Item = (Tick, u128)> {
	(0..=1_000).map(|tick| (tick, 10))
}

#[test]
fn the_first_look_should_be_the_average_until_the_second() {
	assert!((average([(0, 8)]) - 8.0).abs() < 1e-9);
	assert!((average([(5, 8)]) - 8.0).abs() < 1e-9);
}

#[test]
fn a_second_look_in_the_same_tick_should_not_count() {
	assert!((average([(5, 8), (5, 80)]) - 8.0).abs() < 1e-9);
}

#[test]
fn the_average_should_begin_as_the_plain_mean() {
	// Ticks 1 to 10 at 6, 11 to 20 at 12; the first look at 1000 covers no tick.
	let looks = (1..=10).map(|tick| (tick, 6)).chain((11..=20).map(|tick| (tick, 12)));
	assert!((average([(0, 1_000)].into_iter().chain(looks)) - 9.0).abs() < 1e-9);
}

#[test]
fn a_look_should_stand_for_all_ticks_since_the_last() {
	assert!((average([(0, 1), (10, 6), (40, 10)]) - 9.0).abs() < 1e-9);
}

#[test]
fn the_average_should_forget_old_prices() {
	// After 100 ticks the old price still counts (1 - 1/100)^100.
	let old = 0.99f64.powi(100);
	let looks = long_at_ten().chain((1_001..=1_100).map(|tick| (tick, 20)));
	assert!((average(looks) - (10.0 * old + 20.0 * (1.0 - old))).abs() < 1e-6);
}

#[test]
fn a_spike_of_one_tick_should_move_the_average_by_its_part() {
	let after = |spike| average(long_at_ten().chain([(1_001, spike)]));
	assert!((after(1_010) - 20.0).abs() < 1e-9);
	assert!((after(0) - 9.9).abs() < 1e-9);
}

#[test]
fn the_first_look_should_put_the_order_off_by_a_period() {
	assert_eq!(watched([]).order_at, 10);
	assert_eq!(watched([(3, 8)]).order_at, 13);
	assert_eq!(watched([(3, 8), (4, 8)]).order_at, 13);
}

#[test]
fn a_look_after_a_long_gap_should_be_a_first_one() {
	let lot = watched(long_at_ten().chain([(1_099, 20)]));
	assert_eq!((lot.averaged_since, lot.order_at), (0, 10));
	let lot = watched(long_at_ten().chain([(1_100, 20)]));
	assert_eq!((lot.averaged_since, lot.order_at), (1_100, 1_110));
	assert_eq!(lot.average, price(20));
}

#[test]
fn a_pool_without_a_price_should_make_the_average_forgotten() {
	let mut lot = watched(long_at_ten());
	lot.observe(None, 1_001, &TERMS);
	assert_eq!(lot.average, None);
	lot.observe(price(20), 1_002, &TERMS);
	assert_eq!((lot.average, lot.order_at), (price(20), 1_012));
}

#[test]
fn extreme_prices_and_ticks_should_not_overflow() {
	let mut lot = Lot::open(Tick::MAX, Tick::MAX);
	assert_eq!(lot.order_at, Tick::MAX);
	for tick in [0, 1, 2, Tick::MAX - 1, Tick::MAX] {
		lot.observe(Some(FixedU128::from_inner(u128::MAX)), tick, &TERMS);
		lot.observe(Some(FixedU128::from_inner(0)), tick.saturating_add(1), &TERMS);
	}
	assert!(lot.average.is_some());
}

#[test]
fn more_than_the_lot_or_nothing_should_not_be_split() {
	let lot = Lot { burn: 3, validators: 2, ..Lot::open(0, 1) };
	assert_eq!(lot.split(6, 1), None);
	assert_eq!(lot.split(0, 1), None);
	assert_eq!(Lot::open(0, 1).split(0, 0), None);
	let overfull = Lot { burn: Balance::MAX, validators: 1, ..Lot::open(0, 1) };
	assert_eq!(overfull.split(1, 1), None);
	let overfull = Lot { burn: Balance::MAX - 1, validators: 1, insurance: 1, ..Lot::open(0, 1) };
	assert_eq!(overfull.split(1, 1), None);
}

proptest! {
	/// Units and proceeds are split without a rest, within the lot, and in its proportion to a unit.
	#[test]
	fn an_order_should_be_split_in_the_lots_proportion(
		parts in prop::array::uniform3(prop_oneof![Just(0), 0..10u128, 0..u128::MAX / 3]),
		part in 1..=1_000u128,
		proceeds: u128,
	) {
		let [burn, validators, insurance] = parts;
		let lot = Lot { burn, validators, insurance, ..Lot::open(0, 1) };
		let units = burn + validators + insurance;
		prop_assume!(units > 0);
		let amount = (units / 1_000 * part).max(1);
		let sale = lot.split(amount, proceeds).unwrap();
		prop_assert_eq!(sale.burn + sale.validators + sale.insurance, amount);
		prop_assert!(sale.burn <= burn);
		prop_assert!(sale.validators <= validators);
		prop_assert!(sale.insurance <= insurance);
		let shared = [sale.to_pot, sale.to_insurance].into_iter().try_fold(sale.burned, Balance::checked_add);
		prop_assert_eq!(shared, Some(proceeds));
		for (sold, brought) in [
			(sale.burn, sale.burned),
			(sale.validators, sale.to_pot),
			(sale.insurance, sale.to_insurance),
		] {
			prop_assert!(sold > 0 || brought == 0);
		}
	}

	/// An average never leaves the range of the prices that it saw.
	#[test]
	fn an_average_should_stay_between_the_prices(
		looks in prop::collection::vec((0..500u32, 1..1_000_000u128), 1..50),
		averaging in 1..1_000u32,
	) {
		let terms = SaleTerms { averaging, ..TERMS };
		let mut lot = Lot::open(0, 1);
		let mut now = 0;
		for (ticks, integer) in &looks {
			now += ticks;
			lot.observe(price(*integer), now, &terms);
		}
		let prices = || looks.iter().map(|(_, integer)| price(*integer));
		let average = lot.average;
		prop_assert!(prices().min().unwrap() <= average && average <= prices().max().unwrap());
	}
}
