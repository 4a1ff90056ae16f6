//! The node's commands that work on the database of a stopped node: blocks leave it and come into
//! another, one is checked, some are taken back, and all are purged.

use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{ensure, Context, Result};
use assay_localnet::{
	artifacts, command,
	node::NodeConfig,
	wait::{self, Probe},
};

/// How long a command may take. Each starts the runtime, beside other tests.
const COMMAND_LIMIT: Duration = Duration::from_secs(120);
/// Blocks of the chain that the commands work on.
const BLOCKS: u64 = 4;
/// Blocks that are taken back.
const REVERTED: u64 = 2;

#[tokio::test]
async fn blocks_should_move_to_another_database_and_be_reverted_and_purged() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	// Without finality every block can be taken back.
	let config = NodeConfig::new("dev", &artifacts::node_binary()?, folder.path());
	let mut node = config.arguments(["--dev", "--no-grandpa"]).start().await?;
	wait::until("blocks", COMMAND_LIMIT, async || {
		let best = node.rpc().best().await?;
		Ok(Probe::when(best.number >= BLOCKS, (), best.to_string()))
	})
	.await?;
	node.stop().await?;
	let original = Chain { base_path: node.base_path(), files: folder.path().to_owned() };
	let copy = Chain { base_path: folder.path().join("copy"), files: folder.path().to_owned() };

	let exported = original.export("original.bin").await?;
	let blocks = count(&exported)?;
	ensure!(blocks >= BLOCKS, "only {blocks} blocks are exported");
	let checked = original.run("check-block", &[&BLOCKS.to_string()]).await?;
	ensure!(checked.contains("Completed in"), "check-block printed: {checked}");
	original
		.run("check-block", &[&(blocks + 1_000).to_string()])
		.await
		.err()
		.context("check-block passes a block that does not exist")?;

	copy.run("import-blocks", &["--binary", &original.file("original.bin")?]).await?;
	ensure!(copy.export("copy.bin").await? == exported, "the copy's blocks are others");

	copy.run("revert", &[&REVERTED.to_string()]).await?;
	let left = copy.export("reverted.bin").await?;
	assert_eq!(count(&left)?, blocks - REVERTED);
	ensure!(exported[PREFIX..].starts_with(&left[PREFIX..]), "other blocks were taken back");

	let database = copy.base_path.join("chains/assay_dev/paritydb");
	ensure!(database.is_dir(), "the database is elsewhere than {}", database.display());
	copy.run("purge-chain", &["-y"]).await?;
	ensure!(!database.exists(), "it is still there");
	ensure!(original.base_path.join("chains/assay_dev/paritydb").is_dir(), "the wrong one went");
	Ok(())
}

/// Bytes of the number of blocks, with which a binary export begins.
const PREFIX: usize = 8;

/// How many blocks a binary export has.
fn count(export: &[u8]) -> Result<u64> {
	let prefix = export.first_chunk::<PREFIX>().context("the export has no number of blocks")?;
	Ok(u64::from_le_bytes(*prefix))
}

/// A development chain in its own folder.
struct Chain {
	base_path: PathBuf,
	/// Where its exports go.
	files: PathBuf,
}

impl Chain {
	/// Runs a command on the chain, which must succeed. Returns what it printed.
	async fn run(&self, name: &str, arguments: &[&str]) -> Result<String> {
		let mut node = Command::new(artifacts::node_binary()?);
		node.args([name, "--chain", "dev", "--base-path"]).arg(&self.base_path).args(arguments);
		let finished = command::run(&mut node, COMMAND_LIMIT).await?;
		ensure!(finished.status.success(), "{name} {arguments:?}: {}", finished.stderr);
		Ok(finished.stdout)
	}

	/// Exports all blocks to a file of this name. Returns what is in it.
	async fn export(&self, name: &str) -> Result<Vec<u8>> {
		let file = self.file(name)?;
		self.run("export-blocks", &["--binary", &file]).await?;
		Ok(fs::read(Path::new(&file))?)
	}

	fn file(&self, name: &str) -> Result<String> {
		let path = self.files.join(name).into_os_string();
		path.into_string().ok().context("a temporary path is not UTF-8")
	}
}
