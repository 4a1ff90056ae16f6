//! The hash of the chain, and what a seal hides.

use assay_primitives::{Hash, Hasher};
use codec::Encode;

/// First bytes of what is hashed, so that no hash of one meaning is one of another.
const SEAL: &[u8] = b"assay/seal/1";

/// blake2-256, computed by the host.
pub struct Blake2;

impl Hasher for Blake2 {
	fn hash(bytes: &[u8]) -> Hash {
		Hash(sp_io::hashing::blake2_256(bytes))
	}
}

/// The seal of a root: it binds the account, so that whoever copies a seal cannot open it.
pub fn seal(root: &Hash, salt: &[u8; 32], account: &impl Encode) -> Hash {
	Blake2::hash_parts(&[SEAL, &(root, salt, account).encode()])
}
