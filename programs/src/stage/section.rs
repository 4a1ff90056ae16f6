//! The sections that an operation adds to a trace.

use assay_kernels_exact::tile;

use super::{layout::Layout, Stage};
use crate::{
	dataflow::{Typed, TypedOp},
	grid::COLUMNS,
	op::{Attention, Codes, Digits, Heads, Norm, OpKind, Quantise},
	shape::Shape,
	value::Form,
};

/// The tiles of one stage of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
	/// What is computed.
	pub stage: Stage,
	/// How the tiles are numbered.
	pub layout: Layout,
	/// Bytes that a tile begins with.
	pub prefix: u32,
	/// Bytes of an element.
	pub element: u32,
}

impl Section {
	const fn rows(stage: Stage, rows: u32, columns: u32, tile: u32, element: u32) -> Self {
		Self { stage, layout: Layout::Rows { rows, columns, tile }, prefix: 0, element }
	}

	/// One record of `bytes` bytes per row.
	const fn statistics(stage: Stage, rows: u32, bytes: u32) -> Self {
		Self::rows(stage, rows, 1, 1, bytes)
	}

	/// f32 rows in tiles of 64 columns.
	const fn elements(rows: u32, columns: u32) -> Self {
		Self::rows(Stage::Elements, rows, columns, COLUMNS, 4)
	}

	/// Number of tiles.
	pub fn tiles(&self) -> u64 {
		self.layout.tiles()
	}

	/// Bytes of all tiles; saturates for programs that are not admitted.
	pub fn bytes(&self) -> u64 {
		let prefixes = self.tiles().saturating_mul(self.prefix.into());
		self.layout.elements().saturating_mul(self.element.into()).saturating_add(prefixes)
	}

	/// Bytes of the tile with this number.
	pub fn tile_bytes(&self, index: u64) -> Option<u64> {
		let elements = self.layout.tile(index)?.elements();
		Some(u64::from(self.prefix) + u64::from(elements) * u64::from(self.element))
	}
}

impl Typed<'_> {
	/// The sections that an operation adds for each iteration of its block, in order; none if there
	/// is no such operation.
	pub fn sections(&self, block: usize, op: usize, shape: Shape) -> impl Iterator<Item = Section> {
		let content = self.program().blocks.get(block).and_then(|block| block.ops.get(op));
		let sections = match (content, self.get(block, op)) {
			(Some(op), Some(types)) => self.sections_of(&op.kind, types, shape),
			_ => [None; 3],
		};
		sections.into_iter().flatten()
	}

	pub(crate) fn sections_of(
		&self,
		kind: &OpKind,
		types: &TypedOp,
		shape: Shape,
	) -> [Option<Section>; 3] {
		let rows = shape.rows(types.output.rows);
		let columns = types.output.form.columns();
		let one = |section| [Some(section), None, None];
		match kind {
			OpKind::Embed(_) | OpKind::Elementwise(_) | OpKind::Take { .. } => {
				one(Section::elements(rows, columns))
			}
			OpKind::Normalise { norm, .. } => {
				[Some(statistics_of(norm, rows)), Some(Section::elements(rows, columns)), None]
			}
			OpKind::Quantise(Quantise { norm, codes, .. }) => {
				let range = if *codes == Codes::OneAsymmetric { 9 } else { 8 };
				let element = codes.digits().bytes();
				[
					norm.as_ref().map(|norm| statistics_of(norm, rows)),
					Some(Section::statistics(Stage::Range, rows, range)),
					Some(Section::rows(Stage::Codes, rows, columns, COLUMNS, element)),
				]
			}
			OpKind::Linear(_) | OpKind::Gated(_) => {
				// The types hold no layer without a tile.
				let tile = self.layer(kind, types).map_or(1, |layer| layer.tile);
				one(Section::rows(Stage::Product, rows, columns, tile, 4))
			}
			OpKind::Heads(split) => one(heads(split, types, shape.positions)),
			OpKind::Attention(attention) => attended(attention, types, shape.positions),
			OpKind::MeanPool { .. } => {
				let layout = Layout::Pool { positions: shape.positions, columns };
				let tree = |stage, element| Some(Section { stage, layout, prefix: 0, element });
				[
					tree(Stage::PoolMaxima, 4),
					tree(Stage::PoolSums, 8),
					Some(Section::rows(Stage::PoolMean, rows, columns, COLUMNS, 4)),
				]
			}
		}
	}

	/// The dimensions of a layer, `None` for other operations.
	pub(crate) fn layer(&self, kind: &OpKind, types: &TypedOp) -> Option<Layer> {
		let (codes, matrices) = match kind {
			OpKind::Linear(linear) => (linear.weights.codes, 1),
			OpKind::Gated(gated) => (gated.gate.codes, 2),
			_ => return None,
		};
		let Form::Codes { columns: inputs, codes: input } = types.operand(0)?.form else {
			return None;
		};
		let weights = self.program().tensors.get(usize::from(codes.0))?.element.digits()?;
		Layer::new(inputs, input.digits(), weights, matrices)
	}
}

/// The dimensions of a layer whose outputs have a tile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer {
	pub(crate) inputs: u32,
	pub(crate) input: Digits,
	pub(crate) weights: Digits,
	/// Matrices behind an output.
	pub(crate) matrices: u32,
	/// Outputs of a tile.
	pub(crate) tile: u32,
}

impl Layer {
	/// `None` if not even one output fits into a tile.
	pub(crate) fn new(inputs: u32, input: Digits, weights: Digits, matrices: u32) -> Option<Self> {
		let k = usize::try_from(inputs).ok()?;
		let count = usize::try_from(matrices).ok()?;
		let tile = tile::linear_columns(k, input.into(), weights.into(), count)?;
		Some(Self { inputs, input, weights, matrices, tile: u32::try_from(tile).ok()? })
	}
}

const fn statistics_of(norm: &Norm, rows: u32) -> Section {
	let bytes = match norm {
		Norm::Rms { .. } | Norm::L2 => 4,
		Norm::Layer { .. } => 8,
	};
	Section::statistics(Stage::NormStatistics, rows, bytes)
}

fn heads(split: &Heads, types: &TypedOp, positions: u32) -> Section {
	let Heads { heads, role, digits, .. } = *split;
	let head_dim = types.output.form.head_dim();
	let layout = Layout::Heads { role, positions, heads, head_dim };
	Section { stage: Stage::Heads, layout, prefix: 4, element: digits.bytes() }
}

fn attended(attention: &Attention, types: &TypedOp, positions: u32) -> [Option<Section>; 3] {
	let Some(Form::Heads { heads, head_dim, .. }) = types.operand(0).map(|query| query.form) else {
		return [None; 3];
	};
	let records = Layout::Records { mask: attention.mask, positions, heads, head_dim };
	let rows = Layout::Groups { positions, heads, head_dim };
	[
		Some(Section { stage: Stage::Records, layout: records, prefix: 16, element: 4 }),
		Some(Section { stage: Stage::Merge, layout: rows, prefix: 0, element: 4 }),
		None,
	]
}
