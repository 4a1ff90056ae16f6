//! That a leaf lies under a root, shown by the hashes beside its way up.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use super::{leaf, node, root, ARITY};
use crate::hash::{Hash, Hasher};

/// The hashes beside the way from a leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Path {
	/// Which leaf.
	pub index: u64,
	/// How many leaves the tree has.
	pub leaves: u64,
	/// Level by level from the leaves up, in order, the other children of each node on the way.
	pub siblings: Vec<Hash>,
}

impl Path {
	/// Whether a leaf of these bytes lies at [`index`](Self::index) under `expected`.
	pub fn verify<H: Hasher>(&self, bytes: &[u8], expected: &Hash) -> bool {
		self.root::<H>(leaf::<H>(bytes)).is_some_and(|root| root == *expected)
	}

	/// The root that follows from the leaf's [hash](leaf).
	///
	/// `None` when there is no such leaf in a tree of so many leaves, or when there are more or fewer
	/// siblings than its way has.
	pub fn root<H: Hasher>(&self, leaf: Hash) -> Option<Hash> {
		if self.index >= self.leaves {
			return None;
		}
		let mut siblings = self.siblings.as_slice();
		let (mut hash, mut place, mut width) = (leaf, self.index, self.leaves);
		while width > 1 {
			let arity = ARITY as u64;
			let (group, child) = (place / arity, usize::try_from(place % arity).ok()?);
			let children = usize::try_from((width - group * arity).min(arity)).ok()?;
			let (others, rest) = siblings.split_at_checked(children - 1)?;
			let (before, after) = others.split_at_checked(child)?;
			let mut hashes = [Hash::default(); ARITY];
			hashes[..before.len()].copy_from_slice(before);
			hashes[before.len()] = hash;
			hashes[before.len() + 1..children].copy_from_slice(after);
			hash = node::<H>(&hashes[..children]);
			(siblings, place, width) = (rest, group, width.div_ceil(arity));
		}
		siblings.is_empty().then(|| root::<H>(self.leaves, &hash))
	}
}
