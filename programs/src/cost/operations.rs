//! The arithmetic of each stage, counted from the program alone.

use crate::{
	dataflow::{Typed, TypedOp},
	op::{Elementwise, Embed, Heads, Linear, Norm, OpKind, Quantise},
	shape::Shape,
	stage::{Layout, Section, Stage},
	value::Form,
};

/// How much arithmetic there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operations {
	/// Multiply-accumulates of two digits; two codes of two digits each take four.
	pub products: u64,
	/// Single steps on f32 elements.
	pub elements: u64,
}

/// Steps on elements that an elementary function counts as.
const FUNCTION: u64 = 8;
/// Products that a step on an element counts as, where the two are compared.
const ELEMENT: u64 = 4;

impl Operations {
	const fn elements(elements: u64) -> Self {
		Self { products: 0, elements }
	}

	/// So many times as much. Saturates for programs that are not admitted.
	#[must_use]
	pub const fn times(self, count: u64) -> Self {
		Self {
			products: self.products.saturating_mul(count),
			elements: self.elements.saturating_mul(count),
		}
	}

	/// Both as one number, which follows the time that scalar code takes.
	pub const fn weight(self) -> u64 {
		self.products.saturating_add(self.elements.saturating_mul(ELEMENT))
	}
}

impl Typed<'_> {
	/// Arithmetic of all tiles of a section.
	pub(super) fn operations_of_section(
		&self,
		kind: &OpKind,
		types: &TypedOp,
		section: &Section,
		shape: Shape,
	) -> Operations {
		let layout = section.layout;
		let units = match (kind, section.stage) {
			(OpKind::Heads(_), _) => layout.tiles(),
			(OpKind::Attention(attention), Stage::Records) => {
				let heads = match layout {
					Layout::Records { heads, .. } => heads,
					_ => 0,
				};
				attention.mask.pairs(shape.positions).saturating_mul(heads.into())
			}
			(OpKind::Attention(attention), _) => match layout {
				Layout::Groups { positions, heads, head_dim } => {
					let mask = attention.mask;
					Layout::Records { mask, positions, heads, head_dim }.elements()
				}
				_ => 0,
			},
			_ => layout.elements(),
		};
		self.operations_of(kind, types, section.stage).times(units)
	}

	/// Arithmetic of the unit of a stage: a row for statistics, a head for heads, a pair of a query
	/// head and a key it sees for records, a channel of a record for merged rows, otherwise an
	/// element.
	pub(crate) fn operations_of(&self, kind: &OpKind, types: &TypedOp, stage: Stage) -> Operations {
		let columns = types.operand(0).map_or(0, |input| u64::from(input.form.columns()));
		match (kind, stage) {
			(OpKind::Embed(Embed { encoder, .. }), _) => {
				Operations::elements(if encoder.is_some() { 8 } else { 2 })
			}
			// Maximum, fixed point, sums; the greater of the norms.
			(_, Stage::NormStatistics) => Operations::elements(4).times(columns),
			(OpKind::Normalise { norm, .. }, _) => Operations::elements(normalised(norm)),
			(OpKind::Quantise(Quantise { norm, multipliers, .. }), _) => {
				let norm = norm.as_ref().map_or(0, normalised);
				let element = Operations::elements(2 + norm + u64::from(multipliers.is_some()));
				element.times(if stage == Stage::Range { columns } else { 1 })
			}
			(OpKind::Linear(_) | OpKind::Gated(_), _) => self.product(kind, types),
			(OpKind::Heads(Heads { norm, rotation, .. }), _) => {
				let norm = if norm.is_some() { 6 } else { 0 };
				// A sine and a cosine for two channels.
				let rotation = if rotation.is_some() { FUNCTION } else { 0 };
				Operations::elements(3 + norm + rotation).times(types.output.form.head_dim().into())
			}
			(OpKind::Attention(_), Stage::Records) => seen_key(types),
			(
				OpKind::Elementwise(Elementwise::Activate { .. } | Elementwise::Softcap { .. }),
				_,
			) => Operations::elements(FUNCTION),
			(OpKind::Elementwise(_) | OpKind::Take { .. }, _) => Operations::elements(1),
			(OpKind::MeanPool { .. }, Stage::PoolMaxima) => Operations::elements(16),
			(OpKind::MeanPool { .. }, Stage::PoolSums) => Operations::elements(32),
			(OpKind::Attention(_) | OpKind::MeanPool { .. }, _) => Operations::elements(2),
		}
	}

	/// One output of a layer.
	fn product(&self, kind: &OpKind, types: &TypedOp) -> Operations {
		let Some(layer) = self.layer(kind, types) else { return Operations::default() };
		let digits = u64::from(layer.input.bytes() * layer.weights.bytes());
		let matrices = u64::from(layer.matrices);
		let after = match kind {
			OpKind::Linear(Linear { activation, residual, .. }) => {
				u64::from(residual.is_some()) + if activation.is_some() { FUNCTION } else { 0 }
			}
			_ => FUNCTION + 1,
		};
		Operations {
			products: u64::from(layer.inputs).saturating_mul(digits).saturating_mul(matrices),
			// Two scales and a bias for each matrix.
			elements: 4 * matrices + after,
		}
	}
}

/// Steps on an element that a norm takes once its statistics are known.
const fn normalised(norm: &Norm) -> u64 {
	match norm {
		Norm::Rms { .. } => 2,
		Norm::Layer { .. } => 4,
		Norm::L2 => 1,
	}
}

/// One key and value as one query head sees them.
fn seen_key(types: &TypedOp) -> Operations {
	let Some(Form::Heads { head_dim, digits, .. }) = types.operand(0).map(|query| query.form)
	else {
		return Operations::default();
	};
	// Queries and keys have the same digits; a weight of a value has two, a value one.
	let digits = u64::from(digits.bytes() * digits.bytes()) + 2;
	Operations { products: u64::from(head_dim) * digits, elements: FUNCTION + 4 }
}
