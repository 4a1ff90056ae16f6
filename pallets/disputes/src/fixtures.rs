//! Witnesses for benchmarks: leaves of zeros under roots that follow from them, of any kind and about
//! any size.

use alloc::{collections::BTreeMap, vec, vec::Vec};
use core::convert::Infallible;

use assay_kernels_exact::sampler::Sampling as Chosen;
use assay_market::{Lengths, Sampling};
use assay_primitives::{merkle::leaf, Hash};
use assay_programs::{
	op::TakeRows,
	samples::{Decoder, Encoder},
	Kind, Program, Typed,
};
use assay_referee::{Data, Referee, Source, Tree, Witness, WitnessBuilder};
use assay_trace::{tree::root_of, EpilogueLeaf, Leaf, Node};

use crate::{hashing::Blake2, kinds::LeafKind};

/// Bytes of a hash that stands for a subtree.
const BESIDE: Hash = Hash([7; 32]);
/// Words of a leaf of tokens.
const WORDS: u64 = 1_024;

/// A leaf with everything that a game about it needs.
pub(crate) struct Fixture {
	/// The program.
	pub program: Program,
	/// The lengths of the run.
	pub lengths: Lengths,
	/// How tokens are chosen.
	pub sampling: Sampling,
	/// Leaves of the trace.
	pub leaves: u64,
	/// The leaf in question.
	pub leaf: u64,
	/// Its true hash.
	pub hash: Hash,
	/// What it is computed from.
	pub witness: Witness,
	/// Roots of trace, weights, input and output.
	pub roots: [Hash; 4],
}

/// With chance, so that every leaf of the sampler reads what it may.
const SAMPLING: Sampling =
	Sampling { temperature_bits: 0x3f80_0000, top_k: 5, top_p: 60_000, min_p: 100, seed: [1; 4] };

/// A program and lengths by which leaves of a kind have witnesses of about so many bytes, as far as
/// the kind allows.
fn shape(kind: LeafKind, bytes: u32) -> (Program, u32) {
	let wide = |bytes_of_column: u32, most: u32| (bytes / bytes_of_column).clamp(16, most);
	let decoder = |hidden: u32| Decoder { hidden, layers: 1, ..Decoder::default() };
	match kind {
		LeafKind::Linear => (decoder(wide(66, 2_400)).program(), 3),
		LeafKind::Gated => (decoder(wide(130, 1_200)).program(), 3),
		LeafKind::Embed | LeafKind::Elementwise => {
			let take = Some(TakeRows::First);
			(Encoder { take, hidden: 256, layers: 1, ..Encoder::default() }.program(), 3)
		}
		LeafKind::Norm | LeafKind::Quantise => (decoder(wide(16, 4_096)).program(), 3),
		LeafKind::Heads => {
			let head_dim = (bytes / 8).clamp(4, 256) / 2 * 2;
			(Decoder { head_dim, ..decoder(64) }.program(), 3)
		}
		LeafKind::Records => (decoder(64).program(), (bytes / 60).clamp(3, 512)),
		LeafKind::Merge => {
			let max_positions = 32_768;
			(Decoder { max_positions, ..decoder(64) }.program(), (bytes * 4).clamp(3, 32_000))
		}
		LeafKind::Pool => (Encoder { layers: 1, ..Encoder::default() }.program(), 300),
		LeafKind::Sampling => {
			let vocabulary = (bytes * 8).clamp(1_024, 1 << 20);
			(Decoder { vocabulary, ..decoder(16) }.program(), 3)
		}
		LeafKind::Verdict => (decoder(16).program(), 3),
	}
}

/// A leaf of this kind with a witness of about so many bytes.
pub(crate) fn fixture(kind: LeafKind, bytes: u32) -> Option<Fixture> {
	let (program, inputs) = shape(kind, bytes);
	let outputs = if matches!(program.kind, Kind::Generate { .. }) { 1 } else { 0 };
	let typed = program.admit().ok()?;
	let Sampling { temperature_bits, top_k, top_p, min_p, seed } = SAMPLING;
	let temperature = f32::from_bits(temperature_bits);
	let chosen = Chosen { temperature, top_k, top_p, min_p, seed };
	let referee = Referee::new(&typed, inputs, outputs, chosen)?;
	let leaf = leaf_of(kind, &referee)?;
	let mut zeros = Zeros { referee: &referee, typed: &typed };
	let built = WitnessBuilder::new(&referee).build::<Blake2, _>(leaf, &mut zeros);
	let (witness, content) = built.ok()?;
	let mut read = Read { zeros, last: Vec::new(), hashes: Default::default() };
	referee.recompute(leaf, &mut read).ok()?;
	let trees = [Tree::Trace, Tree::Weights, Tree::Input, Tree::Output];
	let mut roots = [Hash::default(); 4];
	for ((root, tree), hashes) in roots.iter_mut().zip(trees).zip(&read.hashes) {
		if !hashes.is_empty() {
			let beside = &witness.opened(tree).beside;
			*root = root_of::<Blake2>(referee.shape(tree), hashes, beside).ok()?;
		}
	}
	let (leaves, hash) = (referee.layout().leaves(), self::hash(&content));
	let lengths = Lengths { inputs, outputs };
	drop(typed);
	Some(Fixture { program, lengths, sampling: SAMPLING, leaves, leaf, hash, witness, roots })
}

fn hash(content: &[u8]) -> Hash {
	leaf::<Blake2>(content)
}

/// The dearest leaf of a kind: the last one, which sees the most positions; of the sampler a selection,
/// which reads the histograms of all tiles.
fn leaf_of(kind: LeafKind, referee: &Referee<'_, '_>) -> Option<u64> {
	let layout = referee.layout();
	if kind == LeafKind::Sampling {
		let (filter, round) = (assay_trace::Filter::TopP, 1);
		let selection = EpilogueLeaf::Selection { output: 0, filter, round };
		return layout.index(&Leaf::Epilogue(selection));
	}
	if kind == LeafKind::Verdict {
		return layout.index(&Leaf::Epilogue(EpilogueLeaf::Flags { tile: 0 }));
	}
	// Few kinds of leaves lie in a row: whole sections are passed over.
	let mut found = None;
	let mut leaf = 0;
	while leaf < layout.leaves() {
		let Some(Leaf::Program(location)) = layout.locate(leaf) else { break };
		let tiles = location.section.tiles().max(1);
		let last = leaf.checked_add(tiles)?.checked_sub(1)?;
		if LeafKind::of(layout, leaf) == Some(kind) {
			found = Some(last);
		}
		leaf = last.checked_add(1)?;
	}
	found
}

/// Trees of zeros.
#[derive(Clone, Copy)]
struct Zeros<'r, 't, 'p> {
	referee: &'r Referee<'t, 'p>,
	typed: &'t Typed<'p>,
}

impl Zeros<'_, '_, '_> {
	fn bytes(&self, tree: Tree, index: u64) -> Option<u64> {
		let words = |all: u32| {
			let before = index.checked_mul(WORDS)?;
			u64::from(all).checked_sub(before)?.min(WORDS).checked_mul(4)
		};
		match tree {
			Tree::Trace => self.referee.layout().bytes(index),
			Tree::Weights => {
				let program = self.typed.program();
				let leaf = program.weight_leaf(index)?;
				let tensor = program.tensors.get(usize::from(leaf.tensor.0))?;
				let rows = leaf.rows.end.checked_sub(leaf.rows.start)?;
				tensor.row_bytes().checked_mul(rows.into())
			}
			Tree::Input => words(self.referee.layout().inputs()),
			Tree::Output => words(self.referee.layout().epilogue().words()),
		}
	}
}

impl Data for Zeros<'_, '_, '_> {
	type Error = Infallible;

	fn leaf(&mut self, tree: Tree, index: u64) -> Result<Vec<u8>, Infallible> {
		let bytes = self.bytes(tree, index).and_then(|bytes| usize::try_from(bytes).ok());
		Ok(vec![0; bytes.unwrap_or_default()])
	}

	fn node(&mut self, _: Tree, _: Node) -> Result<Hash, Infallible> {
		Ok(BESIDE)
	}
}

/// Notes which leaves are read.
struct Read<'r, 't, 'p> {
	zeros: Zeros<'r, 't, 'p>,
	last: Vec<u8>,
	hashes: [BTreeMap<u64, Hash>; 4],
}

impl Source for Read<'_, '_, '_> {
	type Error = assay_referee::error::Error;

	fn leaf(&mut self, tree: Tree, index: u64, _: u64) -> Result<&[u8], Self::Error> {
		let Ok(content) = self.zeros.leaf(tree, index);
		let number = match tree {
			Tree::Trace => 0,
			Tree::Weights => 1,
			Tree::Input => 2,
			Tree::Output => 3,
		};
		if let Some(hashes) = self.hashes.get_mut(number) {
			hashes.insert(index, hash(&content));
		}
		self.last = content;
		Ok(&self.last)
	}
}

#[cfg(test)]
mod tests {
	use codec::Encode;

	use super::*;

	/// A weight that is measured on small witnesses says nothing about large ones.
	#[test]
	fn witnesses_should_grow_with_the_component_as_far_as_their_kind_allows() {
		let size = |kind, bytes| fixture(kind, bytes).unwrap().witness.encoded_size();
		for kind in LeafKind::ALL {
			let (small, large) = (size(kind, 1_024), size(kind, 150_000));
			assert!(small <= large, "{kind:?}: {small}, {large}");
		}
		for (kind, least) in [
			(LeafKind::Linear, 120_000),
			(LeafKind::Gated, 120_000),
			(LeafKind::Sampling, 120_000),
			(LeafKind::Quantise, 30_000),
			(LeafKind::Records, 15_000),
		] {
			assert!(size(kind, 150_000) >= least, "{kind:?}: {}", size(kind, 150_000));
		}
	}
}
