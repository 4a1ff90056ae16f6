//! What is checked before the node opens or writes anything, so that a mistake costs one clear
//! line and nothing else.

mod ports;

use crate::{chain_spec, cli::Cli};
use sc_cli::SubstrateCli;
use sc_service::{config::KeystoreConfig, ChainType, Configuration};
use sp_core::crypto::key_types;
use std::{fs, path::Path};

/// Checks the configuration of a node that is about to run.
pub(crate) fn check(cli: &Cli, config: &Configuration) -> sc_cli::Result<()> {
	check_public_chain(cli, config)?;
	check_keystore(cli, config)?;
	ports::check(config)?;
	Ok(())
}

/// A public network has a frozen runtime, validators, and keys that nobody else knows.
fn check_public_chain(cli: &Cli, config: &Configuration) -> Result<(), String> {
	if config.chain_spec.chain_type() != ChainType::Live {
		return Ok(());
	}
	let shown = cli.run.shared_params.chain.as_deref().unwrap_or(config.chain_spec.id());
	if config.dev_key_seed.is_some() {
		return Err(format!(
			"chain spec {shown} is of a public network, where everybody knows the key that \
			 --alice, --bob and the like stand for: start with --validator and keys of your own"
		));
	}
	let genesis =
		config.chain_spec.as_storage_builder().build_storage().map_err(|error| {
			format!("chain spec {shown}: the runtime refuses its genesis: {error}")
		})?;
	let validators = genesis.top.get(&storage_key("Session", "Validators")).map(Vec::as_slice);
	if matches!(validators, None | Some([0])) {
		return Err(format!(
			"chain spec {shown} has no validators, so its chain could never make a block: fill in \
			 balances.balances, staking.stakers and session.keys of genesis.runtimeGenesis.patch"
		));
	}
	if let Some(key) = chain_spec::well_known_key_in(&genesis) {
		return Err(format!(
			"chain spec {shown} is of a public network and uses the development key {key}, whose \
			 secret everybody knows: replace it (chainType \"Live\" forbids such keys)"
		));
	}
	if chain_spec::load(shown)?.runtime_is_embedded {
		return Err(format!(
			"chain spec {shown} carries no runtime, so that nodes of different builds would each \
			 start a chain of their own: freeze it once with `assay-node export-chain-spec --raw \
			 --chain {shown} --output RAW.json` and give RAW.json to everybody"
		));
	}
	Ok(())
}

/// The storage key of a value `item` of `pallet`.
fn storage_key(pallet: &str, item: &str) -> Vec<u8> {
	let mut key = sp_io::hashing::twox_128(pallet.as_bytes()).to_vec();
	key.extend(sp_io::hashing::twox_128(item.as_bytes()));
	key
}

/// A validator without its keys would sit silent and be counted as offline.
fn check_keystore(cli: &Cli, config: &Configuration) -> Result<(), String> {
	let KeystoreConfig::Path { path, .. } = &config.keystore else {
		return Ok(());
	};
	if cli.run.keystore_params.keystore_path.is_some() && !path.is_dir() {
		return Err(format!(
			"keystore {} is not a folder: create it, or insert a key into it with `{} key insert \
			 --keystore-path {}`",
			path.display(),
			Cli::executable_name(),
			path.display(),
		));
	}
	let may_lack_keys = cli.allow_missing_session_keys || config.dev_key_seed.is_some();
	if !config.role.is_authority() || may_lack_keys {
		return Ok(());
	}
	for (key_type, purpose) in [(key_types::BABE, "babe"), (key_types::GRANDPA, "gran")] {
		if !has_key(path, key_type) {
			return Err(format!(
				"keystore {} has no {purpose} key, which a validator signs with: insert it with \
				 `{} key insert --key-type {purpose} …`, or start with \
				 --allow-missing-session-keys and call the RPC author_rotateKeys",
				path.display(),
				Cli::executable_name(),
			));
		}
	}
	Ok(())
}

/// Whether a keystore folder has a key of this type: files are named by it in hex.
fn has_key(path: &Path, key_type: sp_core::crypto::KeyTypeId) -> bool {
	let prefix: String = key_type.0.iter().map(|byte| format!("{byte:02x}")).collect();
	fs::read_dir(path)
		.map(|files| {
			files.flatten().any(|file| file.file_name().to_string_lossy().starts_with(&prefix))
		})
		.unwrap_or(false)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn keys_should_be_found_by_their_type() {
		let folder = tempfile::tempdir().unwrap();
		assert!(!has_key(folder.path(), key_types::BABE));
		fs::write(folder.path().join("6261626500ff"), "").unwrap();
		assert!(has_key(folder.path(), key_types::BABE));
		assert!(!has_key(folder.path(), key_types::GRANDPA));
		assert!(!has_key(&folder.path().join("missing"), key_types::BABE));
	}

	#[test]
	fn storage_keys_should_be_those_of_the_runtime() {
		assert_eq!(storage_key("Session", "Validators"), pallet_key::<assay_runtime::Runtime>(),);
	}

	fn pallet_key<T: pallet_session::Config>() -> Vec<u8> {
		pallet_session::Validators::<T>::hashed_key().to_vec()
	}
}
