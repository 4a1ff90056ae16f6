//! Rates of quoted assets: moved slowly, refused when stale, never needed for paying.

use crate::{mock::*, *};
use assay_market::{traits::Vouchers as _, Balance, Price, Quote};
use frame_support::{
	assert_noop, assert_ok,
	traits::Hooks,
	weights::{Weight, WeightMeter},
};
use sp_runtime::FixedU128;

const QUOTE: Quote = Quote::Asset(STABLE);

fn value(amount: Balance) -> Result<Balance, sp_runtime::DispatchError> {
	Vouchers::native_value(Price { quote: QUOTE, amount })
}

#[test]
fn native_amounts_should_be_worth_themselves() {
	ExtBuilder::without_quotes().build_and_execute(|| {
		let price = Price { quote: Quote::Native, amount: Balance::MAX };
		assert_eq!(Vouchers::native_value(price), Ok(Balance::MAX));
	});
}

#[test]
fn value_of_an_asset_should_be_rounded_up() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let native_per_unit = FixedU128::from_rational(1, 3);
		Rates::<Test>::insert(STABLE, Rate { native_per_unit, updated_at: Now::get() });
		assert_eq!(value(0), Ok(0));
		assert_eq!(value(1), Ok(1));
		assert_eq!(value(4), Ok(2));
		assert_noop!(
			Vouchers::native_value(Price { quote: Quote::Asset(77), amount: 1 }),
			Error::<Test>::UnknownQuote
		);
		let native_per_unit = FixedU128::from_u32(2);
		Rates::<Test>::insert(STABLE, Rate { native_per_unit, updated_at: Now::get() });
		assert_noop!(value(Balance::MAX), Error::<Test>::Overflow);
	});
}

#[test]
fn rate_should_follow_the_pool_in_proportion_to_time() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		events();
		Pools::set([(STABLE, (10, 1))].into());
		poll(1);
		assert_noop!(Vouchers::update_rate(by(ANYBODY), STABLE), Error::<Test>::RateTooSoon);
		pass(4);
		assert_noop!(Vouchers::update_rate(by(ANYBODY), STABLE), Error::<Test>::RateTooSoon);
		pass(16);
		assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
		// A fifth of a day moves it by a fifth of 5 %.
		let native_per_unit = FixedU128::from_rational(202, 100);
		let pool_rate = FixedU128::from_rational(21, 10);
		let updated =
			Event::RateUpdated { asset: STABLE, native_per_unit, pool_rate, observations: 1 };
		assert_eq!(events(), [updated]);
		assert_eq!(value(100), Ok(202));
		assert_noop!(Vouchers::update_rate(by(ANYBODY), STABLE), Error::<Test>::RateTooSoon);
	});
}

#[test]
fn rate_should_not_move_without_a_usable_pool() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		pass(DAY);
		let update = |asset| Vouchers::update_rate(by(ANYBODY), asset);
		assert_noop!(update(77), Error::<Test>::UnknownQuote);
		assert_noop!(update(STABLE), Error::<Test>::NotObserved);
		for reserves in [(0, 5), (5, 0), (Balance::MAX, 1), (1, Balance::MAX)] {
			Pools::set([(STABLE, reserves)].into());
			poll(1);
			assert_noop!(update(STABLE), Error::<Test>::NotObserved);
		}
		Pools::set(Default::default());
		poll(1);
		assert_noop!(update(STABLE), Error::<Test>::NotObserved);
		Rates::<Test>::insert(
			STABLE,
			Rate { native_per_unit: FixedU128::from_inner(Balance::MAX), updated_at: 0 },
		);
		Pools::set([(STABLE, (3, 1))].into());
		poll(1);
		assert_noop!(update(STABLE), Error::<Test>::RateOutOfRange);
	});
}

#[test]
fn trades_within_a_block_should_not_reach_the_rate() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		poll(9);
		pass(DAY);
		// Distorted, moved and put back in one transaction.
		Pools::set([(STABLE, (1_000, 1))].into());
		assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
		assert_eq!(value(1_000), Ok(2_000));
		// Distorted at the start of one block of ten: it moves by a tenth of what it could.
		poll(1);
		Pools::set([(STABLE, (2, 1))].into());
		poll(9);
		assert_eq!(PoolMeans::<Test>::get(STABLE).observations, 10);
		pass(DAY);
		assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
		let rate = Rates::<Test>::get(STABLE).unwrap().native_per_unit;
		let expected = FixedU128::from_rational(201, 100);
		assert!(rate.into_inner().abs_diff(expected.into_inner()) < 100, "{rate:?}");
	});
}

#[test]
fn pools_should_be_observed_only_while_there_is_weight() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let one = <() as WeightInfo>::observe_pool();
		for (limit, observations) in
			[(Weight::zero(), 0), (one - Weight::from_parts(1, 0), 0), (one, 1)]
		{
			Vouchers::on_poll(1, &mut WeightMeter::with_limit(limit));
			assert_eq!(PoolMeans::<Test>::get(STABLE).observations, observations);
		}
	});
}

#[test]
fn stale_rate_should_refuse_what_is_new_and_nothing_old() {
	ExtBuilder::default().build_and_execute(|| {
		register_stable();
		let id = minted(QUOTE, 1_000);
		assert_ok!(escrow(&BUYER, id, 500));
		pass(DAY - 1);
		assert_ok!(Vouchers::terms(id));
		pass(1);
		assert_noop!(value(1), Error::<Test>::StaleRate);
		assert_noop!(Vouchers::terms(id), Error::<Test>::StaleRate);
		assert_noop!(escrow(&BUYER, id, 1), Error::<Test>::StaleRate);
		assert_noop!(Vouchers::subscribe(by(SERVER), id, model(), 100), Error::<Test>::StaleRate);
		assert_ok!(redeem(&BUYER, id, 400, PROVIDER));
		assert_ok!(release(&BUYER, id, 100));
		poll(1);
		assert_ok!(Vouchers::update_rate(by(ANYBODY), STABLE));
		assert_ok!(escrow(&BUYER, id, 1));
	});
}
