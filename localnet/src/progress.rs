//! Lines on standard error that say what happens, each with the time since the start.

use std::{fmt::Display, time::Instant};

/// The clock and the voice of a command.
pub struct Progress {
	started: Instant,
}

impl Progress {
	/// Starts the clock.
	pub fn start() -> Self {
		Self { started: Instant::now() }
	}

	/// Seconds since the start.
	pub fn seconds(&self) -> f64 {
		self.started.elapsed().as_secs_f64()
	}

	/// Says one thing.
	pub fn say(&self, message: impl Display) {
		eprintln!("[{:6.1} s] {message}", self.seconds());
	}
}
