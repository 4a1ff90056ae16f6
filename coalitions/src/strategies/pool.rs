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
const LEANED: [Balance; 8] = [1, 2, 4, 6, 10, 30, 60, 120];

/// The author sells before the chain's order, and buys back after it.
pub(super) fn sandwich(world: &World) -> Vec<Outcome> {
	LEANED
		.iter()
		.filter_map(|thousandths| leaned(world, LIQUIDITY / 1_000 * thousandths))
		.map(|books| Outcome {
			tactic: "a sale before and a purchase after the chain's order",
			needs: Coalition::of(&[Role::Author]),
			books,
		})
		.collect()
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

/// The books, if the chain's order takes the price to which the author leaned the pool.
fn leaned(world: &World, amount: Balance) -> Option<Books> {
	let sale = &world.setting.burn.sale;
	let kept = MILLION - Balance::from(world.setting.around.swap.deconstruct());
	let mut pool = Pool { native: LIQUIDITY, asset: LIQUIDITY, kept };
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
	let mut books = Books::default();
	books.pay(Party::Others, AUTHOR, sold);
	books.pay(AUTHOR, Party::Others, bought);
	Some(books)
}

fn mul_div(a: Balance, b: Balance, c: Balance, rounding: Rounding) -> Balance {
	multiply_by_rational_with_rounding(a, b, c, rounding).expect("amounts of the search fit")
}

#[cfg(test)]
mod tests {
	use super::*;

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
	fn half_a_percent_of_a_pool_should_move_its_price_by_one() {
		let mut pool = Pool { native: LIQUIDITY, asset: LIQUIDITY, kept: MILLION };
		pool.sell(LIQUIDITY / 200);
		let price = pool.native * 1_000 / pool.asset;
		assert_eq!(price, 990);
	}
}
