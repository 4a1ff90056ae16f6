//! The search can fail: each of these broken rules lets somebody gain, and it says who.

use assay_coalitions::{
	known::known,
	roles::{Coalition, Role},
	rulebook::Rulebook,
	search::search,
	setting::Setting,
};
use assay_market::{
	traits::{ExposureTerms, Shares, SlashShares, SplitTerms},
	Balance, Price,
};
use pallet_slashing::{
	rules::InsuranceRules,
	shares::{Claims, Parts},
};
use pallet_vouchers::{Cost, PremiumShares, Retired, Series, PREMIUM};
use sp_runtime::{Perbill, Permill};

/// Fails unless a strategy pays under the rules of today, broken like this, and at least these take
/// part.
fn assert_found(broken: &dyn Rulebook, strategy: &str, roles: &[Role]) {
	let best = search([&Setting::today()], broken);
	let paid = best.iter().any(|((name, tactic), found)| {
		*name == strategy
			&& known(name, tactic).is_none_or(|known| !known.today)
			&& found.balance > 0
			&& found.coalition.includes(Coalition::of(roles))
	});
	assert!(paid, "{strategy} does not pay {roles:?}");
}

struct EmissionAboveBurn;
impl Rulebook for EmissionAboveBurn {
	fn shares(&self, price: Price, listed: bool, terms: &SplitTerms) -> Shares {
		let shares = terms.shares_of(price, listed);
		Shares { emitted: 3 * shares.burned, ..shares }
	}
}

#[test]
fn emission_above_the_burn_should_be_found() {
	assert_found(&EmissionAboveBurn, "self-dealing", &[Role::Provider, Role::User]);
}

struct NothingBurnsOfASlash;
impl Rulebook for NothingBurnsOfASlash {
	fn slash(&self, taken: Balance, claims: Claims, shares: &SlashShares) -> Parts {
		let parts = Parts::of(taken, claims, shares);
		// A reward without a cap: all that others leave, and the user's compensation twice.
		let compensation = 2 * parts.compensation;
		let reward = taken - parts.costs - compensation;
		let insured = 0;
		Parts {
			compensation,
			reward: reward + compensation,
			insurance: insured,
			burned: 0,
			..parts
		}
	}
}

#[test]
#[should_panic(expected = "do not close")]
fn a_slash_that_pays_more_than_was_taken_should_not_close() {
	search([&Setting::today()], &NothingBurnsOfASlash);
}

struct RewardWithoutCap;
impl Rulebook for RewardWithoutCap {
	fn slash(&self, taken: Balance, claims: Claims, _: &SlashShares) -> Parts {
		let compensation = claims.price.min(taken);
		let reward = if claims.challenger_costs.is_some() { taken - compensation } else { 0 };
		let burned = taken - compensation - reward;
		Parts { costs: 0, compensation, reward, insurance: 0, burned }
	}
}

#[test]
fn a_reward_without_cap_should_be_found() {
	assert_found(&RewardWithoutCap, "reward theft", &[Role::Provider, Role::Challenger]);
}

struct ExposureOfThePrice;
impl Rulebook for ExposureOfThePrice {
	fn exposure(&self, price: Balance, _: ExposureTerms) -> Balance {
		10 * price
	}
}

#[test]
fn exposures_that_do_not_deter_should_be_found() {
	assert_found(&ExposureOfThePrice, "throwing a game", &[Role::Provider]);
}

struct UsersArePaidForLateness;
impl Rulebook for UsersArePaidForLateness {
	fn late(&self, exposure: Balance, share: Perbill) -> (Balance, Balance) {
		let penalty = share.mul_ceil(exposure);
		(penalty, penalty)
	}
}

#[test]
fn compensation_for_lateness_should_be_found() {
	assert_found(&UsersArePaidForLateness, "late traps", &[Role::User]);
}

struct ReputationByPrice;
impl Rulebook for ReputationByPrice {
	fn reputation(&self, shares: &Shares) -> Balance {
		shares.provider + shares.burned + shares.validators + shares.treasury
	}
}

#[test]
fn reputation_that_counts_compute_should_be_found() {
	assert_found(&ReputationByPrice, "wash trading for reputation", &[Role::Provider, Role::User]);
}

struct PremiumComesBack;
impl Rulebook for PremiumComesBack {
	fn retired(&self, series: &mut Series, units: Balance) -> Retired {
		let Retired { price, premium } = series.retire(units).expect("they are outstanding");
		Retired { price: price + premium, premium: 0 }
	}

	fn cost(&self, series: &Series, units: Balance) -> Cost {
		let price = series.price_of(units).expect("it fits");
		let premium = series.premium_terms.rate.mul_floor(price);
		Cost { price, premium, total: price + premium }
	}

	fn premium_shares(&self, _: &Series, premium: Balance) -> PremiumShares {
		PremiumShares { pool: premium, insurance: 0, treasury: 0 }
	}
}

#[test]
fn a_premium_that_comes_back_should_cost_nothing_and_be_seen() {
	// Nobody gains, and nobody loses either: hoarding is free.
	let best = search([&Setting::today()], &PremiumComesBack);
	assert_eq!(best[&("voucher hoarding at the floor", "held to the expiry")].balance, 0);
	let others = best.iter().filter(|((name, _), _)| *name == "voucher hoarding at the floor");
	assert!(others.count() > 1);
}

struct PremiumOfTheDay;
impl Rulebook for PremiumOfTheDay {
	fn cost(&self, series: &Series, units: Balance) -> Cost {
		// Lowered to the least as soon as something was minted.
		let rate = if series.minted > 0 { PREMIUM.0 } else { series.premium_terms.rate };
		let price = series.price_of(units).expect("it fits");
		let premium = rate.mul_ceil(price);
		Cost { price, premium, total: price + premium }
	}
}

#[test]
fn a_premium_that_changes_while_a_series_is_open_should_be_found() {
	let mut setting = Setting::today();
	// Dealing with oneself costs nothing but the premium.
	setting.burn.shares.provider = Permill::one();
	for share in [
		&mut setting.burn.shares.burn,
		&mut setting.burn.shares.validators,
		&mut setting.burn.shares.treasury,
	] {
		*share = Permill::zero();
	}
	assert!(setting.is_admitted());
	let play = ("donation and dust", "minted after the premium was lowered");
	let balance = |book: &dyn Rulebook| search([&setting], book)[&play].balance;
	assert!(balance(&PremiumOfTheDay) > 0);
	assert!(balance(&assay_coalitions::rulebook::AsItIs) <= 0);
}

#[test]
fn orders_above_what_governance_may_choose_should_be_found() {
	let mut setting = Setting::today();
	setting.burn.sale.reserve_share = Permill::from_parts(5_000);
	assert!(!setting.is_admitted());
	let best = search([&setting], &assay_coalitions::rulebook::AsItIs);
	let play = ("leaning on a pool", "a sale before and a purchase after the chain's order");
	assert!(best[&play].balance > 0);
}

#[test]
fn fees_above_what_posting_costs_should_be_found() {
	let mut setting = Setting::today();
	setting.models.request_fee_per_byte += 1;
	assert!(!setting.is_admitted());
	let best = search([&setting], &assay_coalitions::rulebook::AsItIs);
	assert!(best[&("unavailable weights", "had from the chain only")].balance > 0);
}

#[test]
fn an_insurance_above_the_fees_of_a_dispute_should_be_found() {
	let mut setting = Setting::today();
	setting.rules.insurance.per_event = 10 * setting.rules.deterrence.dispute_costs;
	assert!(!setting.is_admitted());
	let best = search([&setting], &assay_coalitions::rulebook::AsItIs);
	assert!(best[&("self-challenge", "refuted before a version is declared faulty")].balance > 0);
}

struct GenerousInsurance;
impl Rulebook for GenerousInsurance {
	fn insured(&self, costs: Balance, rules: &InsuranceRules) -> Balance {
		costs.max(rules.per_era)
	}
}

#[test]
fn an_insurance_without_cap_should_be_found() {
	let best = search([&Setting::today()], &GenerousInsurance);
	let found = &best[&("self-challenge", "refuted")];
	assert!(found.balance > 0, "{found:?}");
	let as_it_is = search([&Setting::today()], &assay_coalitions::rulebook::AsItIs);
	assert!(as_it_is[&("self-challenge", "refuted")].balance < 0, "today it does not pay");
}

#[test]
fn a_rule_of_governance_that_breaks_deterrence_should_be_found() {
	let mut setting = Setting::today();
	setting.rules.deterrence.audit_share = Perbill::from_percent(1);
	assert!(!setting.is_admitted());
	let best = search([&setting], &assay_coalitions::rulebook::AsItIs);
	assert!(best[&("throwing a game", "no work done")].balance > 0);
	let mut costly = Setting::today();
	costly.burn.shares.provider = Permill::from_percent(90);
	assert!(!costly.is_admitted());
}
