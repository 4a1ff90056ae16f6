//! Whether the node can keep its files where it is told to.

use crate::error::shell_path;
use std::path::Path;

/// Looks whether a folder at or below the base path can be made and written. Leaves nothing behind.
pub(super) fn check(folder: &Path, base_path: &Path) -> Result<(), String> {
	// The first that exists on the way up; the others are made in it.
	let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
	if !there.is_dir() {
		return Err(format!(
			"the base path {} cannot be used: {} is not a folder; choose another --base-path",
			base_path.display(),
			there.display(),
		));
	}
	// A file without a name, which the system removes however this process ends.
	match tempfile::tempfile_in(there) {
		Ok(_) => Ok(()),
		Err(error) => Err(format!(
			"the base path {} cannot be used: {} cannot be written ({error}); give it to this user \
			 with `chown -R $USER {}`, or choose another --base-path",
			base_path.display(),
			there.display(),
			shell_path(there),
		)),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	#[test]
	fn folders_that_can_be_made_should_pass_and_not_be_made() {
		let folder = tempfile::tempdir().unwrap();
		let new = folder.path().join("data");
		assert_eq!(check(&new.join("chains/assay/paritydb/full"), &new), Ok(()));
		assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
		assert_eq!(check(Path::new("data/chains"), Path::new("data")), Ok(()));
	}

	#[test]
	fn a_file_in_the_way_should_be_named() {
		let folder = tempfile::tempdir().unwrap();
		let file = folder.path().join("notes.txt");
		fs::write(&file, "").unwrap();
		let error = check(&file.join("chains/assay"), &file).unwrap_err();
		assert!(error.contains("notes.txt is not a folder; choose another --base-path"), "{error}");
	}

	#[test]
	fn a_folder_that_nobody_can_write_should_be_named() {
		// Where the system describes itself not even the administrator makes files.
		let error = check(Path::new("/proc/self/data"), Path::new("/proc/self")).unwrap_err();
		assert!(error.contains("/proc/self cannot be written"), "{error}");
	}
}
