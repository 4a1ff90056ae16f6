//! Rows of the matrix read back: a tied embedding table needs no copy of its own.

use assay_kernels_exact::{embedding::row_of, quantise::Digits, Error as Shape};
use rayon::prelude::*;

use super::Linear;
use crate::{
	dot::{PANEL, STEP, STEP_BYTES},
	error::length,
	float::canon,
	Engine, Error,
};

impl Linear {
	/// The codes of output `output`'s row.
	///
	/// # Panics
	/// When there is no such output.
	pub fn row(&self, output: usize) -> impl ExactSizeIterator<Item = i16> + '_ {
		assert!(output < self.shape.outputs, "row {output} of {}", self.shape.outputs);
		let (panel, lane) = (output / PANEL, output % PANEL);
		let last = self.panel(panel, self.shape.digits.count() - 1);
		let high = (self.shape.digits == Digits::Two).then(|| self.panel(panel, 0));
		(0..self.shape.inputs).map(move |k| {
			let at = k / STEP * STEP_BYTES + lane * STEP + k % STEP;
			let digit = |panel: &[u8]| i16::from(panel[at] as i8);
			high.map_or(0, |high| 256 * digit(high)) + digit(last)
		})
	}

	/// Embeddings: CANON((f32)code * scale) of the row that each id reads, row 0 for ids beyond the
	/// table; `out` holds one row of `inputs` elements per id.
	///
	/// # Errors
	/// [`Error::Shape`] for an `out` of another length, and for a matrix with groups, which is no
	/// table.
	pub fn embed(&self, engine: Engine<'_>, ids: &[u32], out: &mut [f32]) -> Result<(), Error> {
		const OP: &str = "embedding";
		let columns = self.shape.inputs;
		length(OP, "out", ids.len().saturating_mul(columns), out.len())?;
		if self.shape.grouped {
			let (op, operand) = (OP, "group multipliers of the table");
			return Err(Shape::Length { op, operand, expected: 0, got: self.shape.groups() }.into());
		}
		let count = engine.rows_per_task(ids.len(), columns);
		let tasks = out.par_chunks_mut(count * columns).zip(ids.par_chunks(count));
		engine.for_each(tasks, |(out, ids)| {
			for (out, &id) in out.chunks_mut(columns).zip(ids) {
				let row = row_of(id, self.shape.outputs as u32) as usize;
				let scale = self.scales[row];
				for (y, code) in out.iter_mut().zip(self.row(row)) {
					*y = canon(f32::from(code) * scale);
				}
			}
		});
		Ok(())
	}
}
