//! What is shown of a trace, move by move.

mod sources;

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_backend::{Executor, WeightSource};
use assay_primitives::{
	merkle::{Path, ARITY},
	Native,
};
use assay_programs::Typed;
use assay_referee::{BuildError, Referee, Witness, WitnessBuilder};
use assay_trace::{Layout, Node, Opening};

use crate::{
	error::ProverError,
	lie::EpilogueLie,
	replay::{replay, Found, Wanted},
	run::Run,
	tokens::TokenTree,
	tracer::{trace, Keep, Traced},
	weights::WeightTree,
};
use sources::{unknown, Dry, Remembered, Shown};

/// Most hashes of leaves that are remembered from one question to the next, 2 MiB: all leaves below a
/// node of the lowest level that is opened, and more than what a witness needs.
const REMEMBERED: u64 = 1 << 16;

/// One side of a dispute about a run: shows nodes and leaves of its trace.
///
/// Above the levels that are kept nothing is computed. Below, a question costs a pass up to the leaf that
/// is asked for, unless the same leaves were just computed, which is so for all moves of a game after the
/// first that leads below.
pub struct Prover<'a> {
	typed: &'a Typed<'a>,
	run: &'a Run,
	layout: Layout<'a, 'a>,
	executor: &'a mut dyn Executor,
	traced: Traced,
	lie: Option<EpilogueLie>,
	passes: u32,
}

impl<'a> Prover<'a> {
	/// Traces the run, which is the first pass.
	///
	/// # Errors
	/// If the program has no such run, or the backend refuses it.
	pub fn new(
		typed: &'a Typed<'a>,
		run: &'a Run,
		executor: &'a mut dyn Executor,
		keep: &Keep,
	) -> Result<Self, ProverError> {
		let traced = trace(typed, run, executor, keep)?;
		let mut prover = Self::resume(typed, run, executor, traced)?;
		(prover.lie, prover.passes) = (keep.lie, 1);
		Ok(prover)
	}

	/// Goes on with a run that was traced before.
	///
	/// # Errors
	/// If the program has no such run, or the trace is one of another length.
	pub fn resume(
		typed: &'a Typed<'a>,
		run: &'a Run,
		executor: &'a mut dyn Executor,
		traced: Traced,
	) -> Result<Self, ProverError> {
		let layout = run.layout(typed)?;
		let (expected, found) = (layout.leaves(), traced.upper.shape().leaves());
		if expected != found {
			return Err(ProverError::Missing { expected, found });
		}
		Ok(Self { typed, run, layout, executor, traced, lie: None, passes: 0 })
	}

	/// The layout of the trace.
	pub const fn layout(&self) -> &Layout<'a, 'a> {
		&self.layout
	}

	/// The upper levels of the trace.
	pub const fn traced(&self) -> &Traced {
		&self.traced
	}

	/// The trace, with what was computed again last: whoever goes on with it later does not compute that
	/// another time.
	pub fn into_traced(self) -> Traced {
		self.traced
	}

	/// Passes that were made so far, whole ones and such that ended early.
	pub const fn passes(&self) -> u32 {
		self.passes
	}

	/// What a move reveals of a node.
	///
	/// # Errors
	/// If the tree has no such inner node, or the backend refuses.
	pub fn opening(&mut self, node: Node) -> Result<Opening, ProverError> {
		let none = ProverError::NoSuchNode(node);
		let shape = self.layout.tree();
		let below = Opening::levels(node)
			.and_then(|levels| Some((node.level - levels, shape.descendants(node, levels)?)));
		let Some((level, places)) = below else { return Err(none) };
		let is_known =
			places.clone().all(|index| self.traced.upper.known(Node { level, index }).is_some());
		if !is_known {
			// All leaves below the node at once: the next moves are about them.
			let leaves = shape.descendants(node, node.level).ok_or(none)?;
			self.remember(leaves, BTreeSet::new())?;
		}
		let opening = self.traced.upper.opening(node, &mut Remembered(&self.traced.recent));
		opening.map_err(|error| unknown(node, error))
	}

	/// The content of a leaf.
	///
	/// # Errors
	/// If there is no such leaf, or the backend refuses.
	pub fn leaf(&mut self, leaf: u64) -> Result<Vec<u8>, ProverError> {
		let wanted = Wanted { contents: [leaf].into(), ..Wanted::default() };
		let mut found = self.replay(&wanted)?;
		found.contents.remove(&leaf).ok_or(ProverError::NoSuchLeaf(leaf))
	}

	/// The path of a leaf.
	///
	/// # Errors
	/// If there is no such leaf, or the backend refuses.
	pub fn path(&mut self, leaf: u64) -> Result<Path, ProverError> {
		if leaf == self.layout.last() {
			return Ok(self.traced.last_path());
		}
		let node = Node { level: 0, index: leaf };
		if !self.layout.tree().contains(node) {
			return Err(ProverError::NoSuchLeaf(leaf));
		}
		self.remember(leaf..leaf + 1, BTreeSet::new())?;
		let path = self.traced.upper.path(leaf, &mut Remembered(&self.traced.recent));
		path.map_err(|error| unknown(node, error))
	}

	/// The witness of a leaf, and the leaf's content as the referee will compute it.
	///
	/// # Errors
	/// If there is no such leaf, a weight cannot be read, or the backend refuses.
	pub fn witness(
		&mut self,
		leaf: u64,
		tree: &WeightTree,
		weights: &dyn WeightSource,
	) -> Result<(Witness, Vec<u8>), ProverError> {
		let (inputs, outputs) = (self.layout.inputs(), self.layout.outputs());
		let sampling = self.run.sampling;
		let referee = Referee::new(self.typed, inputs, outputs, sampling);
		let referee = referee.ok_or(ProverError::NoSuchLeaf(leaf))?;
		let tokens = [&self.run.input, &self.run.output].map(|words| TokenTree::of(words));
		let [Some(input), Some(output)] = tokens else {
			return Err(ProverError::NoSuchLeaf(leaf));
		};
		// Which leaves of the trace are read does not depend on what is in them.
		let mut dry = Dry { read: BTreeSet::new(), input: &input, output: &output, zeros: vec![] };
		referee.recompute(leaf, &mut dry)?;
		let found = self.remember(0..0, dry.read)?;
		let mut data = Shown {
			found: &found,
			prover: self,
			input: &input,
			output: &output,
			weights: (tree, weights),
		};
		let built = WitnessBuilder::new(&referee).build::<Native, _>(leaf, &mut data);
		built.map_err(|error| match error {
			BuildError::Fault(fault) => fault.into(),
			BuildError::Data(error) => error,
			BuildError::LeafBytes { tree, leaf, expected, found } => {
				ProverError::LeafBytes { tree, leaf, expected, found }
			}
		})
	}

	/// Sees to it that the hashes of some leaves are remembered, and of all leaves beside them that their
	/// paths need; computes the contents of `contents`, with the same for them.
	fn remember(
		&mut self,
		leaves: Range<u64>,
		contents: BTreeSet<u64>,
	) -> Result<Found, ProverError> {
		let shape = self.layout.tree();
		let base = self.traced.upper.base();
		let span = (ARITY as u64).saturating_pow(base);
		let mut nodes: BTreeSet<u64> = contents.iter().map(|leaf| leaf / span).collect();
		if !leaves.is_empty() {
			nodes.extend(leaves.start / span..leaves.end.div_ceil(span));
		}
		let range = |index: &u64| {
			let start = index.saturating_mul(span);
			(start, start.saturating_add(span).min(shape.leaves()))
		};
		let mut hashes: BTreeMap<u64, u64> = nodes.iter().map(range).collect();
		if base == 0 {
			// Every leaf's hash is kept.
			hashes.clear();
		}
		let missing: BTreeMap<u64, u64> = hashes
			.iter()
			.filter(|(start, _)| !self.traced.recent.contains_key(start))
			.map(|(&start, &end)| (start, end))
			.collect();
		let wanted = Wanted { contents, hashes: missing };
		if wanted.is_empty() {
			return Ok(Found::default());
		}
		let mut found = self.replay(&wanted)?;
		let new = core::mem::take(&mut found.hashes);
		let held: u64 =
			self.traced.recent.values().chain(new.values()).map(|h| h.len() as u64).sum();
		if held > REMEMBERED {
			// What was asked for last is what the next question is about.
			self.traced.recent.retain(|start, _| hashes.contains_key(start));
		}
		self.traced.recent.extend(new);
		Ok(found)
	}

	fn replay(&mut self, wanted: &Wanted) -> Result<Found, ProverError> {
		self.passes = self.passes.saturating_add(1);
		replay(self.typed, self.run, self.executor, self.lie, wanted)
	}
}
