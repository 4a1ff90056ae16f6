//! Writing `weights.safetensors`.

use std::{
	fs::File,
	os::unix::fs::FileExt,
	path::{Path, PathBuf},
};

use assay_primitives::hash::{Hash, WeightsRoot};
use assay_programs::{Program, TensorId};

use crate::{Layout, ModelError, WeightsFault, WeightsTree};

/// Takes the weights in the table's order, copy after copy, puts them into their places and hashes
/// them on the way.
#[derive(Debug)]
pub struct WeightsWriter<'p> {
	path: PathBuf,
	file: File,
	program: &'p Program,
	layout: Layout,
	tree: WeightsTree,
	/// The entry of the table that comes next, and how many bytes of all its copies have come.
	entry: u16,
	written: u64,
}

impl<'p> WeightsWriter<'p> {
	/// Writes into `file`, which is empty and called `path` in errors.
	///
	/// # Errors
	/// If the names do not fit the program's table, or the header cannot be written.
	pub fn new(
		file: File,
		path: &Path,
		program: &'p Program,
		names: &[&str],
	) -> Result<Self, ModelError> {
		let layout =
			Layout::new(program, names).map_err(|fault| ModelError::weights(path, fault))?;
		let (path, tree) = (path.to_path_buf(), WeightsTree::default());
		let writer = Self { path, file, program, layout, tree, entry: 0, written: 0 };
		writer.write_at(writer.layout.header(), 0)?;
		Ok(writer)
	}

	/// Appends bytes of the current copy. A call may end anywhere, but not cross copies.
	///
	/// # Errors
	/// If they cannot be written, or there are more of them than the copy has.
	pub fn append(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
		let too_many = || {
			ModelError::weights(&self.path, WeightsFault::Surplus { surplus: bytes.len() as u64 })
		};
		let tensor = self.program.tensors.get(usize::from(self.entry)).ok_or_else(too_many)?;
		let start = self.layout.start(TensorId(self.entry)).ok_or_else(too_many)?;
		let left_in_copy = tensor.copy_bytes() - self.written % tensor.copy_bytes();
		if bytes.len() as u64 > left_in_copy {
			return Err(too_many());
		}
		self.write_at(bytes, start + self.written)?;
		self.tree.push(tensor, bytes);
		self.written += bytes.len() as u64;
		if self.written.is_multiple_of(tensor.copy_bytes()) {
			self.tree.end_copy();
		}
		if self.written == tensor.total_bytes() {
			self.tree.end_entry();
			self.entry += 1;
			self.written = 0;
		}
		Ok(())
	}

	/// Waits until everything is on the disk; gives the root and the hash of each entry.
	///
	/// # Errors
	/// If a tensor is missing, or the disk reports an error late.
	pub fn finish(self) -> Result<(WeightsRoot, Vec<Hash>), ModelError> {
		if usize::from(self.entry) != self.program.tensors.len() {
			let tensor = format!("number {}", self.entry);
			return Err(ModelError::weights(&self.path, WeightsFault::Missing { tensor }));
		}
		self.file.sync_all().map_err(|source| ModelError::io(&self.path, source))?;
		Ok(self.tree.finish())
	}

	fn write_at(&self, bytes: &[u8], start: u64) -> Result<(), ModelError> {
		self.file.write_all_at(bytes, start).map_err(|source| ModelError::io(&self.path, source))
	}
}
