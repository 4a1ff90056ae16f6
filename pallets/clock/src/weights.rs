//! Weights of the hooks.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What the hooks cost.
pub trait WeightInfo {
	/// Counting a block.
	fn on_poll() -> Weight;
	/// Measuring how full a block was.
	fn on_finalize() -> Weight;
}

/// Placeholders until measured in the runtime: generous, so that nothing is undercharged.
impl WeightInfo for () {
	fn on_poll() -> Weight {
		// Reading, pause, fullness, migrations, stop; reading and pause are written.
		Weight::from_parts(20_000_000, 4_000)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 2))
	}

	fn on_finalize() -> Weight {
		// Weight and size of the block; fullness is written.
		Weight::from_parts(10_000_000, 2_000)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 1))
	}
}
