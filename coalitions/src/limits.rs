//! How far the rules of today reach: where the answer to "does it pay?" turns.

use assay_market::Balance;
use pallet_vouchers::STEP_MAX;

use crate::{
	books::{CERTAIN, PARTS},
	deal::World,
	roles::{Coalition, Role},
	rulebook::AsItIs,
	search::balance_of,
	setting::{Setting, ASY},
	strategies::{
		cheating::{refuted_at_costs, stakes},
		delaying::{censoring_chance, posting_fee},
		pool::owned_part_that_pays,
		ALL,
	},
};

/// A job of one token.
pub const SIZE: (Balance, Balance) = (1_000, ASY / 1_000);

/// What turns, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
	/// What turns.
	pub what: &'static str,
	/// Where, in words.
	pub at: String,
}

/// Every limit under these rules, for a job of one token.
pub fn limits(setting: &Setting) -> Vec<Limit> {
	let (unit_price, units) = SIZE;
	let world = World { setting, book: &AsItIs, unit_price, units };
	let (lost, gained) = stakes(&world);
	let chance = i128::from(setting.detection());
	let limit = |what, at| Limit { what, at };
	vec![
		limit(
			"Chance of being found at which a wrong answer no longer pays; b·q·h is assumed",
			format!(
				"{} %; assumed are {} %",
				decimal(gained * 100_000 / (gained + lost)),
				decimal(chance * 100_000 / CERTAIN)
			),
		),
		limit(
			"What work may be worth, beside the price by which its exposure was pinned, until it pays to \
			 save it: for jobs paid in an asset, how far the native token may fall while the rate follows \
			 by 5 % a day",
			format!("{} times", decimal(chance * lost * 1_000 / ((CERTAIN - chance) * gained))),
		),
		limit(
			"What a wrong answer may be worth to somebody elsewhere until it pays",
			format!("{} times the price", decimal(chance * (lost / ASY_PARTS) * 1_000 / CERTAIN)),
		),
		limit(
			"Costs by formula at which it pays to refute oneself, in a job of the least exposure",
			match costs_that_pay(&World { units: 1, ..world }) {
				Some(costs) => format!("{} ASY", milli(costs * 1_000 / ASY)),
				None => "none: the insurance pays no more than what burns".to_owned(),
			},
		),
		limit(
			"What a day of washing costs that moves the price by a full step, in days of the market's \
			 capacity; and the vouchers held on whose rise, if others paid it in full, it would be earned \
			 back",
			washing(setting),
		),
		limit(
			"Part of a pool that the author of a block must own until leaning on it pays; and what it then \
			 takes at most of an order, if it owns a pool of 10 000 ASY alone",
			owning(&world),
		),
		limit(
			"Exposure from which it pays to keep posts of data out of blocks, for a third of all authors",
			censoring(&world),
		),
	]
}

/// One token, as books count it.
const ASY_PARTS: i128 = 1_000_000_000_000 * PARTS;

/// The least costs by formula at which refuting oneself pays; `None` if none do.
fn costs_that_pay(world: &World) -> Option<Balance> {
	let pays = |costs| refuted_at_costs(world, costs) > 0;
	let (mut low, mut high) = (0, 1_000_000 * ASY);
	if !pays(high) {
		return None;
	}
	while high - low > 1 {
		let middle = low + (high - low) / 2;
		if pays(middle) {
			high = middle;
		} else {
			low = middle;
		}
	}
	Some(high)
}

/// What a step of the price costs, and how many vouchers must be held for it.
fn washing(setting: &Setting) -> String {
	let dealers = Coalition::of(&[Role::Provider, Role::User, Role::Subscriber]);
	let balance = balance_of(dealers, &ALL[0], setting, &AsItIs, SIZE).unwrap_or_default();
	// The loss of a job of one token, in thousandths of its price, times what must be redeemed for a full
	// step: twice the target.
	let per_mille = -balance / (ASY_PARTS / 1_000);
	let target = i128::from(setting.vouchers.target_utilisation.deconstruct());
	let per_mille_of_day = per_mille * 2 * target / 1_000_000;
	let step = i128::from(STEP_MAX.deconstruct());
	let held = per_mille_of_day * 1_000_000 / step;
	format!("{} days; {} days", decimal(per_mille_of_day), decimal(held))
}

/// The part of a pool, and what its only owner takes.
fn owning(world: &World) -> String {
	let (thousandths, most) = owned_part_that_pays(world);
	format!("{}.{} %; {} ASY", thousandths / 10, thousandths % 10, milli(most * 1_000 / ASY))
}

/// The exposure at which the reward of a job that falls by censored posts is worth the deposit.
fn censoring(world: &World) -> String {
	let chance = i128::from(censoring_chance(world.setting.jobs.data_ticks));
	if chance <= 1 {
		return "none: with the time for posting of today, it never happens".to_owned();
	}
	let posting = i128::try_from(posting_fee(world)).expect("fees are small");
	let shares = &world.setting.rules.shares;
	let reward = i128::from(shares.reward.deconstruct()) + 1;
	let exposure = posting * CERTAIN / chance * PARTS / reward;
	let tokens = u128::try_from(exposure).expect("none is below zero") / ASY;
	format!("{tokens} ASY, if the reward had no cap")
}

/// Thousandths, with three digits after the point.
fn decimal(thousandths: i128) -> String {
	let sign = if thousandths < 0 { "-" } else { "" };
	let thousandths = thousandths.unsigned_abs();
	format!("{sign}{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

fn milli(thousandths: Balance) -> String {
	decimal(i128::try_from(thousandths).expect("a few"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn deterrence_should_turn_where_the_inequality_says() {
		let setting = Setting::today();
		let (unit_price, units) = SIZE;
		let world = World { setting: &setting, book: &AsItIs, unit_price, units };
		let (lost, gained) = stakes(&world);
		let chance = i128::from(setting.detection());
		assert!(chance * lost > (CERTAIN - chance) * gained);
		// Twice the gain, as b·q·h·k·(1 − c) >= 2 asks: the provider's pay is less than the price, but
		// the costs by formula are given back too.
		assert!(chance * lost > 2 * (CERTAIN - chance) * gained);
	}

	#[test]
	fn refuting_oneself_should_pay_from_the_costs_that_are_found() {
		let mut setting = Setting::today();
		let (unit_price, units) = (1_000, 1);
		setting.rules.insurance.per_event = 100 * ASY;
		let world = World { setting: &setting, book: &AsItIs, unit_price, units };
		let costs = costs_that_pay(&world).expect("the insurance pays more than burns");
		assert!(refuted_at_costs(&world, costs) > 0 && refuted_at_costs(&world, costs - 1) <= 0);
		// What burns, of the least exposure, and the fees of the game.
		assert!(costs > 5 * ASY, "{costs}");
	}

	#[test]
	fn decimals_should_have_three_digits() {
		assert_eq!([0, 5, 1_234, -1_001].map(decimal), ["0.000", "0.005", "1.234", "-1.001"]);
	}
}
