//! Errors of shape. Values never cause an error: every operation is total in its values.

use core::fmt;

/// A slice or a dimension that does not fit the operation. Nothing was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
	/// A slice has another length than the other operands demand.
	Length {
		/// The operation.
		op: &'static str,
		/// The operand of wrong length.
		operand: &'static str,
		/// The length that fits, in elements.
		expected: usize,
		/// The length found, in elements.
		got: usize,
	},
	/// A dimension or parameter lies outside the bounds of the operation.
	Range {
		/// The operation.
		op: &'static str,
		/// The dimension or parameter.
		operand: &'static str,
		/// Least admitted value.
		min: u64,
		/// Greatest admitted value.
		max: u64,
		/// The value found.
		got: u64,
	},
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Length { op, operand, expected, got } => {
				write!(f, "{op}: {operand} holds {got} elements, expected {expected}")
			}
			Self::Range { op, operand, min, max, got } => {
				write!(f, "{op}: {operand} is {got}, must be in {min}..={max}")
			}
		}
	}
}

impl core::error::Error for Error {}

/// Requires a slice of exactly `expected` elements.
pub(crate) fn length(
	op: &'static str,
	operand: &'static str,
	expected: usize,
	got: usize,
) -> Result<(), Error> {
	if got == expected {
		Ok(())
	} else {
		Err(Error::Length { op, operand, expected, got })
	}
}

/// Requires `got` in `min..=max`.
pub(crate) fn range(
	op: &'static str,
	operand: &'static str,
	min: usize,
	max: usize,
	got: usize,
) -> Result<(), Error> {
	if (min..=max).contains(&got) {
		Ok(())
	} else {
		Err(Error::Range { op, operand, min: min as u64, max: max as u64, got: got as u64 })
	}
}

/// Splits `got` elements into rows of `columns`, `min..=max` of them, and returns how many.
pub(crate) fn rows(
	op: &'static str,
	operand: &'static str,
	columns: usize,
	max: usize,
	got: usize,
) -> Result<usize, Error> {
	range(op, "columns", 1, crate::MAX_K, columns)?;
	let rows = got / columns;
	length(op, operand, rows * columns, got)?;
	range(op, operand, 1, max, rows)?;
	Ok(rows)
}
