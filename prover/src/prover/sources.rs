//! Where a witness comes from: what was computed again, weights, tokens.

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_backend::WeightSource;
use assay_primitives::Hash;
use assay_referee::{Data, Fault, Source, Tree};
use assay_trace::{Leaves, Node, OpeningError};

use super::Prover;
use crate::{error::ProverError, replay::Found, tokens::TokenTree, weights::WeightTree};

/// Why a node is not known.
pub(super) fn unknown(node: Node, error: OpeningError<ProverError>) -> ProverError {
	match error {
		OpeningError::Leaves(error) => error,
		OpeningError::NoSuchNode(node) => ProverError::NoSuchNode(node),
		OpeningError::LeafCount { .. } => ProverError::NoSuchNode(node),
	}
}

/// Hashes of leaves that were computed again.
pub(super) struct Remembered<'a>(pub(super) &'a BTreeMap<u64, Vec<Hash>>);

impl Leaves for Remembered<'_> {
	type Error = ProverError;

	fn hashes(
		&mut self,
		leaves: Range<u64>,
		take: &mut dyn FnMut(Hash),
	) -> Result<(), ProverError> {
		let missing = |leaf| ProverError::NoSuchLeaf(leaf);
		let mut next = leaves.start;
		while next < leaves.end {
			let part = self.0.range(..=next).next_back();
			let (&start, hashes) = part.ok_or_else(|| missing(next))?;
			let place = |leaf: u64| usize::try_from(leaf - start).unwrap_or(usize::MAX);
			let end = leaves.end.min(start + hashes.len() as u64);
			let found = hashes.get(place(next)..place(end)).filter(|found| !found.is_empty());
			found.ok_or_else(|| missing(next))?.iter().copied().for_each(&mut *take);
			next = end;
		}
		Ok(())
	}
}

/// Finds out which leaves of a trace are read.
pub(super) struct Dry<'a> {
	pub(super) read: BTreeSet<u64>,
	pub(super) input: &'a TokenTree,
	pub(super) output: &'a TokenTree,
	pub(super) zeros: Vec<u8>,
}

impl Source for Dry<'_> {
	type Error = Fault;

	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Fault> {
		let none = Fault::NoSuchLeaf { leaf: index };
		match tree {
			Tree::Input => return self.input.leaf(index).ok_or(none),
			Tree::Output => return self.output.leaf(index).ok_or(none),
			Tree::Trace => {
				self.read.insert(index);
			}
			Tree::Weights => {}
		}
		let bytes = usize::try_from(bytes).map_err(|_| none)?;
		self.zeros.resize(bytes.max(self.zeros.len()), 0);
		Ok(&self.zeros[..bytes])
	}
}

/// The trees as this side shows them.
pub(super) struct Shown<'s, 'a> {
	pub(super) found: &'s Found,
	pub(super) prover: &'s Prover<'a>,
	pub(super) input: &'s TokenTree,
	pub(super) output: &'s TokenTree,
	pub(super) weights: (&'s WeightTree, &'s dyn WeightSource),
}

impl Data for Shown<'_, '_> {
	type Error = ProverError;

	fn leaf(&mut self, tree: Tree, index: u64) -> Result<Vec<u8>, ProverError> {
		let (weight_tree, source) = self.weights;
		let leaf = match tree {
			Tree::Trace => self.found.contents.get(&index).map(Vec::as_slice),
			Tree::Input => self.input.leaf(index),
			Tree::Output => self.output.leaf(index),
			Tree::Weights => {
				return weight_tree.leaf(self.prover.typed.program(), source, index);
			}
		};
		leaf.map(<[u8]>::to_vec).ok_or(ProverError::NoSuchLeaf(index))
	}

	fn node(&mut self, tree: Tree, node: Node) -> Result<Hash, ProverError> {
		let (weight_tree, source) = self.weights;
		let hash = match tree {
			Tree::Trace => {
				let upper = &self.prover.traced.upper;
				let hash = upper.node(node, &mut Remembered(&self.prover.traced.recent));
				return hash.map_err(|error| unknown(node, error));
			}
			Tree::Weights => {
				return weight_tree.node(self.prover.typed.program(), source, node);
			}
			Tree::Input => self.input.node(node),
			Tree::Output => self.output.node(node),
		};
		hash.ok_or(ProverError::NoSuchNode(node))
	}
}
