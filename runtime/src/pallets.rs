//! The pallets of the chain and their indices.

use crate::{Block, UncheckedExtrinsic};
use alloc::vec::Vec;
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::traits::Block as BlockT;

// The trait behind these two is private to the module in which the list of pallets stands.

/// The inherents of a new block.
pub(crate) fn create_inherents(data: &InherentData) -> Vec<UncheckedExtrinsic> {
	data.create_extrinsics()
}

/// What the pallets have against the inherents of somebody's block.
pub(crate) fn check_inherents(
	block: <Block as BlockT>::LazyBlock,
	data: &InherentData,
) -> CheckInherentsResult {
	data.check_extrinsics(&block)
}

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// Indices are part of every call, event, error and hold on chain: never change one. Hooks and
	// genesis run in their order, so a pallet comes after those that it reads.

	// Foundation: 0-9.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timing = pallet_timing;
	#[runtime::pallet_index(2)]
	pub type Parameters = pallet_parameters;
	#[runtime::pallet_index(3)]
	pub type MultiBlockMigrations = pallet_migrations;
	#[runtime::pallet_index(4)]
	pub type SafeMode = pallet_safe_mode;
	#[runtime::pallet_index(5)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(6)]
	pub type Scheduler = pallet_scheduler;

	// Consensus: 10-29. BABE before Timestamp, which it checks.
	#[runtime::pallet_index(10)]
	pub type Babe = pallet_babe;
	#[runtime::pallet_index(11)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(12)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(13)]
	pub type TransactionPayment = pallet_transaction_payment;
	// Authorship tells Staking of authors, so it comes first; Session needs Staking's genesis.
	#[runtime::pallet_index(14)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(15)]
	pub type Staking = pallet_staking;
	#[runtime::pallet_index(16)]
	pub type VoterList = pallet_bags_list<Instance1>;
	#[runtime::pallet_index(17)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(18)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(19)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(20)]
	pub type Grandpa = pallet_grandpa;

	// Assets: 30-39.
	#[runtime::pallet_index(30)]
	pub type Assets = pallet_assets<Instance1>;
	#[runtime::pallet_index(31)]
	pub type AssetsHolder = pallet_assets_holder<Instance1>;
	#[runtime::pallet_index(32)]
	pub type PoolAssets = pallet_assets<Instance2>;
	#[runtime::pallet_index(33)]
	pub type AssetConversion = pallet_asset_conversion;

	// Accounts' tools: 40-49.
	#[runtime::pallet_index(40)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(41)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(42)]
	pub type Multisig = pallet_multisig;

	// Governance: 50-59.
	#[runtime::pallet_index(50)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(51)]
	pub type ConvictionVoting = pallet_conviction_voting;
	#[runtime::pallet_index(52)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(53)]
	pub type TechnicalCommittee = pallet_collective<Instance1>;

	// The market: 60-79. The clock before all whose hooks read the time, so that they see this
	// block's tick. Vouchers look at the pools before burning sells to them. Burn last: at genesis it
	// records the issuance, and at a block's end it compares its books with it, after whatever mints
	// or burns by then.
	#[runtime::pallet_index(60)]
	pub type Clock = pallet_clock;
	#[runtime::pallet_index(61)]
	pub type Payouts = pallet_payouts;
	#[runtime::pallet_index(62)]
	pub type Models = pallet_models;
	#[runtime::pallet_index(63)]
	pub type Vouchers = pallet_vouchers;
	#[runtime::pallet_index(64)]
	pub type Providers = pallet_providers;
	#[runtime::pallet_index(65)]
	pub type Jobs = pallet_jobs;
	#[runtime::pallet_index(66)]
	pub type Slashing = pallet_slashing;
	#[runtime::pallet_index(67)]
	pub type Burn = pallet_burn;

	// Without a key in genesis nobody can ever call it: production has none.
	#[runtime::pallet_index(255)]
	pub type Sudo = pallet_sudo;
}
