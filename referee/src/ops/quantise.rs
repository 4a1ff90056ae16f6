//! `Quantise`: the range of a row, and its codes (SPEC 7).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::quantise::{
	asymmetric_codes, asymmetric_stats, symmetric_codes, symmetric_stats,
};
use assay_programs::{
	op::{Codes, Digits, Quantise},
	stage::Stage,
};
use assay_trace::bytes::{first, of_words};

use super::{normalised, Step};
use crate::{error::Fault, reader::Reader, source::Source};

/// The range of a row.
pub(super) fn range<S: Source>(
	step: &Step<'_>,
	op: &Quantise,
	reader: &mut Reader<'_, S>,
	row: u32,
) -> Result<Vec<u8>, S::Error> {
	let (x, multipliers) = operands(step, op, reader, row, 0..step.columns())?;
	let multipliers = multipliers.as_deref();
	let range = match op.codes {
		Codes::OneAsymmetric => asymmetric_stats(&x, multipliers).map(|range| {
			let mut bytes = of_words(&[range.half_range, range.scale]);
			bytes.extend(of_words(&[range.zero_point]));
			bytes
		}),
		Codes::One | Codes::Two => symmetric_stats(&x, multipliers, op.codes.digits().into())
			.map(|range| of_words(&[range.max, range.scale])),
	};
	Ok(range.map_err(Fault::Operation)?)
}

/// Codes of some columns of a row.
pub(super) fn codes<S: Source>(
	step: &Step<'_>,
	op: &Quantise,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<Vec<u8>, S::Error> {
	let missing = Fault::Program { missing: "range of a row" };
	let (x, multipliers) = operands(step, op, reader, row, columns)?;
	let multipliers = multipliers.as_deref();
	let range = reader.statistics(step.id, Stage::Range, row)?;
	let greatest = first::<f32>(range).ok_or(missing)?;
	let digits = op.codes.digits();
	let codes = if op.codes == Codes::OneAsymmetric {
		let zero_point = range.get(8..).and_then(first::<i8>).ok_or(missing)?;
		asymmetric_codes(&x, multipliers, greatest, zero_point).map(|codes| of_words(&codes))
	} else {
		let codes = symmetric_codes(&x, multipliers, greatest, digits.into());
		codes.map(|codes| bytes_of(&codes, digits))
	};
	Ok(codes.map_err(Fault::Operation)?)
}

/// The bytes of codes of so many digits.
pub(super) fn bytes_of(codes: &[i16], digits: Digits) -> Vec<u8> {
	match digits {
		// Codes of one digit are the low byte: they lie within ±127.
		Digits::One => codes.iter().map(|code| code.to_le_bytes()[0]).collect(),
		Digits::Two => of_words(codes),
	}
}

/// Some columns of a row, normalised where the operation has a norm, and their multipliers.
fn operands<S: Source>(
	step: &Step<'_>,
	op: &Quantise,
	reader: &mut Reader<'_, S>,
	row: u32,
	columns: Range<u32>,
) -> Result<(Vec<f32>, Option<Vec<f32>>), S::Error> {
	let input = reader.operand(step.id, 0)?;
	let x: Vec<f32> = reader.columns(&input, row, columns.clone())?;
	let x = normalised(step, op.norm.as_ref(), reader, x, row, columns.clone())?;
	let multipliers = match op.multipliers {
		Some(multipliers) => Some(reader.vector(multipliers, step.iteration(), columns)?),
		None => None,
	};
	Ok((x, multipliers))
}
