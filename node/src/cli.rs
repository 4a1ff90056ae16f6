//! Flags and subcommands.

use crate::database::PROBE_COMMAND;
use sc_cli::{
	BuildSpecCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd,
	ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd,
};
use std::path::PathBuf;

/// The command line.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
	/// A subcommand; without one the node runs.
	#[command(subcommand)]
	pub(crate) subcommand: Option<Subcommand>,

	/// How the node runs.
	#[command(flatten)]
	pub(crate) run: RunCmd,

	/// Do not measure processor, memory and disk when a validator starts.
	#[arg(long)]
	pub(crate) no_hardware_benchmarks: bool,

	/// Start a validator whose keystore has no session keys yet, to make them with the RPC
	/// `author_rotateKeysWithOwner`.
	#[arg(long)]
	pub(crate) allow_missing_session_keys: bool,

	/// When the node stops because its disk is nearly full.
	#[command(flatten)]
	pub(crate) storage_monitor: sc_storage_monitor::StorageMonitorParams,
}

/// What the node does other than run.
#[derive(Debug, clap::Subcommand)]
#[allow(
	clippy::large_enum_variant,
	reason = "the SDK's commands differ in size; one is made per process, so boxing gains nothing"
)]
pub(crate) enum Subcommand {
	/// Make, inspect and store keys.
	#[command(subcommand)]
	Key(KeySubcommand),

	/// Write the spec of a chain, with this node's runtime, as JSON.
	ExportChainSpec(ExportChainSpecCmd),

	/// Write the spec of a preset without the runtime, as JSON: what `chain-spec/` holds.
	ChainSpecTemplate(ChainSpecTemplateCmd),

	/// Write the spec of a chain as JSON; `export-chain-spec` is the newer form.
	BuildSpec(BuildSpecCmd),

	/// Check a block again.
	CheckBlock(CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(ExportBlocksCmd),

	/// Write the state of a block as a chain spec.
	ExportState(ExportStateCmd),

	/// Read blocks from a file.
	ImportBlocks(ImportBlocksCmd),

	/// Remove the database of a chain.
	PurgeChain(PurgeChainCmd),

	/// Go back by some blocks that are not final.
	Revert(RevertCmd),

	/// Read a database and print what was found; the node calls this itself when it starts.
	#[command(name = PROBE_COMMAND, hide = true)]
	ProbeDatabase(ProbeDatabaseCmd),
}

/// The command that reads a database.
#[derive(Debug, clap::Args)]
pub(crate) struct ProbeDatabaseCmd {
	/// The database's folder.
	pub(crate) path: PathBuf,
}

/// `chain-spec-template`.
#[derive(Debug, clap::Args)]
pub(crate) struct ChainSpecTemplateCmd {
	/// The genesis preset.
	#[arg(long)]
	pub(crate) preset: crate::chain_spec::Preset,
}
