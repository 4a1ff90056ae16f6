//! What an operator sees of a running node from outside: its metrics and its telemetry.

use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use assay_localnet::{
	artifacts, client,
	node::{Node, NodeConfig},
	wait::{self, Probe},
};
use futures::StreamExt;
use serde_json::Value;
use subxt_signer::sr25519::dev;
use tokio::{
	net::{TcpListener, TcpStream},
	time::timeout,
};
use tokio_tungstenite::{accept_async, WebSocketStream};

/// Limit of everything that takes a few blocks, beside other tests. The metrics follow the chain
/// every five seconds only.
const BLOCKS_LIMIT: Duration = Duration::from_secs(120);
/// Limit of the next message to a telemetry server, the start of the node included.
const MESSAGE_LIMIT: Duration = Duration::from_secs(180);
/// Tasks in which off-chain workers have looked at a new block.
const OFFCHAIN_TASKS: [&str; 2] =
	["substrate_tasks_ended_total{", "task_name=\"offchain-on-block\""];

#[tokio::test]
async fn metrics_should_follow_chain_network_and_pool() -> Result<()> {
	let folder = artifacts::scratch_folder()?;
	let config =
		|name| Ok(NodeConfig::new(name, &artifacts::node_binary()?, &folder.path().join(name)));
	let author: Result<NodeConfig> = config("author");
	let mut author = author?.arguments(["--dev"]).start().await?;
	let follower: Result<NodeConfig> = config("follower");
	let mut follower = follower?
		.arguments(["--chain", "dev"])
		.bootnodes(vec![author.p2p_address().await?])
		.start()
		.await?;

	for node in [&author, &follower] {
		let (best, finalised) = ("status=\"best\"", "status=\"finalized\"");
		reaches(node, &["substrate_block_height{", best], 2.0).await?;
		reaches(node, &["substrate_block_height{", finalised], 2.0).await?;
		reaches(node, &["substrate_sub_libp2p_peers_count{"], 1.0).await?;
		reaches(node, &["substrate_finality_grandpa_round{"], 2.0).await?;
		reaches(node, &["substrate_build_info{", "chain=\"assay_dev\""], 1.0).await?;
	}
	reaches(&author, &["substrate_proposer_block_constructed_count{"], 2.0).await?;
	// Validators run off-chain workers, other nodes only when they are told to.
	reaches(&author, &OFFCHAIN_TASKS, 2.0).await?;
	ensure!(metric(&follower, &OFFCHAIN_TASKS).await?.is_none(), "a follower has off-chain work");

	// Without an author the transaction stays in the pool.
	author.stop().await?;
	let chain = client::connect(follower.rpc()).await?;
	client::submit(&chain, &client::transfer(&dev::bob(), 1), &dev::alice()).await?;
	reaches(&follower, &["substrate_ready_transactions_number{"], 1.0).await?;
	follower.stop().await
}

#[tokio::test]
async fn a_telemetry_server_should_hear_of_the_node_and_of_its_blocks() -> Result<()> {
	let server = TcpListener::bind("127.0.0.1:0").await?;
	let folder = artifacts::scratch_folder()?;
	let url = format!("ws://{}/submit", server.local_addr()?);
	let reporter = NodeConfig::new("reporter", &artifacts::node_binary()?, folder.path())
		.arguments(["--dev"])
		.telemetry(&url);
	let (node, reports) = tokio::join!(reporter.start(), accept(&server));
	let (mut node, mut reports) = (node?, reports?);

	let connected = message(&mut reports, "system.connected").await?;
	assert_eq!(connected["name"], "reporter");
	assert_eq!(connected["chain"], node.rpc().chain().await?);
	assert_eq!(connected["authority"], true);
	let genesis = node.rpc().hash_at(0).await?.context("the node lost its genesis")?;
	assert_eq!(connected["genesis_hash"], format!("{genesis:?}"));
	let import = message(&mut reports, "block.import").await?;
	ensure!(import["height"].as_u64().is_some_and(|height| height > 0), "{import}");
	node.stop().await
}

/// Waits until a metric has at least this value.
async fn reaches(node: &Node, parts: &[&str], least: f64) -> Result<()> {
	let what = format!("{} of {} at {least}", parts.join(" "), node.name());
	wait::until(&what, BLOCKS_LIMIT, async || {
		let value = metric(node, parts).await?;
		Ok(Probe::when(value.is_some_and(|value| value >= least), (), format!("{value:?}")))
	})
	.await
	.with_context(|| node.log_tail())
}

/// The value of the metric whose line begins with the first part and has the others.
async fn metric(node: &Node, parts: &[&str]) -> Result<Option<f64>> {
	let (name, labels) = parts.split_first().context("a metric has a name")?;
	let metrics = node.metrics().await?;
	let line = metrics
		.lines()
		.find(|line| line.starts_with(name) && labels.iter().all(|label| line.contains(label)));
	let value = line.and_then(|line| line.rsplit(' ').next());
	value.map(|value| value.parse().with_context(|| format!("{name} is {value}"))).transpose()
}

async fn accept(server: &TcpListener) -> Result<WebSocketStream<TcpStream>> {
	let (stream, _) = timeout(MESSAGE_LIMIT, server.accept())
		.await
		.context("the node does not call its telemetry server")??;
	accept_async(stream).await.context("the node does not open a WebSocket")
}

/// The payload of the next message of this kind.
async fn message(reports: &mut WebSocketStream<TcpStream>, kind: &str) -> Result<Value> {
	let search = async {
		while let Some(report) = reports.next().await {
			let report = report?.into_data();
			// Between the reports come WebSocket's own messages.
			let Ok(mut report) = serde_json::from_slice::<Value>(&report) else { continue };
			if report["payload"]["msg"] == kind {
				return Ok(report["payload"].take());
			}
		}
		bail!("the node closed the connection before `{kind}`")
	};
	timeout(MESSAGE_LIMIT, search).await.with_context(|| format!("no `{kind}`"))?
}
