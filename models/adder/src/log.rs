//! What the program tells, on the screen and in `train.log`.

use std::fmt::{Arguments, Write};

/// Prints lines as they come and keeps them for the file.
#[derive(Default)]
pub(crate) struct Log {
	text: String,
}

impl Log {
	/// Adds a line.
	pub(crate) fn line(&mut self, line: Arguments<'_>) {
		println!("{line}");
		writeln!(self.text, "{line}").expect("a string takes any text");
	}

	/// All lines so far.
	pub(crate) fn text(&self) -> &str {
		&self.text
	}
}
