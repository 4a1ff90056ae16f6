//! The running node.
//!
//! - [`partial`]: database, client, transaction pool and import queue, without network; all that
//!   subcommands such as `export-blocks` need.
//! - [`pool_tasks`]: the tasks of the transaction pool, and how they end in order.
//! - [`full`]: the network and RPC on top, and the tasks that author and finalise.

mod full;
mod partial;
mod pool_tasks;

pub(crate) use full::new_full;
pub(crate) use partial::{new_partial, Partial};

use assay_runtime::{apis::RuntimeApi, opaque::Block};

/// The client: blocks, state and the runtime that reads them.
pub(crate) type FullClient = sc_service::TFullClient<
	Block,
	RuntimeApi,
	sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>,
>;
/// Where blocks and state are kept.
pub(crate) type FullBackend = sc_service::TFullBackend<Block>;
/// The longest chain is best; GRANDPA limits it to forks of what is final.
pub(crate) type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Import that follows GRANDPA's finality.
pub(crate) type GrandpaBlockImport =
	sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;

/// Every how many blocks a justification is kept at least, for warp sync and light clients.
pub(crate) const GRANDPA_JUSTIFICATION_PERIOD: u32 = 512;
