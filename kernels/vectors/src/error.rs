//! The error of this crate.

use alloc::string::String;
use core::fmt;

/// What is wrong, and in which line of the vector file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
	/// Line number from 1; the line of `case` for a whole case.
	pub line: usize,
	/// What is wrong.
	pub reason: String,
}

impl Error {
	pub(crate) fn new(line: usize, reason: impl Into<String>) -> Self {
		Self { line, reason: reason.into() }
	}
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "line {}: {}", self.line, self.reason)
	}
}

impl core::error::Error for Error {}
