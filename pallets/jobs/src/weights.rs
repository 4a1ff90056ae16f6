//! Weights of calls and hooks.

use frame_support::weights::{constants::RocksDbWeight, Weight};

/// What calls and hooks cost.
pub trait WeightInfo {
	/// Submission of `n` tokens for a program of `b` bytes, the user's first.
	fn submit(n: u32, b: u32) -> Weight;
	/// Taking back what every candidate but one let pass.
	fn cancel() -> Weight;
	/// Stepping aside, the last candidate.
	fn decline() -> Weight;
	/// Promising, after every other candidate has let its turn pass.
	fn accept() -> Weight;
	/// Answering with `n` words by a program of `b` bytes.
	fn commit(n: u32, b: u32) -> Weight;
	/// Both at once, by root.
	fn accept_and_commit(b: u32) -> Weight;
	/// Demanding a list.
	fn request_data() -> Weight;
	/// Posting `l` leaves, the last one among them.
	fn post_data(l: u32) -> Weight;
	/// Ending a job whose candidates all let their turns pass.
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
	/// The hook with so many jobs to settle, which share no user, provider, model or series.
	fn on_poll_settle(n: u32) -> Weight;

	/// Submission, with the end of a job that nobody accepts: nobody else pays for what the queue
	/// does.
	fn submit_with_end(n: u32, b: u32) -> Weight {
		Self::submit(n, b).saturating_add(Self::poke_expire())
	}

	/// Answering, with what settlement takes beyond the end that submission paid for.
	fn commit_with_end(n: u32, b: u32) -> Weight {
		Self::commit(n, b).saturating_add(Self::settlement_beyond_expiry())
	}

	/// Promising and answering at once, likewise.
	fn accept_and_commit_with_end(b: u32) -> Weight {
		Self::accept_and_commit(b).saturating_add(Self::settlement_beyond_expiry())
	}

	/// What settlement takes beyond expiry.
	fn settlement_beyond_expiry() -> Weight {
		Self::poke_settle().saturating_sub(Self::poke_expire())
	}

	/// Settling one more job in a block: what all jobs share, such as the books of the era, was paid
	/// for with the first.
	fn settle_another() -> Weight {
		Self::on_poll_settle(2).saturating_sub(Self::on_poll_settle(1))
	}

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
		weight(160_000_000, 65_000, 42, 14).saturating_add(data(n, b))
	}

	fn cancel() -> Weight {
		weight(120_000_000, 60_000, 26, 20)
	}

	fn decline() -> Weight {
		weight(80_000_000, 20_000, 13, 10)
	}

	fn accept() -> Weight {
		weight(130_000_000, 60_000, 28, 14)
	}

	fn commit(n: u32, b: u32) -> Weight {
		weight(90_000_000, 30_000, 12, 6).saturating_add(data(n, b))
	}

	fn accept_and_commit(b: u32) -> Weight {
		Self::accept().saturating_add(Self::commit(0, b))
	}

	fn request_data() -> Weight {
		weight(80_000_000, 20_000, 7, 6)
	}

	fn post_data(l: u32) -> Weight {
		weight(100_000_000, 20_000, 13, 11)
			.saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(l.into()))
	}

	fn poke_expire() -> Weight {
		weight(120_000_000, 60_000, 28, 20)
	}

	fn poke_late() -> Weight {
		weight(150_000_000, 50_000, 30, 25)
	}

	fn poke_silent() -> Weight {
		weight(200_000_000, 60_000, 36, 31)
	}

	fn poke_void() -> Weight {
		weight(100_000_000, 30_000, 19, 15)
	}

	fn poke_settle() -> Weight {
		weight(200_000_000, 60_000, 35, 30)
	}

	fn on_poll_settle(n: u32) -> Weight {
		Self::on_poll_base()
			.saturating_add(weight(50_000_000, 30_000, 12, 7))
			.saturating_add(weight(200_000_000, 40_000, 26, 20).saturating_mul(n.into()))
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
