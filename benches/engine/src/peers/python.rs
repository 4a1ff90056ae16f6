//! Python with the packages that peers need, in a virtual environment of its own.

use std::{
	fs,
	path::{Path, PathBuf},
	process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};

use super::{remove_folder, run};
use crate::say;

/// The packages and their versions.
const REQUIREMENTS: &str = include_str!("../../peers/python.txt");

/// Exits with success where the rest can succeed.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/// A virtual environment with the packages.
pub(super) struct Python {
	folder: PathBuf,
}

impl Python {
	/// Finds the environment, or makes it.
	pub(super) fn require(cache: &Path) -> Result<Self> {
		let python = Self { folder: cache.join("tools").join("engine-bench-python") };
		if !python.is_ready() {
			say("installing Python packages that peers need (200 MB, up to 1 min)");
			python.make()?;
		}
		Ok(python)
	}

	/// Its interpreter.
	pub(super) fn command(&self) -> Command {
		Command::new(self.program("python"))
	}

	/// Its pip, which takes nothing but the package index that it is configured for.
	pub(super) fn pip(&self, command: &str) -> Command {
		let mut pip = self.command();
		pip.args(["-m", "pip", command, "--quiet", "--disable-pip-version-check", "--no-deps"]);
		pip
	}

	/// A program that one of the packages brings.
	pub(super) fn program(&self, name: &str) -> PathBuf {
		self.folder.join("bin").join(name)
	}

	/// The list of what was installed, written when all of it was.
	fn list(&self) -> PathBuf {
		self.folder.join("installed.txt")
	}

	/// Whether these packages are there and work; the interpreter below them may be gone.
	fn is_ready(&self) -> bool {
		let probe = ["-c", "import cmake, gguf, numpy, scikit_build_core"];
		fs::read_to_string(self.list()).is_ok_and(|list| list == REQUIREMENTS)
			&& succeeds_quietly(self.command().args(probe))
	}

	fn make(&self) -> Result<()> {
		if !succeeds_quietly(Command::new("python3").args(["-c", PROBE])) {
			bail!(
				"Python 3.10 or newer with its module venv is needed. Install it and start again: \
				 `apt-get install python3-venv` on Debian and Ubuntu, `dnf install python3` on \
				 Fedora, `pacman -S python` on Arch, `brew install python` on macOS"
			);
		}
		// Not renamed into place: scripts of an environment name the folder that they are in.
		remove_folder(&self.folder)?;
		run(Command::new("python3").args(["-m", "venv"]).arg(&self.folder))?;
		let wanted = self.folder.join("wanted.txt");
		fs::write(&wanted, REQUIREMENTS)
			.with_context(|| format!("writing {}", wanted.display()))?;
		run(self.pip("install").args(["--only-binary", ":all:", "--requirement"]).arg(&wanted))
			.context("the package index that pip is configured for has to be reachable")?;
		fs::rename(&wanted, self.list()).context("noting what was installed")?;
		if !self.is_ready() {
			bail!("the packages in {} do not work", self.folder.display());
		}
		Ok(())
	}
}

fn succeeds_quietly(command: &mut Command) -> bool {
	let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
	status.is_ok_and(|status| status.success())
}
