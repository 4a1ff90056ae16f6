//! The committed chain specs: they are what the node generates, the local one starts a chain, and
//! the production template starts one when it is filled in as docs/operators.md says, but not
//! as it is.

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
use serde_json::{json, Value};

/// How long a command of the node may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(90);
/// Limit of everything that takes a few blocks, beside other tests.
const BLOCKS_LIMIT: Duration = Duration::from_secs(180);
/// The template of a public network.
const TEMPLATE: &str = "production.template.json";
/// The smallest units of one ASY.
const ASY: u64 = 1_000_000_000_000;

#[tokio::test]
async fn committed_specs_should_be_what_the_node_generates() -> Result<()> {
	for (preset, file) in [("local_testnet", "local.json"), ("production", TEMPLATE)] {
		let path = committed(file);
		let committed =
			fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
		let mut node = Command::new(artifacts::node_binary()?);
		node.args(["chain-spec-template", "--preset", preset]);
		let generated = command::run(&mut node, COMMAND_LIMIT).await?;
		ensure!(generated.status.success(), "preset {preset}: {}", generated.stderr);
		ensure!(
			generated.stdout.as_bytes() == committed,
			"chain-spec/{file} is stale: refresh it with `cargo xtask chain-spec`",
		);
	}
	Ok(())
}

#[tokio::test]
async fn the_local_spec_should_start_a_chain() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let path = committed("local.json");
	let spec = path.to_str().context("the repository's path is not UTF-8")?;
	let mut node = NodeConfig::new("alice", &artifacts::node_binary()?, folder.path())
		.arguments(["--chain", spec, "--alice", "--unsafe-force-node-key-generation"])
		// Alone among three, she would wait for the others.
		.arguments(["--no-hardware-benchmarks", "--force-authoring"])
		.start()
		.await?;
	ensure!(node.rpc().chain().await? == "Assay Local Testnet");
	// Alone, Alice makes a third of the blocks and finalises none.
	wait::until("a block of Alice", BLOCKS_LIMIT, async || {
		let best = node.rpc().best().await?;
		Ok(Probe::when(best.number > 0, (), best.to_string()))
	})
	.await?;
	node.stop().await
}

#[tokio::test]
async fn the_production_template_should_start_a_chain_when_filled_in() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let file = |name: &str| -> Result<String> {
		folder.path().join(name).into_os_string().into_string().ok().context("not UTF-8")
	};
	let (spec, raw, keystore, node_key) =
		(file("testnet.json")?, file("testnet.raw.json")?, file("keystore")?, file("node-key")?);

	let stash = public_key("sr25519", "//Operator//stash").await?;
	let keys = json!({
		"babe": public_key("sr25519", "//Operator//babe").await?,
		"grandpa": public_key("ed25519", "//Operator//grandpa").await?,
	});
	let mut filled_in: Value = serde_json::from_slice(&fs::read(committed(TEMPLATE))?)?;
	filled_in["name"] = json!("Testnet");
	filled_in["id"] = json!("testnet");
	let genesis = &mut filled_in["genesis"]["runtimeGenesis"]["patch"];
	let balances = genesis["balances"]["balances"].as_array_mut().context("no balances")?;
	balances.push(json!([stash, 10_000 * ASY]));
	genesis["staking"]["stakers"] = json!([[stash, stash, 2_000 * ASY, "Validator"]]);
	genesis["session"]["keys"] = json!([[stash, stash, keys]]);
	genesis["technicalCommittee"]["members"] = json!([stash]);
	fs::write(&spec, filled_in.to_string())?;

	node_command(&["export-chain-spec", "--raw", "--chain", &spec, "--output", &raw]).await?;
	node_command(&["key", "generate-node-key", "--file", &node_key]).await?;
	for (key_type, scheme, secret) in
		[("babe", "sr25519", "//Operator//babe"), ("gran", "ed25519", "//Operator//grandpa")]
	{
		let key = ["--key-type", key_type, "--scheme", scheme, "--suri", secret];
		let insert = ["key", "insert", "--keystore-path", &keystore];
		node_command(&[&insert[..], &key].concat()).await?;
	}
	let mut node = NodeConfig::new("operator", &artifacts::node_binary()?, folder.path())
		.arguments(["--chain", &raw, "--validator", "--no-hardware-benchmarks"])
		.arguments(["--keystore-path", &keystore, "--node-key-file", &node_key])
		.start()
		.await?;
	assert_eq!(node.rpc().chain().await?, "Testnet");
	wait::until("a finalised block", BLOCKS_LIMIT, async || {
		let finalised = node.rpc().finalised().await?;
		Ok(Probe::when(finalised.number > 0, (), finalised.to_string()))
	})
	.await
	.with_context(|| node.log_tail())?;
	node.stop().await
}

#[tokio::test]
async fn the_production_template_should_be_refused_as_it_is() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let mut node = Command::new(artifacts::node_binary()?);
	node.arg("--chain").arg(committed(TEMPLATE));
	node.arg("--base-path").arg(folder.path()).args(["--port", "0", "--rpc-port", "0"]);
	let refused = command::run(node.arg("--no-prometheus"), COMMAND_LIMIT).await?;
	assert_eq!(refused.status.code(), Some(1));
	let line = refused.stderr.lines().last().unwrap_or_default();
	ensure!(
		line.contains(TEMPLATE) && line.contains("no validators"),
		"the node ends with: {line}"
	);
	Ok(())
}

/// The address of a key, as `key inspect` prints it.
async fn public_key(scheme: &str, secret: &str) -> Result<String> {
	let inspect = ["key", "inspect", "--output-type", "json", "--scheme", scheme, secret];
	let printed: Value = serde_json::from_str(&node_command(&inspect).await?)?;
	let address = printed["ss58PublicKey"].as_str().context("`key inspect` prints no address")?;
	Ok(address.to_owned())
}

/// Runs a command of the node, which must succeed. Returns what it printed.
async fn node_command(arguments: &[&str]) -> Result<String> {
	let mut node = Command::new(artifacts::node_binary()?);
	let finished = command::run(node.args(arguments), COMMAND_LIMIT).await?;
	ensure!(finished.status.success(), "{arguments:?}: {}", finished.stderr);
	Ok(finished.stdout)
}

/// A file of the repository's `chain-spec/`.
fn committed(file: &str) -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain-spec").join(file)
}
