//! Where the node and the Wasm runtimes that `cargo xtask build` makes are found.

use std::{
	env,
	path::{Path, PathBuf},
};

use anyhow::{bail, Context, Result};

/// Environment variable that names the node to start instead of the one beside this program.
pub const NODE_ENV: &str = "ASSAY_NODE";
/// Environment variable that names a runtime with the next `spec_version`.
pub const NEXT_RUNTIME_ENV: &str = "ASSAY_NEXT_RUNTIME";
/// Environment variable that keeps the folders of stopped nodes (any value but empty).
pub const KEEP_ENV: &str = "ASSAY_LOCALNET_KEEP";

/// The node to start: `ASSAY_NODE`, else `assay-node` in the build folder of this program.
///
/// Errors when there is no such file, with the command that builds it.
pub fn node_binary() -> Result<PathBuf> {
	locate(NODE_ENV, Path::new("assay-node"))
}

/// The compressed Wasm of the node's runtime with `spec_version` + 1: `ASSAY_NEXT_RUNTIME`, else
/// the build folder.
///
/// Errors when there is no such file, with the command that builds it.
pub fn next_runtime_wasm() -> Result<PathBuf> {
	locate(NEXT_RUNTIME_ENV, Path::new("wbuild/assay-runtime/next_runtime.compact.compressed.wasm"))
}

/// A new temporary folder for the files of nodes, removed when dropped unless
/// `ASSAY_LOCALNET_KEEP` is set.
pub fn scratch_folder() -> Result<tempfile::TempDir> {
	let keep = env::var_os(KEEP_ENV).is_some_and(|value| !value.is_empty());
	let folder = tempfile::Builder::new()
		.prefix("assay-localnet-")
		.disable_cleanup(keep)
		.tempdir()
		.context("cannot make a temporary folder; is TMPDIR writable?")?;
	if keep {
		eprintln!("keeping {} ({KEEP_ENV} is set)", folder.path().display());
	}
	Ok(folder)
}

/// A build product named by the variable, or found in the profile folder of the running program.
///
/// Test programs lie one folder deeper (`deps/`) than ordinary ones.
fn locate(variable: &str, relative: &Path) -> Result<PathBuf> {
	if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
		let path = PathBuf::from(named);
		if !path.is_file() {
			bail!("{variable} names {}, which is not a file", path.display());
		}
		return Ok(path);
	}
	let program = env::current_exe().context("cannot tell where this program lies")?;
	let tried: Vec<PathBuf> =
		program.ancestors().skip(1).take(2).map(|folder| folder.join(relative)).collect();
	match tried.iter().find(|path| path.is_file()) {
		Some(found) => Ok(found.clone()),
		None => bail!(
			"no {} in {}; build it with `cargo xtask build`, or name it in {variable}",
			relative.display(),
			program.parent().unwrap_or(&program).display(),
		),
	}
}
