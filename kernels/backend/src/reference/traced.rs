//! A pass as its trace shows it: what each stage has computed, cut into the tiles of its layout.

use core::ops::Range as Span;

use assay_kernels_exact::{attention::Record, norm::LayerStats};
use assay_primitives::merkle::LeafBatch;
use assay_programs::{
	dataflow::StepId,
	grid::{COLUMNS, GROUP, POOL_COLUMNS},
	op::Mask,
	program::Step,
	stage::{Layout, Section, Stage, Tile},
	Shape, Typed,
};

use super::{
	interpreter::{Interpreter, Pass},
	observer::Observer,
	value::{CodeRows, Codes, Computed, FloatRows, HeadRows, NormStatistics, Range, Value},
};
use crate::{
	trace::{CodeSource, CodeTiles, EachTile, HeadTiles, Interest, RowTiles, TileSink, Tiles},
	BackendError,
};

/// Shows the trace of a pass over all positions of a run.
pub(super) fn trace(
	interpreter: &Interpreter<'_>,
	tokens: &[u32],
	shape: Shape,
	observer: &mut dyn Observer,
	sink: &mut dyn TileSink,
) -> Result<(), BackendError> {
	let typed = interpreter.program().types()?;
	let pass = Pass { first: 0, tokens, outputs: shape.outputs };
	let steps = interpreter.program().steps().count();
	let mut shown = Shown { typed: &typed, shape, observer, sink, left: steps, has_ended: false };
	interpreter.walk(&pass, &mut interpreter.caches(), &mut shown)?;
	Ok(())
}

/// Shows every step to a sink, after another observer has seen it.
struct Shown<'a> {
	typed: &'a Typed<'a>,
	shape: Shape,
	observer: &'a mut dyn Observer,
	sink: &'a mut dyn TileSink,
	/// Steps that have not been computed.
	left: usize,
	has_ended: bool,
}

impl Observer for Shown<'_> {
	fn quantise(&mut self, step: Step<'_>, rows: &FloatRows) {
		self.observer.quantise(step, rows);
	}

	fn amend(&mut self, step: Step<'_>, pass: &Pass<'_>, computed: &mut Computed) {
		self.observer.amend(step, pass, computed);
	}

	fn computed(&mut self, step: Step<'_>, computed: &Computed) {
		self.observer.computed(step, computed);
		self.left -= 1;
		let id = StepId { block: step.block, iteration: step.iteration.into(), op: step.index };
		for section in self.typed.sections(step.block, step.index, self.shape) {
			match self.sink.stage(id, section.stage) {
				Interest::Nothing => {}
				Interest::End => {
					self.has_ended = true;
					return;
				}
				Interest::Tiles => {
					let all = 0..section.tiles();
					with_tiles(step, &section, computed, |tiles| self.sink.tiles(all, tiles));
				}
			}
		}
		if let (0, Value::Float(rows)) = (self.left, &computed.value) {
			self.sink.result(&rows.elements);
		}
	}

	fn wants_records(&self) -> bool {
		true
	}

	fn has_seen_enough(&self) -> bool {
		self.has_ended
	}
}

/// Calls `f` with the tiles of a stage. A value that the stage does not have is one of an invalid
/// program, and has none.
fn with_tiles(step: Step<'_>, section: &Section, computed: &Computed, f: impl FnOnce(&dyn Tiles)) {
	let rows = |columns: usize, tile: u32, elements| RowTiles {
		first: 0,
		elements,
		columns,
		tile: tile as usize,
	};
	match (section.stage, &computed.value, section.layout) {
		(Stage::NormStatistics, ..) => {
			f(&EachTile(|row: usize, batch: &mut LeafBatch| match computed.norm[row] {
				NormStatistics::Rms(r) | NormStatistics::L2(r) => batch.extend(&r.to_le_bytes()),
				NormStatistics::Layer(LayerStats { mean, r }) => {
					batch.extend_words(&[mean, r]);
				}
			}));
		}
		(Stage::Range, Value::Codes(codes), _) => {
			f(&EachTile(|row: usize, batch: &mut LeafBatch| match codes.ranges[row] {
				Range::Symmetric(range) => {
					batch.extend_words(&[range.max, range.scale]);
				}
				Range::Asymmetric(range) => {
					batch.extend_words(&[range.half_range, range.scale]);
					batch.extend(&range.zero_point.to_le_bytes());
				}
			}));
		}
		(Stage::Codes, Value::Codes(codes), _) => {
			f(&CodeTiles { rows: codes, columns: codes.columns, tile: COLUMNS as usize });
		}
		(_, Value::Heads(heads), Layout::Heads { role, positions, .. }) => f(&HeadTiles {
			rows: heads,
			role,
			positions: positions as usize,
			heads: heads.heads,
			head_dim: heads.head_dim,
		}),
		(Stage::Records, _, layout @ Layout::Records { mask, heads, .. }) => {
			let records = Records { computed, layout, mask, heads: heads.into() };
			f(&EachTile(|tile: usize, batch: &mut LeafBatch| records.write(tile, batch)));
		}
		(_, Value::Float(value), Layout::Groups { head_dim, .. }) => {
			f(&rows(head_dim as usize, GROUP, &value.elements));
		}
		(stage, Value::Float(value), Layout::Pool { .. }) => {
			let Some(pooled) = &computed.pooled else { return };
			if stage == Stage::PoolMaxima {
				f(&rows(value.columns, POOL_COLUMNS, &pooled.maxima));
			} else {
				f(&RowTiles {
					first: 0,
					elements: &pooled.sums,
					columns: value.columns,
					tile: POOL_COLUMNS as usize,
				});
			}
		}
		(_, Value::Float(value), Layout::Rows { tile, .. }) => {
			f(&rows(value.columns, tile, &value.elements));
		}
		_ => debug_assert!(false, "{:?} of {step:?}", section.stage),
	}
}

/// The records of attention.
struct Records<'a> {
	computed: &'a Computed,
	layout: Layout,
	mask: Mask,
	heads: usize,
}

impl Records<'_> {
	fn write(&self, tile: usize, batch: &mut LeafBatch) {
		let Some(Tile::Record { position, head, channels, block }) = self.layout.tile(tile as u64)
		else {
			return;
		};
		let records = &self.computed.records[position as usize * self.heads + head as usize];
		let block = block - self.mask.first_block(position);
		let Record { max_exponent, max_weighted, sum, output } = &records[block as usize];
		batch.extend_words(&[*max_exponent, *max_weighted]);
		batch.extend(&sum.to_le_bytes());
		let channels = channels.start as usize..channels.end as usize;
		batch.extend_words(&output[channels]);
	}
}

impl Codes {
	fn write(&self, span: Span<usize>, batch: &mut LeafBatch) {
		match self {
			Self::One(codes) => batch.extend_words(&codes[span]),
			Self::Two(codes) => batch.extend_words(&codes[span]),
		}
	}
}

impl CodeSource for CodeRows {
	fn scale(&self, row: usize) -> f32 {
		self.ranges[row].scale()
	}

	fn write(&self, row: usize, columns: Span<usize>, batch: &mut LeafBatch) {
		let start = row * self.columns;
		self.codes.write(start + columns.start..start + columns.end, batch);
	}
}

impl CodeSource for HeadRows {
	fn scale(&self, row: usize) -> f32 {
		self.scales[row]
	}

	fn write(&self, row: usize, columns: Span<usize>, batch: &mut LeafBatch) {
		let start = row * self.head_dim;
		self.codes.write(start + columns.start..start + columns.end, batch);
	}
}
