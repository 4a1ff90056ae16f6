//! `assay-localnet`: the demo and a local network, each with real nodes on this machine.

use std::process::ExitCode;

use anyhow::{Context, Result};
use assay_localnet::{
	demo,
	interrupt::{interruption, unless},
	up,
};
use clap::{Parser, Subcommand};

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
