//! What stakers are paid, and who can be elected.

use super::{chain::Chain, development_chain, dispatch, signed};
use crate::{
	configs::staking::{InflationByTime, ANNUAL_INFLATION_MAX},
	parameters::{dynamic_params::staking_rewards, RuntimeParameters},
	units::ASY,
	Babe, Balances, Grandpa, Runtime, RuntimeOrigin, Session, SessionKeys,
};
use frame_support::traits::fungible::Inspect;
use pallet_staking::ErasValidatorReward;
use sp_keyring::Sr25519Keyring;
use sp_runtime::Perbill;
use sp_staking::EraPayout;

const YEAR_MS: u64 = 31_557_600_000;

fn payout(era_ms: u64) -> u128 {
	let (stakers, rest) = InflationByTime::era_payout(1, 1_000_000 * ASY, era_ms);
	assert_eq!(rest, 0);
	stakers
}

fn set_inflation(annual: Perbill) {
	let parameter =
		RuntimeParameters::StakingRewards(staking_rewards::Parameters::AnnualInflation(
			staking_rewards::AnnualInflation,
			Some(annual),
		));
	dispatch(
		pallet_parameters::Call::set_parameter { key_value: parameter },
		RuntimeOrigin::root(),
	)
	.unwrap();
}

#[test]
fn a_year_should_mint_the_governed_share_and_an_era_its_part() {
	development_chain().execute_with(|| {
		assert_eq!(payout(YEAR_MS), 20_000 * ASY);
		set_inflation(Perbill::from_percent(5));
		assert_eq!(payout(YEAR_MS), 50_000 * ASY);
		assert_eq!(payout(YEAR_MS / 4), 12_500 * ASY);
		assert_eq!(payout(0), 0);
	});
}

#[test]
fn payout_should_be_capped_in_rate_and_in_time() {
	development_chain().execute_with(|| {
		set_inflation(Perbill::one());
		let most = ANNUAL_INFLATION_MAX * (1_000_000 * ASY);
		assert_eq!(payout(YEAR_MS), most);
		assert_eq!(payout(u64::MAX), most);
	});
}

#[test]
fn only_root_should_set_a_parameter() {
	development_chain().execute_with(|| {
		let parameter = RuntimeParameters::StakingRewards(
			staking_rewards::Parameters::AnnualInflation(staking_rewards::AnnualInflation, None),
		);
		let result = dispatch(
			pallet_parameters::Call::set_parameter { key_value: parameter },
			signed(Sr25519Keyring::Alice),
		);
		assert_eq!(result, Err(sp_runtime::DispatchError::BadOrigin));
	});
}

#[test]
fn an_era_should_pay_its_validators_at_the_governed_rate() {
	/// Six epochs of ten slots, and the block that begins the next era.
	const ERA_BLOCKS: u32 = 61;
	let payout_of_first_era = |annual| {
		let mut chain = Chain::local();
		chain.block(|| set_inflation(annual));
		chain.blocks_until("the first era's end", 2 * ERA_BLOCKS, || {
			ErasValidatorReward::<Runtime>::contains_key(0)
		});
		chain.block(|| {
			let issuance = Balances::total_issuance();
			for validator_stash in Session::validators() {
				let before = Balances::total_balance(&validator_stash);
				let payout = pallet_staking::Call::payout_stakers {
					validator_stash: validator_stash.clone(),
					era: 0,
				};
				dispatch(payout, signed(Sr25519Keyring::Eve)).unwrap();
				assert!(Balances::total_balance(&validator_stash) > before, "each made blocks");
			}
			Balances::total_issuance() - issuance
		})
	};
	let (low, high) = (
		payout_of_first_era(Perbill::from_percent(1)),
		payout_of_first_era(Perbill::from_percent(4)),
	);
	assert!(low > 0);
	// Each of the validators' parts is rounded down.
	assert!(high.abs_diff(4 * low) <= 4 * 3, "{low} {high}");
}

#[test]
fn an_election_should_seat_the_candidates_with_the_most_stake() {
	/// Two eras: one in which the candidate stands, and the one that ends with its election.
	const BLOCKS_MAX: u32 = 2 * 6 * 10 + 10;
	let eve = Sr25519Keyring::Eve.to_account_id();
	let keys = SessionKeys {
		babe: Sr25519Keyring::Eve.public().into(),
		grandpa: sp_keyring::Ed25519Keyring::Eve.public().into(),
	};
	let mut chain = Chain::local_with(|genesis| {
		genesis.session.non_authority_keys.push((eve.clone(), eve.clone(), keys.clone()));
	});
	let before = chain.block(|| {
		// Every validator of the preset bonds 10,000.
		let bond = pallet_staking::Call::bond {
			value: 20_000 * ASY,
			payee: pallet_staking::RewardDestination::Staked,
		};
		dispatch(bond, signed(Sr25519Keyring::Eve)).unwrap();
		let stand = pallet_staking::Call::validate { prefs: Default::default() };
		dispatch(stand, signed(Sr25519Keyring::Eve)).unwrap();
		Session::validators()
	});
	assert!(!before.contains(&eve));
	chain.blocks_until("Eve's election", BLOCKS_MAX, || Session::validators().contains(&eve));
	chain.between_blocks(|| {
		let after = Session::validators();
		assert_eq!(after.len(), before.len());
		assert_eq!(after.iter().filter(|account| before.contains(account)).count(), 2);
		assert!(Babe::authorities().iter().any(|(key, _)| *key == keys.babe));
		assert!(Grandpa::grandpa_authorities().iter().any(|(key, _)| *key == keys.grandpa));
	});
}
