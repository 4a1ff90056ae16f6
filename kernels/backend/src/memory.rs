//! How much memory a model takes.

use alloc::collections::BTreeMap;

use assay_programs::{
	value::{Form, Rows},
	Typed,
};

/// Bytes that a model takes on a backend. Parts that depend on neither its weights nor its positions
/// are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
	/// Weights, from loading on.
	pub weights: u64,
	/// Keys and values, once sequences have all positions that the limits admit.
	pub cache: u64,
	/// The most that is needed for a while: to read weights, or for the rows of a pass of which each
	/// sequence wants one output.
	pub work: u64,
}

impl Memory {
	/// All together.
	pub const fn total(&self) -> u64 {
		self.weights.saturating_add(self.cache).saturating_add(self.work)
	}
}

/// Bytes of the registers after a pass of which values have so many rows and a row so many bytes. A
/// register keeps its largest f32 value and its largest value of codes.
pub fn register_bytes(
	typed: &Typed<'_>,
	rows: impl Fn(Rows) -> u64,
	row_bytes: impl Fn(Form) -> u64,
) -> u64 {
	let mut largest: BTreeMap<_, u64> = BTreeMap::new();
	for (block, content) in typed.program().blocks.iter().enumerate() {
		for (index, op) in content.ops.iter().enumerate() {
			let value = typed.output(block, index);
			let bytes = rows(value.rows).saturating_mul(row_bytes(value.form));
			let is_float = matches!(value.form, Form::Float { .. });
			let place = largest.entry((op.output, is_float)).or_default();
			*place = bytes.max(*place);
		}
	}
	largest.into_values().fold(0, u64::saturating_add)
}
