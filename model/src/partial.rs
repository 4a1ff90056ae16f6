//! A folder in the making.

use std::{
	fs::{self, File, TryLockError},
	io,
	path::{Path, PathBuf},
};

use crate::ModelError;

/// Appended to the output's name until it is finished.
const SUFFIX: &str = ".partial";
/// Held as long as somebody writes the folder.
const LOCK: &str = ".lock";

/// The folder `NAME.partial` beside the output `NAME`, renamed to it in the end.
///
/// Dropping removes it. A process that is killed leaves it behind; the next one that makes the same
/// output empties it first. The lock tells the two cases from one that is still running.
#[derive(Debug)]
pub(crate) struct PartialFolder {
	out: PathBuf,
	path: PathBuf,
	lock: Option<File>,
}

impl PartialFolder {
	/// Creates the folder for an output that does not exist.
	pub(crate) fn create(out: &Path) -> Result<Self, ModelError> {
		let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
		if exists(out) {
			return Err(ModelError::Exists { path: out.to_path_buf() });
		}
		let name = out.file_name().ok_or(ModelError::NoName { path: out.to_path_buf() })?;
		let mut partial = name.to_os_string();
		partial.push(SUFFIX);
		let path = out.with_file_name(partial);
		let io = |source| ModelError::io(&path, source);
		if exists(&path) && !exists(&path.join(LOCK)) {
			// Not of our making: nothing in it is ours to remove.
			return Err(ModelError::Exists { path });
		}
		fs::create_dir_all(&path).map_err(io)?;
		let lock = File::create(path.join(LOCK)).map_err(io)?;
		match lock.try_lock() {
			Ok(()) => {}
			Err(TryLockError::WouldBlock) => return Err(ModelError::Busy { path }),
			Err(TryLockError::Error(source)) => return Err(io(source)),
		}
		let folder = Self { out: out.to_path_buf(), path, lock: Some(lock) };
		folder.clear().map_err(|source| ModelError::io(&folder.path, source))?;
		Ok(folder)
	}

	pub(crate) fn path(&self) -> &Path {
		&self.path
	}

	/// Gives the folder its final name. Files in it must be on the disk already.
	pub(crate) fn publish(mut self) -> Result<(), ModelError> {
		let io = |source| ModelError::io(&self.path, source);
		fs::remove_file(self.path.join(LOCK)).map_err(io)?;
		sync(&self.path).map_err(io)?;
		if fs::symlink_metadata(&self.out).is_ok() {
			return Err(ModelError::Exists { path: self.out.clone() });
		}
		fs::rename(&self.path, &self.out).map_err(io)?;
		self.lock = None;
		let parent = match self.out.parent() {
			Some(parent) if !parent.as_os_str().is_empty() => parent,
			_ => Path::new("."),
		};
		sync(parent).map_err(|source| ModelError::io(parent, source))
	}

	/// Removes what an earlier process left.
	fn clear(&self) -> io::Result<()> {
		for entry in fs::read_dir(&self.path)? {
			let entry = entry?;
			if entry.file_name() == LOCK {
				continue;
			}
			if entry.file_type()?.is_dir() {
				fs::remove_dir_all(entry.path())?;
			} else {
				fs::remove_file(entry.path())?;
			}
		}
		Ok(())
	}
}

impl Drop for PartialFolder {
	fn drop(&mut self) {
		if self.lock.is_some() {
			// Where this fails the next import removes it.
			let _removed = fs::remove_dir_all(&self.path);
		}
	}
}

/// Waits until a file or folder is on the disk.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
	File::open(path)?.sync_all()
}
