//! Linear layers, and tables, which are kept as layers.

use assay_kernels_exact::{embedding::row_of, linear::Weights, quantise::Digits};
use assay_kernels_vectors::{Case, Error};

use super::{
	operands::{bytes, checked, codes, count, float, own},
	Op, Replay,
};
use crate::{
	linear::{Epilogue, Linear},
	Codes, Engine,
};

pub(super) const OPS: &[Op] = &[
	("linear", linear),
	("dequantise", dequantise),
	("embedding_lookup", |_, case| {
		let columns = count(case, "columns")?;
		let codes = case.all::<i16>("table")?;
		let rows = codes.len() / columns.max(1);
		let scales = &vec![1.0; rows];
		let weights = Weights { codes, scales, groups: None, bias: None };
		let table = checked(case, Linear::pack(columns, &weights))?;
		let row = row_of(case.one("id")?, rows as u32) as usize;
		Ok(own("row", table.row(row).collect()))
	}),
];

fn linear(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let (input, input_digits) = codes(case, "codes")?;
	let (scale, zero_point) = (float(case, "scale")?, case.one("zero_point")?);
	let rows = Codes::from_codes(input.len(), input_digits, &input, &[scale], &[zero_point]);
	let rows = checked(case, rows)?;
	let (weights, digits) = codes(case, "weights")?;
	let scales = case.all("weight_scales")?;
	let (groups, bias) = (case.maybe("groups")?, case.maybe("bias")?);
	let packed = match digits {
		Digits::One => {
			let codes = &bytes(weights);
			Linear::pack(input.len(), &Weights { codes, scales, groups, bias })
		}
		Digits::Two => {
			Linear::pack(input.len(), &Weights { codes: &weights, scales, groups, bias })
		}
	};
	let layer = checked(case, packed)?;
	let mut out = vec![0.0; scales.len()];
	checked(case, layer.apply(engine, &rows, Epilogue::STORE, &mut out))?;
	Ok(own("y", out))
}

/// A table of one row.
fn dequantise(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let ((codes, digits), scales) = (codes(case, "codes")?, &[float(case, "scale")?]);
	let columns = codes.len();
	let (groups, bias) = (None, None);
	let packed = match digits {
		Digits::One => {
			Linear::pack(columns, &Weights { codes: &bytes(codes), scales, groups, bias })
		}
		Digits::Two => Linear::pack(columns, &Weights { codes: &codes, scales, groups, bias }),
	};
	let mut out = vec![0.0; columns];
	checked(case, checked(case, packed)?.embed(engine, &[0], &mut out))?;
	Ok(own("y", out))
}
