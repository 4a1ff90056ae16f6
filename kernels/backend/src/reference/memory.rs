//! What the reference keeps, in bytes.

use assay_programs::{
	op::OpKind,
	value::{Form, Rows},
	Program, Tensor, Typed,
};

use crate::{memory::register_bytes, BackendError, Limits, Memory};

/// Bytes of the scales of a key and a value.
const SCALES: u64 = 8;
/// Lists that grow by one position after the other have up to twice the memory that they need.
const GROWTH: u64 = 2;

/// The memory of a program on the reference backend.
pub(super) fn memory(program: &Program, limits: &Limits) -> Result<Memory, BackendError> {
	program.validate()?;
	let typed = program.types()?;
	let largest = program.tensors.iter().map(Tensor::copy_bytes).max().unwrap_or(0);
	let rows = u64::from(limits.step_tokens.min(program.max_positions)).min(limits.positions);
	let of = |kind| match kind {
		Rows::Positions => rows,
		Rows::Outputs | Rows::One => rows.min(limits.sequences.into()),
	};
	Ok(Memory {
		weights: program.tensors.iter().map(Tensor::total_bytes).fold(0, u64::saturating_add),
		cache: position_bytes(&typed).saturating_mul(GROWTH).saturating_mul(limits.positions),
		// A tensor is read as bytes and then turned into its elements.
		work: largest.max(register_bytes(&typed, of, row_bytes)),
	})
}

/// Bytes of the keys and values of one position, of all attention operations.
fn position_bytes(typed: &Typed<'_>) -> u64 {
	let attentions =
		typed.program().steps().filter(|step| matches!(step.op.kind, OpKind::Attention(_)));
	attentions
		.map(|step| match typed.operand(step.block, step.index, 1).form {
			Form::Heads { heads, head_dim, digits, .. } => {
				u64::from(heads) * (u64::from(head_dim) * u64::from(digits.bytes() + 1) + SCALES)
			}
			// Not in a valid program.
			Form::Float { .. } | Form::Codes { .. } => 0,
		})
		.fold(0, u64::saturating_add)
}

fn row_bytes(form: Form) -> u64 {
	let columns = u64::from(form.columns());
	match form {
		Form::Float { .. } => 4 * columns,
		Form::Codes { codes, .. } => columns * u64::from(codes.digits().bytes()) + SCALES,
		Form::Heads { heads, digits, .. } => {
			columns * u64::from(digits.bytes()) + SCALES * u64::from(heads)
		}
	}
}
