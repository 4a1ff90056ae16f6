//! `cargo xtask`: the one list of commands of this repository. Continuous integration calls the
//! same commands as a person does, and nothing else.
//!
//! Progress goes to standard error; standard output carries only results, so that
//! `cargo xtask build | tail` and `cargo xtask demo --json` can be read by a program.

mod bench;
mod build;
mod chain_spec;
mod ci;
mod environment;
mod house_rules;
mod lint;
mod localnet;
mod paths;
mod process;
mod replay;
mod setup;
mod test;
mod test_report;
mod weights;

use anyhow::Result;
use clap::{Parser, Subcommand};
use paths::Paths;
use setup::Needs;
use std::process::ExitCode;

/// Build, run, test and check Assay. Every command first does the set-up that it needs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Prepare this machine for every other command.
	Setup,
	/// Build everything; ends with one line `name path` per binary and Wasm file.
	Build {
		/// `dev` for daily work and tests, `production` for what operators run.
		#[arg(long, value_enum, default_value_t)]
		profile: build::Profile,
	},
	/// Start a chain on this machine, use it with a real client and show the result.
	Demo {
		/// Options of the demo itself, for example `--json`.
		#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
		args: Vec<String>,
	},
	/// Run every test, those with running nodes and JavaScript clients included.
	Test {
		/// Run only the tests whose name contains this.
		filter: Option<String>,
	},
	/// Check formatting, lints, licences, dependencies and the house rules.
	Lint {
		/// Check nothing; format Rust and TOML files in place.
		#[arg(long)]
		fix: bool,
	},
	/// What continuous integration runs: lint, then test.
	Ci,
	/// Measure what a node or the engine does on this machine.
	#[command(subcommand)]
	Bench(bench::Bench),
	/// Measure the weights of the runtime's pallets into `runtime/src/weights/`.
	Weights(weights::Options),
	/// Run a local network of three validators until Ctrl-C.
	Localnet {
		/// Options of the network itself.
		#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
		args: Vec<String>,
	},
	/// Write the files in `chain-spec/` anew from the built node.
	ChainSpec {
		/// Write nothing; fail when a file differs from what the node makes.
		#[arg(long)]
		check: bool,
	},
}

fn main() -> ExitCode {
	if let Some(code) = lint::run_as_compiler() {
		return code;
	}
	match run(Cli::parse().command) {
		Ok(code) => code,
		Err(error) => {
			eprintln!("error: {error:#}");
			ExitCode::FAILURE
		}
	}
}

fn run(command: Command) -> Result<ExitCode> {
	let paths = Paths::detect()?;
	match command {
		Command::Setup => setup::prepare(&paths, Needs::EVERYTHING).map(drop)?,
		Command::Build { profile } => build::run(&paths, profile)?,
		Command::Demo { args } => localnet::run(&paths, "assay-localnet", "demo", &args)?,
		Command::Test { filter } => return test::run(&paths, filter.as_deref()),
		Command::Lint { fix } => lint::run(&paths, fix)?,
		Command::Ci => return ci::run(&paths),
		Command::Bench(bench) => bench::run(&paths, &bench)?,
		Command::Weights(options) => weights::run(&paths, &options)?,
		Command::Localnet { args } => localnet::run(&paths, "assay-localnet", "up", &args)?,
		Command::ChainSpec { check } => chain_spec::run(&paths, check)?,
	}
	Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn should_have_a_consistent_command_line() {
		Cli::command().debug_assert();
	}

	#[test]
	fn should_pass_options_of_a_bench_on() {
		let parse = |words: &[&str]| {
			let cli = Cli::try_parse_from(["xtask", "bench", "engine"].iter().chain(words));
			match cli.expect("a valid command line").command {
				Command::Bench(bench::Bench::Engine { args, .. }) => args,
				_ => panic!("another command"),
			}
		};
		assert_eq!(parse(&["decoder", "--rounds", "1"]), ["--rounds", "1"]);
		assert_eq!(parse(&["recheck", "--", "--help"]), ["--help"]);
	}

	#[test]
	fn should_pass_options_of_the_demo_on() {
		let cli = Cli::try_parse_from(["xtask", "demo", "--json"]).expect("a valid command line");
		assert!(matches!(cli.command, Command::Demo { args } if args == ["--json"]));
	}
}
