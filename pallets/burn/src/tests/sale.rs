use crate::{mock::*, Error, Event, LastVisited, Lot, Lots, SaleTerms};
use assay_market::{
	traits::{BurnReason, Settlement as _},
	AssetId, Balance, Tick,
};
use frame_support::{assert_ok, traits::Hooks, weights::Weight, weights::WeightMeter};
use sp_runtime::{DispatchError, Permill};

/// Ticks between orders here.
const PERIOD: Tick = 10;

/// Orders of at most a quarter of a percent of the reserve every ten ticks, 2 % below the average.
fn set_terms() {
	let terms = SaleTerms {
		period: PERIOD,
		reserve_share: Permill::from_parts(2_500),
		tolerance: Permill::from_percent(2),
		averaging: 20,
	};
	assert_ok!(Burn::set_sale_terms(RuntimeOrigin::root(), terms));
}

/// A job whose price leaves a quarter of it to be sold, 60 % of that for burning, and the first look
/// at its pool.
fn open_lot(id: AssetId, to_sell: Balance) {
	settle(asset_price(id, to_sell * 4), false);
	let lot = Lots::<Test>::get(id).unwrap();
	assert_eq!((lot.burn, lot.validators), (to_sell * 6 / 10, to_sell * 4 / 10));
	next_block();
	events();
}

/// Multiplies the pool's native reserve.
fn move_price(id: AssetId, percent: Balance) {
	Pools::mutate(|pools| {
		let (native, asset) = pools[&id];
		pools.insert(id, (native * percent / 100, asset));
	});
}

/// What a pool in its first state pays for an amount.
fn proceeds_of(amount: Balance) -> Balance {
	RESERVE * amount * 997 / (2 * RESERVE * 1_000 + amount * 997)
}

#[test]
fn a_lot_should_be_sold_after_a_period_and_its_proceeds_shared() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		next_blocks(PERIOD - 1);
		assert_eq!(events(), []);
		let issuance = Balances::total_issuance();

		next_block();
		let proceeds = proceeds_of(100_000);
		let burned = proceeds * 6 / 10;
		let validators = proceeds - burned;
		assert_eq!(
			events(),
			[Event::Sold {
				asset: STABLE,
				amount: 100_000,
				proceeds,
				burned,
				validators,
				insurance: 0
			}]
		);
		assert_eq!(Balances::total_issuance(), issuance - burned);
		assert_eq!(pot(), validators);
		assert_eq!(Burn::supply_of_era(0).burned.get(&BurnReason::Sales), Some(&burned));
		assert_eq!(units(STABLE, Burn::account()), 0);
		assert_eq!(Balances::free_balance(Burn::account()), ED);

		// Sold out, it is closed on the next visit.
		next_block();
		assert!(Burn::waiting_for_sale().is_empty());
	});
}

#[test]
fn an_order_should_be_bounded_by_the_pools_reserve() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 1_250_000);
		next_blocks(PERIOD);
		let order = 2 * RESERVE / 400;
		assert!(matches!(events()[..], [Event::Sold { amount, .. }] if amount == order));
		let lot = Lots::<Test>::get(STABLE).unwrap();
		assert_eq!(lot.units(), Some(1_250_000 - order));
		assert_eq!((lot.burn, lot.validators), (450_000, 300_000));

		next_blocks(PERIOD - 1);
		assert_eq!(events(), []);
		// Somebody has bought what was sold; the next order is due.
		Pools::mutate(|pools| pools.insert(STABLE, (RESERVE, 2 * RESERVE)));
		next_block();
		assert!(matches!(events()[..], [Event::Sold { .. }]));
	});
}

#[test]
fn a_price_below_the_tolerance_should_fail_and_be_tried_again() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		next_blocks(PERIOD - 1);
		let before = Lots::<Test>::get(STABLE).unwrap();
		// A fifth lower in the last block: the average of ten ticks follows by a tenth of it.
		move_price(STABLE, 80);
		next_block();
		let least = 49_000 * 98 / 100;
		let error = DispatchError::Unavailable;
		assert_eq!(events(), [Event::SaleFailed { asset: STABLE, amount: 100_000, least, error }]);
		let after = Lots::<Test>::get(STABLE).unwrap();
		assert_eq!((after.burn, after.validators), (before.burn, before.validators));
		assert_eq!(after.order_at, before.order_at + PERIOD);
		assert_eq!(units(STABLE, Burn::account()), 100_000);

		move_price(STABLE, 125);
		next_blocks(PERIOD);
		assert!(matches!(events()[..], [Event::Sold { .. }]));
	});
}

#[test]
fn a_price_that_stays_low_should_become_the_average() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		next_blocks(PERIOD - 1);
		move_price(STABLE, 80);
		next_blocks(20 * PERIOD);
		assert!(matches!(events().last(), Some(Event::Sold { .. })));
	});
}

#[test]
fn a_pool_that_pays_less_than_agreed_should_get_nothing() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		PoolsCheat::set(true);
		next_blocks(PERIOD);
		let error = Error::<Test>::SoldTooCheap.into();
		let least = 49_000;
		assert_eq!(events(), [Event::SaleFailed { asset: STABLE, amount: 100_000, least, error }]);
		assert_eq!(units(STABLE, Burn::account()), 100_000);
		assert_eq!(pot(), 0);
	});
}

#[test]
fn a_lot_without_a_pool_should_fail_by_name_and_wait() {
	build_and_execute(|| {
		set_terms();
		Pools::set(Default::default());
		open_lot(STABLE, 100_000);
		next_blocks(PERIOD);
		let error = Error::<Test>::NoPool.into();
		assert_eq!(events(), [Event::SaleFailed { asset: STABLE, amount: 0, least: 0, error }]);
		// An empty pool is none.
		Pools::set([(STABLE, (0, 0))].into());
		next_blocks(PERIOD);
		assert!(matches!(events()[..], [Event::SaleFailed { amount: 0, .. }]));

		// A pool that comes back is watched for a period first.
		Pools::set([(STABLE, (RESERVE, 2 * RESERVE))].into());
		next_blocks(PERIOD);
		assert_eq!(events(), []);
		next_block();
		assert!(matches!(events()[..], [Event::Sold { .. }]));
	});
}

#[test]
fn a_pool_that_went_and_came_back_should_be_watched_anew() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		next_blocks(PERIOD - 2);
		Pools::set(Default::default());
		next_block();
		// Whoever made the new pool chose its price: at a tenth, it would rob an order that is due.
		Pools::set([(STABLE, (RESERVE / 10, 2 * RESERVE))].into());
		next_blocks(PERIOD);
		assert_eq!(events(), []);
		assert_eq!(units(STABLE, Burn::account()), 100_000);
	});
}

#[test]
fn a_lot_worth_less_than_a_unit_should_wait_without_noise() {
	build_and_execute(|| {
		set_terms();
		// Ten thousand units are worth one.
		Pools::set([(STABLE, (RESERVE, 10_000 * RESERVE))].into());
		open_lot(STABLE, 5_000);
		next_blocks(3 * PERIOD);
		assert_eq!(events(), []);
		assert_eq!(units(STABLE, Burn::account()), 5_000);
	});
}

#[test]
fn lots_should_be_visited_in_turn() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		open_lot(OTHER, 100_000);
		let mut visited = Vec::new();
		for _ in 0..6 {
			next_block();
			visited.push(LastVisited::<Test>::get().unwrap());
		}
		assert_ne!(visited[0], visited[1]);
		assert_eq!(visited[..2], visited[2..4]);
		assert_eq!(visited[..2], visited[4..]);

		// Each is sold in a block of its own.
		next_blocks(PERIOD - 8);
		assert_eq!(events(), []);
		next_block();
		assert_eq!(events().len(), 1);
		next_block();
		assert_eq!(events().len(), 1);
	});
}

#[test]
fn nothing_should_be_sold_while_the_clock_stands_still() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		for _ in 0..5 * PERIOD {
			Burn::on_poll(1, &mut WeightMeter::new());
		}
		assert_eq!(events(), []);
	});
}

#[test]
fn nothing_should_happen_without_weight() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		Now::set(PERIOD + 1);
		use crate::WeightInfo;
		let look = <() as WeightInfo>::on_poll();
		for limit in [Weight::zero(), look] {
			let mut meter = WeightMeter::with_limit(limit);
			Burn::on_poll(1, &mut meter);
			assert_eq!(meter.consumed(), limit);
			assert_eq!(events(), []);
		}
		let limit = look + <() as WeightInfo>::visit_lot();
		Burn::on_poll(1, &mut WeightMeter::with_limit(limit));
		assert_eq!(events().len(), 1);
	});
}

#[test]
fn a_lot_that_grows_should_keep_its_average_and_date() {
	build_and_execute(|| {
		set_terms();
		open_lot(STABLE, 100_000);
		next_blocks(5);
		let before = Lots::<Test>::get(STABLE).unwrap();
		assert!(before.average.is_some());
		settle(asset_price(STABLE, 400_000), false);
		let after = Lots::<Test>::get(STABLE).unwrap();
		assert_eq!(after, Lot { burn: 120_000, validators: 80_000, ..before });
	});
}
