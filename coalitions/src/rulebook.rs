//! How the pallets divide money: each rule is the function that the pallet itself calls.
//!
//! A trait, so that a test can break one of them and see that the search finds it.

use assay_market::traits::SlashShares;
use assay_market::{
	traits::{ExposureTerms, Shares, SplitTerms},
	Balance, Price,
};
use pallet_slashing::{
	rules::InsuranceRules,
	shares::{Claims, Parts},
};
use pallet_vouchers::{Cost, PremiumShares, Retired, Series};
use sp_runtime::Perbill;

/// Amounts of the search always fit.
const FITS: &str = "amounts of the search fit";

/// The rules by which money moves.
pub trait Rulebook: Sync {
	/// What minting costs.
	fn cost(&self, series: &Series, units: Balance) -> Cost {
		series.cost_of(units).expect(FITS)
	}

	/// To whom a premium goes.
	fn premium_shares(&self, series: &Series, premium: Balance) -> PremiumShares {
		series.premium_terms.share(premium)
	}

	/// What burned vouchers take out of a series: they were served, or their reserve is reclaimed.
	fn retired(&self, series: &mut Series, units: Balance) -> Retired {
		series.retire(units).expect(FITS)
	}

	/// How a settled price is shared.
	fn shares(&self, price: Price, listed: bool, terms: &SplitTerms) -> Shares {
		terms.shares_of(price, listed)
	}

	/// What a job puts at stake.
	fn exposure(&self, price: Balance, terms: ExposureTerms) -> Balance {
		terms.exposure(price).expect(FITS)
	}

	/// How a slash is divided.
	fn slash(&self, taken: Balance, claims: Claims, shares: &SlashShares) -> Parts {
		Parts::of(taken, claims, shares)
	}

	/// What the insurance adds to a challenger's costs.
	fn insured(&self, costs: Balance, rules: &InsuranceRules) -> Balance {
		// It has what it may have at most, and has paid nothing in this era.
		rules.covered(costs, rules.per_era, rules.target)
	}

	/// What a late answer costs, and to how much of it the user has a claim.
	fn late(&self, exposure: Balance, share: Perbill) -> (Balance, Balance) {
		(share.mul_ceil(exposure), 0)
	}

	/// What a job adds to its provider's reputation.
	fn reputation(&self, shares: &Shares) -> Balance {
		shares.burned.saturating_sub(shares.emitted)
	}
}

/// The rules as the pallets have them.
#[derive(Clone, Copy, Debug)]
pub struct AsItIs;

impl Rulebook for AsItIs {}
