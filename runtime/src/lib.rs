//! # The Assay runtime
//!
//! The state transition function of the Assay chain. One Wasm serves every network: what differs
//! between a development chain and a public one (slot, epoch, keys, balances) is genesis, see
//! [`genesis_config_presets`].
//!
//! - `configs/`: one file per pallet.
//! - [`apis`]: what nodes, wallets and indexers call.
//! - [`fees`]: what a transaction costs and where the money goes.
//! - [`parameters`]: the values that governance may change.
//! - [`migrations`]: what an upgrade has to change in storage.

#![cfg_attr(not(feature = "std"), no_std)]
// The list of pallets below recurses deeper than the default.
#![recursion_limit = "512"]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod fees;
pub mod genesis_config_presets;
pub mod migrations;
pub mod parameters;
#[cfg(test)]
mod tests;
mod transaction;
pub mod units;
mod version;

use alloc::vec::Vec;
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};

pub use transaction::{SignedPayload, TxExtension, UncheckedExtrinsic};
pub use version::{NATIVE_TOKEN_DECIMALS, NATIVE_TOKEN_SYMBOL, SS58_PREFIX, VERSION};

/// A signature of any of the kinds that accounts may use.
pub type Signature = MultiSignature;
/// A public key's hash, or an account that a pallet controls.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How extrinsics name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// An amount of the native token in its smallest unit, see [`units`].
pub type Balance = u128;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// Height of a block.
pub type BlockNumber = u32;
/// A hash of the chain's hasher, blake2-256.
pub type Hash = sp_core::H256;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// The node's view of the chain: it moves extrinsics around and never looks into them, so that it
/// needs no change when the runtime changes their form.
pub mod opaque {
	use super::{generic, Header};

	/// A block whose extrinsics are bytes.
	pub type Block = generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
}

/// What runs a block: pallets in the order of their indices.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// The keys that a validator's node holds. Their order is part of the state: append only.
	pub struct SessionKeys {
		/// Authors blocks; its VRF is the chain's randomness.
		pub babe: Babe,
		/// Finalises blocks.
		pub grandpa: Grandpa,
	}
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

	// The market takes 60-79.

	// Without a key in genesis nobody can ever call it: production has none.
	#[runtime::pallet_index(255)]
	pub type Sudo = pallet_sudo;
}
