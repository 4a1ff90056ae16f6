//! # The Assay runtime
//!
//! The state transition function of the Assay chain. One Wasm serves every network: what differs
//! between a development chain and a public one (slot, epoch, keys, balances) is genesis, see
//! [`genesis_config_presets`].
//!
//! - `configs/`: one file per pallet.
//! - [`apis`]: what nodes, wallets and indexers call.
//! - [`market_api`]: where the money of an account lies, over all pallets.
//! - [`fees`]: what a transaction costs and where the money goes.
//! - [`exchange`]: liquidity pools, as the market sees them.
//! - [`parameters`]: the values that governance may change.
//! - [`migrations`]: what an upgrade has to change in storage.

#![cfg_attr(not(feature = "std"), no_std)]
// The list of pallets below recurses deeper than the default.
#![recursion_limit = "512"]

extern crate alloc;

#[allow(missing_docs, reason = "the macro generates items beside those that it is given")]
pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarks;
pub mod configs;
pub mod exchange;
pub mod fees;
pub mod genesis_config_presets;
pub mod market_api;
pub mod migrations;
#[allow(missing_docs, reason = "the macro generates items beside those that it is given")]
mod pallets;
#[allow(
	missing_docs,
	clippy::cast_possible_truncation,
	reason = "the macro generates items beside those that it is given, and counts them in a byte"
)]
pub mod parameters;
#[cfg(test)]
mod tests;
mod transaction;
pub mod units;
mod version;
pub mod weights;
#[cfg(feature = "std")]
#[allow(missing_docs, reason = "written by the build script")]
mod wasm_binary {
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

use alloc::vec::Vec;
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};

pub use pallets::*;
pub use transaction::{SignedPayload, TxExtension, UncheckedExtrinsic};
pub use version::{NATIVE_TOKEN_DECIMALS, NATIVE_TOKEN_SYMBOL, SS58_PREFIX, VERSION};
#[cfg(feature = "std")]
pub use wasm_binary::{WASM_BINARY, WASM_BINARY_BLOATY, WASM_BINARY_PATH};

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
