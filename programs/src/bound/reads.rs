//! What a tile of each stage reads.

use super::{
	witness::{depth, Witness},
	Bound,
};
use crate::{
	dataflow::{Source, Typed, TypedOp},
	grid::{BLOCK, COLUMNS, GROUP, POOL_COLUMNS, POOL_ROWS},
	op::{Codes, LinearWeights, Norm, OpKind, Quantise, Table},
	shape::Shape,
	stage::{Layout, Stage},
	tensor::TensorId,
	value::Form,
};

/// A stage of an operation in runs of at most `positions` positions.
pub(super) struct Reads<'a, 'p> {
	pub(super) typed: &'a Typed<'p>,
	pub(super) block: usize,
	pub(super) kind: &'a OpKind,
	pub(super) types: &'a TypedOp,
	pub(super) positions: u32,
}

/// Columns of the tiles of f32 rows, the least and the most.
#[derive(Clone, Copy)]
struct Cut {
	narrow: u32,
	wide: u32,
}

impl Reads<'_, '_> {
	pub(super) fn stage(&self, stage: Stage) -> Bound {
		let mut witness = Witness::new(depth(self.typed.weight_leaves()));
		match (self.kind, stage) {
			(OpKind::Embed(embed), _) => {
				witness.token();
				let further =
					embed.encoder.as_ref().map(|tables| [&tables.positions, &tables.kinds]);
				for table in [&embed.words].into_iter().chain(further.into_iter().flatten()) {
					self.table_row(&mut witness, table);
				}
			}
			(_, Stage::NormStatistics) => self.whole_row(&mut witness),
			(OpKind::Normalise { norm, .. }, _) => {
				self.columns(&mut witness, 0, COLUMNS);
				self.norm(&mut witness, norm, COLUMNS);
			}
			(OpKind::Quantise(quantise), _) => self.quantise(&mut witness, quantise, stage),
			(OpKind::Linear(_) | OpKind::Gated(_), _) => self.layer(&mut witness),
			(OpKind::Heads(split), _) => {
				let head_dim = self.types.output.form.head_dim();
				self.columns(&mut witness, 0, head_dim);
				if let Some(norm) = split.norm {
					self.vector(&mut witness, norm.gain, head_dim);
				}
			}
			(OpKind::Attention(_), Stage::Records) => self.records(&mut witness),
			(OpKind::Attention(_), _) => {
				let blocks = u64::from(self.positions.div_ceil(BLOCK));
				let channels = self.head_dim().min(GROUP);
				witness.trace(blocks, blocks * (16 + 4 * u64::from(channels)));
			}
			(OpKind::Elementwise(_) | OpKind::Take { .. }, _) => {
				for operand in 0..self.kind.operands().count() {
					self.columns(&mut witness, operand, COLUMNS);
				}
			}
			(OpKind::MeanPool { .. }, _) => return self.pool(witness, stage),
		}
		witness.finish()
	}

	fn quantise(&self, witness: &mut Witness, quantise: &Quantise, stage: Stage) {
		let columns = if stage == Stage::Range {
			self.whole_row(witness);
			self.types.output.form.columns()
		} else {
			self.columns(witness, 0, COLUMNS);
			witness.trace(1, range_bytes(quantise.codes));
			COLUMNS
		};
		if let Some(norm) = &quantise.norm {
			self.norm(witness, norm, columns);
		}
		if let Some(multipliers) = quantise.multipliers {
			self.vector(witness, multipliers, columns);
		}
	}

	fn layer(&self, witness: &mut Witness) {
		let Some(layer) = self.typed.layer(self.kind, self.types) else { return };
		let inputs = u64::from(layer.inputs);
		let tiles = inputs.div_ceil(COLUMNS.into());
		witness.trace(tiles, inputs.saturating_mul(layer.input.bytes().into()));
		if let Some(Form::Codes { codes, .. }) = self.types.operand(0).map(|input| input.form) {
			witness.trace(1, range_bytes(codes));
		}
		match self.kind {
			OpKind::Linear(linear) => {
				self.layer_rows(witness, &linear.weights, layer.tile);
				if linear.residual.is_some() {
					self.columns(witness, 1, layer.tile);
				}
			}
			OpKind::Gated(gated) => {
				self.layer_rows(witness, &gated.gate, layer.tile);
				self.layer_rows(witness, &gated.up, layer.tile);
			}
			_ => {}
		}
	}

	fn layer_rows(&self, witness: &mut Witness, weights: &LinearWeights, outputs: u32) {
		let further = [weights.groups, weights.bias].into_iter().flatten();
		for tensor in [weights.codes, weights.scales].into_iter().chain(further) {
			self.vector(witness, tensor, outputs);
		}
	}

	fn records(&self, witness: &mut Witness) {
		let Some(Form::Heads { head_dim, digits, .. }) =
			self.types.operand(0).map(|query| query.form)
		else {
			return;
		};
		let (head_dim, positions) = (u64::from(head_dim), u64::from(self.positions.min(BLOCK)));
		let head = 4 + head_dim.saturating_mul(digits.bytes().into());
		let value = 4 + head_dim.min(GROUP.into());
		witness.trace(1, head);
		witness.trace(positions, positions.saturating_mul(head));
		witness.trace(positions, positions.saturating_mul(value));
	}

	fn pool(&self, mut lowest: Witness, stage: Stage) -> Bound {
		let columns = self.types.output.form.columns().min(POOL_COLUMNS);
		let (maxima, sums) = (u64::from(columns) * 4, u64::from(columns) * 8);
		if stage == Stage::PoolMean {
			lowest.trace(1, maxima);
			lowest.trace(1, sums);
			return lowest.finish();
		}
		let rows = self.positions.min(POOL_ROWS);
		let mut higher = Witness::new(0);
		for _ in 0..rows {
			self.columns(&mut lowest, 0, columns);
			higher.trace(1, if stage == Stage::PoolSums { sums } else { maxima });
		}
		if stage == Stage::PoolSums {
			lowest.trace(1, maxima);
		}
		lowest.finish().max(higher.finish())
	}

	fn head_dim(&self) -> u32 {
		self.types.operand(0).map_or(0, |query| query.form.head_dim())
	}

	fn table_row(&self, witness: &mut Witness, table: &Table) {
		self.vector(witness, table.codes, 1);
		self.vector(witness, table.scales, 1);
	}

	/// Statistics and weights of a norm for so many columns.
	fn norm(&self, witness: &mut Witness, norm: &Norm, columns: u32) {
		match *norm {
			Norm::Rms { gain, .. } => {
				witness.trace(1, 4);
				self.vector(witness, gain, columns);
			}
			Norm::Layer { gain, bias, .. } => {
				witness.trace(1, 8);
				self.vector(witness, gain, columns);
				self.vector(witness, bias, columns);
			}
			Norm::L2 => witness.trace(1, 4),
		}
	}

	/// Rows of a tensor, from a multiple of `rows` on.
	fn vector(&self, witness: &mut Witness, tensor: TensorId, rows: u32) {
		if let Some(tensor) = self.typed.program().tensors.get(usize::from(tensor.0)) {
			witness.rows(tensor, rows);
		}
	}

	/// The whole row of operand 0.
	fn whole_row(&self, witness: &mut Witness) {
		let columns = self.types.operand(0).map_or(0, |input| input.form.columns());
		let leaves = columns.div_ceil(self.cut(0).narrow);
		witness.trace(leaves.into(), u64::from(columns) * 4);
	}

	/// `count` columns of a row of an operand, from a multiple of `count` on.
	fn columns(&self, witness: &mut Witness, operand: usize, count: u32) {
		let Cut { narrow, wide } = self.cut(operand);
		let all = self.types.operand(operand).map_or(0, |input| input.form.columns());
		let (leaves, columns) = if narrow == wide && count.is_multiple_of(wide) {
			(count / wide, count)
		} else if narrow == wide && wide.is_multiple_of(count.max(1)) {
			(1, wide)
		} else {
			// The range may begin with the last column of a tile and end with the first of another.
			((count.saturating_sub(1)) / narrow + 2, count.saturating_add(2 * wide))
		};
		let leaves = leaves.min(all.div_ceil(narrow)).max(1);
		witness.trace(leaves.into(), u64::from(columns.min(all)) * 4);
	}

	/// How the tiles of an f32 operand are cut by any operation that it can come from.
	fn cut(&self, operand: usize) -> Cut {
		let sources = match self.types.source(operand) {
			Some(Source::Iteration { op }) => [Some((self.block, op)), None],
			Some(Source::Before { block, op, carried }) => {
				[Some((block, op)), carried.map(|op| (self.block, op))]
			}
			None => [None, None],
		};
		let cuts = sources.into_iter().flatten().map(|(block, op)| cut_of(self.typed, block, op));
		cuts.reduce(|a, b| Cut { narrow: a.narrow.min(b.narrow), wide: a.wide.max(b.wide) })
			.unwrap_or(Cut { narrow: COLUMNS, wide: COLUMNS })
	}
}

/// How an operation cuts its f32 rows.
fn cut_of(typed: &Typed<'_>, block: usize, op: usize) -> Cut {
	let shape = Shape { positions: 1, outputs: 1 };
	let (narrow, wide) = match typed.sections(block, op, shape).last().map(|section| section.layout)
	{
		Some(Layout::Rows { tile, .. }) => (tile, tile),
		Some(Layout::Groups { head_dim, .. }) => {
			let wide = head_dim.min(GROUP);
			let rest = head_dim % wide.max(1);
			(if rest == 0 { wide } else { rest }, wide)
		}
		_ => (COLUMNS, COLUMNS),
	};
	Cut { narrow: narrow.max(1), wide: wide.max(1) }
}

const fn range_bytes(codes: Codes) -> u64 {
	match codes {
		Codes::One | Codes::Two => 8,
		Codes::OneAsymmetric => 9,
	}
}
