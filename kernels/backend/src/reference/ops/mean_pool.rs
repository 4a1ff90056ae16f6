//! `MeanPool`: the mean of all rows, channel by channel (SPEC 12).

use alloc::vec::Vec;

use assay_kernels_exact::pool::{add_sums, column_maxima, column_sums, mean};
use assay_programs::grid::POOL_ROWS;

use crate::{
	reference::value::{Computed, FloatRows, Pooled, Value},
	OperationError,
};

/// One row, through maxima and sums of ever more positions.
pub(in crate::reference) fn mean_pool(input: &FloatRows) -> Result<Computed, OperationError> {
	let columns = input.columns;
	let maxima = levels(
		&input.elements,
		columns,
		|x| column_maxima(x, columns),
		|x| column_maxima(x, columns),
	)?;
	let most = last_row(&maxima, columns);
	let sums =
		levels(&input.elements, columns, |x| column_sums(x, most), |x| add_sums(x, columns))?;
	let elements = mean(last_row(&sums, columns), most, input.len())?;
	let value = Value::Float(FloatRows { columns, elements });
	Ok(Computed { pooled: Some(Pooled { maxima, sums }), ..value.into() })
}

/// Rows of all levels: of the first by `first`, each from some rows of `x`, of the others by `further`,
/// each from some rows of the level before.
fn levels<T, E>(
	x: &[f32],
	columns: usize,
	first: impl Fn(&[f32]) -> Result<Vec<T>, E>,
	further: impl Fn(&[T]) -> Result<Vec<T>, E>,
) -> Result<Vec<T>, E> {
	let span = POOL_ROWS as usize * columns.max(1);
	let mut rows = Vec::new();
	for part in x.chunks(span) {
		rows.extend(first(part)?);
	}
	let mut start = 0;
	while rows.len() - start > columns {
		let end = rows.len();
		for from in (start..end).step_by(span) {
			let row = further(&rows[from..end.min(from + span)])?;
			rows.extend(row);
		}
		start = end;
	}
	Ok(rows)
}

/// The last row, which is the only one of the last level.
fn last_row<T>(rows: &[T], columns: usize) -> &[T] {
	&rows[rows.len().saturating_sub(columns)..]
}
