//! What the measurements were made on.

use std::{env::consts::ARCH, fs};

use assay_kernels_cpu::Level;
use serde::Serialize;

/// The machine, as far as it explains the figures.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
	/// The processor's name.
	pub(crate) processor: String,
	/// Instructions that the exact engine takes.
	pub(crate) level: String,
	/// Threads of each engine.
	pub(crate) threads: u16,
}

impl Machine {
	/// This one.
	pub(crate) fn detect(threads: u16) -> Self {
		let described = fs::read_to_string("/proc/cpuinfo").ok();
		let processor = described.as_deref().and_then(processor).unwrap_or(ARCH).to_owned();
		Self { processor, level: Level::best().to_string(), threads }
	}
}

impl std::fmt::Display for Machine {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		write!(f, "{}, {}, {} threads", self.processor, self.level, self.threads)
	}
}

fn processor(cpuinfo: &str) -> Option<&str> {
	let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
	line.split_once(':').map(|(_, name)| name.trim())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_first_processor_has_a_name() {
		let cpuinfo = "processor\t: 0\nmodel name\t: A Processor @ 2 GHz\nprocessor\t: 1\n";
		assert_eq!(processor(cpuinfo), Some("A Processor @ 2 GHz"));
		assert_eq!(processor("processor\t: 0\n"), None);
	}
}
