//! `Normalise`, and the norm of `Quantise`: each row to a row of norm 1 (SPEC 9).

use alloc::{sync::Arc, vec::Vec};

use assay_kernels_exact::norm::{
	l2_elements, l2_stats, layer_elements, layer_stats, rms_elements, rms_stats,
};
use assay_programs::op::Norm;

use crate::{
	reference::{
		rows,
		tensors::IterationTensors,
		value::{FloatRows, NormStatistics},
	},
	OperationError,
};

/// Statistics of each row, and the rows that they give.
pub(in crate::reference) fn normalise(
	norm: Norm,
	input: &FloatRows,
	tensors: IterationTensors<'_>,
) -> Result<(Vec<NormStatistics>, FloatRows), OperationError> {
	let weights = NormWeights::new(norm, tensors)?;
	let row = |row: usize| weights.row(input.row(row));
	let (statistics, elements) = rows::map(input.len(), row)?.into_iter().unzip();
	Ok((statistics, FloatRows::new(input.columns, elements)))
}

/// A norm with its weights.
enum NormWeights {
	Rms { gain: Arc<Vec<f32>>, eps: f32 },
	Layer { gain: Arc<Vec<f32>>, bias: Arc<Vec<f32>>, eps: f32 },
	L2,
}

impl NormWeights {
	fn new(norm: Norm, tensors: IterationTensors<'_>) -> Result<Self, OperationError> {
		Ok(match norm {
			Norm::Rms { gain, eps } => Self::Rms { gain: tensors.floats(gain)?, eps: eps.get() },
			Norm::Layer { gain, bias, eps } => Self::Layer {
				gain: tensors.floats(gain)?,
				bias: tensors.floats(bias)?,
				eps: eps.get(),
			},
			Norm::L2 => Self::L2,
		})
	}

	fn row(&self, x: &[f32]) -> Result<(NormStatistics, Vec<f32>), OperationError> {
		Ok(match self {
			Self::Rms { gain, eps } => {
				let r = rms_stats(x, *eps)?;
				(NormStatistics::Rms(r), rms_elements(x, r, gain)?)
			}
			Self::Layer { gain, bias, eps } => {
				let stats = layer_stats(x, *eps)?;
				(NormStatistics::Layer(stats), layer_elements(x, stats, gain, bias)?)
			}
			Self::L2 => {
				let norm = l2_stats(x)?;
				(NormStatistics::L2(norm), l2_elements(x, norm))
			}
		})
	}
}
