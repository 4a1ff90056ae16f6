//! Node.js and npm: tests run the JavaScript clients that dApps use, and taplo comes from npm.

use super::{apt, report};
use crate::process::capture;
use anyhow::{bail, Context, Result};
use std::process::Command;

/// The oldest Node.js that the JavaScript clients support.
const OLDEST_NODE: u32 = 18;

/// Checks for Node.js and npm, installs them where possible.
pub(crate) fn require() -> Result<()> {
	if let Ok(version) = usable_node() {
		report("Node.js and npm", &format!("present ({version})"));
		return Ok(());
	}
	let problem = match install() {
		Ok(()) => match usable_node() {
			Ok(version) => {
				report("Node.js and npm", &format!("installed ({version})"));
				return Ok(());
			}
			Err(error) => error,
		},
		Err(error) => error,
	};
	bail!(
		"Node.js {OLDEST_NODE} or newer with npm is needed for the JavaScript clients and for taplo \
		 ({problem:#}). Install it and start again. Debian 12, Ubuntu 24.04 and newer: \
		 `apt-get install nodejs npm`. Fedora: `dnf install nodejs`. Arch: `pacman -S nodejs npm`. \
		 macOS: `brew install node`."
	)
}

fn install() -> Result<()> {
	let reason = "for JavaScript clients and taplo";
	apt::install(reason, &["nodejs"])?;
	// Some packages of Node.js bring npm along and refuse to be installed beside Debian's npm.
	if npm_version().is_err() {
		apt::install(reason, &["npm"])?;
	}
	Ok(())
}

/// The version of Node.js when it is new enough and npm is there.
fn usable_node() -> Result<String> {
	let version = capture(Command::new("node").arg("--version"))?.trim().to_owned();
	let major =
		major_version(&version).with_context(|| format!("`node --version` printed {version:?}"))?;
	if major < OLDEST_NODE {
		bail!("Node.js {version} is too old");
	}
	npm_version()?;
	Ok(version)
}

fn npm_version() -> Result<String> {
	capture(Command::new("npm").arg("--version"))
}

/// The 20 of `v20.11.1`.
fn major_version(version: &str) -> Option<u32> {
	version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_read_the_major_version() {
		assert_eq!(major_version("v20.11.1"), Some(20));
		assert_eq!(major_version("v8.0.0"), Some(8));
		assert_eq!(major_version("command not found"), None);
	}
}
