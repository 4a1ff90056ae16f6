//! Vouchers that expire: in hand, in escrow, unclaimed.

use crate::{
	books::Party,
	deal::{Deal, Kind, World, PROVIDER, USER},
	roles::{Coalition, Role},
	strategies::Outcome,
};

const USER_ALONE: Coalition = Coalition::of(&[Role::User]);

/// Reserves reclaimed, released from escrow after the expiry, or left to whoever closes the series.
pub(super) fn expiry_games(world: &World) -> Vec<Outcome> {
	let unserved = Kind { subscribed: false, ..Kind::USUAL };
	let mut reclaimed = Deal::minted(*world, Kind::USUAL);
	reclaimed.refund();

	// A job that outlives the series: nobody answers, and its escrow becomes money.
	let mut escrowed = Deal::minted(*world, unserved);
	escrowed.refund();
	let mut late = escrowed.clone();
	late.late();

	// A series that only the coalition used: what is left of it pays its sweeper, the rest is insured.
	let mut swept = Deal::minted(*world, unserved);
	swept.refund();
	let left = world.price();
	swept.pay(USER, Party::Insurance, left);
	let fee = world.setting.vouchers.sweep_fee.min(left);
	swept.pay(Party::Insurance, PROVIDER, fee);

	let outcome = |tactic, needs, deal: Deal| Outcome { tactic, needs, books: deal.close() };
	vec![
		outcome("reclaimed in the grace period", USER_ALONE, reclaimed),
		outcome("escrowed beyond the expiry", USER_ALONE, escrowed),
		outcome("late beyond the expiry", USER_ALONE.and(Role::Provider), late),
		outcome("closed for the fee", USER_ALONE.and(Role::Provider), swept),
	]
}
