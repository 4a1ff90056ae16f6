//! Everything that accounts have.

use crate::{
	genesis_config_presets::market::STABLE_ASSET, AccountId, Assets, Balance, Balances, Payouts,
	Runtime,
};
use frame_support::traits::fungible::Inspect;
use pallet_vouchers::{AllSeries, Escrows, Owed, SeriesStatus};
use sp_keyring::Sr25519Keyring;

/// What accounts have together: native tokens, free and on hold; what they may claim and are owed;
/// vouchers, free and in escrow, at their reserve; the stable asset at one to one.
pub(super) fn wealth(accounts: &[Sr25519Keyring]) -> i128 {
	let all: Balance = accounts.iter().map(|account| of(&account.to_account_id())).sum();
	super::signed_amount(all)
}

fn of(who: &AccountId) -> Balance {
	let claims: Balance =
		Payouts::claimable(who.clone()).into_iter().map(|claim| claim.price.amount).sum();
	let owed: Balance = Owed::<Runtime>::iter_prefix_values(who).sum();
	let vouchers: Balance = AllSeries::<Runtime>::iter()
		.filter(|(_, series)| series.status == SeriesStatus::Live)
		.map(|(id, series)| {
			let units = Assets::balance(series.asset, who) + Escrows::<Runtime>::get(id, who);
			units * series.price_per_unit
		})
		.sum();
	let stable = Assets::balance(STABLE_ASSET, who);
	Balances::total_balance(who) + claims + owed + vouchers + stable
}

#[test]
fn wealth_should_see_money_wherever_it_lies() {
	use super::{market, pass};
	use crate::tests::market::deal::{
		accept, commit, provider_of, request, submit, subscribe_and_mint, SERVERS, USER,
	};
	use assay_market::Assignment;
	let (mut chain, series) = market();
	let everybody = [SERVERS[0], USER];
	let before = chain.between_blocks(|| wealth(&everybody));
	chain.block(|| subscribe_and_mint(series));
	let minted = chain.between_blocks(|| wealth(&everybody));
	assert!(minted < before, "the premium is paid");
	let job =
		chain.block(|| submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0])))));
	chain.block(|| accept(SERVERS[0], job));
	chain.block(|| commit(SERVERS[0], job));
	let answered = chain.between_blocks(|| wealth(&everybody));
	assert_eq!(answered, minted, "escrow, bonds and deposits stay whose they were");
	chain.between_blocks(|| pass(200));
	chain.block(|| ());
	let settled = chain.between_blocks(|| wealth(&everybody));
	assert!(settled < answered, "burn, validators and treasury have theirs");
}
