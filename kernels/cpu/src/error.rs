//! Errors of shape and of set-up. Values never cause an error.

use assay_kernels_exact as exact;
use thiserror::Error;

use crate::Level;

/// Why an operation was not done. Nothing was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
	/// A slice or a dimension does not fit the operation.
	#[error(transparent)]
	Shape(#[from] exact::Error),
	/// The processor lacks the instructions of the level.
	#[error("this processor has no {level} instructions; its best level is {best}")]
	LevelUnavailable {
		/// The level asked for.
		level: Level,
		/// The best level of this processor.
		best: Level,
	},
	/// A position of a sequence lies in no page of the cache.
	#[error("{op}: position {position} needs {needed} pages, the sequence has {pages}")]
	Pages {
		/// The operation.
		op: &'static str,
		/// The position.
		position: usize,
		/// Pages that hold it and all before it.
		needed: usize,
		/// Pages of the sequence.
		pages: usize,
	},
}

/// Requires `got` elements to be exactly `expected`.
pub(crate) fn length(
	op: &'static str,
	operand: &'static str,
	expected: usize,
	got: usize,
) -> Result<(), Error> {
	if got == expected {
		return Ok(());
	}
	Err(exact::Error::Length { op, operand, expected, got }.into())
}

/// Requires `got` in `min..=max`.
pub(crate) fn range(
	op: &'static str,
	operand: &'static str,
	(min, max): (usize, usize),
	got: usize,
) -> Result<(), Error> {
	if (min..=max).contains(&got) {
		return Ok(());
	}
	let (min, max, got) = (min as u64, max as u64, got as u64);
	Err(exact::Error::Range { op, operand, min, max, got }.into())
}
