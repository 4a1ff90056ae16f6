//! Mistakes of the person who starts a node: each costs one line that names the cause and the
//! fix, an exit code that is not zero, a few seconds, and no byte of the database.

use std::{
	collections::BTreeMap,
	fs::{self, OpenOptions},
	hash::{DefaultHasher, Hash, Hasher},
	net::TcpListener,
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use assay_localnet::{
	artifacts, command,
	node::NodeConfig,
	wait::{self, Probe},
};
use serde_json::{json, Value};

/// How long a node may take to refuse. It loads its runtime for some checks, beside other tests.
const REFUSAL_LIMIT: Duration = Duration::from_secs(90);
/// How long a node may take to make the blocks of a database.
const BLOCKS_LIMIT: Duration = Duration::from_secs(120);
/// Finalised blocks that a database of the tests has.
const KEPT_BLOCKS: u64 = 2;
/// Where a development node keeps its database under its base path.
const DEV_DATABASE: &str = "chains/assay_dev/paritydb/full";

#[tokio::test]
async fn an_occupied_port_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	for flag in ["--rpc-port", "--port", "--prometheus-port"] {
		let occupied = TcpListener::bind("127.0.0.1:0")?;
		let port = occupied.local_addr()?.port().to_string();
		let refused = refuse(folder.path(), &["--dev", flag, &port]).await;
		refused.with_context(|| format!("{flag} {port}"))?.names(&[&port, flag])?;
	}
	Ok(())
}

#[tokio::test]
async fn an_unusable_chain_spec_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let spec = template("local_testnet").await?;
	let cases = [
		("missing.json", None, "No such file"),
		("truncated.json", Some(&spec[..spec.len() / 2]), "not complete JSON"),
		("empty.json", Some(""), "not complete JSON"),
		("foreign.json", Some(r#"{ "name": "web-app", "version": "1.0.0" }"#), "no genesis"),
	];
	for (name, content, cause) in cases {
		let path = folder.path().join(name);
		if let Some(content) = content {
			fs::write(&path, content)?;
		}
		let refused = refuse(&folder.path().join("data"), &["--chain", text(&path)?]).await;
		refused.with_context(|| name.to_owned())?.names(&[name, cause])?;
	}
	Ok(())
}

#[tokio::test]
async fn a_database_of_another_chain_should_be_refused_and_kept() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let database = development_database(folder.path()).await?;
	// The same id, so the same folder, but other balances and so another genesis.
	let mut spec: Value = serde_json::from_str(&template("development").await?)?;
	let balances = spec
		.pointer_mut("/genesis/runtimeGenesis/patch/balances/balances/0/1")
		.context("the development preset endows somebody")?;
	*balances = json!(1_234_567_890_123_456_u64);
	let path = folder.path().join("other.json");
	fs::write(&path, spec.to_string())?;

	let refused = refuse(&database.base_path, &["--chain", text(&path)?, "--alice"]).await?;
	refused.names(&["another chain", text(&database.folder)?, "purge-chain"])?;

	// Nothing is lost: the node of the right chain goes on where it stopped.
	let config = NodeConfig::new("dev", &artifacts::node_binary()?, folder.path());
	let mut node = config.arguments(["--dev"]).start().await?;
	ensure!(node.rpc().finalised().await?.number >= KEPT_BLOCKS, "the chain started anew");
	node.stop().await
}

#[tokio::test]
async fn a_damaged_database_should_be_named_with_the_ways_out() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let database = development_database(folder.path()).await?;
	let named = [text(&database.folder)?, "backup", "purge-chain"];
	// Indices of two columns, damaged one after the other; their last number is their size.
	for (index, column) in [("index_01_", "state"), ("index_03_", "blocks by number")] {
		truncate_files(&database.folder, index).with_context(|| column.to_owned())?;
		// Such damage shows once the database is open, so its files need not stay as they are.
		let refused = run_refused(&database.base_path, &["--dev"]).await;
		refused.with_context(|| column.to_owned())?.names(&named)?;
	}
	let layout = database.folder.join("metadata");
	fs::write(&layout, "this was a database")
		.with_context(|| format!("ParityDB keeps its layout in {}", layout.display()))?;
	refuse(&database.base_path, &["--dev"]).await?.names(&named)
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

#[tokio::test]
async fn a_validator_without_keys_should_be_told_which_ones_and_how() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let base_path = folder.path().join("data");
	let validator = ["--chain", "local", "--validator"];
	refuse(&base_path, &validator)
		.await?
		.names(&["network key", "key generate-node-key --file"])?;

	let with_network_key = [&validator[..], &["--unsafe-force-node-key-generation"]].concat();
	refuse(&base_path, &with_network_key).await?.names(&[
		"keystore",
		"babe",
		"key insert",
		"author_rotateKeys",
	])?;

	let missing = folder.path().join("no-keystore");
	let with_keystore = [&with_network_key[..], &["--keystore-path", text(&missing)?]].concat();
	refuse(&base_path, &with_keystore).await?.names(&[text(&missing)?, "key insert"])
}

#[tokio::test]
async fn development_keys_should_be_refused_on_a_public_chain() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let mut spec: Value = serde_json::from_str(&template("local_testnet").await?)?;
	spec["chainType"] = json!("Live");
	let path = folder.path().join("live.json");
	fs::write(&path, spec.to_string())?;
	let base_path = folder.path().join("data");

	let in_genesis = refuse(&base_path, &["--chain", text(&path)?]).await?;
	in_genesis.names(&["live.json", "development key", "replace"])?;
	let on_command_line = ["--chain", text(&path)?, "--alice"];
	let node_key = ["--unsafe-force-node-key-generation"];
	let with_alice = refuse(&base_path, &[&on_command_line[..], &node_key].concat()).await?;
	with_alice.names(&["live.json", "--alice", "--validator"])
}

#[tokio::test]
async fn wrong_flags_should_be_named() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	for (arguments, flag) in [
		(&["--dev", "--no-such-flag"][..], "--no-such-flag"),
		(&["--dev", "--port", "many"][..], "--port"),
		(&["--chain", "local", "--alice", "--bob"][..], "--bob"),
		(&["--dev", "--base-path"][..], "--base-path"),
		(&["no-such-command"][..], "no-such-command"),
	] {
		let mut command = Command::new(artifacts::node_binary()?);
		let finished = command::run(command.args(arguments), REFUSAL_LIMIT).await?;
		// The command line parser ends with 2 and shows the usage after the line with the cause.
		assert_eq!(finished.status.code(), Some(2), "{arguments:?}");
		let first = finished.stderr.lines().next().unwrap_or_default();
		ensure!(first.starts_with("error: ") && first.contains(flag), "{}", finished.stderr);
	}
	ensure!(fs::read_dir(folder.path())?.next().is_none(), "something was written");
	Ok(())
}

/// The one line with which a node ended.
struct Refused {
	line: String,
}

impl Refused {
	/// Fails unless the line has all of these parts.
	fn names(&self, parts: &[&str]) -> Result<()> {
		for part in parts {
			ensure!(self.line.contains(part), "no `{part}` in: {}", self.line);
		}
		Ok(())
	}
}

/// Starts a node that must refuse to run without a change below its base path.
async fn refuse(base_path: &Path, arguments: &[&str]) -> Result<Refused> {
	let before = contents(base_path)?;
	let refused = run_refused(base_path, arguments).await?;
	let after = contents(base_path)?;
	for (path, hash) in &before {
		ensure!(after.get(path) == Some(hash), "the node changed {}", path.display());
	}
	let added: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
	ensure!(before.is_empty() || added.is_empty(), "the node added {added:?}");
	Ok(refused)
}

/// Starts a node that must refuse to run: exit code 1, and one line besides the log.
async fn run_refused(base_path: &Path, arguments: &[&str]) -> Result<Refused> {
	let mut command = Command::new(artifacts::node_binary()?);
	command.arg("--base-path").arg(base_path).arg("--no-telemetry").args(arguments);
	// Ports that a test does not occupy itself must not be the cause.
	for flag in ["--rpc-port", "--prometheus-port", "--port"] {
		if !arguments.contains(&flag) {
			command.args([flag, "0"]);
		}
	}
	let finished = command::run(&mut command, REFUSAL_LIMIT).await?;
	let stderr = &finished.stderr;
	ensure!(finished.status.code() == Some(1), "{}, not exit code 1:\n{stderr}", finished.status);
	let complaints: Vec<&str> = stderr.lines().filter(|line| !is_log(line)).collect();
	let [line] = complaints[..] else {
		bail!("not one line besides the log:\n{stderr}");
	};
	ensure!(line.starts_with("Error: "), "the line does not start with `Error: `: {line}");
	Ok(Refused { line: line.to_owned() })
}

/// Whether a line is of the node's log, which starts with the date.
fn is_log(line: &str) -> bool {
	line.starts_with(|first: char| first.is_ascii_digit())
}

/// A hash of each file below a folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, u64>> {
	let mut files = BTreeMap::new();
	let mut folders = vec![folder.to_owned()];
	while let Some(folder) = folders.pop() {
		if !folder.exists() {
			continue;
		}
		for entry in fs::read_dir(&folder)? {
			let path = entry?.path();
			if path.is_dir() {
				folders.push(path);
			} else {
				let mut hasher = DefaultHasher::new();
				fs::read(&path)?.hash(&mut hasher);
				files.insert(path, hasher.finish());
			}
		}
	}
	Ok(files)
}

/// Leaves the first bytes only of the files whose names start like this. There must be some.
fn truncate_files(folder: &Path, prefix: &str) -> Result<()> {
	let mut truncated = 0;
	for entry in fs::read_dir(folder)? {
		let entry = entry?;
		if entry.file_name().to_string_lossy().starts_with(prefix) {
			OpenOptions::new().write(true).open(entry.path())?.set_len(100)?;
			truncated += 1;
		}
	}
	ensure!(truncated > 0, "no file {prefix}… in {}", folder.display());
	Ok(())
}

/// The database of a stopped development node.
struct Database {
	base_path: PathBuf,
	folder: PathBuf,
}

async fn development_database(folder: &Path) -> Result<Database> {
	let config = NodeConfig::new("dev", &artifacts::node_binary()?, folder).arguments(["--dev"]);
	let mut node = config.start().await?;
	wait::until("finalised blocks", BLOCKS_LIMIT, async || {
		let finalised = node.rpc().finalised().await?;
		Ok(Probe::when(finalised.number >= KEPT_BLOCKS, (), finalised.to_string()))
	})
	.await?;
	node.stop().await?;
	let base_path = node.base_path();
	let folder = base_path.join(DEV_DATABASE);
	ensure!(folder.is_dir(), "the node keeps its database elsewhere than {}", folder.display());
	Ok(Database { base_path, folder })
}

/// The spec of a preset, as the node prints it.
async fn template(preset: &str) -> Result<String> {
	let mut command = Command::new(artifacts::node_binary()?);
	command.args(["chain-spec-template", "--preset", preset]);
	let finished = command::run(&mut command, REFUSAL_LIMIT).await?;
	ensure!(finished.status.success(), "no template of {preset}: {}", finished.stderr);
	Ok(finished.stdout)
}

fn text(path: &Path) -> Result<&str> {
	path.to_str().context("a temporary path is not UTF-8")
}
