//! The most memory that a process had in use.

use std::fs;

/// Peak resident memory of this process in bytes; nothing on systems without `/proc`.
pub(crate) fn peak_of_this_process() -> Option<u64> {
	peak_of("self")
}

/// Peak resident memory of a running process in bytes.
pub(crate) fn peak_of(process: &str) -> Option<u64> {
	peak_in(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

/// What the kernel calls the high water mark of the resident set.
fn peak_in(status: &str) -> Option<u64> {
	let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
	let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
	Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_mark_is_found_among_the_others() {
		let status = "Name:\tbench\nVmPeak:\t  900 kB\nVmHWM:\t    12 kB\nVmRSS:\t    11 kB\n";
		assert_eq!(peak_in(status), Some(12 * 1024));
		assert_eq!(peak_in("Name:\tzombie\n"), None);
	}
}
