//! What an import tells while it runs.

use std::{fmt, ops::ControlFlow};

use crate::ImportError;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
	/// Hashing the source's files.
	Hash,
	/// Writing the weights that the calibration text is run with.
	Prepare,
	/// Running the calibration text.
	Calibrate,
	/// Taking the ranges of weights.
	Measure,
	/// Quantising and writing weights.
	Quantise,
}

impl fmt::Display for Phase {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Hash => "hashing the source",
			Self::Prepare => "preparing the calibration",
			Self::Calibrate => "running the calibration text",
			Self::Measure => "measuring the weights",
			Self::Quantise => "quantising",
		})
	}
}

/// How far a phase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
	/// What is being done.
	pub phase: Phase,
	/// Bytes of the source that are done; positions of the text while calibrating.
	pub done: u64,
	/// As many as there are.
	pub total: u64,
}

/// Told of progress; may stop the import.
pub(crate) type Callback<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Counts what is done of one phase.
pub(crate) struct Meter<'a> {
	callback: Callback<'a>,
	progress: Progress,
}

impl<'a> Meter<'a> {
	/// Begins a phase of so many units.
	pub(crate) fn new(
		callback: Callback<'a>,
		phase: Phase,
		total: u64,
	) -> Result<Self, ImportError> {
		let mut meter = Self { callback, progress: Progress { phase, done: 0, total } };
		meter.advance(0)?;
		Ok(meter)
	}

	/// So many more units are done.
	pub(crate) fn advance(&mut self, units: u64) -> Result<(), ImportError> {
		self.progress.done += units;
		match (self.callback)(self.progress) {
			ControlFlow::Continue(()) => Ok(()),
			ControlFlow::Break(()) => Err(ImportError::Cancelled),
		}
	}
}
