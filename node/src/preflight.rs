//! What is checked before the node opens or writes anything, so that a mistake costs one clear
//! line and nothing else.

mod folder;
mod keystore;
mod ports;

use crate::{
	chain_spec::{self, genesis},
	cli::Cli,
	database::{Executor, Existing},
};
use sc_cli::SharedParams;
use sc_service::Configuration;

/// Checks the folder below which everything is kept, as far as it is known before the chain.
pub(crate) fn base_path(params: &SharedParams) -> Result<(), String> {
	match &params.base_path {
		Some(base_path) => folder::check(base_path, base_path),
		None => Ok(()),
	}
}

/// Checks the configuration of a node that is about to run on the chain that `--chain` names so.
/// Returns the database that is already there.
pub(crate) fn node(
	cli: &Cli,
	chain: &str,
	config: &mut Configuration,
) -> Result<Option<Existing>, String> {
	refuse_known_validator(chain, config)?;
	keystore::check(cli, config)?;
	ports::check(config)?;
	chain_data(chain, config)
}

/// Checks the database and the genesis of the configured chain, which `--chain` names so, for
/// whatever opens it. Returns the database that is already there.
///
/// From then on the configuration carries the genesis as it was built here: building it
/// compiles the runtime, and the node needs it again.
pub(crate) fn chain_data(
	chain: &str,
	config: &mut Configuration,
) -> Result<Option<Existing>, String> {
	let folder = config.database.path().unwrap_or(&config.data_path);
	folder::check(folder, config.base_path.path())?;
	let shown = chain_spec::shown(chain);
	let existing = Existing::of(shown, config);
	let first_block = existing.as_ref().map(Existing::first_block).transpose()?;
	let genesis = genesis::build(shown, config.chain_spec.as_ref())?;
	if genesis::is_public(&config.chain_spec.chain_type()) {
		refuse_loose_runtime(shown)?;
	}
	if let (Some(existing), Some(first_block)) = (&existing, first_block) {
		let executor: Executor = sc_service::new_wasm_executor(&config.executor);
		existing.check_chain(first_block, shown, &genesis, &executor)?;
	}
	config.chain_spec.set_storage(genesis);
	Ok(existing)
}

/// The keys of `--alice` and the like are no secret.
fn refuse_known_validator(chain: &str, config: &Configuration) -> Result<(), String> {
	if !genesis::is_public(&config.chain_spec.chain_type()) || config.dev_key_seed.is_none() {
		return Ok(());
	}
	Err(format!(
		"chain spec {} is of a public network, where everybody knows the key that --alice, --bob \
		 and the like stand for: start with --validator and keys of your own",
		chain_spec::shown(chain)
	))
}

/// The nodes of a public network begin with the same runtime, whatever they were built with.
fn refuse_loose_runtime(shown: &str) -> Result<(), String> {
	if !chain_spec::load(shown)?.runtime_is_embedded {
		return Ok(());
	}
	let shown_word = crate::error::shell_word(shown);
	Err(format!(
		"chain spec {shown} carries no runtime, so that nodes of different builds would each start \
		 a chain of their own: freeze it once with `assay-node export-chain-spec --raw --chain \
		 {shown_word} --output RAW.json` and give RAW.json to everybody"
	))
}
