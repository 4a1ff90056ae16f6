//! Weights of the calls and hooks.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What the calls and hooks cost.
pub trait WeightInfo {
	/// Changing how prices are shared.
	fn set_shares() -> Weight;
	/// Changing the emission.
	fn set_emission_rate() -> Weight;
	/// Changing how lots are sold.
	fn set_sale_terms() -> Weight;
	/// Taking what the insurance has of an asset.
	fn collect() -> Weight;
	/// Giving a lot up.
	fn give_up_lot() -> Weight;
	/// Looking whether a block has anything to do.
	fn on_poll() -> Weight;
	/// Forgetting an era.
	fn forget_era() -> Weight;
	/// Visiting a lot and selling a part of it.
	fn visit_lot() -> Weight;
	/// Taking up what moved the issuance without a reason.
	fn on_finalize() -> Weight;
	/// Burning the pot.
	fn take_for_era() -> Weight;
}

/// Placeholders until measured in the runtime: generous, so that nothing is undercharged.
impl WeightInfo for () {
	fn set_shares() -> Weight {
		Weight::from_parts(20_000_000, 2_000)
			.saturating_add(RocksDbWeight::get().reads_writes(1, 1))
	}

	fn set_emission_rate() -> Weight {
		Self::set_shares()
	}

	fn set_sale_terms() -> Weight {
		Self::set_shares()
	}

	fn collect() -> Weight {
		// The asset, two accounts in it; lot, count, settings, time.
		Weight::from_parts(100_000_000, 15_000)
			.saturating_add(RocksDbWeight::get().reads_writes(8, 6))
	}

	fn give_up_lot() -> Weight {
		// Lot, count; a payout.
		Weight::from_parts(100_000_000, 15_000)
			.saturating_add(RocksDbWeight::get().reads_writes(8, 8))
	}

	fn on_poll() -> Weight {
		// The oldest era, the current one, the number of lots.
		Weight::from_parts(10_000_000, 4_000).saturating_add(RocksDbWeight::get().reads(3))
	}

	fn forget_era() -> Weight {
		Weight::from_parts(10_000_000, 4_000).saturating_add(RocksDbWeight::get().writes(2))
	}

	fn visit_lot() -> Weight {
		// Cursor, lot, settings, time; a swap through a pool; a burn, two transfers, the ledger.
		Weight::from_parts(330_000_000, 33_000)
			.saturating_add(RocksDbWeight::get().reads_writes(19, 15))
	}

	fn on_finalize() -> Weight {
		// The issuance, the ledger, the era.
		Weight::from_parts(20_000_000, 5_000)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 2))
	}

	fn take_for_era() -> Weight {
		Weight::from_parts(50_000_000, 8_000)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 4))
	}
}
