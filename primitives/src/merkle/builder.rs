//! The root of a stream of leaves, in memory of the tree's depth.

use alloc::vec::Vec;
use core::marker::PhantomData;

use super::{leaf, node, root, ARITY};
use crate::hash::{Hash, Hasher};

/// Computes a root from leaves that arrive in order; holds at most 15 hashes per level.
#[derive(Clone, Debug)]
pub struct Builder<H> {
	/// Hashes that wait for their siblings, leaves first; fewer than [`ARITY`] on each level.
	levels: Vec<Vec<Hash>>,
	leaves: u64,
	hasher: PhantomData<fn() -> H>,
}

impl<H> Default for Builder<H> {
	fn default() -> Self {
		Self { levels: Vec::new(), leaves: 0, hasher: PhantomData }
	}
}

impl<H: Hasher> Builder<H> {
	/// Appends a leaf of these bytes.
	pub fn push(&mut self, bytes: &[u8]) {
		self.push_hash(leaf::<H>(bytes));
	}

	/// Appends a leaf whose [hash](leaf) is known.
	pub fn push_hash(&mut self, leaf: Hash) {
		self.leaves += 1;
		self.carry(0, leaf);
	}

	/// How many leaves were appended.
	pub const fn leaves(&self) -> u64 {
		self.leaves
	}

	/// The root over all leaves.
	pub fn finish(mut self) -> Hash {
		let mut level = 0;
		while level < self.levels.len() {
			match self.levels[level].as_slice() {
				[top] if level + 1 == self.levels.len() => return root::<H>(self.leaves, top),
				[] => {}
				waiting => {
					let parent = node::<H>(waiting);
					self.carry(level + 1, parent);
				}
			}
			level += 1;
		}
		root::<H>(0, &Hash::default())
	}

	/// Puts a hash on a level; a full node moves to the level above.
	fn carry(&mut self, mut level: usize, mut hash: Hash) {
		loop {
			if level == self.levels.len() {
				self.levels.push(Vec::with_capacity(ARITY));
			}
			let waiting = &mut self.levels[level];
			waiting.push(hash);
			if waiting.len() < ARITY {
				return;
			}
			hash = node::<H>(waiting);
			waiting.clear();
			level += 1;
		}
	}
}
