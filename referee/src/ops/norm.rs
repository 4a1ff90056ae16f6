//! `Normalise`, and the norm of `Quantise` (SPEC 9).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::norm::{
	l2_elements, l2_stats, layer_elements, layer_stats, rms_elements, rms_stats, LayerStats,
};
use assay_programs::{op::Norm, stage::Stage};
use assay_trace::bytes::{first, of_words};

use super::Step;
use crate::{error::Fault, reader::Reader, source::Source};

/// The statistics of a row of operand 0.
pub(super) fn statistics<S: Source>(
	step: &Step<'_>,
	norm: &Norm,
	reader: &mut Reader<'_, S>,
	row: u32,
) -> Result<Vec<u8>, S::Error> {
	let input = reader.operand(step.id, 0)?;
	let x: Vec<f32> = reader.columns(&input, row, 0..step.columns())?;
	let statistics = match norm {
		Norm::Rms { eps, .. } => rms_stats(&x, eps.get()).map(|r| of_words(&[r])),
		Norm::Layer { eps, .. } => {
			layer_stats(&x, eps.get()).map(|LayerStats { mean, r }| of_words(&[mean, r]))
		}
		Norm::L2 => l2_stats(&x).map(|norm| of_words(&[norm])),
	};
	Ok(statistics.map_err(Fault::Operation)?)
}

/// Some columns of a normalised row.
pub(super) fn elements<S: Source>(
	step: &Step<'_>,
	norm: &Norm,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let input = reader.operand(step.id, 0)?;
	let x: Vec<f32> = reader.columns(&input, row, columns.clone())?;
	Ok(of_words(&apply(step, norm, reader, &x, row, columns)?))
}

/// Normalises some columns `x` of a row: reads its statistics, then the weights of these columns.
pub(super) fn apply<S: Source>(
	step: &Step<'_>,
	norm: &Norm,
	reader: &mut Reader<'_, S>,
	x: &[f32],
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<f32>, S::Error> {
	let missing = Fault::Program { missing: "statistic" };
	let iteration = step.iteration();
	let statistics = reader.statistics(step.id, Stage::NormStatistics, row)?;
	let first_of = first::<f32>(statistics).ok_or(missing)?;
	let second = statistics.get(4..).and_then(first::<f32>);
	let normalised = match *norm {
		Norm::Rms { gain, .. } => {
			rms_elements(x, first_of, &reader.vector(gain, iteration, columns)?)
		}
		Norm::Layer { gain, bias, .. } => {
			let statistics = LayerStats { mean: first_of, r: second.ok_or(missing)? };
			let gain = reader.vector(gain, iteration, columns.clone())?;
			let bias = reader.vector(bias, iteration, columns)?;
			layer_elements(x, statistics, &gain, &bias)
		}
		Norm::L2 => Ok(l2_elements(x, first_of)),
	};
	Ok(normalised.map_err(Fault::Operation)?)
}
