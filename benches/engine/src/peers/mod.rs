//! Engines of others: installed into the cache folder when they are first needed, at the versions that
//! are written here. A second run finds them and does nothing.

mod gguf;
mod llama_cpp;
mod python;

use std::{
	fs,
	io::{self, ErrorKind},
	path::{Path, PathBuf},
	process::Command,
};

use anyhow::{bail, Context, Result};

/// How to do without what cannot be installed.
const LEAVE_OUT: &str =
	"or leave peers out, which is then said with the result: --without llama.cpp \
	--without candle";

/// llama.cpp's program for measurements.
///
/// # Errors
/// If it cannot be fetched or built; the error says what to install.
pub(crate) fn llama_bench(cache: &Path) -> Result<PathBuf> {
	llama_cpp::require(cache)
		.with_context(|| format!("llama.cpp cannot be installed; see below, {LEAVE_OUT}"))
}

/// A GGUF file of the decoder that is measured, in Q8_0, with weights that look random.
///
/// # Errors
/// If it cannot be written; the error says what to install.
pub(crate) fn random_gguf(cache: &Path) -> Result<PathBuf> {
	gguf::require(cache)
		.with_context(|| format!("the peers' model cannot be written; see below, {LEAVE_OUT}"))
}

/// Runs a command, all its output going to standard error.
fn run(command: &mut Command) -> Result<()> {
	let status = command.stdout(io::stderr()).status();
	let status = status.with_context(|| format!("{command:?} cannot be started"))?;
	if !status.success() {
		bail!("{command:?} failed ({status}), see above");
	}
	Ok(())
}

/// Makes `folder` by `fill`ing one beside it and renaming that, so that what was interrupted never
/// looks finished.
fn install_atomically(folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
	let mut partial = folder.as_os_str().to_owned();
	partial.push(".partial");
	let partial = PathBuf::from(partial);
	remove_folder(&partial)?;
	fs::create_dir_all(&partial).with_context(|| format!("making {}", partial.display()))?;
	fill(&partial)?;
	remove_folder(folder)?;
	fs::rename(&partial, folder).with_context(|| format!("making {}", folder.display()))
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
	fn an_interrupted_installation_leaves_nothing_that_looks_finished() {
		let parent = tempfile::tempdir().unwrap();
		let folder = parent.path().join("tool-1");
		let failed = install_atomically(&folder, |partial| {
			fs::write(partial.join("file"), "half")?;
			bail!("no network")
		});
		assert!(failed.is_err() && !folder.exists());
		let fill = |partial: &Path| fs::write(partial.join("whole"), "").map_err(Into::into);
		install_atomically(&folder, fill).unwrap();
		assert!(folder.join("whole").exists() && !folder.join("file").exists());
	}

	#[test]
	fn a_command_that_fails_is_named() {
		let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
		assert!(error.contains("exit 3") && error.contains("failed"), "{error}");
		let error = run(&mut Command::new("assay-no-such-program")).unwrap_err().to_string();
		assert!(error.contains("cannot be started"), "{error}");
	}
}
