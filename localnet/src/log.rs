//! What a node's log tells.

use std::{fs, net::SocketAddr, path::Path};

/// Lines of a log that an error message quotes.
const QUOTED_LINES: usize = 20;

/// The last address that follows the text `announcement` after the first `start` bytes of a log.
pub(crate) fn announced(log: &Path, start: u64, announcement: &str) -> Option<SocketAddr> {
	let bytes = fs::read(log).ok()?;
	let written = String::from_utf8_lossy(bytes.get(usize::try_from(start).ok()?..)?);
	let line = written.lines().rev().find_map(|line| line.split(announcement).nth(1))?;
	// The RPC server lists one address per IP version, the IPv4 one first.
	line.split([',', ' ']).next()?.parse().ok()
}

/// The end of a log, for error messages.
pub(crate) fn tail(log: &Path) -> String {
	let Ok(bytes) = fs::read(log) else { return "(the log cannot be read)".into() };
	let text = String::from_utf8_lossy(&bytes);
	let lines: Vec<&str> = text.lines().collect();
	lines[lines.len().saturating_sub(QUOTED_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
	use super::*;
	use anyhow::Result;

	#[test]
	fn should_find_the_last_announced_address_after_the_start() -> Result<()> {
		let folder = tempfile::tempdir()?;
		let log = folder.path().join("node.log");
		let before = "x Running JSON-RPC server: addr=127.0.0.1:1,[::1]:2\n";
		let after = "y Running JSON-RPC server: addr=127.0.0.1:3,[::1]:4\n\
			〽️ Prometheus exporter started at 127.0.0.1:5\n";
		fs::write(&log, format!("{before}{after}"))?;
		let start = u64::try_from(before.len())?;

		let rpc = announced(&log, start, "server: addr=");
		assert_eq!(rpc, Some("127.0.0.1:3".parse()?));
		let metrics = announced(&log, start, "started at ");
		assert_eq!(metrics, Some("127.0.0.1:5".parse()?));
		let end = u64::try_from(before.len() + after.len())?;
		assert_eq!(announced(&log, end, "server: addr="), None);
		Ok(())
	}
}
