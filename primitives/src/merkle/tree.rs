//! A tree whose hashes are all kept, so that paths can be read off.

use alloc::vec::Vec;
use core::marker::PhantomData;

use super::{node, root, Path, ARITY};
use crate::hash::{Hash, Hasher};

/// All hashes of a tree.
#[derive(Clone, Debug)]
pub struct Tree<H> {
	/// Leaves first, the top last; empty without leaves.
	levels: Vec<Vec<Hash>>,
	hasher: PhantomData<fn() -> H>,
}

impl<H: Hasher> Tree<H> {
	/// The tree over leaves with these [hashes](super::leaf).
	pub fn new(leaves: Vec<Hash>) -> Self {
		let mut levels = Vec::new();
		let mut level = leaves;
		while level.len() > 1 {
			let parents = level.chunks(ARITY).map(node::<H>).collect();
			levels.push(core::mem::replace(&mut level, parents));
		}
		if !level.is_empty() {
			levels.push(level);
		}
		Self { levels, hasher: PhantomData }
	}

	/// How many leaves there are.
	pub fn leaves(&self) -> u64 {
		// A vector's length fits into 64 bits on every target.
		self.levels.first().map_or(0, |leaves| leaves.len() as u64)
	}

	/// The root.
	pub fn root(&self) -> Hash {
		let top = self.levels.last().and_then(|level| level.first()).copied();
		root::<H>(self.leaves(), &top.unwrap_or_default())
	}

	/// The path of the leaf with this index; `None` if there is none.
	pub fn path(&self, index: u64) -> Option<Path> {
		if index >= self.leaves() {
			return None;
		}
		let mut place = usize::try_from(index).ok()?;
		let mut siblings = Vec::new();
		for level in &self.levels[..self.levels.len() - 1] {
			let group = level.chunks(ARITY).nth(place / ARITY)?;
			let others = group.iter().enumerate().filter(|(child, _)| *child != place % ARITY);
			siblings.extend(others.map(|(_, hash)| *hash));
			place /= ARITY;
		}
		Some(Path { index, leaves: self.leaves(), siblings })
	}
}
