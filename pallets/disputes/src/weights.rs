//! Weights of calls.
//!
//! The figures of `()` are guesses on the safe side, for tests, until the calls are measured.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What calls cost. Witnesses by the kind of their leaf and their bytes; reading the program comes on
/// top.
pub trait WeightInfo {
	/// Claiming against an answer of a model with a program of `b` bytes, as the first.
	fn challenge(b: u32) -> Weight;
	/// Posting a trace, with as many auditors waiting for it as may be.
	fn post_trace() -> Weight;
	/// Showing a root that an earlier seal takes over.
	fn reveal_root() -> Weight;
	/// Revealing the full nodes two levels below one, as the second side.
	fn reveal() -> Weight;
	/// Reading a program of `b` bytes.
	fn read_program(b: u32) -> Weight;
	/// Recomputing rows of tables from a witness of `b` bytes.
	fn witness_embed(b: u32) -> Weight;
	/// The same for norms.
	fn witness_norm(b: u32) -> Weight;
	/// The same for ranges and codes.
	fn witness_quantise(b: u32) -> Weight;
	/// The same for layers.
	fn witness_linear(b: u32) -> Weight;
	/// The same for gated layers.
	fn witness_gated(b: u32) -> Weight;
	/// The same for heads.
	fn witness_heads(b: u32) -> Weight;
	/// The same for records of attention.
	fn witness_records(b: u32) -> Weight;
	/// The same for rows of attention.
	fn witness_merge(b: u32) -> Weight;
	/// The same for operations element by element.
	fn witness_elementwise(b: u32) -> Weight;
	/// The same for pooling.
	fn witness_pool(b: u32) -> Weight;
	/// The same for choosing tokens.
	fn witness_sampling(b: u32) -> Weight;
	/// The same for comparing.
	fn witness_verdict(b: u32) -> Weight;
	/// Ending what is over in time: the dearest of all.
	fn timeout() -> Weight;
	/// Setting the governed values.
	fn set_parameters() -> Weight;
}

/// So many microseconds, reads and writes.
fn guess(microseconds: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(microseconds.saturating_mul(1_000_000), 20_000)
		.saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}

/// So many nanoseconds for each of so many units.
fn each(nanoseconds: u64, units: u32) -> Weight {
	Weight::from_parts(nanoseconds.saturating_mul(1_000).saturating_mul(units.into()), 0)
}

/// A leaf's arithmetic, and 10 ns for each byte of its witness: decoding and hashing. The end of the
/// game and of its case come on top.
fn leaf(microseconds: u64, bytes: u32) -> Weight {
	guess(microseconds, 20, 20).saturating_add(each(10, bytes))
}

/// Placeholders until measured in the runtime: generous, so that nothing is undercharged.
impl WeightInfo for () {
	fn challenge(b: u32) -> Weight {
		guess(200, 15, 12).saturating_add(each(1_000, b))
	}

	fn post_trace() -> Weight {
		guess(300, 25, 25)
	}

	fn reveal_root() -> Weight {
		guess(200, 12, 10)
	}

	fn reveal() -> Weight {
		guess(200, 5, 2)
	}

	fn read_program(b: u32) -> Weight {
		each(1_000, b)
	}

	fn witness_embed(b: u32) -> Weight {
		leaf(500, b)
	}

	fn witness_norm(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_quantise(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_linear(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_gated(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_heads(b: u32) -> Weight {
		leaf(500, b)
	}

	fn witness_records(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_merge(b: u32) -> Weight {
		leaf(500, b)
	}

	fn witness_elementwise(b: u32) -> Weight {
		leaf(500, b)
	}

	fn witness_pool(b: u32) -> Weight {
		leaf(500, b)
	}

	fn witness_sampling(b: u32) -> Weight {
		leaf(1_000, b)
	}

	fn witness_verdict(b: u32) -> Weight {
		leaf(500, b)
	}

	fn timeout() -> Weight {
		guess(300, 25, 25)
	}

	fn set_parameters() -> Weight {
		guess(20, 1, 1)
	}
}
