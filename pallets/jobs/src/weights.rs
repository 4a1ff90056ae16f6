//! Weights of calls and hooks.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What calls and hooks cost.
pub trait WeightInfo {
	/// Submission of `n` tokens for a program of `b` bytes.
	fn submit(n: u32, b: u32) -> Weight;
	/// Taking back.
	fn cancel() -> Weight;
	/// Stepping aside, the last candidate.
	fn decline() -> Weight;
	/// Promising.
	fn accept() -> Weight;
	/// Answering with `n` words by a program of `b` bytes.
	fn commit(n: u32, b: u32) -> Weight;
	/// Both at once.
	fn accept_and_commit(n: u32, b: u32) -> Weight;
	/// Demanding a list.
	fn request_data() -> Weight;
	/// Posting `l` leaves, the last one among them.
	fn post_data(l: u32) -> Weight;
	/// Ending a job that was not accepted.
	fn poke_expire() -> Weight;
	/// Ending a job that is late.
	fn poke_late() -> Weight;
	/// Ending a job whose data was withheld.
	fn poke_silent() -> Weight;
	/// Ending a void job.
	fn poke_void() -> Weight;
	/// Settling.
	fn poke_settle() -> Weight;
	/// Setting the governed values.
	fn set_parameters() -> Weight;
	/// The hook without ticks and jobs.
	fn on_poll_base() -> Weight;
	/// Looking for jobs under a tick.
	fn on_poll_tick() -> Weight;

	/// The dearest thing that may be due.
	fn poke() -> Weight {
		Self::poke_expire()
			.max(Self::poke_late())
			.max(Self::poke_silent())
			.max(Self::poke_void())
			.max(Self::poke_settle())
	}
}

/// Weight of so many picoseconds, bytes of proof, reads and writes.
fn weight(picoseconds: u64, proof: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(picoseconds, proof)
		.saturating_add(RocksDbWeight::get().reads_writes(reads, writes))
}

/// Weight of hashing and checking words, and of pricing a run by its program.
fn data(words: u32, program_bytes: u32) -> Weight {
	Weight::from_parts(20_000, 0)
		.saturating_mul(words.into())
		.saturating_add(Weight::from_parts(100_000, 1).saturating_mul(program_bytes.into()))
}

/// Placeholders until measured in the runtime: generous, so that nothing is undercharged. The
/// neighbours' reads and writes are estimates of what their pallets touch.
impl WeightInfo for () {
	fn submit(n: u32, b: u32) -> Weight {
		weight(150_000_000, 60_000, 40, 12).saturating_add(data(n, b))
	}

	fn cancel() -> Weight {
		weight(80_000_000, 20_000, 12, 10)
	}

	fn decline() -> Weight {
		weight(80_000_000, 20_000, 13, 10)
	}

	fn accept() -> Weight {
		weight(90_000_000, 30_000, 15, 6)
	}

	fn commit(n: u32, b: u32) -> Weight {
		weight(90_000_000, 30_000, 12, 6).saturating_add(data(n, b))
	}

	fn accept_and_commit(n: u32, b: u32) -> Weight {
		Self::accept().saturating_add(Self::commit(n, b))
	}

	fn request_data() -> Weight {
		weight(80_000_000, 20_000, 6, 5)
	}

	fn post_data(l: u32) -> Weight {
		weight(100_000_000, 20_000, 12, 10)
			.saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(l.into()))
	}

	fn poke_expire() -> Weight {
		weight(80_000_000, 20_000, 14, 10)
	}

	fn poke_late() -> Weight {
		weight(150_000_000, 50_000, 30, 25)
	}

	fn poke_silent() -> Weight {
		weight(200_000_000, 60_000, 35, 30)
	}

	fn poke_void() -> Weight {
		weight(100_000_000, 30_000, 18, 14)
	}

	fn poke_settle() -> Weight {
		weight(200_000_000, 60_000, 35, 30)
	}

	fn set_parameters() -> Weight {
		weight(15_000_000, 1_000, 0, 1)
	}

	fn on_poll_base() -> Weight {
		weight(5_000_000, 2_000, 2, 1)
	}

	fn on_poll_tick() -> Weight {
		weight(5_000_000, 2_000, 1, 0)
	}
}
