//! `assay-localnet up`: a local network that runs until it is told to stop.

use std::{future::Future, pin::pin, time::Duration};

use anyhow::Result;
use tokio::time::sleep;

use crate::{network::Network, progress::Progress};

/// Pause between two reports of the heights.
const REPORT_INTERVAL: Duration = Duration::from_secs(5);

/// Starts `validators` validators of the `local` chain, prints where they are reached and reports
/// their heights until `shutdown` completes; then stops them.
///
/// Errors when a node does not start, ends by itself or does not stop.
pub async fn run(validators: usize, shutdown: impl Future<Output = ()>) -> Result<()> {
	let mut shutdown = pin!(shutdown);
	let progress = Progress::start();
	progress.say(format!("starting {validators} validators of the local chain"));
	let mut network = tokio::select! {
		network = Network::start(validators) => network?,
		() = &mut shutdown => return Ok(()),
	};
	print_places(&network);
	progress.say("running; Ctrl-C stops the network");
	loop {
		tokio::select! {
			() = sleep(REPORT_INTERVAL) => {
				network.ensure_running()?;
				progress.say(heights(&network).await?);
			},
			() = &mut shutdown => break,
		}
	}
	progress.say("stopping");
	network.stop().await?;
	progress.say("stopped; the nodes' folders are removed");
	Ok(())
}

fn print_places(network: &Network) {
	for node in network.nodes() {
		println!("{}", node.name());
		println!("  rpc      {}", node.rpc_url());
		println!("  metrics  {}", node.metrics_url().unwrap_or_else(|| "(none)".into()));
		println!("  log      {}", node.log_path().display());
		println!("  data     {}", node.base_path().display());
	}
}

/// One line with the best and the finalised height and the number of peers of each node.
async fn heights(network: &Network) -> Result<String> {
	let mut parts = Vec::new();
	for node in network.nodes() {
		let best = node.rpc().best().await?.number;
		let finalised = node.rpc().finalised().await?.number;
		let peers = node.rpc().peers().await?;
		let name = node.name();
		parts.push(format!("{name} best #{best} finalised #{finalised} peers {peers}"));
	}
	Ok(parts.join(", "))
}
