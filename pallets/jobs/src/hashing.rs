//! The hash of the chain.

use assay_primitives::{Hash, Hasher};

/// blake2-256, computed by the host.
pub struct Blake2;

impl Hasher for Blake2 {
	fn hash(bytes: &[u8]) -> Hash {
		Hash(sp_io::hashing::blake2_256(bytes))
	}
}
