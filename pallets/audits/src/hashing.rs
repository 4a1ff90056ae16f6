//! What is hashed, each with a first word of its own, so that no hash of one meaning is one of
//! another.

use alloc::vec::Vec;

use assay_market::JobId;
use assay_primitives::{Hash, Hasher};
use codec::Encode;

/// First bytes of what is hashed.
const SEED: &[u8] = b"assay/audit/seed/1";
const LOTTERY: &[u8] = b"assay/audit/lottery/1";
const TICKET: &[u8] = b"assay/audit/ticket/1";
const SEAL: &[u8] = b"assay/audit/seal/1";
const PLANTS: &[u8] = b"assay/audit/plants/1";

/// blake2-256, computed by the host.
pub struct Blake2;

impl Hasher for Blake2 {
	fn hash(bytes: &[u8]) -> Hash {
		Hash(sp_io::hashing::blake2_256(bytes))
	}
}

/// What an auditor posts before it shows its root: nobody else can use it, and nobody learns the
/// root from it. `who` is the account that posts it.
pub fn seal(root: &Hash, salt: &[u8; 32], who: &impl Encode) -> Hash {
	Blake2::hash_parts(&[SEAL, &root.0, salt, &who.encode()])
}

/// What is posted of a list of planted faults before any of them is answered.
pub fn plants(salt: &[u8; 32], jobs: &[JobId]) -> Hash {
	Blake2::hash_parts(&[PLANTS, salt, &jobs.encode()])
}

/// What the authors of so many blocks contributed, in the order of the ring that holds it.
pub(crate) fn seed(round: u32, recent: &[Hash]) -> Hash {
	let ring: Vec<u8> = recent.iter().flat_map(|vrf| vrf.0).collect();
	Blake2::hash_parts(&[SEED, &round.encode(), &ring])
}

/// What is drawn for a job with a seed: the first time (`attempt` 0), or to replace somebody.
pub(crate) fn lottery(seed: &Hash, job: &JobId, attempt: u8) -> Hash {
	Blake2::hash_parts(&[LOTTERY, &seed.0, &job.0 .0, &[attempt]])
}

/// A ticket of a lottery.
pub(crate) fn ticket(lottery: &Hash, number: u32) -> Hash {
	Blake2::hash_parts(&[TICKET, &lottery.0, &number.encode()])
}
