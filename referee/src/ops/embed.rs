//! `Embed`: rows of tables, dequantised and summed (SPEC 6).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::embedding::{dequantise, row_of, sum};
use assay_programs::op::{Embed, Table};
use assay_trace::bytes::{first, of_words};

use super::Step;
use crate::{
	error::Fault,
	reader::{Codes, Reader},
	source::Source,
};

/// Some columns of the row of a position.
pub(super) fn rows<S: Source>(
	step: &Step<'_>,
	op: &Embed,
	reader: &mut Reader<'_, S>,
	position: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let token = reader.token(position)?;
	let word = row(step, &op.words, reader, token, &columns)?;
	let Some(encoder) = &op.encoder else { return Ok(of_words(&word)) };
	let position = row(step, &encoder.positions, reader, position, &columns)?;
	let kind = row(step, &encoder.kinds, reader, 0, &columns)?;
	Ok(of_words(&sum(&word, &position, &kind).map_err(Fault::Operation)?))
}

/// Some columns of the row that an id reads.
fn row<S: Source>(
	step: &Step<'_>,
	table: &Table,
	reader: &mut Reader<'_, S>,
	id: u32,
	columns: &Range<u32>,
) -> Result<Vec<f32>, S::Error> {
	let missing = Fault::Program { missing: "row of a table" };
	let tensor = reader.tensor(table.codes)?;
	let (digits, row) = (tensor.element.digits().ok_or(missing)?, row_of(id, tensor.rows));
	let codes = reader.rows(table.codes, step.iteration(), row..row.saturating_add(1))?;
	let scale = reader.rows(table.scales, step.iteration(), row..row.saturating_add(1))?;
	let scale = first(&scale).ok_or(missing)?;
	let columns = usize::try_from(columns.start).ok().zip(usize::try_from(columns.end).ok());
	let (start, end) = columns.ok_or(missing)?;
	Ok(match Codes::all(digits, &codes) {
		Codes::One(codes) => dequantise(codes.get(start..end).ok_or(missing)?, scale),
		Codes::Two(codes) => dequantise(codes.get(start..end).ok_or(missing)?, scale),
	})
}
