//! Databases that a node must not touch: of other chains, in use, damaged, and no databases.

use std::{
	fs::{self, OpenOptions},
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{ensure, Context, Result};
use assay_localnet::{
	artifacts, command,
	node::{Node, NodeConfig},
	wait::{self, Probe},
};
use serde_json::{json, Value};

use crate::refusal::{refuse, template, text, REFUSAL_LIMIT};

/// How long a node may take to make the blocks of a database.
const BLOCKS_LIMIT: Duration = Duration::from_secs(120);
/// Finalised blocks that a database of the tests has.
const KEPT_BLOCKS: u64 = 2;
/// Where a development node keeps its database under its base path.
const DEV_DATABASE: &str = "chains/assay_dev/paritydb/full";

#[tokio::test]
async fn a_database_of_another_node_or_chain_should_be_refused_and_kept() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let (mut node, database) = development_node(folder.path()).await?;
	let in_use = ["--dev", "--base-path", text(&database.base_path)?];
	let in_use = crate::refusal::refuse_command(&[&in_use[..], &FREE_PORTS].concat()).await?;
	in_use.names(&[text(&database.folder)?, "in use", "stop that node", "another --base-path"])?;
	node.ensure_running()?;
	node.stop().await?;

	// The same id, so the same folder, but other balances and so another genesis.
	let mut spec: Value = serde_json::from_str(&template("development").await?)?;
	let balances = spec
		.pointer_mut("/genesis/runtimeGenesis/patch/balances/balances/0/1")
		.context("the development preset endows somebody")?;
	*balances = json!(1_234_567_890_123_456_789_u64);
	let path = folder.path().join("other.json");
	fs::write(&path, spec.to_string())?;
	let foreign = refuse(&database.base_path, &["--chain", text(&path)?, "--alice"]).await?;
	foreign.names(&["another chain", text(&database.folder)?, "other.json"])?;

	// Nothing is lost: the node of the right chain goes on where it stopped.
	node.restart(Vec::new()).await?;
	ensure!(node.rpc().finalised().await?.number >= KEPT_BLOCKS, "the chain started anew");
	node.stop().await?;

	foreign.follow("purge-chain", "-y").await?;
	ensure!(!database.folder.exists(), "the advised command purges something else");
	Ok(())
}

#[tokio::test]
async fn a_damaged_database_should_be_named_with_the_ways_out_and_kept() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let (mut node, database) = development_node(folder.path()).await?;
	node.stop().await?;
	let whole = folder.path().join("whole");
	fs::rename(&database.folder, &whole)?;

	// Columns: 0 for what the client notes, 1 for the state, 3 for blocks by number, 4 for headers,
	// 8 for what consensus notes.
	let cut = |file: &Path| -> Result<()> {
		Ok(OpenOptions::new().write(true).open(file)?.set_len(4_096)?)
	};
	let garble =
		|file: &Path| -> Result<()> { Ok(fs::write(file, garbage(fs::metadata(file)?.len()))?) };
	let lose = |file: &Path| -> Result<()> { Ok(fs::remove_file(file)?) };
	type Harm<'a> = &'a dyn Fn(&Path) -> Result<()>;
	const ALL: usize = usize::MAX;
	let damages: [(&str, &str, usize, Harm); 13] = [
		("the state's index, cut", "index_01_", ALL, &cut),
		("the index of blocks by number, cut", "index_03_", ALL, &cut),
		("the client's index, garbage", "index_00_", ALL, &garble),
		("the headers' index, garbage", "index_04_", ALL, &garble),
		("the index of consensus, garbage", "index_08_", ALL, &garble),
		("the client's index, lost", "index_00_", ALL, &lose),
		("the index of consensus, lost", "index_08_", ALL, &lose),
		("all tables, lost", "table_", ALL, &lose),
		("the state's first table, lost", "table_01_", 1, &lose),
		("the state's tables, cut", "table_01_", ALL, &cut),
		("the headers' tables, garbage", "table_04_", ALL, &garble),
		("the state's tables, garbage", "table_01_", ALL, &garble),
		("the layout, garbage", "metadata", ALL, &garble),
	];
	for (damage, files, most, harm) in damages {
		copy(&whole, &database.folder).await?;
		let harmed = harm_files(&database.folder, files, most, harm).context(damage)?;
		ensure!(harmed > 0, "{damage}: no file {files}… in {}", database.folder.display());
		let refused = refuse(&database.base_path, &["--dev"]).await.context(damage)?;
		refused.names(&[text(&database.folder)?, "backup"]).context(damage)?;
		let purge = refused.advised("purge-chain").context(damage)?;
		let base_path = text(&database.base_path)?;
		assert_eq!(purge, format!("assay-node purge-chain --chain dev --base-path {base_path}"));
		fs::remove_dir_all(&database.folder)?;
	}
	Ok(())
}

#[tokio::test]
async fn a_folder_with_other_files_should_be_refused_and_kept() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let database = base_path.join(DEV_DATABASE);
	fs::create_dir_all(&database)?;
	fs::write(database.join("holiday.jpg"), "not a database")?;
	let refused = refuse(&base_path, &["--dev"]).await?;
	refused.names(&[text(&database)?, "--base-path"])
}

/// Lets the system choose all ports.
const FREE_PORTS: [&str; 6] = ["--rpc-port", "0", "--prometheus-port", "0", "--port", "0"];

/// A database, and where it lies.
struct Database {
	base_path: PathBuf,
	folder: PathBuf,
}

/// A development node that has made some blocks.
async fn development_node(folder: &Path) -> Result<(Node, Database)> {
	let config = NodeConfig::new("dev", &artifacts::node_binary()?, folder).arguments(["--dev"]);
	let node = config.start().await?;
	wait::until("finalised blocks", BLOCKS_LIMIT, async || {
		let finalised = node.rpc().finalised().await?;
		Ok(Probe::when(finalised.number >= KEPT_BLOCKS, (), finalised.to_string()))
	})
	.await?;
	let base_path = node.base_path();
	let folder = base_path.join(DEV_DATABASE);
	ensure!(folder.is_dir(), "the node keeps its database elsewhere than {}", folder.display());
	Ok((node, Database { base_path, folder }))
}

/// Copies a folder of files; most of them are mostly holes, which `cp` leaves out.
async fn copy(from: &Path, to: &Path) -> Result<()> {
	let mut cp = Command::new("cp");
	let finished = command::run(cp.arg("-r").arg(from).arg(to), REFUSAL_LIMIT).await?;
	ensure!(finished.status.success(), "cannot copy a database: {}", finished.stderr);
	Ok(())
}

/// Does something to each file whose name starts like this, or to the first ones. Returns how
/// many there were.
fn harm_files(
	folder: &Path,
	prefix: &str,
	most: usize,
	harm: &dyn Fn(&Path) -> Result<()>,
) -> Result<usize> {
	let files: std::io::Result<Vec<_>> = fs::read_dir(folder)?.collect();
	let mut names: Vec<_> = files?.iter().map(fs::DirEntry::file_name).collect();
	names.retain(|name| name.to_string_lossy().starts_with(prefix));
	names.sort();
	let harmed = names.iter().take(most);
	harmed.clone().try_for_each(|name| harm(&folder.join(name)))?;
	Ok(harmed.len())
}

/// Bytes without any order, always the same (a linear congruential generator).
fn garbage(length: u64) -> Vec<u8> {
	let mut state = 1_u64;
	let next = || {
		state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
		state.to_be_bytes()[0]
	};
	let length = usize::try_from(length).unwrap_or(usize::MAX);
	std::iter::repeat_with(next).take(length).collect()
}
