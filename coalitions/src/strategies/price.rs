//! Moving the price of compute, and holding what was bought before it moved.

use assay_market::Balance;
use pallet_vouchers::{stepped, Utilisation, LEAST_FLOOR};

use crate::{
	deal::{Deal, Kind, World, AUTHOR},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const USER_ALONE: Coalition = Coalition::of(&[Role::User]);
const BOTH: Coalition = USER_ALONE.and(Role::Provider);

/// Days on which the price is pushed.
const DAYS: usize = 3;

/// Jobs for oneself, as many as move the price by full steps, while one holds vouchers of before.
pub(super) fn wash_for_price(world: &World) -> Vec<Outcome> {
	let mut hoard = Deal::minted(*world, Kind::USUAL);
	hoard.refund();
	let mut books = hoard.close();
	let mut price = world.unit_price;
	for _ in 0..DAYS {
		// Twice the target of a market whose capacity is the job's size.
		let demand = world.units.saturating_mul(2);
		let utilisation = Utilisation { demand, capacity: world.units };
		price = stepped(price, LEAST_FLOOR, utilisation, &world.setting.vouchers)
			.expect("amounts of the search fit");
		let washed = World { unit_price: price, units: demand, ..*world };
		let mut deal = Deal::minted(washed, Kind::USUAL);
		deal.settle(AUTHOR);
		books.add(&deal.close());
	}
	vec![Outcome { tactic: "three days of full steps", needs: BOTH, books }]
}

/// Vouchers minted at the floor of a market that stood idle.
pub(super) fn hoarding(world: &World) -> Vec<Outcome> {
	let idle = Utilisation { demand: 0, capacity: Balance::from(u64::MAX) };
	let floor = stepped(world.unit_price, LEAST_FLOOR, idle, &world.setting.vouchers)
		.expect("amounts of the search fit");
	let at_floor = World { unit_price: floor, ..*world };
	let held = |tactic, needs, kind| {
		let mut deal = Deal::minted(at_floor, kind);
		deal.refund();
		Outcome { tactic, needs, books: deal.close() }
	};
	let mut served = Deal::minted(at_floor, Kind::USUAL);
	served.settle(AUTHOR);
	vec![
		held("held to the expiry", USER_ALONE, Kind::USUAL),
		held("held, underwritten by oneself", USER_ALONE.and(Role::Subscriber), Kind::USUAL),
		Outcome { tactic: "held, and served by oneself", needs: BOTH, books: served.close() },
	]
}
