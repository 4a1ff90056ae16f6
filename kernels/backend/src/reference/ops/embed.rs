//! `Embed`: rows of quantised tables, summed (SPEC 6).

use alloc::vec::Vec;

use assay_kernels_exact::{
	embedding::{dequantise, lookup, sum},
	quantise::Code,
};
use assay_programs::op::{Embed, Table};

use crate::{
	reference::{
		rows,
		tensors::{IterationTensors, WeightCodes},
		value::FloatRows,
		Pass,
	},
	OperationError,
};

/// One row per token of the pass.
///
/// The word's row alone, or `embedding_sum` of the rows of the word, its position and kind 0.
pub(in crate::reference) fn embed(
	op: &Embed,
	pass: &Pass<'_>,
	tensors: IterationTensors<'_>,
) -> Result<FloatRows, OperationError> {
	let columns = tensors.columns(op.words.codes);
	let words = DequantisedTable::new(op.words, tensors)?;
	let Some(encoder) = op.encoder else {
		let word = |row: usize| words.row(pass.tokens[row]);
		return Ok(FloatRows::new(columns, rows::map(pass.tokens.len(), word)?));
	};
	let positions = DequantisedTable::new(encoder.positions, tensors)?;
	let kinds = DequantisedTable::new(encoder.kinds, tensors)?;
	let embedding = |row: usize| {
		let word = words.row(pass.tokens[row])?;
		Ok::<_, OperationError>(sum(&word, &positions.row(pass.position(row))?, &kinds.row(0)?)?)
	};
	Ok(FloatRows::new(columns, rows::map(pass.tokens.len(), embedding)?))
}

/// A table whose rows are read one at a time.
struct DequantisedTable {
	columns: usize,
	codes: WeightCodes,
	scales: alloc::sync::Arc<Vec<f32>>,
}

impl DequantisedTable {
	fn new(table: Table, tensors: IterationTensors<'_>) -> Result<Self, OperationError> {
		Ok(Self {
			columns: tensors.columns(table.codes),
			codes: tensors.codes(table.codes)?,
			scales: tensors.floats(table.scales)?,
		})
	}

	fn row(&self, id: u32) -> Result<Vec<f32>, OperationError> {
		fn row<W: Code>(
			codes: &[W],
			columns: usize,
			scales: &[f32],
			id: u32,
		) -> Result<Vec<f32>, OperationError> {
			let scale = lookup(scales, 1, id)?[0];
			Ok(dequantise(lookup(codes, columns, id)?, scale))
		}
		match &self.codes {
			WeightCodes::One(codes) => row(codes, self.columns, &self.scales, id),
			WeightCodes::Two(codes) => row(codes, self.columns, &self.scales, id),
		}
	}
}
