//! Leaning on a pool while the chain sells what jobs paid in an asset.
//!
//! The chain's order runs before a block's transactions. Who makes the block before sells first, the
//! order sells lower, and who makes the next block buys back: what the order got less is the author's,
//! less the pool's fees. A constant-product pool, and nobody else trades in between.

use assay_market::Balance;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, FixedPointNumber, FixedU128, Rounding,
};

use crate::{
	books::{Books, Party},
	deal::{World, AUTHOR},
	roles::{Coalition, Role},
	setting::ASY,
	strategies::Outcome,
};

/// What the pool holds of either side.
const LIQUIDITY: Balance = 10_000 * ASY;
/// How much the author sells, in parts of the pool by thousands.
const LEANED: [Balance; 9] = [1, 2, 4, 6, 10, 30, 60, 120, 150];

/// The author sells before the chain's order, and buys back after it.
pub(super) fn sandwich(world: &World) -> Vec<Outcome> {
	LEANED
		.iter()
		.filter_map(|thousandths| leaned(world, LIQUIDITY / 1_000 * thousandths))
		.map(|Leaned { sold, bought, .. }| {
			let mut books = Books::default();
			books.pay(Party::Others, AUTHOR, sold);
			books.pay(AUTHOR, Party::Others, bought);
			Outcome {
				tactic: "a sale before and a purchase after the chain's order",
				needs: Coalition::of(&[Role::Author]),
				books,
			}
		})
		.collect()
}

/// From which part of the pool on, in thousandths, an author gains that owns so much of it: the fees of
/// its own swaps come back to it, and no bound of orders ends that. And the most that who owns all of
/// it takes of an order.
pub(crate) fn owned_part_that_pays(world: &World) -> (Balance, Balance) {
	let mut least = 1_000;
	let mut most = 0;
	for thousandths in 1..1_000 {
		let Some(leaned) = leaned(world, LIQUIDITY / 1_000 * thousandths) else { continue };
		let Leaned { sold, bought, to_owners } = leaned;
		let lost = bought.saturating_sub(sold);
		least = least.min((lost * 1_000).div_ceil(to_owners.max(1)));
		most = most.max((sold + to_owners).saturating_sub(bought));
	}
	(least, most)
}

/// What leaning on the pool brought.
struct Leaned {
	/// To the author, before the order.
	sold: Balance,
	/// What the author paid to have back what it sold.
	bought: Balance,
	/// What the pool has more than after the same order alone, in native tokens: it has as much of the
	/// asset.
	to_owners: Balance,
}

/// Native tokens and units of the asset in a pool.
#[derive(Clone, Copy)]
struct Pool {
	native: Balance,
	asset: Balance,
	/// Millionths that a swap leaves of what is paid in.
	kept: Balance,
}

const MILLION: Balance = 1_000_000;

impl Pool {
	/// Pays in units of the asset; returns the native tokens that come out.
	fn sell(&mut self, amount: Balance) -> Balance {
		let counted = amount * self.kept;
		let whole = self.asset * MILLION + counted;
		let out = mul_div(self.native, counted, whole, Rounding::Down);
		self.asset += amount;
		self.native -= out;
		out
	}

	/// Takes out units of the asset; returns the native tokens that they cost.
	fn buy(&mut self, amount: Balance) -> Balance {
		let left = self.asset - amount;
		let counted = mul_div(self.native, amount, left, Rounding::Up);
		let paid = mul_div(counted, MILLION, self.kept, Rounding::Up) + 1;
		self.asset = left;
		self.native += paid;
		paid
	}
}

/// What it brings, if the chain's order takes the price to which the author leaned the pool.
fn leaned(world: &World, amount: Balance) -> Option<Leaned> {
	let sale = &world.setting.burn.sale;
	let kept = MILLION - Balance::from(world.setting.around.swap.deconstruct());
	let mut pool = Pool { native: LIQUIDITY, asset: LIQUIDITY, kept };
	let mut alone = pool;
	// The average is the price before: an hour's mean does not see a block.
	let average = FixedU128::checked_from_rational(pool.native, pool.asset)?;
	let sold = pool.sell(amount);
	// There is more to sell than one order takes.
	let order = sale.order(Balance::from(u64::MAX), pool.asset);
	let proceeds = pool.sell(order);
	if proceeds < sale.least(average.checked_mul_int(order)?) {
		return None;
	}
	let bought = pool.buy(amount);
	alone.sell(order);
	let to_owners = pool.native.saturating_sub(alone.native);
	Some(Leaned { sold, bought, to_owners })
}

fn mul_div(a: Balance, b: Balance, c: Balance, rounding: Rounding) -> Balance {
	multiply_by_rational_with_rounding(a, b, c, rounding).expect("amounts of the search fit")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{rulebook::AsItIs, setting::Setting};
	use pallet_burn::{ORDER_OF_FEE_MAX, TOLERANCE_MAX};

	#[test]
	fn a_pool_should_never_give_more_than_it_was_given() {
		let fair = |kept| Pool { native: LIQUIDITY, asset: LIQUIDITY, kept };
		for kept in [MILLION, MILLION - 3_000] {
			let mut pool = fair(kept);
			let out = pool.sell(ASY);
			let back = pool.buy(ASY);
			assert!(back > out, "{back} {out}");
			assert!(pool.native * pool.asset / LIQUIDITY >= LIQUIDITY);
		}
	}

	#[test]
	fn no_admitted_order_should_be_worth_leaning_on_at_any_depth() {
		let mut setting = Setting::today();
		let sale = &mut setting.burn.sale;
		sale.reserve_share = ORDER_OF_FEE_MAX * setting.around.swap;
		sale.tolerance = TOLERANCE_MAX;
		assert!(setting.is_admitted());
		let deep = |setting: &Setting| {
			let world = World { setting, book: &AsItIs, unit_price: 1_000, units: 1 };
			let all = (1..1_000).filter_map(|part| leaned(&world, LIQUIDITY / 1_000 * part));
			let brings: Vec<bool> = all.map(|one| one.sold > one.bought).collect();
			(brings.len(), brings.contains(&true))
		};
		let (taken, pays) = deep(&setting);
		assert!((100..999).contains(&taken), "the tolerance refuses the deepest: {taken}");
		assert!(!pays);
		setting.burn.sale.reserve_share = setting.around.swap;
		assert!(deep(&setting).1, "an order as great as the fee pays");
	}

	#[test]
	fn owners_of_a_pool_should_gain_from_the_part_that_is_found() {
		let setting = Setting::today();
		let world = World { setting: &setting, book: &AsItIs, unit_price: 1_000, units: 1 };
		let (least, most) = owned_part_that_pays(&world);
		// An order is half of the fee.
		assert!((490..510).contains(&least), "{least}");
		assert!(most > 0);
		// What the order gets less is all that there is to take.
		let Leaned { sold, bought, to_owners } = leaned(&world, LIQUIDITY / 1_000).unwrap();
		assert!(bought > sold && to_owners > bought - sold);
	}

	#[test]
	fn half_a_percent_of_a_pool_should_move_its_price_by_one() {
		let mut pool = Pool { native: LIQUIDITY, asset: LIQUIDITY, kept: MILLION };
		pool.sell(LIQUIDITY / 200);
		let price = pool.native * 1_000 / pool.asset;
		assert_eq!(price, 990);
	}
}
