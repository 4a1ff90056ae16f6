//! `MeanPool`: the mean of all rows, channel by channel (SPEC 12).

use assay_kernels_exact::pool;

use crate::{reference::value::FloatRows, OperationError};

/// One row.
pub(in crate::reference) fn mean_pool(input: &FloatRows) -> Result<FloatRows, OperationError> {
	let elements = pool::mean_pool(&input.elements, input.columns)?;
	Ok(FloatRows { columns: input.columns, elements })
}
