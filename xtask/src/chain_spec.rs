//! `cargo xtask chain-spec`: the files in `chain-spec/`, made by the built node.

use crate::{
	build,
	paths::Paths,
	process::{capture, Step},
	setup::{self, Needs},
};
use anyhow::{bail, Context, Result};
use std::{fs, io::ErrorKind, path::Path};

/// Each file and the genesis preset of the runtime from which the node makes it.
const FILES: [(&str, &str); 2] =
	[("local.json", "local_testnet"), ("production.template.json", "production")];

/// Builds the node and writes the files, or with `check` compares them.
///
/// Fails when a file is stale, and says how to refresh it.
pub(crate) fn run(paths: &Paths, check: bool) -> Result<()> {
	let environment = setup::prepare(paths, Needs::BUILD)?;
	build::workspace(&environment, paths, build::Profile::Dev, build::Targets::Programs)?;
	let node = build::dev_binary(paths, "assay-node");
	let folder = paths.root.join("chain-spec");
	let step = Step::begin("Making the chain specs", "10 s");
	let mut stale = Vec::new();
	for (file, preset) in FILES {
		let made =
			capture(environment.command(&node).args(["chain-spec-template", "--preset", preset]))?;
		let path = folder.join(file);
		if check {
			if !is_fresh(&path, &made)? {
				stale.push(format!("chain-spec/{file}"));
			}
		} else {
			fs::create_dir_all(&folder).context("making chain-spec/")?;
			fs::write(&path, made).with_context(|| format!("writing {}", path.display()))?;
			eprintln!("    wrote chain-spec/{file}");
		}
	}
	step.done();
	if !stale.is_empty() {
		bail!("stale: {}; refresh with `cargo xtask chain-spec`", stale.join(", "));
	}
	Ok(())
}

/// Whether the file holds exactly `made`; a missing file does not.
fn is_fresh(path: &Path, made: &str) -> Result<bool> {
	match fs::read(path) {
		Ok(bytes) => Ok(bytes == made.as_bytes()),
		Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
		Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn should_find_changed_and_missing_files_stale() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("local.json");
		assert!(!is_fresh(&path, "{}").unwrap());
		fs::write(&path, "{}").unwrap();
		assert!(is_fresh(&path, "{}").unwrap());
		assert!(!is_fresh(&path, "{}\n").unwrap());
	}
}
