//! That some leaves lie under a root, shown by the hashes beside all their ways at once.

use alloc::{collections::BTreeMap, vec::Vec};
use core::fmt;

use assay_primitives::{
	merkle::{node, root, ARITY},
	Hash, Hasher,
};

use super::{Node, TreeShape};

/// Why leaves and the hashes beside them give no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
	/// A leaf is not in the tree, or there is none.
	NoSuchLeaf,
	/// There are too few hashes.
	MissingHash,
	/// There are more hashes than the ways of the leaves have.
	SurplusHashes {
		/// How many more.
		count: usize,
	},
}

impl fmt::Display for ProofError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoSuchLeaf => f.write_str("no leaf of the tree is given"),
			Self::MissingHash => f.write_str("hashes beside the leaves' ways are missing"),
			Self::SurplusHashes { count } => {
				write!(f, "{count} hashes more are given than lie beside the leaves' ways")
			}
		}
	}
}

impl core::error::Error for ProofError {}

/// Climbs from some leaves, by their indices and hashes, to the top and returns its hash.
///
/// `beside` gives the nodes that are not above any of the leaves but whose parents are, level by level
/// from the leaves up, on each level in order. Nodes that several leaves need are asked for once.
/// Returns `None` for no leaves, or a leaf that the tree does not have.
///
/// # Errors
/// The first error of `beside`.
pub fn climb<H: Hasher, E>(
	shape: TreeShape,
	leaves: &BTreeMap<u64, Hash>,
	mut beside: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Option<Hash>, E> {
	if leaves.last_key_value().is_none_or(|(&last, _)| last >= shape.leaves()) {
		return Ok(None);
	}
	let mut known: Vec<(u64, Hash)> = leaves.iter().map(|(&index, &hash)| (index, hash)).collect();
	for level in 0..shape.depth() {
		let mut parents = Vec::new();
		let mut rest = known.as_slice();
		// Every round takes at least the first of the rest, which is one of its own siblings.
		while let Some(&(index, _)) = rest.first() {
			let mut children = Vec::with_capacity(ARITY);
			for index in shape.siblings(Node { level, index }) {
				children.push(match rest.split_first() {
					Some((&(known, hash), others)) if known == index => {
						rest = others;
						hash
					}
					_ => beside(Node { level, index })?,
				});
			}
			parents.push((index / super::ARITY, node::<H>(&children)));
		}
		known = parents;
	}
	Ok(known.first().map(|&(_, top)| top))
}

/// The root that follows from some leaves, by their indices and hashes, and the hashes beside their
/// ways in the order of [`climb`].
///
/// # Errors
/// If a leaf is not in the tree, or there are more or fewer hashes than the ways have.
pub fn root_of<H: Hasher>(
	shape: TreeShape,
	leaves: &BTreeMap<u64, Hash>,
	beside: &[Hash],
) -> Result<Hash, ProofError> {
	let mut rest = beside.iter();
	let top =
		climb::<H, _>(shape, leaves, |_| rest.next().ok_or(ProofError::MissingHash).copied())?
			.ok_or(ProofError::NoSuchLeaf)?;
	match rest.len() {
		0 => Ok(root::<H>(shape.leaves(), &top)),
		count => Err(ProofError::SurplusHashes { count }),
	}
}
