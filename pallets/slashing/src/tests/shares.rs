//! How a slash is divided, whatever it is.

use assay_market::traits::SlashShares;
use proptest::prelude::*;
use sp_runtime::Perbill;

use crate::{
	mock::DefaultRules,
	shares::{Claims, Parts},
};

fn shares() -> SlashShares {
	DefaultRules::get().shares
}

#[test]
fn nothing_is_divided_into_nothing() {
	let claims = Claims { challenger_costs: Some(100), price: 100 };
	assert_eq!(Parts::of(0, claims, &shares()), Parts::default());
	// One unit cannot be halved: it burns.
	assert_eq!(Parts::of(1, claims, &shares()), Parts { burned: 1, ..Parts::default() });
}

#[test]
fn rewards_are_capped() {
	let claims = Claims { challenger_costs: Some(0), price: 0 };
	let reward = |taken| Parts::of(taken, claims, &shares()).reward;
	assert_eq!([10_000_000, 400_000, 399_999].map(reward), [20_000, 20_000, 19_999]);
}

#[test]
fn whoever_comes_first_is_served_first() {
	let claims = Claims { challenger_costs: Some(u128::MAX), price: u128::MAX };
	let parts = Parts::of(1_001, claims, &shares());
	assert_eq!((parts.costs, parts.compensation), (100, 400));
	assert_eq!((parts.reward, parts.insurance, parts.burned), (0, 0, 501));
}

fn rules() -> impl Strategy<Value = SlashShares> {
	(0..=500_u32, 0..=500_u32, any::<u64>(), 0..=500_u32, 500..=1_000_u32).prop_map(
		|(costs, reward, most, insurance, burn)| SlashShares {
			costs_at_most: Perbill::from_rational(costs, 1_000),
			reward: Perbill::from_rational(reward, 1_000),
			reward_at_most: most.into(),
			insurance: Perbill::from_rational(insurance, 1_000),
			burn_at_least: Perbill::from_rational(burn, 1_000),
		},
	)
}

fn amount() -> impl Strategy<Value = u128> {
	prop_oneof![0..10_u128, any::<u64>().prop_map(u128::from), any::<u128>()]
}

proptest! {
	/// The whole slash goes somewhere, at least half of it burns, and nobody gets more than is owed.
	#[test]
	fn a_slash_is_fully_distributed(
		shares in rules(),
		taken in amount(),
		costs in proptest::option::of(amount()),
		price in amount(),
	) {
		let parts = Parts::of(taken, Claims { challenger_costs: costs, price }, &shares);
		prop_assert_eq!(parts.total(), Some(taken));
		prop_assert!(parts.burned >= taken / 2);
		prop_assert!(parts.costs <= costs.unwrap_or(0));
		prop_assert!(parts.compensation <= price);
		prop_assert!(parts.reward <= shares.reward_at_most);
		prop_assert!(costs.is_some() || parts.reward == 0);
	}

	/// Provider, user and challenger together lose at least half of every slash.
	#[test]
	fn losing_on_purpose_costs_the_circle_half(
		shares in rules(),
		taken in 1..=u128::MAX,
		costs in amount(),
		price in amount(),
	) {
		let claims = Claims { challenger_costs: Some(costs), price };
		let parts = Parts::of(taken, claims, &shares);
		let back = parts.costs + parts.compensation + parts.reward;
		prop_assert!(back <= taken / 2);
	}
}
