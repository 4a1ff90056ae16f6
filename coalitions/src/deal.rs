//! One job from the minting of its vouchers to its end, and every payment on the way.

use assay_market::{
	traits::{Shares, SplitTerms},
	Balance, Price, Quote,
};
use pallet_slashing::shares::Claims;
use pallet_vouchers::{PremiumTerms, Retired, Series, SeriesStatus};

use crate::{
	books::{Books, Party},
	roles::Role,
	rulebook::Rulebook,
	setting::Setting,
};

/// The provider.
pub const PROVIDER: Party = Party::Has(Role::Provider);
/// The user.
pub const USER: Party = Party::Has(Role::User);
/// The challenger of a coalition.
pub const CHALLENGER: Party = Party::Has(Role::Challenger);
/// The auditor of a coalition.
pub const AUDITOR: Party = Party::Has(Role::Auditor);
/// Whoever subscribed the units that the provider serves.
pub const SUBSCRIBER: Party = Party::Has(Role::Subscriber);
/// The block author of a coalition.
pub const AUTHOR: Party = Party::Has(Role::Author);

/// Under which rules a job is played, and how great it is.
#[derive(Clone, Copy)]
pub struct World<'a> {
	/// What governance chose.
	pub setting: &'a Setting,
	/// How amounts follow from it.
	pub book: &'a dyn Rulebook,
	/// Price of a unit of vouchers.
	pub unit_price: Balance,
	/// Units that the job costs.
	pub units: Balance,
}

impl World<'_> {
	/// The job's price.
	pub const fn price(&self) -> Balance {
		self.unit_price * self.units
	}

	/// The formula of a challenger's costs at most: the fees of a dispute, as the rules put them, and a
	/// trace, for which disputes pay one and a half times the run's price.
	pub fn challenger_costs(&self) -> Balance {
		self.setting.rules.deterrence.dispute_costs + self.price() * 3 / 2
	}
}

/// What is agreed before a job begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
	/// What the vouchers are quoted in.
	pub quote: Quote,
	/// Whether the model is listed.
	pub listed: bool,
	/// Whether the provider subscribed to the series.
	pub subscribed: bool,
	/// Whether the user asks for the greatest exposure.
	pub most_exposed: bool,
}

impl Kind {
	/// A job of a listed model, paid in the native token, by a provider that subscribed.
	pub const USUAL: Self =
		Self { quote: Quote::Native, listed: true, subscribed: true, most_exposed: false };
}

/// A job whose vouchers have been minted.
#[derive(Clone)]
pub struct Deal<'a> {
	world: World<'a>,
	kind: Kind,
	series: Series,
	books: Books,
	paid: Balance,
	earned: (Balance, Balance),
}

/// A series of this price and premium that has nothing yet.
pub fn empty_series(price_per_unit: Balance, quote: Quote, premium_terms: PremiumTerms) -> Series {
	Series {
		quote,
		price_per_unit,
		premium_terms,
		asset: 0,
		opened_at: 0,
		closes_at: 1,
		expires_at: 2,
		grace_ends_at: 3,
		subscribed: 0,
		released: 0,
		subscribers: 0,
		minted: 0,
		redeemed: 0,
		outstanding: 0,
		escrowed: 0,
		reserve: 0,
		premium_pool: 0,
		forfeited: 0,
		status: SeriesStatus::Live,
	}
}

impl<'a> Deal<'a> {
	/// The user mints what the job costs.
	pub fn minted(world: World<'a>, kind: Kind) -> Self {
		let terms = world.setting.vouchers.premium_terms();
		let mut series = empty_series(world.unit_price, kind.quote, terms);
		let mut books = Books::default();
		let cost = world.book.cost(&series, world.units);
		let premium = world.book.premium_shares(&series, cost.premium);
		series.issue(world.units, premium.pool).expect("amounts of the search fit");
		books.pay(USER, Party::Chain, cost.price + premium.pool);
		books.pay(USER, Party::Insurance, premium.insurance);
		books.pay(USER, Party::Treasury, premium.treasury);
		Self { world, kind, series, books, paid: cost.total, earned: (0, 0) }
	}

	/// What the job puts at stake.
	pub fn exposure(&self) -> Balance {
		let terms = self.world.setting.exposure_terms(self.kind.most_exposed);
		self.world.book.exposure(self.world.price(), terms)
	}

	/// The answer is paid. The validators' share goes to `validators`. Returns how the price was shared.
	pub fn settle(&mut self, validators: Party) -> Shares {
		let Retired { price, premium } =
			self.world.book.retired(&mut self.series, self.world.units);
		let price = Price { quote: self.kind.quote, amount: price };
		let terms: SplitTerms = self.world.setting.split();
		let shares = self.world.book.shares(price, self.kind.listed, &terms);
		let Shares { provider, burned, treasury, emitted, .. } = shares;
		self.books.pay(Party::Chain, PROVIDER, provider);
		self.books.pay(Party::Chain, Party::Supply, burned);
		self.books.pay(Party::Chain, validators, shares.validators);
		self.books.pay(Party::Chain, Party::Treasury, treasury);
		self.books.pay(Party::Supply, PROVIDER, emitted);
		self.books.pay(Party::Chain, self.premium_to(), premium);
		self.earned.0 += provider + emitted;
		self.earned.1 += if self.kind.subscribed { premium } else { 0 };
		shares
	}

	/// The vouchers come back, and their reserve is reclaimed when they have expired.
	pub fn refund(&mut self) {
		let Retired { price, premium } =
			self.world.book.retired(&mut self.series, self.world.units);
		self.books.pay(Party::Chain, USER, price);
		self.books.pay(Party::Chain, Party::Insurance, premium);
	}

	/// The provider loses its exposure, and it is divided. `challenger`: who won, with its costs by
	/// formula.
	pub fn slash(&mut self, challenger: Option<(Party, Balance)>) {
		let exposure = self.exposure();
		let rules = &self.world.setting.rules;
		let claims = Claims {
			challenger_costs: challenger.map(|(_, costs)| costs),
			price: self.world.price(),
		};
		let parts = self.world.book.slash(exposure, claims, &rules.shares);
		self.books.pay(PROVIDER, Party::Chain, exposure);
		if let Some((winner, costs)) = challenger {
			self.books.pay(Party::Chain, winner, parts.costs + parts.reward);
			self.insure(winner, costs.saturating_sub(parts.costs));
		}
		self.books.pay(Party::Chain, USER, parts.compensation);
		self.books.pay(Party::Chain, Party::Insurance, parts.insurance);
		self.books.pay(Party::Chain, Party::Supply, parts.burned);
	}

	/// The insurance pays somebody's costs by formula, as far as it may.
	pub fn insure(&mut self, who: Party, costs: Balance) {
		let insured = self.world.book.insured(costs, &self.world.setting.rules.insurance);
		self.books.pay(Party::Insurance, who, insured);
	}

	/// The provider gave no answer in time.
	pub fn late(&mut self) {
		let exposure = self.exposure();
		let share = self.world.setting.rules.penalties.late;
		let (penalty, to_user) = self.world.book.late(exposure, share);
		self.books.pay(PROVIDER, Party::Supply, penalty.saturating_sub(to_user));
		self.books.pay(PROVIDER, USER, to_user);
	}

	/// The auditor of the coalition had signed what was refuted.
	pub fn sign_falsely(&mut self) {
		let share = self.world.setting.rules.penalties.false_audit;
		self.books.pay(AUDITOR, Party::Supply, share.mul_ceil(self.exposure()));
	}

	/// The provider did the work: it is worth what it earned.
	pub fn work(&mut self) {
		let (provider, subscriber) = self.earned;
		self.books.pay(PROVIDER, Party::Worth, provider);
		self.books.pay(SUBSCRIBER, Party::Worth, subscriber);
	}

	/// The user has the answer that it wanted: it is worth what it paid.
	pub fn enjoy(&mut self) {
		self.books.pay(Party::Worth, USER, self.paid);
	}

	/// Whatever else is paid.
	pub fn pay(&mut self, from: Party, to: Party, amount: Balance) {
		self.books.pay(from, to, amount);
	}

	/// The books at the end.
	///
	/// # Panics
	/// If money came from nowhere or is still on its way: then the search itself is wrong.
	pub fn close(self) -> Books {
		assert!(self.books.are_closed(), "{:?} do not close", self.books);
		self.books
	}

	fn premium_to(&self) -> Party {
		if self.kind.subscribed {
			SUBSCRIBER
		} else {
			Party::Insurance
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{books::PARTS, roles::Coalition, rulebook::AsItIs, setting::ASY};

	fn deal(setting: &Setting) -> Deal<'_> {
		let world = World { setting, book: &AsItIs, unit_price: 1_000, units: 1_000_000 };
		Deal::minted(world, Kind::USUAL)
	}

	fn in_units(parts: i128) -> i128 {
		parts / PARTS
	}

	#[test]
	fn honest_trade_should_be_worth_nothing_to_anybody() {
		let setting = Setting::today();
		let mut deal = deal(&setting);
		deal.settle(Party::Others);
		deal.work();
		deal.enjoy();
		let books = deal.close();
		for coalition in Coalition::all() {
			assert_eq!(books.balance(coalition), 0, "{coalition}");
		}
	}

	#[test]
	fn a_settled_job_should_pay_the_shares_of_today() {
		let setting = Setting::today();
		let mut deal = deal(&setting);
		deal.settle(AUTHOR);
		let books = deal.close();
		// The price is 10^9, the premium 3 % of it: 70 % to the subscriber, 20 % insured.
		assert_eq!(in_units(books.of(USER)), -1_030_000_000);
		assert_eq!(in_units(books.of(PROVIDER)), 700_000_000);
		assert_eq!(in_units(books.of(SUBSCRIBER)), 21_000_000);
		assert_eq!(in_units(books.of(AUTHOR)), 100_000_000);
		assert_eq!(in_units(books.of(Party::Supply)), 150_000_000);
		assert_eq!(in_units(books.of(Party::Treasury)), 50_000_000 + 3_000_000);
		assert_eq!(in_units(books.of(Party::Insurance)), 6_000_000);
	}

	#[test]
	fn a_slash_should_be_divided_in_the_order_of_the_rules() {
		let setting = Setting::today();
		let mut deal = deal(&setting);
		assert_eq!(deal.exposure(), 10 * ASY, "the least");
		deal.refund();
		deal.slash(Some((CHALLENGER, 2 * ASY)));
		let books = deal.close();
		// A tenth of the exposure as costs, a twentieth as reward, and of the other half of the costs
		// the insurance pays what a dispute costs in fees.
		let challenger = Balance::try_from(in_units(books.of(CHALLENGER))).unwrap();
		assert_eq!(challenger, ASY + ASY / 2 + ASY / 4);
		assert_eq!(in_units(books.of(PROVIDER)), -10 * 1_000_000_000_000);
		// Compensated by the price; what is lost is the premium.
		assert_eq!(in_units(books.of(USER)), 1_000_000_000 - 30_000_000);
	}
}
