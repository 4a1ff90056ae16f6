//! What stakers are paid, and who can be elected.

use super::development_chain;
use crate::{
	configs::staking::{InflationByTime, ANNUAL_INFLATION_MAX},
	parameters::{dynamic_params::staking_rewards, RuntimeParameters},
	units::ASY,
	RuntimeOrigin,
};
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
	super::dispatch(
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
		let result = super::dispatch(
			pallet_parameters::Call::set_parameter { key_value: parameter },
			RuntimeOrigin::signed(sp_keyring::Sr25519Keyring::Alice.to_account_id()),
		);
		assert_eq!(result, Err(sp_runtime::DispatchError::BadOrigin));
	});
}
