//! `Take`: some of the rows.

use assay_programs::op::TakeRows;

use crate::reference::{value::FloatRows, Pass};

/// The rows of the pass's outputs, which are its last positions; or the first or last row of a text.
pub(in crate::reference) fn take(which: TakeRows, input: &FloatRows, pass: &Pass<'_>) -> FloatRows {
	let count = input.len();
	let rows = match which {
		TakeRows::Outputs => count.saturating_sub(pass.outputs as usize)..count,
		TakeRows::First => 0..count.min(1),
		TakeRows::Last => count.saturating_sub(1)..count,
	};
	let elements = input.elements[rows.start * input.columns..rows.end * input.columns].to_vec();
	FloatRows { columns: input.columns, elements }
}
