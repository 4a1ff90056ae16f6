//! Set-up: makes a fresh machine able to build, test and check the repository.
//!
//! Each part first looks whether the machine already has what is needed, by trying it, and does
//! nothing more then. So a second run redoes nothing, and a tool that somebody removed comes back.

mod apt;
mod compiler;
mod javascript;
pub(crate) mod libclang;
mod protoc;
mod tools;
mod wasm_fallback;
mod wasm_target;

pub(crate) use tools::{CARGO_DENY, FRAME_OMNI_BENCHER, TAPLO};

use crate::{environment::Environment, paths::Paths};
use anyhow::{Context, Result};
use std::{
	fs,
	io::ErrorKind,
	path::{Path, PathBuf},
};

/// What a command needs besides cargo.
#[derive(Clone, Copy)]
pub(crate) struct Needs {
	/// Compiling C and C++, besides Rust.
	compiler: bool,
	/// Compiling the node and the runtime.
	build: bool,
	/// Running JavaScript.
	javascript: bool,
	/// The tools of `cargo xtask lint`.
	lint_tools: bool,
}

impl Needs {
	/// For building programs that have nothing of the node.
	pub(crate) const COMPILER: Self =
		Self { compiler: true, build: false, javascript: false, lint_tools: false };
	/// For building and running.
	pub(crate) const BUILD: Self = Self { build: true, ..Self::COMPILER };
	/// For the tests, JavaScript clients included.
	pub(crate) const TEST: Self = Self { javascript: true, ..Self::BUILD };
	/// For lint: it compiles the workspace, and taplo comes from npm.
	pub(crate) const LINT: Self = Self { lint_tools: true, ..Self::TEST };
	/// For every command.
	pub(crate) const EVERYTHING: Self = Self::LINT;
}

/// Prepares the machine and returns the environment for the children.
///
/// Fails with what to install where set-up cannot do it by itself.
pub(crate) fn prepare(paths: &Paths, needs: Needs) -> Result<Environment> {
	let mut environment = Environment::new(paths);
	if needs.compiler {
		compiler::require()?;
	}
	if needs.build {
		if let Some(protoc) = protoc::require(paths)? {
			environment.set("PROTOC", protoc);
		}
		if let Some(toolchain) = wasm_target::require(paths)? {
			environment.set("WASM_BUILD_TOOLCHAIN", toolchain);
		}
	}
	if needs.javascript {
		if let Some(programs) = javascript::require(paths)? {
			environment.prepend_path(&programs)?;
		}
	}
	if needs.lint_tools {
		tools::require_rust_components()?;
		TAPLO.require(&environment, paths)?;
		CARGO_DENY.require(&environment, paths)?;
	}
	Ok(environment)
}

/// Prints one line of the set-up report.
fn report(subject: &str, finding: &str) {
	eprintln!("setup: {subject}: {finding}");
}

/// Makes `folder` by `fill`ing a folder beside it and renaming that, so that an interrupted
/// set-up never leaves a half-filled `folder` that looks finished.
fn install_atomically(folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
	let mut partial = folder.as_os_str().to_owned();
	partial.push(".partial");
	let partial = PathBuf::from(partial);
	remove_folder(&partial)?;
	fs::create_dir_all(&partial).with_context(|| format!("making {}", partial.display()))?;
	fill(&partial)?;
	remove_folder(folder)?;
	fs::rename(&partial, folder)
		.with_context(|| format!("renaming {} to {}", partial.display(), folder.display()))
}

fn remove_folder(folder: &Path) -> Result<()> {
	match fs::remove_dir_all(folder) {
		Err(error) if error.kind() != ErrorKind::NotFound => {
			Err(error).with_context(|| format!("removing {}", folder.display()))
		}
		_ => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_leave_no_folder_behind_when_filling_fails() {
		let parent = tempfile::tempdir().unwrap();
		let folder = parent.path().join("tool-1.0.0");
		let failed = install_atomically(&folder, |partial| {
			fs::write(partial.join("file"), "half")?;
			anyhow::bail!("no network")
		});
		assert!(failed.is_err() && !folder.exists());
		let fill = |partial: &Path| fs::write(partial.join("whole"), "").map_err(Into::into);
		install_atomically(&folder, fill).unwrap();
		assert!(folder.join("whole").exists() && !folder.join("file").exists());
	}
}
