//! How far long work is: a bar where a person looks on, lines where a log is kept.

use std::{borrow::Cow, io::IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// Work in phases, told on stderr.
pub(crate) struct Meter {
	bar: Option<ProgressBar>,
	phase: Cow<'static, str>,
	/// Quarters of the phase that a line was written for.
	quarters: u64,
}

impl Meter {
	/// Nothing is done yet.
	pub(crate) fn new() -> Self {
		let bar = std::io::stderr().is_terminal().then(|| {
			let style = ProgressStyle::with_template("{msg:<28} {bar:40} {percent:>3} % {eta:>4}");
			ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
		});
		Self { bar, phase: Cow::Borrowed(""), quarters: 0 }
	}

	/// So much of the phase is done, of so much in all.
	pub(crate) fn update(&mut self, phase: impl Into<Cow<'static, str>>, done: u64, total: u64) {
		let phase = phase.into();
		let begins = self.phase != phase;
		if let Some(bar) = &self.bar {
			if begins {
				bar.reset();
				bar.set_message(phase.to_string());
			}
			bar.set_length(total);
			bar.set_position(done);
		} else {
			let quarters = done.min(total).saturating_mul(4).checked_div(total).unwrap_or(4);
			if begins || quarters > self.quarters {
				eprintln!("{phase}: {} %", quarters * 25);
			}
			self.quarters = quarters;
		}
		self.phase = phase;
	}
}

impl Drop for Meter {
	fn drop(&mut self) {
		if let Some(bar) = &self.bar {
			bar.finish_and_clear();
		}
	}
}
