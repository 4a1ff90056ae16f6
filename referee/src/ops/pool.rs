//! `MeanPool`: parts of the tree over positions, and the mean (SPEC 12).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::pool::{add_sums, column_maxima, column_sums, mean as pool_mean};
use assay_programs::{
	grid::{POOL_COLUMNS, POOL_ROWS},
	stage::{Stage, Tile},
};
use assay_trace::bytes::{of_words, Word};

use super::Step;
use crate::{error::Fault, reader::Reader, source::Source};

/// A tile of the maxima or of the sums.
pub(super) fn part<S: Source>(
	step: &Step<'_>,
	stage: Stage,
	reader: &mut Reader<'_, S>,
	level: u32,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let rows = rows_below(reader.layout().shape().positions, level, row);
	let Some(below) = level.checked_sub(1) else {
		let x = positions(step, reader, rows, &columns)?;
		let content = if stage == Stage::PoolMaxima {
			column_maxima(&x, width(&columns)?).map(|maxima| of_words(&maxima))
		} else {
			let maxima: Vec<f32> = top(step, Stage::PoolMaxima, reader, &columns)?;
			column_sums(&x, &maxima).map(|sums| of_words(&sums))
		};
		return Ok(content.map_err(Fault::Operation)?);
	};
	let content = if stage == Stage::PoolMaxima {
		let maxima: Vec<f32> = parts(step, stage, reader, below, rows, &columns)?;
		column_maxima(&maxima, width(&columns)?).map(|maxima| of_words(&maxima))
	} else {
		let sums: Vec<i64> = parts(step, stage, reader, below, rows, &columns)?;
		add_sums(&sums, width(&columns)?).map(|sums| of_words(&sums))
	};
	Ok(content.map_err(Fault::Operation)?)
}

/// Some columns of the mean.
pub(super) fn mean<S: Source>(
	step: &Step<'_>,
	reader: &mut Reader<'_, S>,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let missing = Fault::Program { missing: "pooled column" };
	// Tiles of the mean are narrower than those of the tree and never straddle two of them.
	let start = columns.start - columns.start % POOL_COLUMNS;
	let all = start..start.saturating_add(POOL_COLUMNS).min(step.columns());
	let maxima: Vec<f32> = top(step, Stage::PoolMaxima, reader, &all)?;
	let sums: Vec<i64> = top(step, Stage::PoolSums, reader, &all)?;
	let place = |column: u32| usize::try_from(column.checked_sub(start)?).ok();
	let places = place(columns.start).zip(place(columns.end));
	let (from, to) = places.ok_or(missing)?;
	let (maxima, sums) = maxima.get(from..to).zip(sums.get(from..to)).ok_or(missing)?;
	let positions = reader.layout().shape().positions;
	let positions = usize::try_from(positions).map_err(|_| missing)?;
	Ok(of_words(&pool_mean(sums, maxima, positions).map_err(Fault::Operation)?))
}

/// The rows of the level below that a row combines; of level 0, positions.
fn rows_below(positions: u32, level: u32, row: u32) -> Range<u32> {
	let all = (0..level).fold(positions, |rows, _| rows.div_ceil(POOL_ROWS));
	let start = row.saturating_mul(POOL_ROWS).min(all);
	start..start.saturating_add(POOL_ROWS).min(all)
}

/// Some columns of consecutive positions, row after row.
fn positions<S: Source>(
	step: &Step<'_>,
	reader: &mut Reader<'_, S>,
	rows: Range<u32>,
	columns: &Range<u32>,
) -> Result<Vec<f32>, S::Error> {
	let input = reader.operand(step.id, 0)?;
	let mut x = Vec::new();
	for row in rows {
		x.extend(reader.columns::<f32>(&input, row, columns.clone())?);
	}
	Ok(x)
}

/// Tiles of consecutive rows of a level, one after the other.
fn parts<S: Source, W: Word>(
	step: &Step<'_>,
	stage: Stage,
	reader: &mut Reader<'_, S>,
	level: u32,
	rows: Range<u32>,
	columns: &Range<u32>,
) -> Result<Vec<W>, S::Error> {
	let value = reader.stage(step.id, stage)?;
	let mut parts = Vec::new();
	for row in rows {
		let tile = Tile::Pool { level, row, columns: columns.clone() };
		parts.extend(W::all(reader.tile(&value, &tile)?));
	}
	Ok(parts)
}

/// The tile of the last level, which combines all positions.
fn top<S: Source, W: Word>(
	step: &Step<'_>,
	stage: Stage,
	reader: &mut Reader<'_, S>,
	columns: &Range<u32>,
) -> Result<Vec<W>, S::Error> {
	let (mut level, mut rows) = (0, reader.layout().shape().positions.div_ceil(POOL_ROWS));
	while rows > 1 {
		(level, rows) = (level + 1, rows.div_ceil(POOL_ROWS));
	}
	parts(step, stage, reader, level, 0..1, columns)
}

fn width(columns: &Range<u32>) -> Result<usize, Fault> {
	let columns = columns.end.saturating_sub(columns.start);
	usize::try_from(columns).map_err(|_| Fault::Program { missing: "pooled column" })
}
