//! Results on stdout: text for people, or one JSON document.

use std::io::{self, Write};

use serde::Serialize;

use crate::status::{Failure, Status};

/// Writes text and shows it at once.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
	let mut out = io::stdout().lock();
	out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_else(unless_nobody_reads)
}

/// Writes a line.
pub(crate) fn line(text: impl std::fmt::Display) -> Result<(), Failure> {
	write(&format!("{text}\n"))
}

/// Writes a result as JSON.
pub(crate) fn json(result: &impl Serialize) -> Result<(), Failure> {
	let text = serde_json::to_string_pretty(result)
		.map_err(|error| Failure::new(Status::Failed, format!("writing JSON: {error}")))?;
	line(text)
}

/// A reader that has seen enough, such as `head`, is no failure.
fn unless_nobody_reads(error: io::Error) -> Result<(), Failure> {
	if error.kind() == io::ErrorKind::BrokenPipe {
		return Ok(());
	}
	Err(Failure::new(Status::Failed, format!("writing to stdout: {error}")))
}
