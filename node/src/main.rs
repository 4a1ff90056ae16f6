//! The Assay node: validates, serves wallets and indexers, and keeps the chain.
//!
//! - [`cli`]: flags and subcommands.
//! - [`command`]: what each of them does.
//! - [`chain_spec`]: which chain it is.
//! - [`preflight`]: what is checked before anything is opened.
//! - [`database`]: a database from before, read before it is opened for writing.
//! - [`service`]: the running node.
//! - [`rpc`]: JSON-RPC beyond what every Substrate node has.

#![allow(
	clippy::result_large_err,
	reason = "the errors of the SDK are large, and one passes in the life of a process"
)]

mod chain_spec;
mod cli;
mod command;
mod database;
mod error;
mod hardware;
mod preflight;
mod rpc;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {}", error::one_line(&error));
			ExitCode::FAILURE
		}
	}
}
