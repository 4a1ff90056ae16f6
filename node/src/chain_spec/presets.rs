//! Specs from the runtime's genesis presets.

use super::{embedded_runtime, ChainSpec, Extensions};
use assay_runtime::{
	genesis_config_presets::PRODUCTION_RUNTIME_PRESET, NATIVE_TOKEN_DECIMALS, NATIVE_TOKEN_SYMBOL,
	SS58_PREFIX,
};
use sc_service::{ChainType, Properties};
use serde_json::Value;

/// A kind of network that the runtime has a genesis for.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Preset {
	/// One known validator, a block a second.
	#[value(name = "development")]
	Development,
	/// Three known validators, a block every three seconds.
	#[value(name = "local_testnet")]
	LocalTestnet,
	/// The template of a public network: no keys, no money.
	#[value(name = "production")]
	Production,
}

/// The spec of `preset` with this node's runtime.
pub(crate) fn spec(preset: Preset) -> Result<ChainSpec, String> {
	let (name, id, chain_type, runtime_preset) = match preset {
		Preset::Development => (
			"Assay Development",
			"assay_dev",
			ChainType::Development,
			sp_genesis_builder::DEV_RUNTIME_PRESET,
		),
		Preset::LocalTestnet => (
			"Assay Local Testnet",
			"assay_local",
			ChainType::Local,
			sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET,
		),
		Preset::Production => ("Assay", "assay", ChainType::Live, PRODUCTION_RUNTIME_PRESET),
	};
	let patch = assay_runtime::genesis_config_presets::get_preset(&runtime_preset.into())
		.ok_or_else(|| format!("the runtime has no genesis preset {runtime_preset}"))?;
	let patch = serde_json::from_slice(&patch)
		.map_err(|error| format!("genesis preset {runtime_preset}: {error}"))?;
	Ok(ChainSpec::builder(embedded_runtime()?, Extensions::default())
		.with_name(name)
		.with_id(id)
		.with_chain_type(chain_type)
		.with_protocol_id("assay")
		.with_properties(properties())
		.with_genesis_config_patch(patch)
		.build())
}

/// The spec of `preset` as JSON without the runtime, which would differ from build to build and
/// weigh megabytes; a node puts its own in when it reads the file.
pub(crate) fn template(preset: Preset) -> Result<String, String> {
	let json = spec(preset)?.as_json(false)?;
	let mut json: Value = serde_json::from_str(&json).map_err(|error| error.to_string())?;
	json.pointer_mut("/genesis/runtimeGenesis")
		.and_then(Value::as_object_mut)
		.and_then(|genesis| genesis.remove("code"))
		.ok_or("the spec has no genesis.runtimeGenesis.code to leave out")?;
	serde_json::to_string_pretty(&json).map_err(|error| error.to_string())
}

/// What wallets show.
fn properties() -> Properties {
	[
		("tokenSymbol", NATIVE_TOKEN_SYMBOL.into()),
		("tokenDecimals", NATIVE_TOKEN_DECIMALS.into()),
		("ss58Format", SS58_PREFIX.into()),
	]
	.into_iter()
	.map(|(key, value): (_, Value)| (key.to_owned(), value))
	.collect()
}
