//! A folder in the making.

use std::{
	fs::{self, File, TryLockError},
	io::{self, ErrorKind},
	path::{Path, PathBuf},
};

use crate::{parents::ParentFolders, ModelError};

/// Appended to the output's name until it is finished.
const SUFFIX: &str = ".partial";
/// Held as long as somebody writes the folder. A folder that holds anything without it is not ours, so
/// it comes first and goes last.
const LOCK: &str = ".lock";

/// The folder `NAME.partial` beside the output `NAME`, renamed to it in the end.
///
/// Dropping removes it, and the folders above it that were made for it. A process that is killed
/// leaves it behind; the next one that makes the same output empties it first. The lock tells the two
/// cases from one that is still running.
#[derive(Debug)]
pub(crate) struct PartialFolder {
	out: PathBuf,
	path: PathBuf,
	lock: Option<File>,
	/// Dropped after the folder was removed or got its name.
	parents: ParentFolders,
}

impl PartialFolder {
	/// Creates the folder for an output that does not exist.
	pub(crate) fn create(out: &Path) -> Result<Self, ModelError> {
		if exists(out) {
			return Err(ModelError::Exists { path: out.to_path_buf() });
		}
		let name = out.file_name().ok_or(ModelError::NoName { path: out.to_path_buf() })?;
		let mut partial = name.to_os_string();
		partial.push(SUFFIX);
		let path = out.with_file_name(partial);
		let parents = ParentFolders::make(out)?;
		if is_foreign(&path) {
			return Err(ModelError::Exists { path });
		}
		let lock = Some(begin(&path)?);
		let folder = Self { out: out.to_path_buf(), path, lock, parents };
		// Another process may have finished the same output before its lock was free.
		if exists(out) {
			return Err(ModelError::Exists { path: out.to_path_buf() });
		}
		folder.clear().map_err(|source| ModelError::io(&folder.path, source))?;
		Ok(folder)
	}

	pub(crate) fn path(&self) -> &Path {
		&self.path
	}

	/// Gives the folder its final name. Files in it must be on the disk already.
	pub(crate) fn publish(mut self) -> Result<(), ModelError> {
		let io = |source| ModelError::io(&self.path, source);
		sync(&self.path).map_err(io)?;
		if exists(&self.out) {
			return Err(ModelError::Exists { path: self.out.clone() });
		}
		fs::rename(&self.path, &self.out).map_err(io)?;
		// A kill between these lines leaves an empty file too many in a directory that is whole.
		let _removed = fs::remove_file(self.out.join(LOCK));
		self.lock = None;
		for folder in [self.out.as_path(), self.parents.folder()] {
			sync(folder).map_err(|source| ModelError::io(folder, source))?;
		}
		Ok(())
	}

	/// Removes everything but the lock: what an earlier process left, or this one.
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

	fn remove(&self) -> io::Result<()> {
		self.clear()?;
		fs::remove_file(self.path.join(LOCK))?;
		fs::remove_dir(&self.path)
	}
}

impl Drop for PartialFolder {
	fn drop(&mut self) {
		if self.lock.is_some() {
			// Where this fails the next import removes it.
			let _removed = self.remove();
		}
	}
}

fn exists(path: &Path) -> bool {
	fs::symlink_metadata(path).is_ok()
}

/// Whether something is there that none of our processes has begun: nothing in it is ours to remove.
/// An empty folder may be of one that ended before it had its lock.
fn is_foreign(path: &Path) -> bool {
	match fs::read_dir(path) {
		Ok(mut entries) => !exists(&path.join(LOCK)) && entries.next().is_some(),
		Err(_) => exists(path),
	}
}

/// Makes the folder unless it is there, and takes its lock; a folder that does not get one is removed.
fn begin(path: &Path) -> Result<File, ModelError> {
	let is_new = match fs::create_dir(path) {
		Ok(()) => true,
		Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
		Err(source) => return Err(ModelError::io(path, source)),
	};
	let locked = File::create(path.join(LOCK)).and_then(|lock| match lock.try_lock() {
		Ok(()) => Ok(Some(lock)),
		Err(TryLockError::WouldBlock) => Ok(None),
		Err(TryLockError::Error(source)) => Err(source),
	});
	match locked {
		Ok(Some(lock)) => Ok(lock),
		Ok(None) => Err(ModelError::Busy { path: path.to_path_buf() }),
		Err(source) => {
			if is_new {
				let _removed = fs::remove_file(path.join(LOCK));
			}
			// Only if it is empty, which is what the system removes.
			let _removed = fs::remove_dir(path);
			Err(ModelError::io(path, source))
		}
	}
}

/// Waits until a file or folder is on the disk.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
	File::open(path)?.sync_all()
}
