//! The committed chain specs: they are what the node generates, the local one starts a chain, and
//! nobody starts a network from the production template as it is.

use std::{
	fs,
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{ensure, Context, Result};
use assay_localnet::{artifacts, command, node::NodeConfig};

/// How long a command of the node may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(90);

#[tokio::test]
async fn committed_specs_should_be_what_the_node_generates() -> Result<()> {
	for (preset, file) in
		[("local_testnet", "local.json"), ("production", "production.template.json")]
	{
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
		.arguments(["--no-hardware-benchmarks"])
		.start()
		.await?;
	ensure!(node.rpc().chain().await? == "Assay Local Testnet");
	node.stop().await
}

#[tokio::test]
async fn the_production_template_should_be_refused_as_it_is() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let mut node = Command::new(artifacts::node_binary()?);
	node.arg("--chain").arg(committed("production.template.json"));
	node.arg("--base-path").arg(folder.path()).args(["--port", "0", "--rpc-port", "0"]);
	let refused = command::run(node.arg("--no-prometheus"), COMMAND_LIMIT).await?;
	assert_eq!(refused.status.code(), Some(1));
	let line = refused.stderr.lines().last().unwrap_or_default();
	ensure!(
		line.contains("production.template.json") && line.contains("no validators"),
		"the node ends with: {line}"
	);
	Ok(())
}

/// A file of the repository's `chain-spec/`.
fn committed(file: &str) -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain-spec").join(file)
}
