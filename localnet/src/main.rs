//! `assay-localnet`: the demo, a local network, and a throughput measurement, each with real
//! nodes on this machine.

use std::{future::Future, process::ExitCode};

use anyhow::{Context, Result};
use assay_localnet::{demo, throughput, up};
use clap::{Parser, Subcommand};
use tokio::signal::unix::{signal, SignalKind};

/// Exit code of a command that was interrupted, as shells report it for Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Starts real nodes on this machine. The node is `assay-node` beside this program, or the file
/// that ASSAY_NODE names.
#[derive(Parser)]
#[command(version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Start a development chain, send a transfer and show it finalised.
	Demo {
		/// Print what was seen as one JSON object on standard output.
		#[arg(long)]
		json: bool,
	},
	/// Run a local network until Ctrl-C.
	Up {
		/// How many of the local chain's three validators to start. Fewer than three make
		/// blocks but do not finalise them.
		#[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
		validators: u8,
	},
	/// Measure how many transfers per second a development node includes.
	Throughput {
		/// Print the result as one JSON object on standard output.
		#[arg(long)]
		json: bool,
		#[command(flatten)]
		plan: throughput::Plan,
	},
}

#[tokio::main]
async fn main() -> ExitCode {
	match run(Cli::parse().command).await {
		Ok(code) => code,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

async fn run(command: Command) -> Result<ExitCode> {
	let interrupted = interruption()?;
	match command {
		Command::Up { validators } => {
			up::run(validators.into(), interrupted).await?;
			Ok(ExitCode::SUCCESS)
		}
		Command::Demo { json } => unless(interrupted, print_demo(json)).await,
		Command::Throughput { json, plan } => {
			unless(interrupted, print_throughput(json, &plan)).await
		}
	}
}

async fn print_demo(json: bool) -> Result<()> {
	let seen = demo::run().await.context("the demo failed")?;
	if json {
		println!("{}", seen.json());
	} else {
		println!("{seen}");
	}
	Ok(())
}

async fn print_throughput(json: bool, plan: &throughput::Plan) -> Result<()> {
	let report = throughput::run(plan).await.context("the measurement failed")?;
	if json {
		println!("{}", report.json());
	} else {
		println!("{report}");
	}
	Ok(())
}

/// Runs the work to its end, unless it is interrupted: then it is dropped, and with it the nodes
/// that it started.
async fn unless(
	interrupted: impl Future<Output = ()>,
	work: impl Future<Output = Result<()>>,
) -> Result<ExitCode> {
	tokio::select! {
		result = work => result.map(|()| ExitCode::SUCCESS),
		() = interrupted => {
			eprintln!("interrupted; the nodes are stopped");
			Ok(ExitCode::from(INTERRUPTED))
		},
	}
}

/// Completes at the first SIGINT (Ctrl-C) or SIGTERM.
fn interruption() -> Result<impl Future<Output = ()>> {
	let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
	let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
	Ok(async move {
		tokio::select! {
			_ = interrupt.recv() => {},
			_ = terminate.recv() => {},
		}
	})
}
