//! Capacity that is declared and not there: prices fall, and vouchers are minted cheaply.

use assay_market::Balance;
use pallet_vouchers::{stepped, Utilisation, LEAST_FLOOR};

use crate::{
	deal::{Deal, Kind, World, AUTHOR},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const BOTH: Coalition = Coalition::of(&[Role::Provider, Role::User]);
/// Days on which the market looks idle.
const DAYS: u32 = 30;

/// A month of full steps down while everybody else is served as before; then vouchers are minted.
pub(super) fn faking_capacity(world: &World) -> Vec<Outcome> {
	let faked = Utilisation { demand: world.units, capacity: Balance::from(u64::MAX) };
	let low = (0..DAYS).fold(world.unit_price, |price, _| {
		stepped(price, LEAST_FLOOR, faked, &world.setting.vouchers)
			.expect("amounts of the search fit")
	});
	let cheap = World { unit_price: low, ..*world };
	let mut held = Deal::minted(cheap, Kind::USUAL);
	held.refund();
	let mut used = Deal::minted(cheap, Kind::USUAL);
	used.settle(AUTHOR);
	vec![
		Outcome { tactic: "minted low, reclaimed", needs: BOTH, books: held.close() },
		Outcome { tactic: "minted low, served by oneself", needs: BOTH, books: used.close() },
	]
}
