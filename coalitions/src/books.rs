//! Who has how much more or less than at the beginning.

use assay_market::Balance;

use crate::roles::{Coalition, Role};

/// Whoever money can come from or go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
	/// An account with this role.
	Has(Role),
	/// The pallets' accounts, where money is on its way: reserves, premiums, slashes that wait.
	Chain,
	/// What was burned; less what was minted.
	Supply,
	/// The treasury.
	Treasury,
	/// The insurance.
	Insurance,
	/// Everybody else.
	Others,
	/// Not money: the worth of work, of answers, of a reputation.
	Worth,
}

const PARTIES: usize = Role::ALL.len() + 6;

impl Party {
	const fn index(self) -> usize {
		let after = Role::ALL.len();
		match self {
			Self::Has(role) => role as usize,
			Self::Chain => after,
			Self::Supply => after + 1,
			Self::Treasury => after + 2,
			Self::Insurance => after + 3,
			Self::Others => after + 4,
			Self::Worth => after + 5,
		}
	}
}

/// Parts of one unit of money in which books are kept, so that a chance of a billionth counts.
pub const PARTS: i128 = 1_000_000_000;

/// A chance that is none, in the trillionths in which chances are counted.
pub const CERTAIN: i128 = 1_000_000_000_000;

/// Balances of all parties, in billionths of the smallest unit of money. Their sum is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books([i128; PARTIES]);

impl Books {
	/// Moves an amount.
	///
	/// # Panics
	/// If the amount is beyond what the search plays for: 10^29 units.
	pub fn pay(&mut self, from: Party, to: Party, amount: Balance) {
		let parts = i128::try_from(amount)
			.ok()
			.and_then(|amount| amount.checked_mul(PARTS))
			.expect("the search plays for amounts far below 10^29");
		self.0[from.index()] -= parts;
		self.0[to.index()] += parts;
	}

	/// Adds what another play brought.
	pub fn add(&mut self, other: &Self) {
		for (sum, more) in self.0.iter_mut().zip(&other.0) {
			*sum += more;
		}
	}

	/// What a party has more than at the beginning.
	pub const fn of(&self, party: Party) -> i128 {
		self.0[party.index()]
	}

	/// What a coalition has more than at the beginning.
	pub fn balance(&self, coalition: Coalition) -> i128 {
		coalition.roles().map(|role| self.of(Party::Has(role))).sum()
	}

	/// The coalition that gains most among those that include `needed`, and its balance.
	pub fn best(&self, needed: Coalition) -> (Coalition, i128) {
		let gainers = Role::ALL.into_iter().filter(|role| self.of(Party::Has(*role)) > 0);
		let best = gainers.fold(needed, Coalition::and);
		(best, self.balance(best))
	}

	/// What is expected of two ends, the first of which has a chance of so many trillionths. Rounded for
	/// each party by less than a billionth of a unit.
	pub fn expected(chance: u64, first: &Self, second: &Self) -> Self {
		let chance = i128::from(chance);
		let rest = CERTAIN - chance;
		let mut books = Self::default();
		for (expected, (a, b)) in books.0.iter_mut().zip(first.0.iter().zip(&second.0)) {
			let wholes = a / CERTAIN * chance + b / CERTAIN * rest;
			*expected = wholes + (a % CERTAIN * chance + b % CERTAIN * rest) / CERTAIN;
		}
		books
	}

	/// Whether nothing came from nowhere, and nothing is still on its way.
	pub fn are_closed(&self) -> bool {
		self.0.iter().sum::<i128>() == 0 && self.of(Party::Chain) == 0
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const PROVIDER: Party = Party::Has(Role::Provider);

	#[test]
	fn money_should_move_and_never_appear() {
		let mut books = Books::default();
		books.pay(PROVIDER, Party::Chain, 7);
		assert!(!books.are_closed(), "it is on its way");
		books.pay(Party::Chain, Party::Supply, 7);
		assert!(books.are_closed());
		assert_eq!(books.of(PROVIDER), -7 * PARTS);
	}

	#[test]
	fn expectations_should_weigh_both_ends() {
		let (mut won, mut lost) = (Books::default(), Books::default());
		won.pay(Party::Others, PROVIDER, 100);
		lost.pay(PROVIDER, Party::Others, 50);
		let expected = Books::expected(250_000_000_000, &lost, &won);
		// -50 of a quarter and 100 of three quarters.
		assert_eq!(expected.of(PROVIDER), 62 * PARTS + PARTS / 2);
		assert_eq!(Books::expected(1_000, &won, &Books::default()).of(PROVIDER), 100);
	}

	#[test]
	fn the_best_coalition_should_take_in_whoever_gains() {
		let mut books = Books::default();
		books.pay(PROVIDER, Party::Has(Role::User), 10);
		books.pay(Party::Supply, Party::Has(Role::Author), 3);
		let (best, balance) = books.best(Coalition::of(&[Role::Provider]));
		assert_eq!(best, Coalition::of(&[Role::Provider, Role::User, Role::Author]));
		assert_eq!(balance, 3 * PARTS);
	}
}
