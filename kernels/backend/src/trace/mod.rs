//! A run as its trace sees it: one pass over all positions, shown tile by tile.
//!
//! Whatever passes have computed a run, its trace is that of one pass over the tokens that were
//! committed (`kernels/SPEC.md`, 23). A backend makes that pass and shows what it computes to a
//! [`TileSink`], stage by stage in the order of the trace; the sink says which stages it wants to see
//! and when it has seen enough, so that some tiles can be had again for less than a whole pass.

mod tiles;

use core::ops::Range;

use assay_primitives::merkle::LeafBatch;
use assay_programs::{dataflow::StepId, stage::Stage};

pub use tiles::{CodeSource, CodeTiles, EachTile, HeadTiles, RowTiles};

/// One pass over all positions of a run.
#[derive(Clone, Copy, Debug)]
pub struct TracedRun<'a> {
	/// The token of each position: the input, then the output without its last token. Ids that the
	/// vocabulary does not have read row 0 of the table.
	pub tokens: &'a [u32],
	/// Rows of the result: output tokens of a program that generates, 1 of one that embeds.
	pub outputs: u32,
}

/// What a sink wants of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
	/// Its tiles.
	Tiles,
	/// None of its tiles.
	Nothing,
	/// None of its tiles and nothing that comes later: the pass ends here.
	End,
}

/// Sees a traced run.
pub trait TileSink: Send {
	/// A stage of a step is next, in the order of the trace.
	fn stage(&mut self, step: StepId, stage: Stage) -> Interest;

	/// The next tiles of the stage, by their numbers in it. Only for a stage whose tiles are wanted, and
	/// then all of them, in one or several calls.
	fn tiles(&mut self, tiles: Range<u64>, source: &dyn Tiles);

	/// The next rows of the program's result, after their tiles: whole rows of f32. Not after an
	/// [`Interest::End`].
	fn result(&mut self, rows: &[f32]);
}

/// Tiles that have been computed.
pub trait Tiles: Sync {
	/// Appends some of the tiles that were shown, by their numbers in the stage, each as a leaf. May be
	/// called from several threads at once.
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch);
}
