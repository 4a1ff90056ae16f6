//! Nominated proof of stake for validators, elected on chain.

use super::babe::MaxAuthorities;
use crate::{
	parameters::dynamic_params::staking_rewards, AccountId, Balance, Balances, Burn, Runtime,
	RuntimeEvent, RuntimeHoldReason, Session, Staking, Timestamp, VoterList,
};
use frame_election_provider_support::{
	bounds::{ElectionBounds, ElectionBoundsBuilder},
	onchain, SequentialPhragmen,
};
use frame_support::{
	parameter_types,
	traits::{ConstBool, Get},
};
use frame_system::EnsureRoot;
use pallet_burn::{NoteRewards, NoteSlashes};
use pallet_staking::{FixedNominationsQuota, UseValidatorsMap};
use sp_runtime::Perbill;
use sp_staking::{currency_to_vote::U128CurrencyToVote, EraIndex, SessionIndex};

/// Epochs of an era.
pub const SESSIONS_PER_ERA: SessionIndex = 6;
/// Eras until unbonded stake is free: a week of the production preset.
pub const BONDING_DURATION_ERAS: EraIndex = 28;
/// Eras in which governance can still cancel a slash.
pub const SLASH_DEFER_DURATION_ERAS: EraIndex = BONDING_DURATION_ERAS - 1;
/// Candidates that a nominator may name.
pub const MAX_NOMINATIONS: u32 = 16;
/// Voters with the most stake that take part in an election.
const ELECTING_VOTERS_MAX: u32 = 1_000;
/// Candidates that take part in an election.
const ELECTABLE_TARGETS_MAX: u32 = 200;
/// Most that governance may mint for stakers in a year.
pub const ANNUAL_INFLATION_MAX: Perbill = Perbill::from_percent(10);
/// A year of 365.25 days.
const MILLISECONDS_PER_YEAR: u64 = 31_557_600_000;

parameter_types! {
	/// See [`SESSIONS_PER_ERA`].
	pub const SessionsPerEra: SessionIndex = SESSIONS_PER_ERA;
	/// See [`BONDING_DURATION_ERAS`].
	pub const BondingDuration: EraIndex = BONDING_DURATION_ERAS;
	/// See [`SLASH_DEFER_DURATION_ERAS`].
	pub const SlashDeferDuration: EraIndex = SLASH_DEFER_DURATION_ERAS;
	/// Nominators that are paid together in one page.
	pub const MaxExposurePageSize: u32 = 64;
	/// Eras whose rewards can still be claimed: three weeks of the production preset.
	pub const HistoryDepth: u32 = 84;
	/// Withdrawals that an account may have pending.
	pub const MaxUnlockingChunks: u32 = 32;
	/// Accounts that one call may move off the deprecated controllers; this chain has none.
	pub const MaxControllersInDeprecationBatch: u32 = 100;
	/// What an election reads: small enough to be computed within a block.
	pub ElectionBoundsOnChain: ElectionBounds = ElectionBoundsBuilder::default()
		.voters_count(ELECTING_VOTERS_MAX.into())
		.targets_count(ELECTABLE_TARGETS_MAX.into())
		.build();
	/// Nominators of one winner that count.
	pub const MaxBackersPerWinner: u32 = ELECTING_VOTERS_MAX;
}

/// The election, computed in the block that ends an era. The validator set is small, so an
/// off-chain miner with its signed phases would be machinery without use.
pub struct OnChainElection;

impl onchain::Config for OnChainElection {
	type System = Runtime;
	type Solver = SequentialPhragmen<AccountId, Perbill>;
	type DataProvider = Staking;
	type Bounds = ElectionBoundsOnChain;
	type MaxBackersPerWinner = MaxBackersPerWinner;
	type MaxWinnersPerPage = MaxAuthorities;
	type Sort = ConstBool<true>;
	type WeightInfo = frame_election_provider_support::weights::SubstrateWeight<Runtime>;
}

/// Mints a governed share of the issuance for stakers, in proportion to an era's length, and what they
/// have of the era's jobs: that burns here, to be minted again for whoever is paid.
pub struct InflationByTime;

impl sp_staking::EraPayout<Balance> for InflationByTime {
	fn era_payout(_staked: Balance, issuance: Balance, era_ms: u64) -> (Balance, Balance) {
		let annual = staking_rewards::AnnualInflation::get().min(ANNUAL_INFLATION_MAX);
		// A stalled chain must not mint for more than a year at once.
		let share_of_year =
			Perbill::from_rational(era_ms.min(MILLISECONDS_PER_YEAR), MILLISECONDS_PER_YEAR);
		let inflation: Balance = share_of_year * (annual * issuance);
		(inflation.saturating_add(Burn::take_for_era()), 0)
	}
}

/// Sizes of the benchmarks of an election.
pub struct StakingBenchmarkingConfig;
impl pallet_staking::BenchmarkingConfig for StakingBenchmarkingConfig {
	type MaxNominators = frame_support::traits::ConstU32<ELECTING_VOTERS_MAX>;
	// No more can be set. What an election of more candidates costs follows from the slope.
	type MaxValidators = MaxAuthorities;
}

impl pallet_staking::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type OldCurrency = Balances;
	type Currency = Balances;
	type CurrencyBalance = Balance;
	type CurrencyToVote = U128CurrencyToVote;
	type UnixTime = Timestamp;
	type ElectionProvider = onchain::OnChainExecution<OnChainElection>;
	type GenesisElectionProvider = onchain::OnChainExecution<OnChainElection>;
	type NominationsQuota = FixedNominationsQuota<MAX_NOMINATIONS>;
	type HistoryDepth = HistoryDepth;
	// Nothing remains: an unhandled imbalance corrects total issuance.
	type RewardRemainder = ();
	// Slashes burn and rewards are minted, with an entry in the books of the supply.
	type Slash = NoteSlashes<Self>;
	type Reward = NoteRewards<Self>;
	type SessionsPerEra = SessionsPerEra;
	type BondingDuration = BondingDuration;
	type SlashDeferDuration = SlashDeferDuration;
	type AdminOrigin = EnsureRoot<AccountId>;
	type SessionInterface = Self;
	type EraPayout = InflationByTime;
	type NextNewSession = Session;
	type MaxExposurePageSize = MaxExposurePageSize;
	type MaxValidatorSet = MaxAuthorities;
	// Sorted by stake, so that a crowd of tiny nominators cannot push others out of the election.
	type VoterList = VoterList;
	type TargetList = UseValidatorsMap<Self>;
	type MaxUnlockingChunks = MaxUnlockingChunks;
	type MaxControllersInDeprecationBatch = MaxControllersInDeprecationBatch;
	type EventListeners = ();
	type Filter = ();
	type BenchmarkingConfig = StakingBenchmarkingConfig;
	type WeightInfo = crate::weights::pallet_staking::WeightInfo<Runtime>;
}
