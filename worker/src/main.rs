//! The Assay worker: imports models, runs them, and proves its backends.
//!
//! - [`cli`]: flags and subcommands.
//! - [`commands`]: what each of them does.
//! - [`backend`]: which backends there are.
//! - [`memory`]: whether a model fits.
//! - [`status`]: what the exit status says.
//! - [`console`]: results on stdout.
//! - [`progress`]: how far long work is, on stderr.

mod backend;
mod cli;
mod commands;
mod console;
mod memory;
mod progress;
mod status;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
	let cli = cli::Cli::parse();
	log_to_stderr(cli.verbose);
	match commands::run(cli.command) {
		Ok(()) => ExitCode::SUCCESS,
		Err(failure) => failure.report(),
	}
}

/// Logs of our own crates, more of them with each `--verbose`; warnings of all others.
fn log_to_stderr(verbose: u8) {
	let level = match verbose {
		0 => tracing::Level::WARN,
		1 => tracing::Level::INFO,
		2 => tracing::Level::DEBUG,
		_ => tracing::Level::TRACE,
	};
	tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
}
