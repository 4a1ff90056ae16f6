//! A network of nodes on loopback: the validators of the `local` chain and nodes that join later.

use std::{
	path::{Path, PathBuf},
	process::Command,
	time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use futures::future::{join_all, try_join_all};

use crate::{
	artifacts, command,
	node::{Node, NodeConfig},
};

/// How long the node may take to write the spec of its chain.
const EXPORT_LIMIT: Duration = Duration::from_secs(120);

/// The validators of the `local_testnet` preset. Each name is also the node's key flag.
pub const VALIDATORS: [&str; 3] = ["alice", "bob", "charlie"];

/// Nodes of one chain. Dropping the network kills them and removes their folders.
pub struct Network {
	// Before the folder: nodes must be dead when their files are removed.
	nodes: Vec<Node>,
	binary: PathBuf,
	spec: String,
	folder: tempfile::TempDir,
}

impl Network {
	/// Starts the first `count` validators of the `local` chain, connected to each other.
	///
	/// GRANDPA needs more than two thirds of the voters, of three all three: with fewer
	/// validators blocks are made but not finalised.
	pub async fn start(count: usize) -> Result<Self> {
		let Some(names) = VALIDATORS.get(..count).filter(|names| !names.is_empty()) else {
			bail!("the local chain has 1 to {} validators, not {count}", VALIDATORS.len());
		};
		let (binary, folder) = (artifacts::node_binary()?, artifacts::scratch_folder()?);
		let spec = export_spec(&binary, folder.path()).await?;
		let mut network = Self { nodes: Vec::new(), binary, spec, folder };
		let (first, others) = names.split_first().context("there is at least one name")?;
		network.join(first, validator_arguments(first)).await?;
		// The others dial the first one, so they can start at the same time.
		let bootnodes = network.addresses().await?;
		let starts = others.iter().map(|name| {
			network
				.config(name)
				.arguments(validator_arguments(name))
				.bootnodes(bootnodes.clone())
				.start()
		});
		let started = try_join_all(starts).await?;
		network.nodes.extend(started);
		Ok(network)
	}

	/// Starts one more node, with the given arguments, that dials all running ones.
	pub async fn join<I: Into<String>>(
		&mut self,
		name: &str,
		arguments: impl IntoIterator<Item = I>,
	) -> Result<&Node> {
		if self.nodes.iter().any(|node| node.name() == name) {
			bail!("the network has a node {name} already");
		}
		let bootnodes = self.addresses().await?;
		let node = self.config(name).arguments(arguments).bootnodes(bootnodes).start().await?;
		self.nodes.push(node);
		self.node(name)
	}

	/// All nodes, in the order in which they joined.
	pub fn nodes(&self) -> &[Node] {
		&self.nodes
	}

	/// The node of this name.
	pub fn node(&self, name: &str) -> Result<&Node> {
		let node = self.nodes.iter().find(|node| node.name() == name);
		node.with_context(|| format!("the network has no node {name}"))
	}

	/// Kills a node with `SIGKILL`; it stays part of the network.
	pub fn kill(&mut self, name: &str) -> Result<()> {
		let index = self.index(name)?;
		self.nodes[index].kill();
		Ok(())
	}

	/// Starts a killed node again on its folder. It dials all other nodes.
	pub async fn restart(&mut self, name: &str) -> Result<()> {
		let index = self.index(name)?;
		let mut bootnodes = Vec::new();
		for other in self.nodes.iter().filter(|node| node.name() != name) {
			bootnodes.push(other.p2p_address().await?);
		}
		self.nodes[index].restart(bootnodes).await
	}

	/// Fails if a node ended by itself.
	pub fn ensure_running(&mut self) -> Result<()> {
		self.nodes.iter_mut().try_for_each(Node::ensure_running)
	}

	/// The ends of all logs, for error messages.
	pub fn log_tails(&self) -> String {
		let tails = self
			.nodes
			.iter()
			.map(|node| format!("the end of {}:\n{}", node.log_path().display(), node.log_tail()));
		tails.collect::<Vec<_>>().join("\n")
	}

	/// Stops all nodes with `SIGTERM`, all at the same time. Errors name the first node that
	/// failed; the others are stopped nevertheless.
	pub async fn stop(mut self) -> Result<()> {
		let stops = self.nodes.iter_mut().map(Node::stop);
		join_all(stops).await.into_iter().collect()
	}

	fn config(&self, name: &str) -> NodeConfig {
		NodeConfig::new(name, &self.binary, &self.folder.path().join(name))
			.arguments(["--chain", &self.spec])
	}

	fn index(&self, name: &str) -> Result<usize> {
		let index = self.nodes.iter().position(|node| node.name() == name);
		index.with_context(|| format!("the network has no node {name}"))
	}

	async fn addresses(&self) -> Result<Vec<String>> {
		let mut addresses = Vec::new();
		for node in &self.nodes {
			addresses.push(node.p2p_address().await?);
		}
		Ok(addresses)
	}
}

/// Writes the raw spec of the `local` chain and returns its path.
///
/// Nodes that read it need not run the runtime to make their genesis, which would compile its Wasm
/// once more for each start.
async fn export_spec(binary: &Path, folder: &Path) -> Result<String> {
	let path = folder.join("local.raw.json");
	let mut export = Command::new(binary);
	export.args(["export-chain-spec", "--chain", "local", "--raw", "--output"]).arg(&path);
	let finished = command::run(&mut export, EXPORT_LIMIT).await?;
	ensure!(finished.status.success(), "cannot export the local chain: {}", finished.stderr);
	path.into_os_string().into_string().ok().context("the temporary folder's path is not UTF-8")
}

/// Makes a node the validator of this name. Its network key is generated at the first start and
/// kept in its folder, so a restarted node has the same peer id.
fn validator_arguments(name: &str) -> [String; 3] {
	[
		format!("--{name}"),
		"--unsafe-force-node-key-generation".into(),
		// Validators that share a machine measure each other.
		"--no-hardware-benchmarks".into(),
	]
}
