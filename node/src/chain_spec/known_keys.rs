//! Keys whose secrets are printed in every tutorial.

use sp_core::storage::{well_known_keys, Storage};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// The name and kind of a well-known key that this genesis uses anywhere, if there is one.
pub(crate) fn well_known_key_in(genesis: &Storage) -> Option<String> {
	let keys: Vec<(String, [u8; 32])> = Sr25519Keyring::iter()
		.map(|key| (format!("{key} (sr25519)"), key.to_raw_public()))
		.chain(Ed25519Keyring::iter().map(|key| (format!("{key} (ed25519)"), key.to_raw_public())))
		.collect();
	// Accounts stand in storage keys, authorities and the sudo key in values.
	let contains = |hay: &[u8], key: &[u8; 32]| hay.windows(key.len()).any(|window| window == key);
	genesis
		.top
		.iter()
		.filter(|(storage_key, _)| storage_key.as_slice() != well_known_keys::CODE)
		.find_map(|(storage_key, value)| {
			keys.iter()
				.find(|(_, key)| contains(storage_key, key) || contains(value, key))
				.map(|(name, _)| name.clone())
		})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn genesis_with(key: Vec<u8>, value: Vec<u8>) -> Storage {
		Storage { top: [(key, value)].into_iter().collect(), children_default: Default::default() }
	}

	#[test]
	fn an_account_in_a_storage_key_should_be_found() {
		let mut key = b"prefix and hash".to_vec();
		key.extend(Sr25519Keyring::Alice.to_raw_public());
		let found = well_known_key_in(&genesis_with(key, vec![]));
		assert_eq!(found.as_deref(), Some("Alice (sr25519)"));
	}

	#[test]
	fn an_authority_in_a_value_should_be_found() {
		let mut value = vec![4];
		value.extend(Ed25519Keyring::Bob.to_raw_public());
		value.extend([1; 8]);
		let found = well_known_key_in(&genesis_with(b"authorities".to_vec(), value));
		assert_eq!(found.as_deref(), Some("Bob (ed25519)"));
	}

	#[test]
	fn other_keys_should_pass() {
		assert_eq!(well_known_key_in(&genesis_with(vec![7; 80], vec![9; 80])), None);
	}
}
