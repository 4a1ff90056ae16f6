//! A whole trace: every tile is hashed as it is computed, and kept by nobody.
//!
//! The tree is built in the order of its leaves, but not by one thread: some tiles at a time are written
//! out, hashed and folded on all threads, each a segment of the tree, and the segments are joined. The
//! epilogue's leaves come after all others and are computed from logits that would have to be kept until
//! then; they become a segment of their own, which is joined last. So what is held does not depend on the
//! length of the trace: fewer than 31 hashes per level and segment, some tiles, the upper levels that
//! are kept, and 12 bytes for each output token.

mod sink;

use core::{convert::Infallible, ops::Range};
use std::collections::BTreeMap;

use assay_kernels_backend::{trace::TracedRun, Executor};
use assay_primitives::{merkle::Path, Hash, Native};
use assay_programs::Typed;
use assay_trace::{Leaves, Skeleton};

use crate::{error::ProverError, lie::EpilogueLie, run::Run};
use sink::Tracer;

/// What is kept of a trace, and what is told of it.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
	/// Most nodes of the upper levels that are kept, of 32 bytes each; the top is kept always.
	pub nodes: u64,
	/// A lie about a leaf of the protocol.
	pub lie: Option<EpilogueLie>,
}

impl Default for Keep {
	/// 8 MiB of nodes. They hold all but two levels of a run of 2048 positions of a model of a billion
	/// parameters.
	fn default() -> Self {
		Self { nodes: 1 << 18, lie: None }
	}
}

/// How much was traced, and how much was held for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meter {
	/// Leaves.
	pub leaves: u64,
	/// Bytes of all leaves.
	pub bytes: u64,
	/// Most bytes that the tracer held at a time: nodes that are kept, hashes that waited for others,
	/// tiles under way. What the backend holds is not counted.
	pub most_held: u64,
}

/// The upper levels of the trace of a run.
#[derive(Clone, Debug)]
pub struct Traced {
	pub(crate) upper: Skeleton<Native>,
	pub(crate) verdict: u8,
	/// Hashes of leaves that were computed again, by the first one: of whole nodes of the lowest kept
	/// level.
	pub(crate) recent: BTreeMap<u64, Vec<Hash>>,
	/// What it took; zeros for a trace that was [loaded](crate::load).
	pub meter: Meter,
}

impl Traced {
	/// The root of the trace.
	pub fn root(&self) -> Hash {
		self.upper.root()
	}

	/// The content of the last leaf: OK if the committed output is the computed one, else `NOT_OK`.
	pub const fn verdict(&self) -> u8 {
		self.verdict
	}

	/// The kept levels.
	pub const fn upper(&self) -> &Skeleton<Native> {
		&self.upper
	}

	/// The path of the last leaf, which is known without computing anything again.
	pub fn last_path(&self) -> Path {
		let shape = self.upper.shape();
		let last = shape.leaves().saturating_sub(1);
		let path = self.upper.path(last, &mut Nothing);
		// A trace has a leaf, and every sibling on the way to the last one is at the edge.
		path.unwrap_or(Path { index: last, leaves: shape.leaves(), siblings: Vec::new() })
	}
}

/// Leaves of which none is computed.
struct Nothing;

impl Leaves for Nothing {
	type Error = Infallible;

	fn hashes(&mut self, _: Range<u64>, _: &mut dyn FnMut(Hash)) -> Result<(), Self::Error> {
		Ok(())
	}
}

/// Traces a run on a backend.
///
/// # Errors
/// If the program has no such run, or the backend refuses it.
pub fn trace(
	typed: &Typed<'_>,
	run: &Run,
	executor: &mut dyn Executor,
	keep: &Keep,
) -> Result<Traced, ProverError> {
	let layout = run.layout(typed)?;
	let tokens = run.tokens(typed.program());
	let outputs = layout.shape().outputs;
	let mut tracer = Tracer::new(&layout, run, keep);
	executor.trace(&TracedRun { tokens: &tokens, outputs }, &mut tracer)?;
	tracer.finish()
}
