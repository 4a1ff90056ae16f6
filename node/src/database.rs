//! A database that is there before the node starts: whether it can be used, and what to do when not.

mod files;
mod probe;

pub(crate) use probe::{probe, Finding};

use crate::error::{shell_path, shell_word};
use assay_runtime::{opaque::Block, Hash};
use sc_executor::WasmExecutor;
use sc_service::{error::Error as ServiceError, Configuration};
use sp_core::storage::Storage;
use sp_runtime::traits::{BlakeTwo256, Block as BlockT};
use std::{
	env,
	os::unix::process::ExitStatusExt,
	path::{Path, PathBuf},
	process::{Command, ExitStatus, Stdio},
};

/// The subcommand that reads a database and prints what it finds, for [`Existing::first_block`].
pub(crate) const PROBE_COMMAND: &str = "probe-database";
/// The file in which ParityDB describes a database. Without it ParityDB would make a new one among
/// whatever files are there.
const LAYOUT_FILE: &str = "metadata";
/// SIGINT and SIGTERM: a person stopped the start.
const STOP_SIGNALS: [i32; 2] = [2, 15];

/// The runtime's executor.
pub(crate) type Executor = WasmExecutor<sp_io::SubstrateHostFunctions>;

/// A folder for the database that has something in it.
pub(crate) struct Existing {
	path: PathBuf,
	/// The flags that choose this database.
	flags: String,
}

impl Existing {
	/// The database of the chain that `--chain` names so, if there is one.
	pub(crate) fn of(chain: &str, config: &Configuration) -> Option<Self> {
		let path = config.database.path()?;
		let mut files = path.read_dir().ok()?;
		files.next()?.ok()?;
		let base_path = shell_path(config.base_path.path());
		let flags = format!("--chain {} --base-path {base_path}", shell_word(chain));
		Some(Self { path: path.to_owned(), flags })
	}

	/// Reads the database without opening it for writing. Returns the hash of its first block.
	pub(crate) fn first_block(&self) -> Result<Hash, String> {
		let path = self.path.display();
		if !self.path.join(LAYOUT_FILE).is_file() {
			// No advice to remove it: the files may be somebody's.
			return Err(format!(
				"{path} has files in it, but no ParityDB database: choose another --base-path"
			));
		}
		match read_in_another_process(&self.path)? {
			Finding::Sound { genesis } => Ok(genesis),
			Finding::InUse => Err(format!(
				"database {path} is in use by another process: stop that node, or choose another \
				 --base-path"
			)),
			Finding::Damaged { reason } => Err(self.cannot_use(&reason)),
		}
	}

	/// Checks that a database with this first block is of the chain that begins with `genesis`. The
	/// client would trust it, whatever the spec says, and a node of another chain with the same id
	/// would then run on alone.
	pub(crate) fn check_chain(
		&self,
		first_block: Hash,
		chain: &str,
		genesis: &Storage,
		executor: &Executor,
	) -> Result<(), String> {
		let expected = hash_of(genesis, executor)?;
		if first_block == expected {
			return Ok(());
		}
		Err(self.cannot_use(&format!(
			"it is of another chain (its genesis is {first_block:?}, that of chain spec {chain} is \
			 {expected:?})"
		)))
	}

	/// Blames the database for what could not be read from it.
	pub(crate) fn explain(&self, error: ServiceError) -> ServiceError {
		match error {
			ServiceError::Client(_) | ServiceError::Consensus(_) => {
				ServiceError::Other(self.cannot_use(&error.to_string()))
			}
			error => error,
		}
	}

	fn cannot_use(&self, reason: &str) -> String {
		format!(
			"database {} cannot be used: {reason}. Restore a backup, choose another --base-path, or \
			 remove it with `assay-node purge-chain {}` and synchronise again",
			self.path.display(),
			self.flags,
		)
	}
}

/// Lets a process of its own read the database: damage may end it.
fn read_in_another_process(database: &Path) -> Result<Finding, String> {
	let cannot_start = |error| format!("cannot start a process that reads the database: {error}");
	let program = env::current_exe().map_err(cannot_start)?;
	let output = Command::new(program)
		.arg(PROBE_COMMAND)
		.arg(database)
		.stdin(Stdio::null())
		.stderr(Stdio::null())
		.output()
		.map_err(cannot_start)?;
	finding(output.status, &output.stdout)
}

/// What the reading process found, from how it ended and what it printed.
fn finding(status: ExitStatus, printed: &[u8]) -> Result<Finding, String> {
	if status.signal().is_some_and(|signal| STOP_SIGNALS.contains(&signal)) {
		return Err("the start was interrupted while the database was read".into());
	}
	let found = serde_json::from_slice(printed).ok().filter(|_| status.success());
	// Panics of ParityDB tell nothing that a reader could use.
	let ended = || format!("files of it are missing or damaged (reading it ended with {status})");
	Ok(found.unwrap_or_else(|| Finding::Damaged { reason: ended() }))
}

/// The hash of the block that a chain with this genesis begins with.
fn hash_of(genesis: &Storage, executor: &Executor) -> Result<Hash, String> {
	let version =
		sc_chain_spec::resolve_state_version_from_wasm::<_, BlakeTwo256>(genesis, executor)
			.map_err(|error| format!("cannot read the version of the spec's runtime: {error}"))?;
	let child_roots = genesis.children_default.values().map(|child| {
		let root = <BlakeTwo256 as sp_runtime::traits::Hash>::trie_root(
			child.data.clone().into_iter().collect(),
			version,
		);
		(child.child_info.prefixed_storage_key().into_inner(), codec::Encode::encode(&root))
	});
	let root = <BlakeTwo256 as sp_runtime::traits::Hash>::trie_root(
		genesis.top.clone().into_iter().chain(child_roots).collect(),
		version,
	);
	let block: Block = sc_chain_spec::construct_genesis_block(root, version);
	Ok(block.header().hash())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn existing() -> Existing {
		Existing { path: "/data/full".into(), flags: "--chain dev --base-path /data".into() }
	}

	#[test]
	fn only_failed_reads_should_be_blamed_on_the_database() {
		let read = ServiceError::Client(sp_blockchain::Error::UnknownBlock("#7".into()));
		let blamed = existing().explain(read).to_string();
		for part in ["/data/full", "#7", "`assay-node purge-chain --chain dev --base-path /data`"] {
			assert!(blamed.contains(part), "no `{part}` in: {blamed}");
		}
		let other = ServiceError::Other("no telemetry".into());
		assert!(!existing().explain(other).to_string().contains("/data/full"));
	}

	#[test]
	fn a_reader_that_ends_early_should_mean_damage_but_for_an_interruption() {
		let sound = serde_json::to_vec(&Finding::Sound { genesis: Hash::repeat_byte(7) }).unwrap();
		let ended = |wait_status| finding(ExitStatus::from_raw(wait_status), &sound);
		assert!(
			matches!(ended(0), Ok(Finding::Sound { genesis }) if genesis == Hash::repeat_byte(7))
		);
		// How the system reports the exit code 101, of a panic, and the signals SIGBUS and SIGTERM.
		for damage in [101 << 8, 7] {
			let Ok(Finding::Damaged { reason }) = ended(damage) else { panic!("not damage") };
			assert!(reason.contains("missing or damaged"), "{reason}");
		}
		assert!(ended(15).is_err_and(|error| error.contains("interrupted")));
		assert!(matches!(finding(ExitStatus::from_raw(0), b""), Ok(Finding::Damaged { .. })));
	}
}
