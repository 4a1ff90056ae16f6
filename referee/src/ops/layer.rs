//! `Linear` and `Gated`: matrix products and what follows them (SPEC 8).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::{
	activation,
	elementwise::add,
	linear::{self, Input},
	quantise::Code,
};
use assay_programs::{
	op::{Gated, Linear, LinearWeights},
	stage::Stage,
	value::Form,
};
use assay_trace::bytes::{first, of_words};

use super::Step;
use crate::{
	error::Fault,
	reader::{Codes, Reader},
	source::Source,
};

/// Some outputs of a layer for a row.
pub(super) fn linear<S: Source>(
	step: &Step<'_>,
	op: &Linear,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let input = InputRow::read(step, reader, row)?;
	let layer = Layer::read(step, &op.weights, reader, columns.clone())?;
	let residual = match op.residual {
		Some(_) => {
			let residual = reader.operand(step.id, 1)?;
			Some(reader.columns::<f32>(&residual, row, columns)?)
		}
		None => None,
	};
	let mut y = input.times(&layer).map_err(Fault::Operation)?;
	if let Some(function) = op.activation {
		y = activation::activate(function.into(), &y);
	}
	if let Some(residual) = residual {
		y = add(&residual, &y).map_err(Fault::Operation)?;
	}
	Ok(of_words(&y))
}

/// Some outputs of a gate and its layer for a row.
pub(super) fn gated<S: Source>(
	step: &Step<'_>,
	op: &Gated,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let input = InputRow::read(step, reader, row)?;
	let gate = Layer::read(step, &op.gate, reader, columns.clone())?;
	let up = Layer::read(step, &op.up, reader, columns)?;
	let gate = input.times(&gate).map_err(Fault::Operation)?;
	let up = input.times(&up).map_err(Fault::Operation)?;
	let y = activation::gated(op.activation.into(), &gate, &up).map_err(Fault::Operation)?;
	Ok(of_words(&y))
}

/// A row of codes with what they stand for.
struct InputRow {
	codes: Codes,
	scale: f32,
	zero_point: i8,
}

impl InputRow {
	/// The row of operand 0: its codes, then its range.
	fn read<S: Source>(
		step: &Step<'_>,
		reader: &mut Reader<'_, S>,
		row: u32,
	) -> Result<Self, S::Error> {
		let missing = Fault::Program { missing: "row of codes" };
		let Some(Form::Codes { codes, columns }) = step.types.operand(0).map(|input| input.form)
		else {
			return Err(missing.into());
		};
		let input = reader.operand(step.id, 0)?;
		let codes = reader.codes(&input, row, 0..columns, codes.digits())?;
		let range = reader.statistics(input.step, Stage::Range, row)?;
		let scale = range.get(4..).and_then(first).ok_or(missing)?;
		// Only the range of an asymmetric row holds a zero point.
		let zero_point = range.get(8..).and_then(first).unwrap_or(0);
		Ok(Self { codes, scale, zero_point })
	}

	fn times(&self, layer: &Layer) -> Result<Vec<f32>, assay_kernels_exact::Error> {
		match (&self.codes, &layer.codes) {
			(Codes::One(x), Codes::One(w)) => self.product(x, w, layer),
			(Codes::One(x), Codes::Two(w)) => self.product(x, w, layer),
			(Codes::Two(x), Codes::One(w)) => self.product(x, w, layer),
			(Codes::Two(x), Codes::Two(w)) => self.product(x, w, layer),
		}
	}

	fn product<Q: Code, W: Code>(
		&self,
		x: &[Q],
		w: &[W],
		layer: &Layer,
	) -> Result<Vec<f32>, assay_kernels_exact::Error> {
		let input = Input { codes: x, scale: self.scale, zero_point: self.zero_point };
		let weights = linear::Weights {
			codes: w,
			scales: &layer.scales,
			groups: layer.groups.as_deref(),
			bias: layer.bias.as_deref(),
		};
		linear::linear(&input, &weights)
	}
}

/// The weights of some outputs of a layer.
struct Layer {
	codes: Codes,
	scales: Vec<f32>,
	groups: Option<Vec<u8>>,
	bias: Option<Vec<f32>>,
}

impl Layer {
	fn read<S: Source>(
		step: &Step<'_>,
		weights: &LinearWeights,
		reader: &mut Reader<'_, S>,
		outputs: Range<u32>,
	) -> Result<Self, S::Error> {
		let iteration = step.iteration();
		let digits = reader.tensor(weights.codes)?.element.digits();
		let digits = digits.ok_or(Fault::Program { missing: "matrix of codes" })?;
		let codes = reader.rows(weights.codes, iteration, outputs.clone())?;
		let scales = reader.vector(weights.scales, iteration, outputs.clone())?;
		let groups = match weights.groups {
			Some(groups) => Some(reader.rows(groups, iteration, outputs.clone())?),
			None => None,
		};
		let bias = match weights.bias {
			Some(bias) => Some(reader.vector(bias, iteration, outputs)?),
			None => None,
		};
		Ok(Self { codes: Codes::all(digits, &codes), scales, groups, bias })
	}
}
