//! The tiles of a program: what each reads and what it is then, a file for each kind of operation.
//!
//! The order in which a tile reads is part of the form of a witness (`trace/SPEC.md`, section 4).

mod attention;
mod elementwise;
mod embed;
mod heads;
mod layer;
mod norm;
mod pool;
mod quantise;

use alloc::vec::Vec;

use assay_programs::{
	dataflow::{StepId, TypedOp},
	op::{Norm, OpKind, Quantise},
	stage::{Location, Stage, Tile},
};

use crate::{error::Fault, reader::Reader, source::Source};

/// The step whose tile is recomputed.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
	id: StepId,
	types: &'a TypedOp,
}

impl Step<'_> {
	const fn iteration(&self) -> u32 {
		self.id.iteration
	}

	/// Columns of the rows of operand 0.
	fn columns(&self) -> u32 {
		self.types.operand(0).map_or(0, |input| input.form.columns())
	}
}

/// The content of a tile of the program.
pub(crate) fn recompute<S: Source>(
	location: &Location,
	reader: &mut Reader<'_, S>,
) -> Result<Vec<u8>, S::Error> {
	let missing = Fault::Program { missing: "operation with such a tile" };
	let Location { step: id, section, tile } = location;
	let op = reader.program().blocks.get(id.block).and_then(|block| block.ops.get(id.op));
	let types = reader.layout().typed().get(id.block, id.op);
	let (op, types) = op.zip(types).ok_or(missing)?;
	let step = &Step { id: *id, types };
	let tile = section.layout.tile(*tile).ok_or(missing)?;
	match (&op.kind, section.stage, tile) {
		(OpKind::Embed(op), _, Tile::Row { row, columns }) => {
			embed::rows(step, op, reader, row, columns)
		}
		(
			OpKind::Normalise { norm, .. } | OpKind::Quantise(Quantise { norm: Some(norm), .. }),
			Stage::NormStatistics,
			Tile::Row { row, .. },
		) => norm::statistics(step, norm, reader, row),
		(OpKind::Normalise { norm, .. }, Stage::Elements, Tile::Row { row, columns }) => {
			norm::elements(step, norm, reader, row, columns)
		}
		(OpKind::Quantise(op), Stage::Range, Tile::Row { row, .. }) => {
			quantise::range(step, op, reader, row)
		}
		(OpKind::Quantise(op), Stage::Codes, Tile::Row { row, columns }) => {
			quantise::codes(step, op, reader, row, columns)
		}
		(OpKind::Linear(op), _, Tile::Row { row, columns }) => {
			layer::linear(step, op, reader, row, columns)
		}
		(OpKind::Gated(op), _, Tile::Row { row, columns }) => {
			layer::gated(step, op, reader, row, columns)
		}
		(OpKind::Heads(op), _, Tile::Head { position, head, channels }) => {
			heads::head(step, op, reader, position, head, channels)
		}
		(
			OpKind::Attention(op),
			Stage::Records,
			Tile::Record { position, head, channels, block },
		) => {
			let at = attention::Place { position, head, channels };
			attention::record(step, op, reader, &at, block)
		}
		(OpKind::Attention(op), Stage::Merge, Tile::Head { position, head, channels }) => {
			let at = attention::Place { position, head, channels };
			attention::merged(step, op, reader, &at)
		}
		(OpKind::Elementwise(op), _, Tile::Row { row, columns }) => {
			elementwise::elements(step, op, reader, row, columns)
		}
		(OpKind::Take { rows, .. }, _, Tile::Row { row, columns }) => {
			elementwise::taken(step, *rows, reader, row, columns)
		}
		(
			OpKind::MeanPool { .. },
			stage @ (Stage::PoolMaxima | Stage::PoolSums),
			Tile::Pool { level, row, columns },
		) => pool::part(step, stage, reader, level, row, columns),
		(OpKind::MeanPool { .. }, Stage::PoolMean, Tile::Row { columns, .. }) => {
			pool::mean(step, reader, columns)
		}
		_ => Err(missing.into()),
	}
}

/// Rows that a norm has been applied to, if there is one.
fn normalised<S: Source>(
	step: &Step<'_>,
	norm: Option<&Norm>,
	reader: &mut Reader<'_, S>,
	x: Vec<f32>,
	row: u32,
	columns: core::ops::Range<u32>,
) -> Result<Vec<f32>, S::Error> {
	match norm {
		Some(norm) => norm::apply(step, norm, reader, &x, row, columns),
		None => Ok(x),
	}
}
