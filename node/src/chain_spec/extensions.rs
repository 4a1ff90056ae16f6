//! What a spec carries besides genesis.

use assay_runtime::opaque::Block;
use sc_chain_spec::ChainSpecExtension;
use serde::{Deserialize, Serialize};

/// Fields of an Assay spec beyond Substrate's own.
#[derive(Clone, ChainSpecExtension, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Extensions {
	/// Blocks that the chain must contain at their heights.
	pub(crate) fork_blocks: sc_client_api::ForkBlocks<Block>,
	/// Blocks that the chain must not contain.
	pub(crate) bad_blocks: sc_client_api::BadBlocks<Block>,
	/// Where a light client may start, written by the RPC `sync_state_genSyncSpec`.
	pub(crate) light_sync_state: sc_sync_state_rpc::LightSyncStateExtension,
}
