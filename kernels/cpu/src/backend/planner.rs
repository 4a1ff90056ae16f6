//! From a program to its plan.

use assay_kernels_backend::BackendError;
use assay_kernels_exact::quantise::Digits;
use assay_programs::{
	op::{self, OpKind},
	program::Step,
	value::Form,
	Kind, Program, Typed,
};

use super::{
	plan::{Heads, NormWeights, Operation, Plan, PlannedStep, Quantise},
	weights::WeightList,
};
use crate::{
	attention::{Attention, CacheShape, Mask},
	quantise::Scheme,
};

impl Plan {
	/// Unrolls a program and lists the weights that it reads.
	///
	/// # Errors
	/// If the program is not valid.
	pub(super) fn new(program: &Program) -> Result<(Self, WeightList<'_>), BackendError> {
		Self::unroll(program, matches!(program.kind, Kind::Generate { .. }))
	}

	/// As [`new`](Self::new), for passes over whole texts whatever the kind of the program.
	///
	/// # Errors
	/// If the program is not valid.
	pub(super) fn of_whole_texts(
		program: &Program,
	) -> Result<(Self, WeightList<'_>), BackendError> {
		Self::unroll(program, false)
	}

	fn unroll(
		program: &Program,
		keeps_caches: bool,
	) -> Result<(Self, WeightList<'_>), BackendError> {
		program.validate()?;
		let mut planner = Planner {
			typed: &program.types()?,
			weights: WeightList::new(program),
			keeps_caches,
			caches: Vec::new(),
		};
		planner.list_layers(program);
		let steps: Vec<_> = program.steps().map(|step| planner.step(step)).collect();
		let result = steps.last().map_or(0, |step| step.output);
		let Planner { weights, caches, .. } = planner;
		Ok((Self { steps, result, caches }, weights))
	}
}

struct Planner<'t, 'p> {
	typed: &'t Typed<'p>,
	weights: WeightList<'p>,
	/// Whether attention sees positions of passes before.
	keeps_caches: bool,
	caches: Vec<CacheShape>,
}

impl Planner<'_, '_> {
	/// Names every layer, so that tables find those that they are tied to.
	fn list_layers(&mut self, program: &Program) {
		for Step { op, iteration, .. } in program.steps() {
			match &op.kind {
				OpKind::Linear(linear) => {
					self.weights.layer(linear.weights, iteration);
				}
				OpKind::Gated(gated) => {
					self.weights.layer(gated.gate, iteration);
					self.weights.layer(gated.up, iteration);
				}
				_ => {}
			}
		}
	}

	fn step(&mut self, step: Step<'_>) -> PlannedStep {
		let Step { block, iteration, index, op } = step;
		PlannedStep { block, iteration, index, output: op.output, operation: self.operation(step) }
	}

	fn operation(&mut self, step: Step<'_>) -> Operation {
		let Step { iteration, op, .. } = step;
		match op.kind {
			OpKind::Embed(op::Embed { words, encoder }) => Operation::Embed {
				words: self.weights.table(words, iteration),
				encoder: encoder.map(|tables| {
					[tables.positions, tables.kinds].map(|t| self.weights.table(t, iteration))
				}),
			},
			OpKind::Normalise { input, norm } => {
				let (columns, norm) = (self.columns(step), self.norm(norm, iteration));
				Operation::Normalise { input, columns, norm }
			}
			OpKind::Quantise(op::Quantise { input, norm, multipliers, codes }) => {
				Operation::Quantise(Quantise {
					input,
					columns: self.columns(step),
					norm: norm.map(|norm| self.norm(norm, iteration)),
					scheme: match codes {
						op::Codes::OneAsymmetric => Scheme::Asymmetric,
						op::Codes::One | op::Codes::Two => Scheme::Symmetric(codes.digits().into()),
					},
					multipliers: multipliers.map(|id| self.weights.vector(id, iteration)),
				})
			}
			OpKind::Linear(op::Linear { input, weights, activation, residual }) => {
				let layer = self.weights.layer(weights, iteration);
				Operation::Linear { input, layer, activation: activation.map(Into::into), residual }
			}
			OpKind::Gated(op::Gated { input, gate, up, activation }) => {
				let [gate, up] = [gate, up].map(|layer| self.weights.layer(layer, iteration));
				Operation::Gated { input, gate, up, activation: activation.into() }
			}
			OpKind::Heads(heads) => Operation::Heads(self.heads(&heads, step)),
			OpKind::Attention(attention) => self.attention(&attention, step),
			OpKind::Elementwise(elementwise) => Operation::Elementwise(elementwise),
			OpKind::Take { input, rows } => {
				Operation::Take { input, columns: self.columns(step), rows }
			}
			OpKind::MeanPool { input } => {
				Operation::MeanPool { input, columns: self.columns(step) }
			}
		}
	}

	/// Columns of an operation's first operand.
	fn columns(&self, step: Step<'_>) -> usize {
		self.typed.operand(step.block, step.index, 0).form.columns() as usize
	}

	fn norm(&mut self, norm: op::Norm, iteration: u16) -> NormWeights {
		let mut vector = |id| self.weights.vector(id, iteration);
		match norm {
			op::Norm::Rms { gain, eps } => NormWeights::Rms { gain: vector(gain), eps: eps.get() },
			op::Norm::Layer { gain, bias, eps } => {
				NormWeights::Layer { gain: vector(gain), bias: vector(bias), eps: eps.get() }
			}
			op::Norm::L2 => NormWeights::L2,
		}
	}

	fn heads(&mut self, heads: &op::Heads, step: Step<'_>) -> Heads {
		let vector =
			|norm: op::HeadNorm| (self.weights.vector(norm.gain, step.iteration), norm.eps.get());
		Heads {
			input: heads.input,
			heads: heads.heads.into(),
			head_dim: self.typed.output(step.block, step.index).form.head_dim() as usize,
			norm: heads.norm.map(vector),
			rotation: heads.rotation.map(usize::from),
			digits: heads.digits.into(),
		}
	}

	fn attention(&mut self, attention: &op::Attention, step: Step<'_>) -> Operation {
		let form = |operand| self.typed.operand(step.block, step.index, operand).form;
		let heads = |form| match form {
			Form::Heads { heads, digits, .. } => (usize::from(heads), digits.into()),
			// Not in a valid program.
			Form::Float { .. } | Form::Codes { .. } => (1, Digits::One),
		};
		let ((query_heads, _), (key_heads, digits)) = (heads(form(0)), heads(form(1)));
		let shape = CacheShape { heads: key_heads, head_dim: form(1).head_dim() as usize, digits };
		let (cache, first_head) = self.place(shape);
		let op::Attention { query, key, value, constant, mask } = *attention;
		let mask = match mask {
			op::Mask::Causal => Mask::Causal,
			op::Mask::Sliding { window } => Mask::Window(window as usize),
			op::Mask::Full => Mask::Full,
		};
		let attention =
			Attention { heads: query_heads, key_heads, first_head, mask, constant: constant.get() };
		Operation::Attention { query, key, value, cache, attention }
	}

	/// A cache with room for more heads, and the first of them.
	///
	/// A pass over whole texts never comes back to a position: its attention operations write over each
	/// other's heads, which stay in the processor's cache.
	fn place(&mut self, shape: CacheShape) -> (usize, usize) {
		let fits =
			|cache: &CacheShape| (cache.head_dim, cache.digits) == (shape.head_dim, shape.digits);
		let Some(index) = self.caches.iter().position(fits) else {
			self.caches.push(shape);
			return (self.caches.len() - 1, 0);
		};
		let cache = &mut self.caches[index];
		if self.keeps_caches {
			let first = cache.heads;
			cache.heads += shape.heads;
			(index, first)
		} else {
			cache.heads = cache.heads.max(shape.heads);
			(index, 0)
		}
	}
}

#[cfg(test)]
mod tests {
	use assay_programs::samples::{Decoder, Encoder};

	use super::*;

	#[test]
	fn a_tied_table_is_the_last_layer() {
		let plan = |tied| {
			let program = Decoder { tied, ..Decoder::default() }.program();
			Plan::new(&program).map(|(plan, _)| plan.steps).unwrap()
		};
		let table_is_layer = |steps: &[PlannedStep]| match (&steps[0], steps.last().unwrap()) {
			(
				PlannedStep { operation: Operation::Embed { words, .. }, .. },
				PlannedStep { operation: Operation::Linear { layer, .. }, .. },
			) => words == layer,
			other => panic!("{other:?}"),
		};
		assert!(table_is_layer(&plan(true)));
		assert!(!table_is_layer(&plan(false)));
	}

	#[test]
	fn layers_have_heads_of_their_own_unless_nothing_is_kept() {
		let decoder = Decoder { layers: 3, ..Decoder::default() }.program();
		let (plan, _) = Plan::new(&decoder).unwrap();
		let digits = Digits::One;
		assert_eq!(plan.caches, [CacheShape { heads: 6, head_dim: 16, digits }]);
		let firsts: Vec<usize> = plan
			.steps
			.iter()
			.filter_map(|step| match &step.operation {
				Operation::Attention { attention, .. } => Some(attention.first_head),
				_ => None,
			})
			.collect();
		assert_eq!(firsts, [0, 2, 4]);
		let (plan, _) = Plan::of_whole_texts(&decoder).unwrap();
		assert_eq!(plan.caches, [CacheShape { heads: 2, head_dim: 16, digits }]);
		let (plan, _) = Plan::new(&Encoder::default().program()).unwrap();
		assert_eq!(plan.caches, [CacheShape { heads: 4, head_dim: 16, digits }]);
	}
}
