//! Quantisation.

use alloc::vec;

use assay_kernels_exact::{float, quantise, quantise::Digits};

use super::{checked, many, single, unknown, Op};
use crate::{case::Case, error::Error};

pub(super) const OPS: &[Op] = &[
	("absmax", |c| Ok(vec![single("max", float::absmax(c.all("x")?))])),
	("quantise_symmetric", |c| {
		let row = quantise::symmetric(c.all("x")?, c.maybe("multipliers")?, digits(c)?);
		let row = checked(c, row)?;
		let (max, scale) = (row.stats.max, row.stats.scale);
		Ok(vec![single("max", max), single("scale", scale), many("codes", row.codes)])
	}),
	("quantise_symmetric_codes", |c| {
		let (multipliers, max) = (c.maybe("multipliers")?, c.one("max")?);
		let codes = quantise::symmetric_codes(c.all("x")?, multipliers, max, digits(c)?);
		Ok(vec![many("codes", checked(c, codes)?)])
	}),
	("quantise_asymmetric", |c| {
		let row = checked(c, quantise::asymmetric(c.all("x")?, c.maybe("multipliers")?))?;
		Ok(vec![
			single("half_range", row.stats.half_range),
			single("scale", row.stats.scale),
			single("zero_point", row.stats.zero_point),
			many("codes", row.codes),
		])
	}),
	("quantise_asymmetric_codes", |c| {
		let (half_range, zero_point) = (c.one("half_range")?, c.one("zero_point")?);
		let x = c.all("x")?;
		let codes = quantise::asymmetric_codes(x, c.maybe("multipliers")?, half_range, zero_point);
		Ok(vec![many("codes", checked(c, codes)?)])
	}),
	("split_digits", |c| {
		let (high, low) = c.all::<i16>("codes")?.iter().copied().map(Digits::split).unzip();
		Ok(vec![many("high", high), many("low", low)])
	}),
	("import_grouped", |c| {
		let row = quantise::import_grouped_row(c.all("weights")?, digits(c)?);
		Ok(vec![
			single("scale", row.scale),
			many("codes", row.codes),
			many("multipliers", row.multipliers),
		])
	}),
];

/// Precision from operand `digits`, 1 or 2.
pub(super) fn digits(case: &Case) -> Result<Digits, Error> {
	digits_of(case, case.one::<u8>("digits")?)
}

pub(super) fn digits_of(case: &Case, digits: u8) -> Result<Digits, Error> {
	match digits {
		1 => Ok(Digits::One),
		2 => Ok(Digits::Two),
		other => Err(unknown(case, "digits", other)),
	}
}
