//! Weights of the calls.
//!
//! The figures of `()` are placeholders until the calls are measured in the real runtime: the reads and
//! writes of the worst case, with room for the calls into other pallets, and a flat time.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What calls cost.
pub trait WeightInfo {
	/// Weight of `register`.
	fn register() -> Weight;
	/// Weight of `deregister`.
	fn deregister() -> Weight;
	/// Weight of `add_delegate`.
	fn add_delegate() -> Weight;
	/// Weight of `remove_delegate`.
	fn remove_delegate() -> Weight;
	/// Weight of `bond`.
	fn bond() -> Weight;
	/// Weight of `collect_debt`.
	fn collect_debt() -> Weight;
	/// Weight of `request_withdrawal`.
	fn request_withdrawal() -> Weight;
	/// Weight of `cancel_withdrawal`.
	fn cancel_withdrawal() -> Weight;
	/// Weight of `withdraw`.
	fn withdraw() -> Weight;
	/// Weight of `set_offer`.
	fn set_offer() -> Weight;
	/// Weight of `withdraw_offer`.
	fn withdraw_offer() -> Weight;
	/// Weight of `refresh_offer`.
	fn refresh_offer() -> Weight;
	/// Weight of `set_online` with `n` ledgers.
	fn set_online(n: u32) -> Weight;
	/// Weight of `heartbeat`.
	fn heartbeat() -> Weight;
	/// Weight of `report_downtime` with `n` ledgers.
	fn report_downtime(n: u32) -> Weight;
	/// Weight of `propose_rotation`.
	fn propose_rotation() -> Weight;
	/// Weight of `cancel_rotation`.
	fn cancel_rotation() -> Weight;
	/// Weight of `accept_rotation`.
	fn accept_rotation() -> Weight;
}

/// Time of a call besides its reads and writes, in picoseconds.
const CALL_REF_TIME: u64 = 50_000_000;

/// Proof of one read or write in the worst case: a full list of offers.
const PROOF_PER_ACCESS: u64 = 6_000;

fn flat(reads: u64, writes: u64) -> Weight {
	Weight::from_parts(CALL_REF_TIME, PROOF_PER_ACCESS.saturating_mul(reads))
		.saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}

impl WeightInfo for () {
	fn register() -> Weight {
		flat(4, 5)
	}
	fn deregister() -> Weight {
		flat(4, 9)
	}
	fn add_delegate() -> Weight {
		flat(3, 2)
	}
	fn remove_delegate() -> Weight {
		flat(2, 2)
	}
	fn bond() -> Weight {
		flat(10, 9)
	}
	fn collect_debt() -> Weight {
		flat(10, 10)
	}
	fn request_withdrawal() -> Weight {
		flat(7, 5)
	}
	fn cancel_withdrawal() -> Weight {
		flat(7, 5)
	}
	fn withdraw() -> Weight {
		flat(11, 9)
	}
	fn set_offer() -> Weight {
		flat(8, 6)
	}
	fn withdraw_offer() -> Weight {
		flat(7, 5)
	}
	fn refresh_offer() -> Weight {
		flat(7, 5)
	}
	fn set_online(n: u32) -> Weight {
		flat(3, 3).saturating_add(flat(5, 4).saturating_mul(n.into()))
	}
	fn heartbeat() -> Weight {
		flat(3, 1)
	}
	fn report_downtime(n: u32) -> Weight {
		flat(3, 2).saturating_add(flat(16, 12).saturating_mul(n.into()))
	}
	fn propose_rotation() -> Weight {
		flat(3, 1)
	}
	fn cancel_rotation() -> Weight {
		flat(2, 1)
	}
	fn accept_rotation() -> Weight {
		flat(10, 14)
	}
}
