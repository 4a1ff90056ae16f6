//! `assay-benches-engine`: the exact engine beside other engines, on this machine. The measurements
//! are never tests: a slow machine is not a fault. Only an answer that differs is.

#![forbid(unsafe_code)]

mod bandwidth;
mod child;
mod cli;
mod decoder;
mod encoder;
mod engines;
mod machine;
mod memory;
mod peers;
mod recheck;
mod report;
mod rounds;
mod shape;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
	match run(Cli::parse().command) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

fn run(command: Command) -> Result<()> {
	match command {
		Command::Decoder(args) => decoder::run(&args)?.print(args.common.json),
		Command::Recheck(args) => recheck::run(&args)?.print(args.json),
		Command::Encoder(args) => encoder::run(&args)?.print(args.common.json),
		Command::Child { job } => child::answer(&job)?,
	}
	Ok(())
}

/// Tells on standard error what is being done; standard output is for results.
fn say(what: impl std::fmt::Display) {
	eprintln!("==> {what}");
}
