//! The folders above an output.

use std::{
	fs,
	path::{Path, PathBuf},
};

use crate::ModelError;

/// The folders above an output, made where they were missing.
///
/// Dropping removes those that were made and are still empty, so that an output which did not come
/// about leaves no trace.
#[derive(Debug)]
pub struct ParentFolders {
	folder: PathBuf,
	/// The innermost first.
	made: Vec<PathBuf>,
}

impl ParentFolders {
	/// Makes the folders above `out` that are missing.
	///
	/// # Errors
	/// If one of them cannot be made.
	pub fn make(out: &Path) -> Result<Self, ModelError> {
		let folder = match out.parent() {
			Some(parent) if !parent.as_os_str().is_empty() => parent,
			_ => Path::new("."),
		};
		let is_missing =
			|path: &&Path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err();
		let made = folder.ancestors().take_while(is_missing).map(Path::to_path_buf).collect();
		// From here on a failure removes what was made of them.
		let parents = Self { folder: folder.to_path_buf(), made };
		fs::create_dir_all(folder).map_err(|source| ModelError::io(folder, source))?;
		Ok(parents)
	}

	/// The folder that the output lies in.
	pub fn folder(&self) -> &Path {
		&self.folder
	}
}

impl Drop for ParentFolders {
	fn drop(&mut self) {
		for folder in &self.made {
			// The system removes empty folders only; one that holds something ends the list.
			if fs::remove_dir(folder).is_err() {
				return;
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_what_was_made_and_stayed_empty_is_removed() {
		let scratch = tempfile::tempdir().unwrap();
		let there = scratch.path().join("there");
		fs::create_dir(&there).unwrap();
		let parents = ParentFolders::make(&there.join("a/b/out")).unwrap();
		assert_eq!(parents.folder(), there.join("a/b"));
		assert!(there.join("a/b").is_dir());
		drop(parents);
		assert!(there.is_dir() && !there.join("a").exists());

		let parents = ParentFolders::make(&there.join("a/b/out")).unwrap();
		fs::create_dir(there.join("a/b/out")).unwrap();
		drop(parents);
		assert!(there.join("a/b/out").is_dir());
	}

	#[test]
	fn a_file_in_the_way_is_named_and_nothing_is_left() {
		let scratch = tempfile::tempdir().unwrap();
		fs::write(scratch.path().join("file"), "").unwrap();
		let error = ParentFolders::make(&scratch.path().join("file/a/out")).unwrap_err();
		assert!(error.to_string().contains("file/a: "), "{error}");
		assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
	}
}
