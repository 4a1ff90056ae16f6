//! A genesis with known validators, shared by the presets for one's own machine.

use super::market;
use crate::{
	configs::babe::GENESIS_EPOCH_CONFIG,
	units::{ASY, MILLI_ASY},
	AccountId, BabeConfig, Balance, BalancesConfig, JobsConfig, RuntimeGenesisConfig,
	SessionConfig, SessionKeys, StakingConfig, SudoConfig, TechnicalCommitteeConfig, TimingConfig,
};
use alloc::vec::Vec;
use frame_support::build_struct_json_patch;
use pallet_jobs::JobParameters;
use pallet_staking::StakerStatus;
use serde_json::Value;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::Perbill;

/// What each known account owns.
const ENDOWMENT: Balance = 1_000_000 * ASY;
/// What each known validator bonds.
const VALIDATOR_BOND: Balance = 10_000 * ASY;
/// Least bond of a validator; benchmarks of the SDK bond next to nothing.
pub(super) const VALIDATOR_BOND_MIN: Balance =
	if cfg!(feature = "runtime-benchmarks") { 0 } else { 1_000 * ASY };
/// Least bond of a nominator; benchmarks of the SDK bond next to nothing.
pub(super) const NOMINATOR_BOND_MIN: Balance =
	if cfg!(feature = "runtime-benchmarks") { 0 } else { 10 * ASY };
/// Share of a slash that goes to whoever reported it.
pub(super) const SLASH_REWARD: Perbill = Perbill::from_percent(10);

/// A validator of a development chain: everything follows from its well-known name.
pub(super) struct KnownValidator {
	stash: Sr25519Keyring,
	babe: Sr25519Keyring,
	grandpa: Ed25519Keyring,
}

pub(super) const ALICE: KnownValidator = KnownValidator {
	stash: Sr25519Keyring::AliceStash,
	babe: Sr25519Keyring::Alice,
	grandpa: Ed25519Keyring::Alice,
};
pub(super) const BOB: KnownValidator = KnownValidator {
	stash: Sr25519Keyring::BobStash,
	babe: Sr25519Keyring::Bob,
	grandpa: Ed25519Keyring::Bob,
};
pub(super) const CHARLIE: KnownValidator = KnownValidator {
	stash: Sr25519Keyring::CharlieStash,
	babe: Sr25519Keyring::Charlie,
	grandpa: Ed25519Keyring::Charlie,
};

impl KnownValidator {
	fn stash(&self) -> AccountId {
		self.stash.to_account_id()
	}

	fn session_keys(&self) -> SessionKeys {
		SessionKeys { babe: self.babe.public().into(), grandpa: self.grandpa.public().into() }
	}
}

/// A chain of well-known keys with this timing: every known account is endowed, Alice has sudo.
pub(super) fn genesis(
	validators: &[KnownValidator],
	slot_duration_ms: u64,
	epoch_duration_slots: u64,
	job_parameters: JobParameters,
) -> Value {
	let known: Vec<AccountId> =
		Sr25519Keyring::well_known().map(Sr25519Keyring::to_account_id).collect();
	let alice = Sr25519Keyring::Alice.to_account_id();
	build_struct_json_patch!(RuntimeGenesisConfig {
		timing: TimingConfig { slot_duration_ms, epoch_duration_slots },
		babe: BabeConfig { epoch_config: GENESIS_EPOCH_CONFIG },
		balances: BalancesConfig {
			balances: known
				.iter()
				.map(|account| (account.clone(), ENDOWMENT))
				.chain(market::pallet_accounts())
				.collect::<Vec<_>>(),
		},
		session: SessionConfig {
			keys: validators
				.iter()
				.map(|validator| (validator.stash(), validator.stash(), validator.session_keys()))
				.collect::<Vec<_>>(),
		},
		staking: StakingConfig {
			validator_count: validators.len().try_into().unwrap_or(u32::MAX),
			minimum_validator_count: 1,
			stakers: validators
				.iter()
				.map(|validator| {
					let stash = validator.stash();
					(stash.clone(), stash, VALIDATOR_BOND, StakerStatus::<AccountId>::Validator)
				})
				.collect::<Vec<_>>(),
			slash_reward_fraction: SLASH_REWARD,
			min_validator_bond: VALIDATOR_BOND_MIN,
			min_nominator_bond: NOMINATOR_BOND_MIN,
		},
		technical_committee: TechnicalCommitteeConfig {
			members: [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie]
				.map(Sr25519Keyring::to_account_id)
				.to_vec(),
		},
		assets: market::assets(&alice, &known, ENDOWMENT),
		asset_conversion: market::pools(&alice),
		models: market::models(),
		vouchers: market::vouchers(),
		jobs: JobsConfig { parameters: job_parameters },
		sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
	})
}

const _: () =
	assert!(VALIDATOR_BOND >= VALIDATOR_BOND_MIN && ENDOWMENT > VALIDATOR_BOND + MILLI_ASY);
