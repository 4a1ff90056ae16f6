//! Opening the database, and what to do when it cannot be used.

use super::{FullBackend, FullClient};
use assay_runtime::{apis::RuntimeApi, opaque::Block, Hash};
use sc_client_api::HeaderBackend;
use sc_executor::WasmExecutor;
use sc_service::{
	config::Configuration, error::Error as ServiceError, KeystoreContainer, TaskManager,
};
use sc_telemetry::TelemetryHandle;
use sp_runtime::traits::{BlakeTwo256, Block as BlockT};
use std::{path::Path, sync::Arc};

/// The file in which ParityDB describes a database. Without it ParityDB would make a new one among
/// whatever files are there.
const LAYOUT_FILE: &str = "metadata";

type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// Opens the database of the configured chain, or creates it, and checks that it is of that chain.
pub(crate) fn open(
	config: &Configuration,
	telemetry: Option<TelemetryHandle>,
) -> Result<(FullClient, Arc<FullBackend>, KeystoreContainer, TaskManager), ServiceError> {
	let path = config.database.path().map(Path::to_owned);
	let existed = path.as_deref().is_some_and(is_not_empty);
	if let Some(path) = path.as_deref().filter(|path| existed && !path.join(LAYOUT_FILE).is_file())
	{
		return Err(cannot_use(path, "the folder has files in it, but no ParityDB database"));
	}
	let executor: Executor = sc_service::new_wasm_executor(&config.executor);
	let parts = sc_service::new_full_parts::<Block, RuntimeApi, _>(
		config,
		telemetry,
		executor.clone(),
		// Warp sync of others needs blocks with justifications even where old ones are pruned.
		vec![Arc::new(sc_consensus_grandpa::GrandpaPruningFilter)],
	)
	.map_err(|error| match &path {
		Some(path) if existed => cannot_use(path, &error.to_string()),
		_ => error,
	})?;
	if let Some(path) = path.filter(|_| existed) {
		check_genesis(config, &executor, &parts.0, &path)?;
	}
	Ok(parts)
}

fn is_not_empty(folder: &Path) -> bool {
	folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

/// The client trusts a database that has a genesis block, whatever the spec says; a node of
/// another chain with the same id would then run on alone.
fn check_genesis(
	config: &Configuration,
	executor: &Executor,
	client: &FullClient,
	path: &Path,
) -> Result<(), ServiceError> {
	let expected = genesis_hash(config, executor)?;
	let found = client.info().genesis_hash;
	if expected == found {
		return Ok(());
	}
	Err(cannot_use(
		path,
		&format!(
			"it is of another chain (its genesis is {found}, that of chain spec `{}` is {expected})",
			config.chain_spec.id()
		),
	))
}

/// The hash of the genesis block that the spec describes.
fn genesis_hash(config: &Configuration, executor: &Executor) -> Result<Hash, ServiceError> {
	let storage = config.chain_spec.as_storage_builder().build_storage()?;
	let version =
		sc_chain_spec::resolve_state_version_from_wasm::<_, BlakeTwo256>(&storage, executor)?;
	let child_roots = storage.children_default.values().map(|child| {
		let root = <BlakeTwo256 as sp_runtime::traits::Hash>::trie_root(
			child.data.clone().into_iter().collect(),
			version,
		);
		(child.child_info.prefixed_storage_key().into_inner(), codec::Encode::encode(&root))
	});
	let root = <BlakeTwo256 as sp_runtime::traits::Hash>::trie_root(
		storage.top.clone().into_iter().chain(child_roots).collect(),
		version,
	);
	let block: Block = sc_chain_spec::construct_genesis_block(root, version);
	Ok(block.header().hash())
}

fn cannot_use(path: &Path, reason: &str) -> ServiceError {
	ServiceError::Other(format!(
		"database {} cannot be used: {reason}. Restore a backup, choose another --base-path, or \
		 remove it with `assay-node purge-chain` and synchronise again",
		path.display()
	))
}
