//! The market's time.

use crate::Tick;

/// Counts ticks.
pub trait Clock {
	/// Ticks since genesis.
	fn now() -> Tick;

	/// Sets the time, so that benchmarks reach what comes after a deadline. Clocks that cannot be set
	/// do nothing, and benchmarks that need it fail.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_for_benchmark(_tick: Tick) {}
}
