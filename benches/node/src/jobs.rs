//! How many jobs a node takes through their whole life: submitted, accepted, answered, settled.
//!
//! The life is cut into its four moves, and each is measured for all jobs at once: its transactions are
//! signed before the clock starts, sent as fast as the node takes them, and counted in the blocks by
//! the events that they cause. Nobody sends anything for the settlement: the chain does it when the
//! windows are over, at the pace at which the answers came, so that its rate is a lower bound.
//!
//! A node that is given all moves at once shares each second among them. The rate of whole jobs is
//! what that leaves: one over the sum of the times that the moves take.

mod calls;
mod life;
mod market;

use std::{
	fmt,
	path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{json, Value};

use crate::{
	blocks::{busiest_window, BlockLoad},
	transactions::pool_arguments,
};
use assay_localnet::{
	artifacts, client,
	node::{Node, NodeConfig},
	progress::Progress,
};

/// Transactions of a job whose settlement the chain does by itself.
const TRANSACTIONS_PER_JOB: u32 = 3;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Plan {
	/// Jobs to take through their life.
	#[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
	pub(crate) jobs: u32,
	/// Accounts that ask, in turn.
	#[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
	pub(crate) users: u32,
	/// Providers that answer, in turn. Three have to attest for the model.
	#[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(3..=100))]
	pub(crate) providers: u32,
	/// Consecutive blocks over which rates are taken.
	#[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
	pub(crate) window: u32,
	/// Measure this node program instead of `assay-node`.
	#[arg(long, value_name = "PATH")]
	pub(crate) node: Option<PathBuf>,
}

/// A move of all jobs.
pub(crate) struct Move {
	/// What happened to the jobs.
	pub(crate) name: &'static str,
	/// Blocks from the first to the last one in which it happened.
	pub(crate) blocks: Vec<BlockLoad>,
}

/// What was measured.
pub(crate) struct Report {
	/// The node's name and version.
	pub(crate) node: String,
	/// Jobs, all of which were settled.
	pub(crate) jobs: u32,
	/// The moves, in their order, each with its rate per second in the busiest window and the number of
	/// blocks of that window.
	pub(crate) moves: Vec<(Move, f64, usize)>,
}

/// Runs the measurement on a fresh development node.
///
/// Errors when a transaction is refused or fails, when a job ends otherwise than settled, or when the
/// chain has no market.
pub(crate) async fn run(plan: &Plan) -> Result<Report> {
	let progress = Progress::start();
	let folder = artifacts::scratch_folder()?;
	let mut node = start_node(plan, folder.path()).await?;
	let version = node.rpc().version().await?;
	progress.say(format!("{version} answers at {}", node.rpc_url()));
	let chain = client::connect(node.rpc()).await?;

	progress.say(format!("opening a market of {} providers, {} users", plan.providers, plan.users));
	let market = market::open(&chain, node.rpc(), plan).await?;
	let moves = life::run(&progress, &chain, node.rpc(), &market, plan.jobs).await?;
	node.stop().await?;

	let moves = moves.into_iter().map(|one| {
		let (window, rate) = busiest_window(&one.blocks, plan.window as usize)
			.with_context(|| format!("all jobs were {} in one block: take more", one.name))?;
		Ok((one, rate, window))
	});
	Ok(Report { node: version, jobs: plan.jobs, moves: moves.collect::<Result<_>>()? })
}

async fn start_node(plan: &Plan, folder: &Path) -> Result<Node> {
	let binary = match &plan.node {
		Some(path) => path.clone(),
		None => artifacts::node_binary()?,
	};
	NodeConfig::new("jobs", &binary, folder)
		.arguments(["--dev"])
		.arguments(pool_arguments(plan.jobs.saturating_add(plan.users)))
		.start()
		.await
}

impl Report {
	/// Jobs per second if a node does all moves side by side, at least.
	fn jobs_per_second(&self) -> f64 {
		1.0 / self.moves.iter().map(|(_, rate, _)| 1.0 / rate).sum::<f64>()
	}

	/// The same as one JSON object.
	pub(crate) fn json(&self) -> Value {
		let moves: Vec<Value> = self
			.moves
			.iter()
			.map(|(one, rate, window)| {
				json!({
					"move": one.name,
					"per_second": rate,
					"window_blocks": window,
					"blocks": one.blocks.len(),
					"max_per_block": one.max_per_block(),
					"max_weight_fill": one.max_weight_fill(),
				})
			})
			.collect();
		json!({
			"node": self.node,
			"jobs": self.jobs,
			"transactions_per_job": TRANSACTIONS_PER_JOB,
			"moves": moves,
			"jobs_per_second": self.jobs_per_second(),
		})
	}
}

impl Move {
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
		writeln!(f, "jobs        per second   blocks   most in a block   weight limit used")?;
		for (one, rate, _) in &self.moves {
			let (blocks, most) = (one.blocks.len(), one.max_per_block());
			let fill = one.max_weight_fill() * 100.0;
			writeln!(
				f,
				"{:<11} {rate:>10.0}   {blocks:>6}   {most:>15}   {fill:>16.1}%",
				one.name
			)?;
		}
		write!(
			f,
			"at least {:.0} jobs per second from submission to settlement, {TRANSACTIONS_PER_JOB} \
			 transactions each ({} jobs)",
			self.jobs_per_second(),
			self.jobs
		)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn whole_jobs_should_take_the_sum_of_the_times_of_their_moves() {
		let one = |name, rate| (Move { name, blocks: Vec::new() }, rate, 1);
		let moves = vec![one("submitted", 400.0), one("accepted", 400.0), one("settled", 200.0)];
		let report = Report { node: String::new(), jobs: 1, moves };
		assert!((report.jobs_per_second() - 100.0).abs() < 1e-9, "{}", report.jobs_per_second());
	}
}
