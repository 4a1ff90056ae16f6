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
use std::{
	fs,
	path::{Path, PathBuf},
	sync::Arc,
};

/// The file in which ParityDB describes a database. Without it ParityDB would make a new one among
/// whatever files are there.
const LAYOUT_FILE: &str = "metadata";

type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// Opens the database of the configured chain, or creates it, and checks that it is of that chain.
pub(super) fn open(
	config: &Configuration,
	telemetry: Option<TelemetryHandle>,
) -> Result<(FullClient, Arc<FullBackend>, KeystoreContainer, TaskManager), ServiceError> {
	let executor: Executor = sc_service::new_wasm_executor(&config.executor);
	let existing = existing(config);
	let expected = match existing {
		None => None,
		Some(path) => {
			if !path.join(LAYOUT_FILE).is_file() {
				// No advice to remove it: the files may be somebody's.
				return Err(ServiceError::Other(format!(
					"{} has files in it, but no ParityDB database: choose another --base-path",
					path.display()
				)));
			}
			let expected = genesis_hash(config, &executor)?;
			// Opening writes already, so a database that is known to be another's stays closed.
			if let Some(found) = noted_genesis(path).filter(|found| *found != expected) {
				return Err(of_another_chain(config, path, found, expected));
			}
			Some(expected)
		}
	};
	let parts = sc_service::new_full_parts::<Block, RuntimeApi, _>(
		config,
		telemetry,
		executor,
		// Warp sync of others needs blocks with justifications even where old ones are pruned.
		vec![Arc::new(sc_consensus_grandpa::GrandpaPruningFilter)],
	)
	.map_err(|error| explain(existing, error))?;
	let found = parts.0.info().genesis_hash;
	// The client trusts a database that has a genesis block, whatever the spec says; a node of
	// another chain with the same id would then run on alone.
	if let (Some(path), Some(expected)) = (existing, expected.filter(|hash| *hash != found)) {
		return Err(of_another_chain(config, path, found, expected));
	}
	if let Some(path) = config.database.path() {
		note_genesis(path, found);
	}
	Ok(parts)
}

/// The database's folder, when there is something in it.
pub(super) fn existing(config: &Configuration) -> Option<&Path> {
	let is_not_empty =
		|path: &&Path| path.read_dir().is_ok_and(|mut entries| entries.next().is_some());
	config.database.path().filter(is_not_empty)
}

/// Blames a database that was there before for what could not be read from it.
pub(super) fn explain(existing: Option<&Path>, error: ServiceError) -> ServiceError {
	match existing {
		Some(path) if matches!(error, ServiceError::Client(_) | ServiceError::Consensus(_)) => {
			cannot_use(path, &error.to_string())
		}
		_ => error,
	}
}

/// Beside the database: the hash of its genesis, to be read without opening it.
fn note_path(database: &Path) -> PathBuf {
	database.with_file_name("genesis-hash")
}

/// The noted genesis of a database; nothing when the node was killed before it wrote the note.
fn noted_genesis(database: &Path) -> Option<Hash> {
	fs::read_to_string(note_path(database)).ok()?.trim().parse().ok()
}

/// Notes the genesis of a database. A note that cannot be written is no reason to stop: the
/// next start then reads the database instead.
fn note_genesis(database: &Path, genesis: Hash) {
	if noted_genesis(database) == Some(genesis) {
		return;
	}
	let note = note_path(database);
	let unfinished = note.with_extension("new");
	let written = fs::write(&unfinished, format!("{genesis:?}\n"))
		.and_then(|()| fs::rename(&unfinished, &note));
	if let Err(error) = written {
		log::warn!("cannot write {}: {error}", note.display());
	}
}

fn of_another_chain(
	config: &Configuration,
	path: &Path,
	found: Hash,
	expected: Hash,
) -> ServiceError {
	cannot_use(
		path,
		&format!(
			"it is of another chain (its genesis is {found:?}, that of chain spec `{}` is \
			 {expected:?})",
			config.chain_spec.id()
		),
	)
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

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_note_should_be_read_back_and_replaced() {
		let folder = tempfile::tempdir().unwrap();
		let database = folder.path().join("full");
		assert_eq!(noted_genesis(&database), None);
		for genesis in [Hash::repeat_byte(1), Hash::repeat_byte(2)] {
			note_genesis(&database, genesis);
			assert_eq!(noted_genesis(&database), Some(genesis));
		}
		fs::write(note_path(&database), "half of a ha").unwrap();
		assert_eq!(noted_genesis(&database), None);
	}

	#[test]
	fn only_failed_reads_should_be_blamed_on_the_database() {
		let read = || ServiceError::Client(sp_blockchain::Error::UnknownBlock("#7".into()));
		let path = Path::new("/data/full");
		assert!(explain(Some(path), read()).to_string().contains("/data/full"));
		assert!(!explain(None, read()).to_string().contains("/data/full"));
		let other = ServiceError::Other("no telemetry".into());
		assert!(!explain(Some(path), other).to_string().contains("/data/full"));
	}
}
