//! `Gated`: ACT(gate(x)) × up(x) (SPEC 5).

use assay_kernels_exact::activation;
use assay_programs::op::Gated;

use super::linear::product;
use crate::{
	reference::{
		tensors::IterationTensors,
		value::{CodeRows, FloatRows},
	},
	OperationError,
};

/// Both products, then the gate.
pub(in crate::reference) fn gated(
	op: &Gated,
	input: &CodeRows,
	tensors: IterationTensors<'_>,
) -> Result<FloatRows, OperationError> {
	let gate = product(op.gate, input, tensors)?;
	let up = product(op.up, input, tensors)?;
	let elements = activation::gated(op.activation.into(), &gate.elements, &up.elements)?;
	Ok(FloatRows { columns: gate.columns, elements })
}
