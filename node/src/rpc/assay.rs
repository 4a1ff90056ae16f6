//! Assay's own methods, `assay_*`: what a client cannot read from the state by itself.

use assay_runtime::opaque::Block;
use jsonrpsee::{
	core::RpcResult,
	proc_macros::rpc,
	types::{error::INTERNAL_ERROR_CODE, ErrorObjectOwned},
};
use serde::Serialize;
use sp_api::{Core, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_babe::BabeApi;
use std::sync::Arc;

/// Which software answers and how fast its chain runs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NodeVersion {
	/// Version of the node, with its commit.
	pub(crate) node: String,
	/// Name of the runtime at the best block.
	pub(crate) spec_name: String,
	/// Version of the runtime at the best block.
	pub(crate) spec_version: u32,
	/// Length of a slot in milliseconds.
	pub(crate) slot_duration_ms: u64,
	/// Length of an epoch in slots.
	pub(crate) epoch_duration_slots: u64,
}

/// The methods.
#[rpc(server, namespace = "assay")]
pub(crate) trait AssayApi {
	/// Which software answers and how fast its chain runs.
	#[method(name = "version")]
	fn version(&self) -> RpcResult<NodeVersion>;
}

/// Answers the methods from a client.
pub(crate) struct Assay<C> {
	client: Arc<C>,
}

impl<C> Assay<C> {
	/// Answers from `client`.
	pub(crate) fn new(client: Arc<C>) -> Self {
		Self { client }
	}
}

impl<C> AssayApiServer for Assay<C>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: BabeApi<Block>,
{
	fn version(&self) -> RpcResult<NodeVersion> {
		let best = self.client.info().best_hash;
		let api = self.client.runtime_api();
		let runtime = api.version(best).map_err(internal)?;
		let babe = api.configuration(best).map_err(internal)?;
		Ok(NodeVersion {
			node: env!("SUBSTRATE_CLI_IMPL_VERSION").into(),
			spec_name: runtime.spec_name.to_string(),
			spec_version: runtime.spec_version,
			slot_duration_ms: babe.slot_duration,
			epoch_duration_slots: babe.epoch_length,
		})
	}
}

fn internal(error: sp_api::ApiError) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(INTERNAL_ERROR_CODE, error.to_string(), None::<()>)
}
