//! Weights of the calls.
//!
//! The figures of `()` are guesses on the safe side, for tests, until the calls are measured. Sizes
//! are those of programs: bytes, or 16 for each operation if that is more.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weights of the calls.
pub trait WeightInfo {
	/// Registering a program of this size.
	fn register(size: u32) -> Weight;
	/// Attesting.
	fn attest() -> Weight;
	/// Withdrawing an attestation.
	fn withdraw_attestation() -> Weight;
	/// Looking at so many attesters.
	fn refresh(attesters: u32) -> Weight;
	/// Requesting a leaf of a model with a program of this size.
	fn request_weights(size: u32) -> Weight;
	/// Posting a leaf of so many bytes.
	fn post_weights(bytes: u32) -> Weight;
	/// Reporting so many attesters.
	fn expire_request(attesters: u32) -> Weight;
	/// Announcing a deprecation.
	fn announce_deprecation() -> Weight;
	/// Removing a model with so many attesters.
	fn remove(attesters: u32) -> Weight;
	/// Adding to a curator's list.
	fn curate() -> Weight;
	/// Taking off a curator's list.
	fn uncurate() -> Weight;
	/// Setting the parameters.
	fn set_parameters() -> Weight;
}

/// So many microseconds of processing, bytes of proof, reads and writes.
fn guess(microseconds: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(microseconds.saturating_mul(1_000_000), proof)
		.saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}

/// So many nanoseconds for each of so many units.
fn each(nanoseconds: u64, units: u32) -> Weight {
	Weight::from_parts(nanoseconds.saturating_mul(1_000).saturating_mul(units.into()), 0)
}

impl WeightInfo for () {
	fn register(size: u32) -> Weight {
		guess(200, 20_000, 5, 6).saturating_add(each(1_000, size))
	}
	fn attest() -> Weight {
		guess(200, 20_000, 8, 5)
	}
	fn withdraw_attestation() -> Weight {
		guess(200, 20_000, 8, 5)
	}
	fn refresh(attesters: u32) -> Weight {
		guess(200, 20_000, 4, 3)
			.saturating_add(guess(50, 5_000, 4, 2).saturating_mul(attesters.into()))
	}
	fn request_weights(size: u32) -> Weight {
		guess(200, 100_000, 8, 4).saturating_add(each(100, size))
	}
	fn post_weights(bytes: u32) -> Weight {
		// With a surcharge to burn.
		guess(500, 25_000, 13, 9).saturating_add(each(10, bytes))
	}
	fn expire_request(attesters: u32) -> Weight {
		guess(200, 20_000, 6, 4)
			.saturating_add(guess(300, 20_000, 10, 10).saturating_mul(attesters.into()))
	}
	fn announce_deprecation() -> Weight {
		guess(100, 10_000, 4, 2)
	}
	fn remove(attesters: u32) -> Weight {
		guess(200, 20_000, 6, 7)
			.saturating_add(guess(50, 5_000, 3, 2).saturating_mul(attesters.into()))
	}
	fn curate() -> Weight {
		guess(200, 20_000, 5, 3)
	}
	fn uncurate() -> Weight {
		guess(200, 20_000, 3, 3)
	}
	fn set_parameters() -> Weight {
		guess(50, 1_000, 0, 1)
	}
}
