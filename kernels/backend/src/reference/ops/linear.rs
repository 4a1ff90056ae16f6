//! `Linear`: matrix product, activation, residual (SPEC 8).

use alloc::{sync::Arc, vec::Vec};

use assay_kernels_exact::{
	activation,
	elementwise::add,
	linear::{self, Input},
	quantise::{group_multipliers_len, Code},
};
use assay_programs::op::{Linear, LinearWeights};

use crate::{
	reference::{
		rows,
		tensors::{IterationTensors, WeightCodes},
		value::{CodeRows, Codes, FloatRows},
	},
	OperationError,
};

/// Outputs computed at a time; any number gives the same bytes.
const OUTPUTS: usize = 64;

/// y = x W, then ACT(y), then CANON(residual + y).
pub(in crate::reference) fn linear(
	op: &Linear,
	input: &CodeRows,
	residual: Option<&FloatRows>,
	tensors: IterationTensors<'_>,
) -> Result<FloatRows, OperationError> {
	let mut y = product(op.weights, input, tensors)?;
	if let Some(function) = op.activation {
		y.elements = activation::activate(function.into(), &y.elements);
	}
	if let Some(residual) = residual {
		y.elements = add(&residual.elements, &y.elements)?;
	}
	Ok(y)
}

/// The rows times the matrix, with bias where there is one.
pub(super) fn product(
	weights: LinearWeights,
	input: &CodeRows,
	tensors: IterationTensors<'_>,
) -> Result<FloatRows, OperationError> {
	let matrix = Matrix::new(weights, tensors)?;
	match (&input.codes, &matrix.codes) {
		(Codes::One(x), WeightCodes::One(w)) => matrix.times(x, w, input),
		(Codes::One(x), WeightCodes::Two(w)) => matrix.times(x, w, input),
		(Codes::Two(x), WeightCodes::One(w)) => matrix.times(x, w, input),
		(Codes::Two(x), WeightCodes::Two(w)) => matrix.times(x, w, input),
	}
}

/// A layer with its weights.
struct Matrix {
	codes: WeightCodes,
	scales: Arc<Vec<f32>>,
	groups: Option<Arc<Vec<u8>>>,
	bias: Option<Arc<Vec<f32>>>,
}

impl Matrix {
	fn new(weights: LinearWeights, tensors: IterationTensors<'_>) -> Result<Self, OperationError> {
		Ok(Self {
			codes: tensors.codes(weights.codes)?,
			scales: tensors.floats(weights.scales)?,
			groups: weights.groups.map(|id| tensors.bytes(id)).transpose()?,
			bias: weights.bias.map(|id| tensors.floats(id)).transpose()?,
		})
	}

	fn times<Q: Code + Sync, W: Code + Sync>(
		&self,
		x: &[Q],
		w: &[W],
		input: &CodeRows,
	) -> Result<FloatRows, OperationError> {
		let (inputs, outputs) = (input.columns, self.scales.len());
		let group_bytes = group_multipliers_len(inputs);
		let tiles = outputs.div_ceil(OUTPUTS);
		let tile = |index: usize| {
			let (row, first) = (index / tiles, index % tiles * OUTPUTS);
			let last = outputs.min(first + OUTPUTS);
			let x = Input {
				codes: &x[row * inputs..(row + 1) * inputs],
				scale: input.ranges[row].scale(),
				zero_point: input.ranges[row].zero_point(),
			};
			let weights = linear::Weights {
				codes: &w[first * inputs..last * inputs],
				scales: &self.scales[first..last],
				groups: self.groups.as_ref().map(|g| &g[first * group_bytes..last * group_bytes]),
				bias: self.bias.as_ref().map(|bias| &bias[first..last]),
			};
			linear::linear(&x, &weights)
		};
		Ok(FloatRows::new(outputs, rows::map(input.ranges.len() * tiles, tile)?))
	}
}
