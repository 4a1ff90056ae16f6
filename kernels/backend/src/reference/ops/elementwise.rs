//! `Elementwise`: functions of the elements at the same place (SPEC 5 and 6).

use assay_kernels_exact::{
	activation::{activate, softcap},
	elementwise::{add, mul, scale},
};
use assay_programs::op::Elementwise;

use crate::{
	reference::{registers::Registers, value::FloatRows},
	OperationError,
};

/// Rows like those of the operand `x`.
pub(in crate::reference) fn elementwise(
	op: &Elementwise,
	registers: &Registers,
) -> Result<FloatRows, OperationError> {
	let (Elementwise::Add { x, .. }
	| Elementwise::Mul { x, .. }
	| Elementwise::Scale { x, .. }
	| Elementwise::Activate { x, .. }
	| Elementwise::Softcap { x, .. }) = *op;
	let FloatRows { columns, elements: x } = registers.floats(x)?;
	let elements = match *op {
		Elementwise::Add { y, .. } => add(x, &registers.floats(y)?.elements)?,
		Elementwise::Mul { y, .. } => mul(x, &registers.floats(y)?.elements)?,
		Elementwise::Scale { factor, .. } => scale(x, factor.get()),
		Elementwise::Activate { activation, .. } => activate(activation.into(), x),
		Elementwise::Softcap { cap, .. } => softcap(cap.get(), x),
	};
	Ok(FloatRows { columns: *columns, elements })
}
