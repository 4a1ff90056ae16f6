//! Hashes of files and of weights.

use std::{fs::File, io::Read, path::Path};

use assay_primitives::{
	hash::{Hash, Native, NativeState, WeightsRoot},
	merkle::{leaf, Builder},
};
use assay_programs::Tensor;

use crate::{header::usize_of, ModelError};

/// Bytes read at once.
pub(crate) const CHUNK: usize = 1 << 20;

/// Hash and size of a file.
///
/// # Errors
/// If it cannot be read.
pub fn hash_file(path: &Path) -> Result<(Hash, u64), ModelError> {
	let io = |source| ModelError::io(path, source);
	let mut file = File::open(path).map_err(io)?;
	let (mut state, mut bytes) = (NativeState::default(), 0);
	let mut chunk = vec![0; CHUNK];
	loop {
		match file.read(&mut chunk).map_err(io)? {
			0 => return Ok((state.finish(), bytes)),
			read => {
				state.update(&chunk[..read]);
				bytes += read as u64;
			}
		}
	}
}

/// The tree over a program's weights, from their bytes in the table's order.
///
/// Leaves are whole rows of one copy (`Tensor::rows_per_leaf`). Besides the root there is a hash per
/// entry of the table, the root over the entry's leaves alone, which tells what is damaged.
#[derive(Debug, Default)]
pub struct WeightsTree {
	root: Builder<Native>,
	entry: Builder<Native>,
	entries: Vec<Hash>,
	/// What has come of the next leaf.
	pending: Vec<u8>,
}

impl WeightsTree {
	/// Appends bytes of the current copy, which is one of `tensor`.
	pub fn push(&mut self, tensor: &Tensor, mut bytes: &[u8]) {
		let size = usize_of(tensor.rows_per_leaf() * tensor.row_bytes()).max(1);
		if !self.pending.is_empty() {
			let missing = (size - self.pending.len()).min(bytes.len());
			self.pending.extend_from_slice(&bytes[..missing]);
			bytes = &bytes[missing..];
			if self.pending.len() < size {
				return;
			}
			self.push_pending();
		}
		let mut leaves = bytes.chunks_exact(size);
		leaves.by_ref().for_each(|bytes| self.push_leaf(bytes));
		self.pending.extend_from_slice(leaves.remainder());
	}

	/// Ends a copy: the next bytes begin a new leaf.
	pub fn end_copy(&mut self) {
		if !self.pending.is_empty() {
			self.push_pending();
		}
	}

	/// Ends an entry of the table.
	pub fn end_entry(&mut self) {
		self.entries.push(std::mem::take(&mut self.entry).finish());
	}

	/// The root, and the hash of each entry.
	pub fn finish(self) -> (WeightsRoot, Vec<Hash>) {
		(WeightsRoot(self.root.finish()), self.entries)
	}

	fn push_pending(&mut self) {
		let pending = std::mem::take(&mut self.pending);
		self.push_leaf(&pending);
		self.pending = pending;
		self.pending.clear();
	}

	fn push_leaf(&mut self, bytes: &[u8]) {
		let hash = leaf::<Native>(bytes);
		self.root.push_hash(hash);
		self.entry.push_hash(hash);
	}
}
