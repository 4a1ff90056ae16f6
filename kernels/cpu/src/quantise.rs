//! Quantisation of rows to codes (SPEC 7).

use assay_kernels_exact::{float::is_zero_row, quantise::Digits};
use rayon::prelude::*;

use crate::{
	codes::{RowMut, RowsMut},
	dot::{Dot, Kernel, OFFSET},
	error::length,
	float::{absmax, canon, rne, signed_key},
	scratch, Codes, Engine, Error,
};

/// How a row becomes codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
	/// Codes of one or two digits around zero.
	Symmetric(Digits),
	/// Codes of one digit around the row's mid-range, with a zero point.
	Asymmetric,
}

impl Scheme {
	/// Digits of a code.
	pub const fn digits(self) -> Digits {
		match self {
			Self::Symmetric(digits) => digits,
			Self::Asymmetric => Digits::One,
		}
	}
}

/// Greatest magnitude of an asymmetric code and of a zero point.
const ONE_DIGIT: i32 = Digits::One.max_code();
/// The byte of the code 0.
const ZERO: u8 = OFFSET as u8;

/// Quantises rows of `columns` elements, each element first multiplied by its channel's multiplier
/// where there are any.
///
/// # Errors
/// [`Error::Shape`] unless `columns` is 1..=65536, `x` a whole number of rows and `multipliers` one
/// per column.
pub fn quantise(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	scheme: Scheme,
	multipliers: Option<&[f32]>,
	out: &mut Codes,
) -> Result<(), Error> {
	const OP: &str = "quantise";
	let rows = x.len() / columns.max(1);
	check_multipliers(OP, columns, multipliers)?;
	out.reshape(rows, columns, scheme.digits())?;
	length(OP, "x", rows * columns, x.len())?;
	let count = engine.rows_per_task(rows, columns);
	let tasks = out.tasks_mut(count).zip(x.par_chunks(count * columns));
	engine.for_each(tasks, |(rows, x)| {
		// Only the products with multipliers need a place.
		let room = if multipliers.is_some() { columns } else { 0 };
		scratch::with_row(room, |row| {
			engine.run(Rows { x, columns, scheme, multipliers, row, rows });
		});
	});
	Ok(())
}

pub(crate) fn check_multipliers(
	op: &'static str,
	columns: usize,
	multipliers: Option<&[f32]>,
) -> Result<(), Error> {
	multipliers.map_or(Ok(()), |m| length(op, "multipliers", columns, m.len()))
}

struct Rows<'a> {
	x: &'a [f32],
	columns: usize,
	scheme: Scheme,
	multipliers: Option<&'a [f32]>,
	row: &'a mut [f32],
	rows: RowsMut<'a>,
}

impl Kernel for Rows<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(mut self, _: D) {
		let stride = self.rows.stride;
		for (x, out) in self.x.chunks(self.columns).zip(self.rows.rows()) {
			match self.multipliers {
				None => quantise_row(x, self.scheme, stride, out),
				Some(multipliers) => {
					for ((y, &x), &m) in self.row.iter_mut().zip(x).zip(multipliers) {
						*y = canon(x * m);
					}
					quantise_row(self.row, self.scheme, stride, out);
				}
			}
		}
	}
}

/// x = CANON(x * m) for each element.
#[inline(always)]
pub(crate) fn multiply_row(x: &mut [f32], multipliers: Option<&[f32]>) {
	if let Some(multipliers) = multipliers {
		for (x, &m) in x.iter_mut().zip(multipliers) {
			*x = canon(*x * m);
		}
	}
}

/// Quantises one row of members of F.
#[inline(always)]
pub(crate) fn quantise_row(x: &[f32], scheme: Scheme, stride: usize, out: RowMut<'_>) {
	match scheme {
		Scheme::Symmetric(digits) => symmetric(x, digits, stride, out),
		Scheme::Asymmetric => asymmetric(x, out),
	}
}

/// |x * inverse| exceeds Q by two roundings at most, which RNE takes back: no code needs a limit.
#[inline(always)]
fn symmetric(x: &[f32], digits: Digits, stride: usize, out: RowMut<'_>) {
	let max = absmax(x);
	(*out.zero_point, *out.extent) = (0, max);
	if is_zero_row(max) {
		*out.scale = 0.0;
		out.digits.fill(ZERO);
		return;
	}
	let limit = digits.max_code() as f32;
	*out.scale = canon(max / limit);
	let inverse = limit / max;
	match digits {
		Digits::One => {
			for (byte, &x) in out.digits.iter_mut().zip(x) {
				*byte = rne(x * inverse).wrapping_add(OFFSET) as u8;
			}
		}
		Digits::Two => {
			let (high, low) = out.digits.split_at_mut(stride);
			for ((high, low), &x) in high.iter_mut().zip(low).zip(x) {
				// The low digit is (code + 128) mod 256 - 128, so its byte is code + 128.
				let code = rne(x * inverse).wrapping_add(OFFSET);
				*high = (code >> 8).wrapping_add(OFFSET) as u8;
				*low = code as u8;
			}
		}
	}
}

/// Half of the range of a row and zero, and the range's centre.
#[inline(always)]
pub(crate) fn window(x: &[f32]) -> (f32, f32) {
	// Integers that order like the values: an f32 comparison would keep the loop from vectors.
	let (mut high, mut low) = (0, 0);
	for &x in x {
		let key = signed_key(x.to_bits() as i32);
		high = high.max(key);
		low = low.min(key);
	}
	let value = |key: i32| f32::from_bits(signed_key(key) as u32);
	let (high, low) = (value(high), value(low));
	(canon((high - low) * 0.5), (high + low) * 0.5)
}

#[inline(always)]
fn asymmetric(x: &[f32], out: RowMut<'_>) {
	let (half_range, centre) = window(x);
	*out.extent = half_range;
	if is_zero_row(half_range) {
		(*out.scale, *out.zero_point) = (0.0, 0);
		out.digits.fill(ZERO);
		return;
	}
	let inverse = ONE_DIGIT as f32 / half_range;
	let zero = rne(centre * inverse).clamp(-ONE_DIGIT, ONE_DIGIT);
	*out.scale = canon(half_range / ONE_DIGIT as f32);
	*out.zero_point = zero as i8;
	for (byte, &x) in out.digits.iter_mut().zip(x) {
		let code = rne(x * inverse).max(zero - ONE_DIGIT).min(zero + ONE_DIGIT);
		*byte = (code - zero + OFFSET) as u8;
	}
}
