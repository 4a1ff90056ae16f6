//! How a new chain begins: one preset per kind of network, as JSON patches over the default
//! genesis. Nodes and tools ask for them by name.

mod development;
mod local_testnet;
pub(crate) mod market;
mod production;
mod validators;

use alloc::vec::Vec;
use serde_json::Value;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// Name of the template for public networks.
pub const PRODUCTION_RUNTIME_PRESET: &str = "production";

/// The genesis patch of a preset, or none when there is no such preset.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch: Value = match id.as_ref() {
		DEV_RUNTIME_PRESET => development::genesis(),
		LOCAL_TESTNET_RUNTIME_PRESET => local_testnet::genesis(),
		PRODUCTION_RUNTIME_PRESET => production::genesis(),
		_ => return None,
	};
	serde_json::to_vec(&patch).ok()
}

/// The names that [`get_preset`] knows.
pub fn preset_names() -> Vec<PresetId> {
	[DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PRODUCTION_RUNTIME_PRESET]
		.into_iter()
		.map(PresetId::from)
		.collect()
}
