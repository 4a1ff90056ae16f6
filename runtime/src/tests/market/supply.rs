//! The books of the supply, and what the market pays validators.

use super::{
	check_properties,
	deal::{accept, commit, open_market, provider_of, request, submit, SERVERS, USER},
	dispatch, pass, signed, Chain,
};
use crate::{Balance, Balances, Burn, Runtime, Session};
use assay_market::{
	traits::{BurnReason, MintReason},
	Assignment,
};
use frame_support::traits::fungible::Inspect;
use pallet_staking::ErasValidatorReward;
use sp_keyring::Sr25519Keyring::Ferdie;

/// Blocks of an era of the local preset, and some more.
const ERA_BLOCKS: u32 = 70;

fn pot() -> Balance {
	Balances::balance(&Burn::pallet_accounts().1) - crate::units::EXISTENTIAL_DEPOSIT
}

#[test]
fn validators_should_be_paid_their_share_of_jobs_by_staking() {
	let mut chain = Chain::local();
	let series = chain.block(open_market);
	chain.block(|| {
		let job = submit(USER, request(series, Assignment::Named(provider_of(SERVERS[0]))));
		accept(SERVERS[0], job);
		commit(SERVERS[0], job);
	});
	chain.between_blocks(|| pass(200));
	chain.block(|| ());
	let share = chain.between_blocks(pot);
	assert!(share > 0, "the job was settled");

	chain.blocks_until("the first era's end", 2 * ERA_BLOCKS, || {
		ErasValidatorReward::<Runtime>::contains_key(0)
	});
	chain.between_blocks(|| {
		assert_eq!(pot(), 0);
		let books = Burn::supply_of_era(0);
		assert_eq!(books.burned.get(&BurnReason::ValidatorShare), Some(&share));
		assert!(ErasValidatorReward::<Runtime>::get(0).is_some_and(|reward| reward > share));
		check_properties();
	});
	chain.block(|| {
		let issuance = Balances::total_issuance();
		for validator_stash in Session::validators() {
			let payout = pallet_staking::Call::payout_stakers { validator_stash, era: 0 };
			dispatch(payout, signed(Ferdie)).expect("each made blocks");
		}
		let minted = Balances::total_issuance() - issuance;
		let books = Burn::supply_of_era(1);
		assert_eq!(books.minted.get(&MintReason::StakingRewards), Some(&minted));
	});
	chain.between_blocks(check_properties);
}

#[test]
fn burns_that_name_no_reason_should_be_taken_up_at_the_blocks_end() {
	let mut chain = Chain::local();
	chain.block(|| {
		let value = crate::units::ASY;
		let burn = pallet_balances::Call::burn { value, keep_alive: true };
		dispatch(burn, signed(Ferdie)).expect("everybody may burn");
	});
	chain.between_blocks(|| {
		let books = Burn::supply_of_era(0);
		assert_eq!(books.burned.get(&BurnReason::Other), Some(&crate::units::ASY));
		check_properties();
	});
}
