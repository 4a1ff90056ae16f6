//! Trains and measures the adder, a tiny Llama-architecture language model that continues `37+48=`
//! with `85`.
//!
//! It ships with the repository so that everything that handles models can be tried on one which
//! is small, free of doubtful origin, and whose answers a person can check at a glance. Everything
//! about it is made here: the data, the weights and the folder in Hugging Face's layout.

mod config;
mod data;
mod error;
mod evaluate;
mod export;
mod log;
mod model;
mod model_card;
mod random;
mod train;
mod vocabulary;

use clap::{Parser, Subcommand};
use config::Config;
use error::Error;
use evaluate::Report;
use log::Log;
use std::{
	num::NonZeroUsize,
	path::{Path, PathBuf},
	process::ExitCode,
	time::Instant,
};

/// With so many steps the held-out problems are solved too; see `checkpoint/train.log`.
const DEFAULT_STEPS: NonZeroUsize = NonZeroUsize::new(2500).expect("not zero");

/// Trains and measures a tiny language model that adds numbers up to 99.
#[derive(Debug, Parser)]
#[command(name = "train-adder", version)]
struct Arguments {
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Train a model, write it as a Hugging Face folder, and measure what was written.
	Train {
		/// The folder to write; files of an earlier run are replaced.
		#[arg(long, value_name = "DIR")]
		out: PathBuf,
		/// Steps of the optimizer.
		#[arg(long, default_value_t = DEFAULT_STEPS)]
		steps: NonZeroUsize,
		/// Decides the first weights and the order of the problems.
		#[arg(long, default_value_t = 1)]
		seed: u64,
	},
	/// Ask a model every problem and count its exact answers.
	Evaluate {
		/// The Hugging Face folder.
		#[arg(value_name = "DIR")]
		model: PathBuf,
	},
}

fn main() -> ExitCode {
	match run(Arguments::parse().command) {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		}
	}
}

fn run(command: Command) -> Result<(), Error> {
	match command {
		Command::Train { out, steps, seed } => {
			train(&out, train::Options { steps: steps.get(), seed })
		}
		Command::Evaluate { model } => {
			println!("{}", Report::measure(&model)?);
			Ok(())
		}
	}
}

fn train(out: &Path, options: train::Options) -> Result<(), Error> {
	// Before the work, so that a folder which cannot be made costs no training.
	std::fs::create_dir_all(out).map_err(Error::file(out))?;
	let config = Config::adder();
	let mut log = Log::default();
	let train::Options { steps, seed } = options;
	log.line(format_args!("$ train-adder train --out DIR --steps {steps} --seed {seed}"));
	let started = Instant::now();
	let weights = train::train(&config, options, &mut log)?;
	log.line(format_args!("trained in {} s", started.elapsed().as_secs()));
	export::export(&config, &weights, out)?;
	let report = Report::measure(out)?;
	log.line(format_args!("$ train-adder evaluate DIR\n{report}"));
	model_card::write(&config, &report, out)?;
	let path = out.join("train.log");
	std::fs::write(&path, log.text()).map_err(Error::file(path))
}
