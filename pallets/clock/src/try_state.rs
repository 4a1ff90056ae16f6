//! The properties of the crate's documentation as checks over the state.

use crate::{types::QUARTERS_PER_TICK, Config, LastReading, Pallet};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::never_runs_backwards()?;
		Self::at_most_one_tick_a_block()
	}

	fn never_runs_backwards() -> Result<(), TryRuntimeError> {
		let reading = LastReading::<T>::get();
		ensure!(reading.before <= reading.now, "never_runs_backwards");
		Ok(())
	}

	/// A whole tick may not wait among the quarters either: it would be counted beside the next.
	fn at_most_one_tick_a_block() -> Result<(), TryRuntimeError> {
		let reading = LastReading::<T>::get();
		ensure!(
			reading.now.saturating_sub(reading.before) <= 1 && reading.quarters < QUARTERS_PER_TICK,
			"at_most_one_tick_a_block"
		);
		Ok(())
	}
}
