//! What the children of xtask see: the variables that set-up found necessary, and none of those
//! that `cargo run` added for xtask itself.

use crate::paths::Paths;
use anyhow::{Context, Result};
use std::{
	collections::BTreeMap,
	env,
	ffi::{OsStr, OsString},
	path::{Path, PathBuf},
	process::Command,
};

/// The variables of a prepared machine; commands are made with it.
pub(crate) struct Environment {
	root: PathBuf,
	variables: BTreeMap<String, OsString>,
}

impl Environment {
	/// An environment in which cargo writes to the target folder of `paths`.
	pub(crate) fn new(paths: &Paths) -> Self {
		let mut environment = Self { root: paths.root.clone(), variables: BTreeMap::new() };
		environment.set("CARGO_TARGET_DIR", &paths.target);
		environment
	}

	/// Sets a variable for every command made from now on.
	pub(crate) fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
		self.variables.insert(name.to_owned(), value.as_ref().to_owned());
	}

	/// The toolchain that compiles the runtime, unless it is the active one.
	pub(crate) fn wasm_toolchain(&self) -> Option<OsString> {
		const NAME: &str = "WASM_BUILD_TOOLCHAIN";
		self.variables.get(NAME).cloned().or_else(|| env::var_os(NAME))
	}

	/// Puts `folder` in front of the `PATH` of every command made from now on.
	///
	/// Fails when the folder's name has a character that separates entries of the `PATH`.
	pub(crate) fn prepend_path(&mut self, folder: &Path) -> Result<()> {
		let path = env::var_os("PATH").unwrap_or_default();
		let folders = std::iter::once(folder.to_owned()).chain(env::split_paths(&path));
		let path = env::join_paths(folders)
			.with_context(|| format!("{} cannot be put on the PATH", folder.display()))?;
		self.set("PATH", path);
		Ok(())
	}

	/// A command that runs in the root of the repository.
	pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
		let mut command = clean_command(program);
		command.current_dir(&self.root).envs(&self.variables);
		command
	}

	/// `cargo` with these arguments.
	pub(crate) fn cargo(&self, args: &[&str]) -> Command {
		let mut command = self.command("cargo");
		command.args(args);
		command
	}
}

/// A command without the variables that `cargo run` sets for the program that it starts.
///
/// Some build scripts (ring's, for one) ask cargo to run them again when a `CARGO_PKG_*` variable
/// of the *outer* environment changes. Without this, each switch between `cargo build` and
/// `cargo xtask build` would compile half of the node again.
pub(crate) fn clean_command(program: impl AsRef<OsStr>) -> Command {
	let mut command = Command::new(program);
	for (name, _) in env::vars_os() {
		if name.to_str().is_some_and(is_set_by_cargo_run) {
			command.env_remove(name);
		}
	}
	if let Some(libraries) = env::var_os("LD_LIBRARY_PATH") {
		match without_folders_of_cargo_run(&libraries) {
			Some(rest) => command.env("LD_LIBRARY_PATH", rest),
			None => command.env_remove("LD_LIBRARY_PATH"),
		};
	}
	command
}

fn is_set_by_cargo_run(variable: &str) -> bool {
	const NAMES: [&str; 5] =
		["CARGO", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"];
	NAMES.contains(&variable)
		|| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| variable.starts_with(prefix))
}

/// The library path without the target folder and the compiler's folder that `cargo run` puts in
/// front of it; nothing when that was all.
fn without_folders_of_cargo_run(libraries: &OsStr) -> Option<OsString> {
	let executable = env::current_exe().ok();
	let compiler = env::var_os("CARGO").map(PathBuf::from);
	let added: Vec<&Path> = [
		executable.as_deref().and_then(Path::parent),
		compiler.as_deref().and_then(Path::parent).and_then(Path::parent),
	]
	.into_iter()
	.flatten()
	.collect();
	remaining_folders(libraries, &added)
}

fn remaining_folders(libraries: &OsStr, added: &[&Path]) -> Option<OsString> {
	let rest: Vec<_> = env::split_paths(libraries)
		.filter(|folder| !added.iter().any(|added| folder.starts_with(added)))
		.collect();
	if rest.is_empty() {
		return None;
	}
	env::join_paths(rest).ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_drop_what_cargo_run_sets_and_keep_what_users_set() {
		for variable in ["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "OUT_DIR"] {
			assert!(is_set_by_cargo_run(variable), "{variable}");
		}
		for variable in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "PATH"] {
			assert!(!is_set_by_cargo_run(variable), "{variable}");
		}
	}

	#[test]
	fn should_keep_the_library_folders_of_the_user() {
		let added = [Path::new("/target/debug"), Path::new("/toolchain")];
		let rest = remaining_folders(
			OsStr::new("/target/debug/deps:/toolchain/lib:/usr/local/cuda"),
			&added,
		);
		assert_eq!(rest, Some("/usr/local/cuda".into()));
		assert_eq!(remaining_folders(OsStr::new("/target/debug"), &added), None);
	}
}
