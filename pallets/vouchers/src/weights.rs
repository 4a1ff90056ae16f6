//! Weights of the calls and of the hook.
//!
//! The figures of `()` are placeholders, far above what these take, until they are measured in
//! the runtime by `cargo xtask weights`.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// Weights of the calls and of the hook.
pub trait WeightInfo {
	/// Of `set_parameters`.
	fn set_parameters() -> Weight;
	/// Of `register_quote`.
	fn register_quote() -> Weight;
	/// Of `set_floor`.
	fn set_floor() -> Weight;
	/// Of `remove_quote`.
	fn remove_quote() -> Weight;
	/// Of `step_price`.
	fn step_price() -> Weight;
	/// Of `update_rate`.
	fn update_rate() -> Weight;
	/// Of `open_series`.
	fn open_series() -> Weight;
	/// Of `subscribe`.
	fn subscribe() -> Weight;
	/// Of `unsubscribe`.
	fn unsubscribe() -> Weight;
	/// Of `release_subscription`.
	fn release_subscription() -> Weight;
	/// Of `mint`.
	fn mint() -> Weight;
	/// Of `reclaim`.
	fn reclaim() -> Weight;
	/// Of `sweep_forfeits`.
	fn sweep_forfeits() -> Weight;
	/// Of `close_series`.
	fn close_series() -> Weight;
	/// Of `forget_series`.
	fn forget_series() -> Weight;
	/// Of `accept_team`.
	fn accept_team() -> Weight;
	/// Of `pay_owed`.
	fn pay_owed() -> Weight;
	/// Of the hook, for each quoted asset.
	fn observe_pool() -> Weight;
}

/// A call that reads and writes so many items.
fn placeholder(reads: u64, writes: u64) -> Weight {
	Weight::from_parts(200_000_000, 5_000 * (reads + writes))
		.saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}

impl WeightInfo for () {
	fn set_parameters() -> Weight {
		placeholder(1, 1)
	}
	fn register_quote() -> Weight {
		placeholder(14, 4)
	}
	fn set_floor() -> Weight {
		placeholder(1, 1)
	}
	fn remove_quote() -> Weight {
		placeholder(3, 3)
	}
	fn step_price() -> Weight {
		placeholder(6, 1)
	}
	fn update_rate() -> Weight {
		placeholder(6, 1)
	}
	fn open_series() -> Weight {
		placeholder(30, 7)
	}
	fn subscribe() -> Weight {
		placeholder(18, 8)
	}
	fn unsubscribe() -> Weight {
		placeholder(14, 8)
	}
	fn release_subscription() -> Weight {
		placeholder(14, 8)
	}
	fn mint() -> Weight {
		placeholder(18, 12)
	}
	fn reclaim() -> Weight {
		placeholder(12, 8)
	}
	fn sweep_forfeits() -> Weight {
		placeholder(8, 5)
	}
	fn close_series() -> Weight {
		placeholder(16, 10)
	}
	fn forget_series() -> Weight {
		placeholder(4, 2)
	}
	fn accept_team() -> Weight {
		placeholder(2, 1)
	}
	fn pay_owed() -> Weight {
		placeholder(10, 7)
	}
	fn observe_pool() -> Weight {
		placeholder(5, 1)
	}
}
