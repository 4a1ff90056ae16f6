//! What a chain begins with: whether the runtime takes it, and whether the public may rely on it.

use super::known_keys::well_known_key_in;
use crate::error::without_json;
use sc_service::ChainType;
use sp_core::storage::Storage;

/// Whether strangers may meet on a chain of this type. A type of one's own counts as public: only
/// the two names for one's own machines are known to be none.
pub(crate) fn is_public(chain_type: &ChainType) -> bool {
	!matches!(chain_type, ChainType::Development | ChainType::Local)
}

/// Builds the genesis of the spec that `shown` names.
///
/// Errors when the runtime refuses it, and when the chain is public and has no validators or uses
/// keys that everybody knows.
pub(crate) fn build(shown: &str, spec: &dyn sc_service::ChainSpec) -> Result<Storage, String> {
	let genesis = spec.as_storage_builder().build_storage().map_err(|error| {
		format!(
			"chain spec {shown}: the runtime refuses its genesis: {}; correct genesis.runtimeGenesis",
			without_json(&error)
		)
	})?;
	if is_public(&spec.chain_type()) {
		check_public(shown, &genesis)?;
	}
	Ok(genesis)
}

/// A public chain has validators, and keys that nobody else knows.
fn check_public(shown: &str, genesis: &Storage) -> Result<(), String> {
	let validators = genesis.top.get(&storage_key("Session", "Validators")).map(Vec::as_slice);
	if matches!(validators, None | Some([0])) {
		return Err(format!(
			"chain spec {shown} has no validators, so its chain could never make a block: fill in \
			 balances.balances, staking.stakers and session.keys of genesis.runtimeGenesis.patch"
		));
	}
	match well_known_key_in(genesis) {
		Some(key) => Err(format!(
			"chain spec {shown} is of a public network and uses the development key {key}, whose \
			 secret everybody knows: replace it (only the chainType \"Development\" and \"Local\" \
			 may have such keys)"
		)),
		None => Ok(()),
	}
}

/// The storage key of a value `item` of `pallet`.
fn storage_key(pallet: &str, item: &str) -> Vec<u8> {
	let mut key = sp_io::hashing::twox_128(pallet.as_bytes()).to_vec();
	key.extend(sp_io::hashing::twox_128(item.as_bytes()));
	key
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn storage_keys_should_be_those_of_the_runtime() {
		assert_eq!(storage_key("Session", "Validators"), pallet_key::<assay_runtime::Runtime>());
	}

	fn pallet_key<T: pallet_session::Config>() -> Vec<u8> {
		pallet_session::Validators::<T>::hashed_key().to_vec()
	}

	#[test]
	fn only_the_types_for_ones_own_machines_should_be_private() {
		assert!(!is_public(&ChainType::Development));
		assert!(!is_public(&ChainType::Local));
		assert!(is_public(&ChainType::Live));
		assert!(is_public(&ChainType::Custom("Testnet".into())));
	}
}
