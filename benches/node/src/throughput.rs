//! How many transfers per second a node includes in its blocks.
//!
//! The transfers are signed before the clock starts, sent as fast as the node takes them, and
//! counted in the blocks: the rate is that of the busiest consecutive blocks, by the chain's own
//! timestamps. Node and sender share the machine, so the result is what that machine can do, not
//! an upper bound of the runtime.

mod load;

use std::{fmt, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use serde_json::{json, Value};

use self::load::Load;
use crate::{
	blocks::{self, busiest_window, BlockLoad},
	transactions::{pool_arguments, send},
};
use assay_localnet::{
	artifacts,
	client::{self, Client},
	node::{Node, NodeConfig},
	progress::Progress,
	rpc::Rpc,
	wait::{self, Probe},
};

/// How long the node may take to include everything after the last transfer was sent.
const DRAIN_LIMIT: Duration = Duration::from_secs(600);

/// What is counted.
const TRANSFERS: blocks::Counted = ("Balances", "Transfer");

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Plan {
	/// Transfers to send.
	#[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
	pub(crate) transfers: u32,
	/// Accounts that send them, in turn.
	#[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
	pub(crate) senders: u32,
	/// Consecutive blocks over which the rate is taken.
	#[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
	pub(crate) window: u32,
	/// Measure this node program instead of `assay-node`.
	#[arg(long, value_name = "PATH")]
	pub(crate) node: Option<PathBuf>,
	/// Arguments that choose the node's chain, after `--`. Alice must have funds on it.
	#[arg(last = true, default_value = "--dev", value_name = "ARGS")]
	pub(crate) chain: Vec<String>,
}

/// What was measured.
pub(crate) struct Report {
	/// The node's name and version.
	pub(crate) node: String,
	/// Transfers sent; all of them were included and succeeded.
	pub(crate) transfers: u64,
	/// Seconds that the sending took.
	pub(crate) seconds_to_send: f64,
	/// Blocks from the first to the last one with a transfer.
	pub(crate) blocks: Vec<BlockLoad>,
	/// Transfers per second in the busiest window.
	pub(crate) per_second: f64,
	/// Blocks in that window.
	pub(crate) window: usize,
}

/// Runs the measurement on a fresh node.
///
/// Errors when a transfer is refused, fails or is not included, or when the chain does not know
/// the calls and storage that every Substrate chain with `Balances` has.
pub(crate) async fn run(plan: &Plan) -> Result<Report> {
	let progress = Progress::start();
	let folder = artifacts::scratch_folder()?;
	let mut node = start_node(plan, folder.path()).await?;
	let version = node.rpc().version().await?;
	progress.say(format!("{version} answers at {}", node.rpc_url()));
	let chain = client::connect(node.rpc()).await?;

	let load = Load::new(plan.senders, plan.transfers)?;
	progress.say(format!("funding {} accounts", plan.senders));
	load.fund(&chain, node.rpc()).await?;
	progress.say(format!("signing {} transfers", load.transfers()));
	let signed = load.sign(&chain).await?;
	let first = node.rpc().best().await?.number;

	progress.say("sending");
	let sending = Progress::start();
	send(node.rpc(), signed).await?;
	let seconds_to_send = sending.seconds();
	progress
		.say(format!("all sent in {seconds_to_send:.1} s; waiting for the last to be included"));
	let last = included(&chain, node.rpc(), &load).await?;
	let blocks = blocks::between(&chain, node.rpc(), (first, last), TRANSFERS).await?;
	node.stop().await?;

	let counted: u64 = blocks.iter().map(|block| block.counted).sum();
	anyhow::ensure!(
		counted == load.transfers(),
		"the blocks hold {counted} successful transfers, but {} were sent",
		load.transfers()
	);
	let (window, per_second) = busiest_window(&blocks, plan.window as usize)
		.context("all transfers are in one block: send more of them")?;
	Ok(Report {
		node: version,
		transfers: load.transfers(),
		seconds_to_send,
		blocks,
		per_second,
		window,
	})
}

async fn start_node(plan: &Plan, folder: &std::path::Path) -> Result<Node> {
	let binary = match &plan.node {
		Some(path) => path.clone(),
		None => artifacts::node_binary()?,
	};
	NodeConfig::new("throughput", &binary, folder)
		.arguments(plan.chain.iter())
		.arguments(pool_arguments(plan.transfers.saturating_add(plan.senders)))
		.start()
		.await
}

/// Waits until every transfer is in a block of the best chain; returns that block's height.
async fn included(chain: &Client, rpc: &Rpc, load: &Load) -> Result<u64> {
	let mut complete = 0;
	wait::until("the inclusion of all transfers", DRAIN_LIMIT, async || {
		let best = rpc.best().await?;
		let at = chain.at_block(best.hash).await?;
		// Senders that are done stay done, so each look goes on where the last one ended.
		while complete < load.senders() && load.is_complete(&at, complete).await? {
			complete += 1;
		}
		let seen = format!("{complete} of {} senders done at {best}", load.senders());
		Ok(Probe::when(complete == load.senders(), best.number, seen))
	})
	.await
}

impl Report {
	/// The same as one JSON object.
	pub(crate) fn json(&self) -> Value {
		json!({
			"node": self.node,
			"transfers": self.transfers,
			"seconds_to_send": self.seconds_to_send,
			"transfers_per_second": self.per_second,
			"window_blocks": self.window,
			"blocks": self.blocks.len(),
			"mean_per_block": self.mean_per_block(),
			"max_per_block": self.max_per_block(),
			"max_weight_fill": self.max_weight_fill(),
		})
	}

	fn mean_per_block(&self) -> f64 {
		self.transfers as f64 / self.blocks.len() as f64
	}

	fn max_per_block(&self) -> u64 {
		self.blocks.iter().map(|block| block.counted).max().unwrap_or(0)
	}

	/// The largest part of a block's weight limit that was used, 0 to 1.
	fn max_weight_fill(&self) -> f64 {
		self.blocks.iter().map(|block| block.weight_fill).fold(0.0, f64::max)
	}
}

impl fmt::Display for Report {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		writeln!(f, "{}", self.node)?;
		writeln!(f, "block        transfers   weight limit used")?;
		for block in &self.blocks {
			let fill = block.weight_fill * 100.0;
			writeln!(f, "#{:<10} {:>10}   {fill:>16.1}%", block.number, block.counted)?;
		}
		writeln!(
			f,
			"{} transfers in {} blocks: {:.0} per block on average, {} at most",
			self.transfers,
			self.blocks.len(),
			self.mean_per_block(),
			self.max_per_block()
		)?;
		write!(
			f,
			"{:.0} transfers per second in the busiest {} blocks",
			self.per_second, self.window
		)
	}
}
