//! The greatest balance of every coalition, strategy and tactic.

use std::collections::BTreeMap;

use assay_market::Balance;

use crate::{
	deal::World,
	roles::Coalition,
	rulebook::Rulebook,
	setting::{Setting, ASY},
	strategies::{Outcome, Strategy, ALL},
};

/// Greatest exposure of a job that is played. Above it, the limits of the page hold.
const EXPOSURE_MAX: Balance = 1_000_000 * ASY;
/// A usual price of a unit.
const UNIT_PRICE: Balance = 1_000;

/// The best that was found.
#[derive(Clone, Debug)]
pub struct Found {
	/// For which coalition.
	pub coalition: Coalition,
	/// Its balance, in billionths of a unit of money.
	pub balance: i128,
	/// The job's price.
	pub price: Balance,
	/// Under which rules.
	pub setting: Setting,
}

impl Found {
	/// The balance in billionths of the price, rounded up: what is above zero stays so.
	pub fn per_price(&self) -> i128 {
		let price = i128::try_from(self.price).expect("prices of the search are small");
		-(-self.balance).div_euclid(price.max(1))
	}
}

/// The best found for each strategy and tactic.
pub type Best = BTreeMap<(&'static str, &'static str), Found>;

/// Prices of jobs that are played under a setting, as price of a unit and number of units: the least
/// that there is, the greatest with the least exposure, ten times that, and the greatest that is played.
pub fn sizes(setting: &Setting) -> [(Balance, Balance); 4] {
	let deterrence = &setting.rules.deterrence;
	let factor = Balance::from(deterrence.exposure_factor);
	let least = deterrence.min_exposure / factor / UNIT_PRICE;
	let most_factor = Balance::from(deterrence.max_exposure_factor);
	let greatest = EXPOSURE_MAX / most_factor / UNIT_PRICE;
	[
		(pallet_vouchers::LEAST_FLOOR, 1),
		(UNIT_PRICE, least.max(1)),
		(UNIT_PRICE, (10 * least).max(1)),
		(UNIT_PRICE, greatest.max(1)),
	]
}

/// Plays a strategy at one size.
pub fn play(
	strategy: &Strategy,
	setting: &Setting,
	book: &dyn Rulebook,
	(unit_price, units): (Balance, Balance),
) -> Vec<Outcome> {
	(strategy.play)(&World { setting, book, unit_price, units })
}

/// The best of every strategy and tactic under these settings. Coalitions are those that include who is
/// needed; of their further members, whoever gains.
pub fn search<'a>(settings: impl IntoIterator<Item = &'a Setting>, book: &dyn Rulebook) -> Best {
	let mut best = Best::new();
	for setting in settings {
		for strategy in &ALL {
			for size in sizes(setting) {
				for Outcome { tactic, needs, books } in play(strategy, setting, book, size) {
					let (coalition, balance) = books.best(needs);
					let price = size.0 * size.1;
					let better = |earlier: &Found| {
						let found = (balance > 0, ratio(balance, price));
						found > (earlier.balance > 0, ratio(earlier.balance, earlier.price))
					};
					let entry = best.get(&(strategy.name, tactic));
					if entry.is_none_or(better) {
						let setting = setting.clone();
						let found = Found { coalition, balance, price, setting };
						best.insert((strategy.name, tactic), found);
					}
				}
			}
		}
	}
	best
}

/// The greatest balance of exactly this coalition by a strategy, at one size; `None` if it lacks whom
/// every tactic needs.
pub fn balance_of(
	coalition: Coalition,
	strategy: &Strategy,
	setting: &Setting,
	book: &dyn Rulebook,
	size: (Balance, Balance),
) -> Option<i128> {
	play(strategy, setting, book, size)
		.iter()
		.filter(|outcome| coalition.includes(outcome.needs))
		.map(|outcome| outcome.books.balance(coalition))
		.max()
}

/// Billionths of the price, rounded towards zero.
fn ratio(balance: i128, price: Balance) -> i128 {
	balance / i128::try_from(price.max(1)).expect("prices of the search are small")
}
