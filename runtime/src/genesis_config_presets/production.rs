//! The template for public networks: timing and limits, nobody's keys, nobody's money, no sudo; only
//! accounts of pallets have what keeps them alive, and stay among the balances. Whoever launches a
//! network fills in balances, stakers, session keys and the committee; a node refuses to start
//! without validators or with well-known keys.

use super::{
	market,
	validators::{NOMINATOR_BOND_MIN, SLASH_REWARD, VALIDATOR_BOND_MIN},
};
use crate::{
	configs::babe::GENESIS_EPOCH_CONFIG, AccountId, BabeConfig, Balance, BalancesConfig,
	RuntimeGenesisConfig, SessionConfig, SessionKeys, StakingConfig, TechnicalCommitteeConfig,
	TimingConfig,
};
use alloc::vec::Vec;
use frame_support::build_struct_json_patch;
use pallet_staking::StakerStatus;
use pallet_timing::{EPOCH_DURATION_SLOTS_DEFAULT, SLOT_DURATION_MS_DEFAULT};
use serde_json::Value;

/// Validators that the chain elects once it runs.
const VALIDATOR_COUNT: u32 = 20;
/// Fewer elected validators than this leave the old set in place: GRANDPA survives one fault with
/// four.
const VALIDATOR_COUNT_MIN: u32 = 4;

pub(super) fn genesis() -> Value {
	build_struct_json_patch!(RuntimeGenesisConfig {
		timing: TimingConfig {
			slot_duration_ms: SLOT_DURATION_MS_DEFAULT,
			epoch_duration_slots: EPOCH_DURATION_SLOTS_DEFAULT,
		},
		babe: BabeConfig { epoch_config: GENESIS_EPOCH_CONFIG },
		balances: BalancesConfig { balances: market::pallet_accounts() },
		session: SessionConfig { keys: Vec::<(AccountId, AccountId, SessionKeys)>::new() },
		staking: StakingConfig {
			validator_count: VALIDATOR_COUNT,
			minimum_validator_count: VALIDATOR_COUNT_MIN,
			stakers: Vec::<(AccountId, AccountId, Balance, StakerStatus<AccountId>)>::new(),
			slash_reward_fraction: SLASH_REWARD,
			min_validator_bond: VALIDATOR_BOND_MIN,
			min_nominator_bond: NOMINATOR_BOND_MIN,
		},
		technical_committee: TechnicalCommitteeConfig { members: Vec::<AccountId>::new() },
	})
}
