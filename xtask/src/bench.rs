//! `cargo xtask bench`: how much a node and the engine do on this machine.

use crate::{
	localnet,
	paths::Paths,
	process::{replace_this_process, run_step},
	setup::{self, Needs},
};
use anyhow::Result;
use clap::ValueEnum;

/// What to measure. docs/performance.md describes each.
#[derive(clap::Subcommand)]
pub(crate) enum Bench {
	/// Transfers per second that a development node includes in its blocks.
	Node {
		/// Options of the bench itself; `-- --help` lists them.
		#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
		args: Vec<String>,
	},
	/// Jobs per second that a development node takes from submission to settlement.
	Jobs {
		/// Options of the bench itself; `-- --help` lists them.
		#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
		args: Vec<String>,
	},
	/// The exact engine beside llama.cpp and candle, which are installed when first needed.
	Engine {
		/// What about the engine.
		subject: Subject,
		/// Options of the bench itself, such as `--rounds 9` or `--json`; `-- --help` lists them.
		#[arg(trailing_var_arg = true, allow_hyphen_values = true)]
		args: Vec<String>,
	},
}

/// What is measured about the engine.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
	/// Prompt, decoding and memory of a decoder of 1.1 billion parameters.
	Decoder,
	/// Re-checking an answer in one pass, against generating it.
	Recheck,
	/// Sentences per second of all-MiniLM-L6-v2.
	Encoder,
}

impl Subject {
	/// The subcommand of the bench.
	fn subcommand(self) -> &'static str {
		match self {
			Self::Decoder => "decoder",
			Self::Recheck => "recheck",
			Self::Encoder => "encoder",
		}
	}
}

/// Builds a bench and becomes it. Returns only when that fails.
pub(crate) fn run(paths: &Paths, bench: &Bench) -> Result<()> {
	match bench {
		Bench::Node { args } => localnet::run(paths, "assay-benches-node", "throughput", args),
		Bench::Jobs { args } => localnet::run(paths, "assay-benches-node", "jobs", args),
		Bench::Engine { subject, args } => engine(paths, *subject, args),
	}
}

fn engine(paths: &Paths, subject: Subject, args: &[String]) -> Result<()> {
	const PACKAGE: &str = "assay-benches-engine";
	let environment = setup::prepare(paths, Needs::COMPILER)?;
	let target = paths.engine_bench_target();
	run_step(
		"Building the engine and candle for this machine",
		"5 min on two cores the first time, later seconds to a minute",
		environment
			.cargo(&["build", "--release", "--locked", "--package", PACKAGE])
			.args(["--features", "candle-avx512"])
			.env("CARGO_TARGET_DIR", &target)
			// candle chooses its vector instructions when it is compiled, the engine when it runs.
			.env("RUSTFLAGS", "-C target-cpu=native"),
	)?;
	let mut program = environment.command(target.join("release").join(PACKAGE));
	program.arg(subject.subcommand()).arg("--cache").arg(&paths.cache).args(args);
	replace_this_process(&mut program)
}
