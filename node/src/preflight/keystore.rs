//! Whether a validator has the keys that it signs with. Without them it would sit silent and be
//! counted as offline.

use crate::{cli::Cli, error::shell_path};
use sc_keystore::LocalKeystore;
use sc_service::{config::KeystoreConfig, Configuration};
use sp_consensus_babe::AuthorityPair as BabePair;
use sp_consensus_grandpa::AuthorityPair as GrandpaPair;
use sp_core::crypto::key_types;
use sp_keystore::Keystore;
use std::path::Path;

/// Checks that a named keystore is there, and the keys of a validator.
pub(super) fn check(cli: &Cli, config: &Configuration) -> Result<(), String> {
	let KeystoreConfig::Path { path, password } = &config.keystore else {
		return Ok(());
	};
	if cli.run.keystore_params.keystore_path.is_some() && !path.is_dir() {
		return Err(format!(
			"keystore {} is not a folder: create it with `mkdir -p {}`, or insert a key into it \
			 with `{}`",
			path.display(),
			shell_path(path),
			insertion(path, BABE),
		));
	}
	let may_lack_keys = cli.allow_missing_session_keys || config.dev_key_seed.is_some();
	if !config.role.is_authority() || may_lack_keys {
		return Ok(());
	}
	if !path.is_dir() {
		return Err(missing(path, BABE));
	}
	let keystore = LocalKeystore::open(path, password.clone())
		.map_err(|error| format!("keystore {} cannot be read: {error}", path.display()))?;
	let babe = keystore
		.sr25519_public_keys(key_types::BABE)
		.into_iter()
		.map(|key| keystore.key_pair::<BabePair>(&key.into()).map(|_| ()));
	check_keys(path, BABE, babe)?;
	let grandpa = keystore
		.ed25519_public_keys(key_types::GRANDPA)
		.into_iter()
		.map(|key| keystore.key_pair::<GrandpaPair>(&key.into()).map(|_| ()));
	check_keys(path, GRANDPA, grandpa)
}

/// A kind of session key, as `key insert` names it.
#[derive(Clone, Copy)]
struct Kind {
	key_type: &'static str,
	scheme: &'static str,
}

const BABE: Kind = Kind { key_type: "babe", scheme: "sr25519" };
const GRANDPA: Kind = Kind { key_type: "gran", scheme: "ed25519" };

/// Of all keys of a kind, old ones among them, one has to be readable.
fn check_keys(
	path: &Path,
	kind: Kind,
	keys: impl Iterator<Item = Result<(), sc_keystore::Error>>,
) -> Result<(), String> {
	let mut failure = None;
	for key in keys {
		match key {
			Ok(()) => return Ok(()),
			Err(error) => failure = Some(error),
		}
	}
	match failure {
		Some(error) => Err(format!(
			"keystore {} has a {} key that cannot be used ({error}): restore its file from a backup, \
			 or give the keystore's password with --password-filename",
			path.display(),
			kind.key_type,
		)),
		None => Err(missing(path, kind)),
	}
}

fn missing(path: &Path, kind: Kind) -> String {
	format!(
		"keystore {} has no {} key, which a validator signs with: insert it with `{}`, which asks \
		 for the secret, or start with --allow-missing-session-keys and call the RPC \
		 author_rotateKeysWithOwner",
		path.display(),
		kind.key_type,
		insertion(path, kind),
	)
}

/// The command that inserts a key of this kind.
fn insertion(path: &Path, kind: Kind) -> String {
	format!(
		"assay-node key insert --keystore-path {} --scheme {} --key-type {}",
		shell_path(path),
		kind.scheme,
		kind.key_type,
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	fn babe_keys(folder: &Path) -> Result<(), String> {
		let keystore = LocalKeystore::open(folder, None).unwrap();
		let keys = keystore.sr25519_public_keys(key_types::BABE);
		let keys =
			keys.into_iter().map(|key| keystore.key_pair::<BabePair>(&key.into()).map(|_| ()));
		check_keys(folder, BABE, keys)
	}

	#[test]
	fn a_key_should_be_readable_to_count() {
		let folder = tempfile::tempdir().unwrap();
		let error = babe_keys(folder.path()).unwrap_err();
		assert!(error.contains("has no babe key"), "{error}");

		let public = [7_u8; 32].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
		fs::write(folder.path().join(format!("62616265{public}")), "half of a").unwrap();
		let error = babe_keys(folder.path()).unwrap_err();
		assert!(error.contains("a babe key that cannot be used"), "{error}");

		// Keys that once served may be broken as long as one is whole.
		let keystore = LocalKeystore::open(folder.path(), None).unwrap();
		keystore.sr25519_generate_new(key_types::BABE, None).unwrap();
		assert_eq!(babe_keys(folder.path()), Ok(()));
	}

	#[test]
	fn a_key_under_the_name_of_another_should_not_count() {
		let folder = tempfile::tempdir().unwrap();
		let keystore = LocalKeystore::open(folder.path(), None).unwrap();
		keystore.insert(key_types::BABE, "//Alice", &[7; 32]).unwrap();
		assert!(babe_keys(folder.path()).unwrap_err().contains("cannot be used"));
	}
}
