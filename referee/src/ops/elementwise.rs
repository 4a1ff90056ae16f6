//! `Elementwise` and `Take`: functions of the elements at the same place (SPEC 5 and 6).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::{
	activation::{activate, softcap},
	elementwise::{add, mul, scale},
	float::canon,
};
use assay_programs::op::{Elementwise, TakeRows};
use assay_trace::bytes::of_words;

use super::Step;
use crate::{error::Fault, reader::Reader, source::Source};

/// Some columns of a row.
pub(super) fn elements<S: Source>(
	step: &Step<'_>,
	op: &Elementwise,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let mut operand = |n: usize| {
		let value = reader.operand(step.id, n)?;
		reader.columns(&value, row, columns.clone())
	};
	let x: Vec<f32> = operand(0)?;
	let z = match *op {
		Elementwise::Add { .. } => add(&x, &operand(1)?).map_err(Fault::Operation)?,
		Elementwise::Mul { .. } => mul(&x, &operand(1)?).map_err(Fault::Operation)?,
		Elementwise::Scale { factor, .. } => scale(&x, factor.get()),
		Elementwise::Activate { activation, .. } => activate(activation.into(), &x),
		Elementwise::Softcap { cap, .. } => softcap(cap.get(), &x),
	};
	Ok(of_words(&z))
}

/// Some columns of a taken row.
pub(super) fn taken<S: Source>(
	step: &Step<'_>,
	rows: TakeRows,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let shape = reader.layout().shape();
	let row = match rows {
		TakeRows::Outputs => shape.first_output().saturating_add(row),
		TakeRows::First => 0,
		TakeRows::Last => shape.positions.saturating_sub(1),
	};
	let value = reader.operand(step.id, 0)?;
	let x: Vec<f32> = reader.columns(&value, row, columns)?;
	// What is read and written without arithmetic is in F all the same.
	Ok(of_words(&x.into_iter().map(canon).collect::<Vec<_>>()))
}
