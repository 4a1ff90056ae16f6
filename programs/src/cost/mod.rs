//! What a run costs, computed from the program and the lengths alone.
//!
//! Every count grows, or stays, with either length, so that the price of the longest run that a user
//! admits covers every shorter one.

mod operations;
mod units;

pub use operations::Operations;
pub use units::{ComputeUnits, Weights};

use crate::{
	dataflow::{Typed, TypedOp},
	op::OpKind,
	program::Kind,
	shape::Shape,
	stage::{Stage, Trace},
};

/// What there is to do in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
	/// Products of layers: linear in the number of positions.
	pub layer_products: u64,
	/// Products of attention: quadratic in the number of positions, where no window bounds what a
	/// position sees.
	pub attention_products: u64,
	/// Single steps on f32 elements.
	pub elements: u64,
	/// Bytes of the trace, should the run be disputed.
	pub trace_bytes: u64,
	/// Tokens that are generated, one after the other.
	pub output_tokens: u64,
	/// Bytes of layers' weights that are read to generate them: all layers once for each token. What
	/// bounds generation is this, not arithmetic.
	pub output_bytes: u64,
}

impl Typed<'_> {
	/// What a run of these lengths costs. Counts saturate for programs that are not admitted.
	pub fn cost(&self, shape: Shape) -> Cost {
		let mut cost = Cost { trace_bytes: Trace::new(self, shape).bytes(), ..Cost::default() };
		let mut layer_bytes = 0_u64;
		for (place, op, types) in self.ops() {
			let repeat = self.program().blocks.get(place.block).map_or(0, |block| block.repeat);
			for section in self.sections_of(&op.kind, types, shape).into_iter().flatten() {
				let operations = self
					.operations_of_section(&op.kind, types, &section, shape)
					.times(repeat.into());
				let products = match section.stage {
					Stage::Records => &mut cost.attention_products,
					_ => &mut cost.layer_products,
				};
				*products = products.saturating_add(operations.products);
				cost.elements = cost.elements.saturating_add(operations.elements);
			}
			let bytes = self.layer_bytes(&op.kind, types).saturating_mul(repeat.into());
			layer_bytes = layer_bytes.saturating_add(bytes);
		}
		if let Kind::Generate { .. } = self.program().kind {
			cost.output_tokens = shape.outputs.into();
			cost.output_bytes = layer_bytes.saturating_mul(shape.outputs.into());
		}
		cost
	}

	/// Bytes of the weights of one copy of a layer, 0 for other operations.
	fn layer_bytes(&self, kind: &OpKind, types: &TypedOp) -> u64 {
		if self.layer(kind, types).is_none() {
			return 0;
		}
		let tensors = &self.program().tensors;
		kind.tensors()
			.filter_map(|tensor| tensors.get(usize::from(tensor.0)))
			.fold(0, |bytes, tensor| tensor.copy_bytes().saturating_add(bytes))
	}
}
