//! Reading a database before it is opened for writing, in a process of its own.
//!
//! What ParityDB and the client above it cannot find, they take for absent: where the index of a full
//! database is damaged, they write a new genesis into it. Missing files end the process that reads
//! them, by a panic or a signal. So another process reads what a node reads when it starts, and some
//! more, and nothing is opened for writing unless it finds its way.

use super::files;
use crate::service::FullBackend;
use assay_runtime::{opaque::Block, Hash};
use parity_db::{Db, Options};
use sc_client_api::{
	blockchain::Info, Backend as _, HeaderBackend, StateBackend, TrieCacheContext,
};
use sc_client_db::{BlocksPruning, Database, DatabaseSettings, DatabaseSource, DbHash};
use serde::{Deserialize, Serialize};
use sp_blockchain::Backend as _;
use sp_core::storage::well_known_keys;
use sp_database::{error::DatabaseError, Change, ColumnId, Transaction};
use sp_runtime::traits::Header as _;
use std::{
	fmt::Display,
	fs::{File, TryLockError},
	path::Path,
	sync::{Arc, Mutex, PoisonError},
};

/// The file that a process locks while it has a database open.
const LOCK_FILE: &str = "lock";
/// Latest blocks that are read. They lie wherever there was room, so in most files of their columns.
const BLOCKS: usize = 64;
/// Entries of the state that are read; their nodes are scattered in the same way.
const STATE_ENTRIES: usize = 1_000;
/// What consensus notes beside the blocks, by the names that BABE and GRANDPA give it. Without
/// these a node would start over with the authorities of the genesis.
const CONSENSUS_NOTES: [&str; 2] = ["babe_epoch_changes", "grandpa_voters"];

/// What the reading process found.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Finding {
	/// The database can be read.
	Sound {
		/// Its first block.
		genesis: Hash,
	},
	/// Another process has it open.
	InUse,
	/// It cannot be read.
	Damaged {
		/// What is wrong with it, as part of a sentence.
		reason: String,
	},
}

impl Finding {
	fn damaged(reason: impl Display) -> Self {
		Self::Damaged { reason: reason.to_string() }
	}
}

/// Reads the database in this folder. May panic or end by a signal where files are missing or cut.
///
/// Changes nothing, but for one thing that no reader of ParityDB can go without: what a journal
/// holds after a crash is written to where it belongs.
pub(crate) fn probe(database: &Path) -> Finding {
	match read(database) {
		Ok(genesis) => Finding::Sound { genesis },
		Err(finding) => finding,
	}
}

fn read(path: &Path) -> Result<Hash, Finding> {
	if is_locked(path) {
		return Err(Finding::InUse);
	}
	files::check(path).map_err(Finding::damaged)?;
	let database = Arc::new(ReadOnly::open(path)?);
	let settings = DatabaseSettings {
		trie_cache_maximum_size: None,
		state_pruning: None,
		source: DatabaseSource::Custom { db: database.clone(), require_create_flag: false },
		blocks_pruning: BlocksPruning::KeepAll,
		pruning_filters: Vec::new(),
		metrics_registry: None,
	};
	// The delay matters to finalisation only.
	let genesis =
		FullBackend::new(settings, 0).map_err(text).and_then(|backend| read_chain(&backend));
	match (database.failure(), genesis) {
		(None, Ok(genesis)) => Ok(genesis),
		(Some(cause), _) | (None, Err(cause)) => Err(Finding::damaged(cause)),
	}
}

/// Whether another process has the database open. Its files may change at any time then.
fn is_locked(path: &Path) -> bool {
	File::open(path.join(LOCK_FILE))
		.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Reads what a node reads when it starts. Returns the hash of the first block.
fn read_chain(backend: &FullBackend) -> Result<Hash, String> {
	let info = backend.blockchain().info();
	// What is unknown is zero in the client's answer.
	if info.genesis_hash == Hash::zero() {
		return Err("it has no first block".into());
	}
	if info.best_hash == Hash::zero() || info.finalized_hash == Hash::zero() {
		return Err("it does not tell its latest block".into());
	}
	for (number, hash) in [(0, info.genesis_hash), (info.finalized_number, info.finalized_hash)] {
		if backend.blockchain().hash(number).map_err(text)? != Some(hash) {
			return Err(format!("it lacks block #{number}"));
		}
	}
	read_blocks(backend, &info)?;
	read_consensus(backend, &info)?;
	read_state(backend, &info)?;
	Ok(info.genesis_hash)
}

fn read_blocks(backend: &FullBackend, info: &Info<Block>) -> Result<(), String> {
	let chain = backend.blockchain();
	let mut hash = info.best_hash;
	for _ in 0..BLOCKS {
		let Some(header) = chain.header(hash).map_err(text)? else {
			// A node that skipped the history fetches it later.
			return match info.block_gap {
				Some(_) => Ok(()),
				None => Err(format!("it lacks block {hash:?}")),
			};
		};
		chain.body(hash).map_err(text)?;
		chain.justifications(hash).map_err(text)?;
		if *header.number() == 0 {
			break;
		}
		hash = *header.parent_hash();
	}
	Ok(())
}

fn read_consensus(backend: &FullBackend, info: &Info<Block>) -> Result<(), String> {
	if info.best_number == 0 {
		// The first block brings them.
		return Ok(());
	}
	for note in CONSENSUS_NOTES {
		if backend.get_aux(note.as_bytes()).map_err(text)?.is_none() {
			return Err(format!("it lacks the entry {note}"));
		}
	}
	Ok(())
}

fn read_state(backend: &FullBackend, info: &Info<Block>) -> Result<(), String> {
	let Some((block, _)) = info.finalized_state else { return Ok(()) };
	let state = backend.state_at(block, TrieCacheContext::Untrusted).map_err(text)?;
	if state.storage(well_known_keys::CODE).map_err(text)?.is_none() {
		return Err("its state has no runtime".into());
	}
	let mut key = Vec::new();
	for _ in 0..STATE_ENTRIES {
		let Some(next) = state.next_storage_key(&key).map_err(text)? else { break };
		state.storage(&next).map_err(text)?;
		key = next;
	}
	Ok(())
}

fn text(error: impl Display) -> String {
	error.to_string()
}

/// A database that refuses changes and remembers the first failure: the trait's readers cannot
/// return one.
struct ReadOnly {
	database: Db,
	failure: Mutex<Option<parity_db::Error>>,
}

impl ReadOnly {
	fn open(path: &Path) -> Result<Self, Finding> {
		let layout = Options::load_metadata(path)
			.map_err(Finding::damaged)?
			.ok_or_else(|| Finding::damaged("it has no layout"))?;
		let options = Options {
			columns: layout.columns,
			// Statistics are written when a database is closed.
			stats: false,
			..Options::with_columns(path, 0)
		};
		let database = Db::open_read_only(&options).map_err(|error| match error {
			parity_db::Error::Locked(_) => Finding::InUse,
			error => Finding::damaged(error),
		})?;
		Ok(Self { database, failure: Mutex::new(None) })
	}

	/// What went wrong first, if anything did.
	fn failure(&self) -> Option<String> {
		let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
		failure.as_ref().map(ToString::to_string)
	}
}

impl Database<DbHash> for ReadOnly {
	fn commit(&self, transaction: Transaction<DbHash>) -> Result<(), DatabaseError> {
		// A start removes what it no longer needs, and writes only what it did not find.
		let is_new =
			|change: &Change<DbHash>| matches!(change, Change::Set(..) | Change::Store(..));
		if transaction.0.iter().any(is_new) {
			return Err(DatabaseError("it lacks what every database has".into()));
		}
		Ok(())
	}

	fn get(&self, column: ColumnId, key: &[u8]) -> Option<Vec<u8>> {
		let column = u8::try_from(column).ok()?;
		self.database.get(column, key).unwrap_or_else(|error| {
			let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
			failure.get_or_insert(error);
			None
		})
	}

	fn supports_ref_counting(&self) -> bool {
		true
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn another_process_should_be_told_from_damage() {
		let folder = tempfile::tempdir().unwrap();
		assert!(!is_locked(folder.path()), "nobody can lock what is not there");
		let lock = File::create(folder.path().join(LOCK_FILE)).unwrap();
		assert!(!is_locked(folder.path()));
		lock.lock().unwrap();
		assert!(is_locked(folder.path()));
		assert!(matches!(probe(folder.path()), Finding::InUse));
	}

	#[test]
	fn an_empty_database_should_be_refused_and_kept() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("full");
		let options = Options { stats: false, ..Options::with_columns(&path, 13) };
		drop(Db::open_or_create(&options).unwrap());
		let files = || std::fs::read_dir(&path).unwrap().count();
		let before = files();
		let Finding::Damaged { reason } = probe(&path) else { panic!("not refused") };
		assert!(reason.contains("it lacks what every database has"), "{reason}");
		assert_eq!(files(), before);
	}
}
