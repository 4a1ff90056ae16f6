//! Weights of the calls.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What the calls cost.
pub trait WeightInfo {
	/// Claiming to another account.
	fn claim() -> Weight;
	/// Claiming for another account.
	fn claim_for() -> Weight;
}

/// Placeholders until measured in the runtime: generous, so that nothing is undercharged.
impl WeightInfo for () {
	fn claim() -> Weight {
		// Claim, total; the asset, two accounts in it, two native accounts.
		Weight::from_parts(90_000_000, 15_000)
			.saturating_add(RocksDbWeight::get().reads_writes(8, 8))
	}

	fn claim_for() -> Weight {
		Self::claim()
	}
}
