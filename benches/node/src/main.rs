//! `assay-benches-node`: measurements of a running node on this machine. They are never tests: a slow
//! machine is not a fault.

mod blocks;
mod jobs;
mod throughput;
mod transactions;

use std::process::ExitCode;

use anyhow::{Context, Result};
use assay_localnet::interrupt::{interruption, unless};
use clap::{Parser, Subcommand};

/// Measures. The node is `assay-node` beside this program, or the file that ASSAY_NODE names.
#[derive(Parser)]
#[command(version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Measure how many transfers per second a development node includes.
	Throughput {
		/// Print the result as one JSON object on standard output.
		#[arg(long)]
		json: bool,
		#[command(flatten)]
		plan: throughput::Plan,
	},
	/// Measure how many jobs per second a development node takes from submission to settlement.
	Jobs {
		/// Print the result as one JSON object on standard output.
		#[arg(long)]
		json: bool,
		#[command(flatten)]
		plan: jobs::Plan,
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
		Command::Throughput { json, plan } => {
			unless(interrupted, print_throughput(json, &plan)).await
		}
		Command::Jobs { json, plan } => unless(interrupted, print_jobs(json, &plan)).await,
	}
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

async fn print_jobs(json: bool, plan: &jobs::Plan) -> Result<()> {
	let report = jobs::run(plan).await.context("the measurement failed")?;
	if json {
		println!("{}", report.json());
	} else {
		println!("{report}");
	}
	Ok(())
}
