//! Tests of the runtime as a whole, without a node.

mod accounts;
mod calls;
mod chain;
mod equivocation;
mod fees;
mod genesis;
mod governance;
mod holds;
mod integrity;
mod market;
mod migrations;
mod pools;
mod staking;
mod transaction;
mod treasury;
mod view_functions;

use crate::{genesis_config_presets::get_preset, Runtime, RuntimeGenesisConfig, RuntimeOrigin};
use serde_json::Value;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, BuildStorage, DispatchErrorWithPostInfo};

/// The genesis of a preset, filled up with defaults as a node does it.
fn genesis_json(preset: &str) -> Value {
	let patch = get_preset(&preset.into()).expect("the preset exists");
	let patch: Value = serde_json::from_slice(&patch).expect("a preset is JSON");
	let mut json = serde_json::to_value(RuntimeGenesisConfig::default()).expect("serialisable");
	json_patch(&mut json, patch);
	json
}

/// JSON merge patch (RFC 7386) without removals, which presets do not use.
fn json_patch(target: &mut Value, patch: Value) {
	match (target, patch) {
		(Value::Object(target), Value::Object(patch)) => {
			for (key, value) in patch {
				json_patch(target.entry(key).or_insert(Value::Null), value);
			}
		}
		(target, patch) => *target = patch,
	}
}

/// The genesis of a preset, for tests that change it.
fn genesis_of(preset: &str) -> RuntimeGenesisConfig {
	serde_json::from_value(genesis_json(preset)).expect("presets fit the runtime")
}

/// A chain at the first block of `preset`.
fn chain_of(preset: &str) -> sp_io::TestExternalities {
	let state = genesis_of(preset).build_storage().expect("presets build");
	let mut chain = sp_io::TestExternalities::from(state);
	chain.execute_with(|| frame_system::Pallet::<Runtime>::set_block_number(1));
	chain
}

/// A chain of the development preset at its first block.
fn development_chain() -> sp_io::TestExternalities {
	chain_of(sp_genesis_builder::DEV_RUNTIME_PRESET)
}

/// Dispatches a call through the filters that a transaction meets.
fn dispatch(
	call: impl Into<crate::RuntimeCall>,
	origin: RuntimeOrigin,
) -> Result<(), sp_runtime::DispatchError> {
	call.into()
		.dispatch(origin)
		.map(|_| ())
		.map_err(|DispatchErrorWithPostInfo { error, .. }| error)
}

/// What a transaction that this account signed is dispatched with.
fn signed(account: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account.to_account_id())
}
