//! Quantisation of rows.

use assay_kernels_exact::quantise::Digits;
use assay_kernels_vectors::{Case, Element, Error, Values};

use super::{
	operands::{bytes, checked, floats, own},
	Op, Replay,
};
use crate::{
	float::absmax,
	quantise::{multiply_row, quantise, window, Scheme},
	Codes, Engine,
};

pub(super) const OPS: &[Op] = &[
	("absmax", |engine, case| {
		let x = &floats(case, "x")?[..];
		Ok(own("max", vec![at_level!(engine, x: &'a [f32] => f32, absmax(x))]))
	}),
	("quantise_symmetric", |engine, case| {
		let digits = if case.one::<u8>("digits")? == 1 { Digits::One } else { Digits::Two };
		let row = Row::new(engine, case, Scheme::Symmetric(digits))?;
		let x = &row.multiplied[..];
		let max = at_level!(engine, x: &'a [f32] => f32, absmax(x));
		let codes = Values::I16(row.codes.row(0).collect());
		Ok(Replay::Own(vec![("max", f32::wrap(vec![max])), row.scale(), ("codes", codes)]))
	}),
	("quantise_asymmetric", |engine, case| {
		let row = Row::new(engine, case, Scheme::Asymmetric)?;
		let x = &row.multiplied[..];
		let (half_range, _) = at_level!(engine, x: &'a [f32] => (f32, f32), window(x));
		Ok(Replay::Own(vec![
			("half_range", f32::wrap(vec![half_range])),
			row.scale(),
			("zero_point", Values::I8(row.codes.zero_points().to_vec())),
			("codes", Values::I8(bytes(row.codes.row(0)))),
		]))
	}),
];

/// A quantised row.
struct Row {
	/// The elements times the multipliers, whose statistics are asked for too.
	multiplied: Vec<f32>,
	codes: Codes,
}

impl Row {
	fn new(engine: Engine<'_>, case: &Case, scheme: Scheme) -> Result<Self, Error> {
		let x = floats(case, "x")?;
		let multipliers = case.values("multipliers").map(|_| floats(case, "multipliers"));
		let multipliers = multipliers.transpose()?;
		let multipliers = multipliers.as_deref();
		let mut codes = Codes::new();
		checked(case, quantise(engine, &x, x.len(), scheme, multipliers, &mut codes))?;
		let mut multiplied = x;
		multiply_row(&mut multiplied, multipliers);
		Ok(Self { multiplied, codes })
	}

	fn scale(&self) -> (&'static str, Values) {
		("scale", Values::F32(self.codes.scales().to_vec()))
	}
}
