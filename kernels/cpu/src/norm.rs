//! RMS, layer and L2 normalisation of rows, alone or with the quantisation that follows (SPEC 9).

use assay_kernels_exact::{float::is_zero_row, MAX_K};
use rayon::prelude::*;

use crate::{
	codes::RowsMut,
	dot::{Dot, Kernel},
	error::{length, range},
	float::{absmax, canon, pow2, rne},
	quantise::{check_multipliers, multiply_row, quantise_row, Scheme},
	scratch, Codes, Engine, Error,
};

const OP: &str = "norm";
/// 2^21: the fixed-point value of a row's maximum.
const ONE: f32 = 2_097_152.0;
/// 2^-60: epsilons below are raised to it.
const MIN_EPSILON: f32 = f32::from_bits(0x2180_0000);

/// A normalisation of rows.
#[derive(Clone, Copy, Debug)]
pub enum Norm<'a> {
	/// CANON((x * r) * gain).
	Rms {
		/// One factor per channel.
		gain: &'a [f32],
		/// Added under the root; at least 2^-60.
		eps: f32,
	},
	/// CANON((((x - mean) * r) * gain) + bias).
	Layer {
		/// One factor per channel.
		gain: &'a [f32],
		/// One addend per channel.
		bias: &'a [f32],
		/// Added under the root; at least 2^-60.
		eps: f32,
	},
	/// CANON(x / norm); zeros for a row that is nearly zero.
	L2,
}

impl Norm<'_> {
	fn check(&self, columns: usize) -> Result<(), Error> {
		range(OP, "K", (1, MAX_K), columns)?;
		match self {
			Self::Rms { gain, .. } => length(OP, "gain", columns, gain.len()),
			Self::Layer { gain, bias, .. } => {
				length(OP, "gain", columns, gain.len())?;
				length(OP, "bias", columns, bias.len())
			}
			Self::L2 => Ok(()),
		}
	}

	/// How many numbers the statistics of a row are.
	pub const fn statistics(&self) -> usize {
		match self {
			Self::Rms { .. } | Self::L2 => 1,
			Self::Layer { .. } => 2,
		}
	}

	/// Normalises one row of members of F into `out`.
	#[inline(always)]
	pub(crate) fn row(&self, x: &[f32], out: &mut [f32]) {
		match *self {
			Self::Rms { gain, eps } => rms_elements(x, rms(x, eps), gain, out),
			Self::Layer { gain, bias, eps } => layer_elements(x, layer(x, eps), gain, bias, out),
			Self::L2 => l2_elements(x, l2(x), out),
		}
	}
}

/// Normalises the rows of `columns` elements of `x` into `out`.
///
/// # Errors
/// [`Error::Shape`] unless `columns` is 1..=65536, gain and bias have one element per column, and
/// `x` and `out` are the same whole number of rows.
pub fn norm(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	norm: Norm<'_>,
	out: &mut [f32],
) -> Result<(), Error> {
	norm.check(columns)?;
	length(OP, "x", x.len() / columns * columns, x.len())?;
	length(OP, "out", x.len(), out.len())?;
	let count = engine.rows_per_task(x.len() / columns, columns) * columns;
	let tasks = out.par_chunks_mut(count).zip(x.par_chunks(count));
	engine.for_each(tasks, |(out, x)| engine.run(Rows { norm, columns, x, out }));
	Ok(())
}

/// Normalises the rows of `x` and quantises the results, as [`norm`] and
/// [`quantise`](crate::quantise::quantise) would one after the other.
///
/// # Errors
/// As both.
pub fn norm_quantise(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	norm: Norm<'_>,
	scheme: Scheme,
	multipliers: Option<&[f32]>,
	out: &mut Codes,
) -> Result<(), Error> {
	norm.check(columns)?;
	check_multipliers(OP, columns, multipliers)?;
	let rows = x.len() / columns;
	length(OP, "x", rows * columns, x.len())?;
	out.reshape(rows, columns, scheme.digits())?;
	let count = engine.rows_per_task(rows, columns);
	let tasks = out.tasks_mut(count).zip(x.par_chunks(count * columns));
	engine.for_each(tasks, |(rows, x)| {
		scratch::with_row(columns, |row| {
			engine.run(QuantisedRows { norm, scheme, multipliers, x, row, rows });
		});
	});
	Ok(())
}

/// Statistics of the rows of `columns` elements of `x`, [row][statistic]: r of the root mean square; mean
/// and r of a layer norm; the length.
///
/// # Errors
/// As [`norm`].
pub fn norm_statistics(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	norm: Norm<'_>,
) -> Result<Vec<f32>, Error> {
	norm.check(columns)?;
	length(OP, "x", x.len() / columns * columns, x.len())?;
	let rows = engine.rows_per_task(x.len() / columns, columns);
	let mut out = vec![0.0; x.len() / columns * norm.statistics()];
	let tasks = out.par_chunks_mut(rows * norm.statistics()).zip(x.par_chunks(rows * columns));
	engine.for_each(tasks, |(out, x)| engine.run(Statistics { norm, columns, x, out }));
	Ok(out)
}

struct Statistics<'a> {
	norm: Norm<'a>,
	columns: usize,
	x: &'a [f32],
	out: &'a mut [f32],
}

impl Kernel for Statistics<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		let rows = self.x.chunks(self.columns).zip(self.out.chunks_mut(self.norm.statistics()));
		for (x, out) in rows {
			match (self.norm, out) {
				(Norm::Rms { eps, .. }, [r]) => *r = rms(x, eps),
				(Norm::Layer { eps, .. }, [mean, r]) => (*mean, *r) = layer(x, eps),
				(Norm::L2, [norm]) => *norm = l2(x),
				// As many as there are statistics.
				_ => {}
			}
		}
	}
}

struct Rows<'a> {
	norm: Norm<'a>,
	columns: usize,
	x: &'a [f32],
	out: &'a mut [f32],
}

impl Kernel for Rows<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		for (x, out) in self.x.chunks(self.columns).zip(self.out.chunks_mut(self.columns)) {
			self.norm.row(x, out);
		}
	}
}

struct QuantisedRows<'a> {
	norm: Norm<'a>,
	scheme: Scheme,
	multipliers: Option<&'a [f32]>,
	x: &'a [f32],
	row: &'a mut [f32],
	rows: RowsMut<'a>,
}

impl Kernel for QuantisedRows<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(mut self, _: D) {
		let stride = self.rows.stride;
		for (x, out) in self.x.chunks(self.row.len()).zip(self.rows.rows()) {
			self.norm.row(x, self.row);
			multiply_row(self.row, self.multipliers);
			quantise_row(self.row, self.scheme, stride, out);
		}
	}
}

/// The factor to fixed point and the unit of FIXED; both zero for a zero row.
#[inline(always)]
fn fixed(x: &[f32]) -> (f32, f32) {
	let max = absmax(x);
	if is_zero_row(max) {
		return (0.0, 0.0);
	}
	(ONE / max, max * pow2(-21))
}

#[inline(always)]
fn sum_of_squares(x: &[f32], inverse: f32) -> i64 {
	let mut sum = 0_i64;
	for &x in x {
		let t = i64::from(rne(x * inverse));
		sum = sum.wrapping_add(t.wrapping_mul(t));
	}
	sum
}

#[inline(always)]
fn epsilon(eps: f32) -> f32 {
	let eps = canon(eps);
	if eps < MIN_EPSILON {
		MIN_EPSILON
	} else {
		eps
	}
}

/// Reciprocal root of the mean square.
#[inline(always)]
pub(crate) fn rms(x: &[f32], eps: f32) -> f32 {
	let (inverse, u) = fixed(x);
	let mean_square = (sum_of_squares(x, inverse) as f32 / x.len() as f32) * (u * u);
	canon(1.0 / (mean_square + epsilon(eps)).sqrt())
}

#[inline(always)]
pub(crate) fn rms_elements(x: &[f32], r: f32, gain: &[f32], out: &mut [f32]) {
	for ((y, &x), &g) in out.iter_mut().zip(x).zip(gain) {
		*y = canon((x * r) * g);
	}
}

/// Mean and reciprocal deviation.
#[inline(always)]
pub(crate) fn layer(x: &[f32], eps: f32) -> (f32, f32) {
	let (inverse, u) = fixed(x);
	let mut sum = 0_i64;
	for &x in x {
		sum = sum.wrapping_add(i64::from(rne(x * inverse)));
	}
	let count = x.len() as i64;
	let mean = sum / count;
	let rest = sum - count * mean;
	let whole = mean as i32;
	let mut squares = 0_i64;
	for &x in x {
		let t = i64::from(rne(x * inverse).wrapping_sub(whole));
		squares = squares.wrapping_add(t.wrapping_mul(t));
	}
	let count = x.len() as f32;
	let delta = rest as f32 / count;
	let variance = (squares as f32 / count) - (delta * delta);
	let r = canon(1.0 / ((variance * (u * u)) + epsilon(eps)).sqrt());
	(canon((mean as f32 + delta) * u), r)
}

#[inline(always)]
pub(crate) fn layer_elements(
	x: &[f32],
	(mean, r): (f32, f32),
	gain: &[f32],
	bias: &[f32],
	out: &mut [f32],
) {
	for (((y, &x), &g), &b) in out.iter_mut().zip(x).zip(gain).zip(bias) {
		*y = canon((((x - mean) * r) * g) + b);
	}
}

/// Euclidean length.
#[inline(always)]
pub(crate) fn l2(x: &[f32]) -> f32 {
	let (inverse, u) = fixed(x);
	canon((sum_of_squares(x, inverse) as f32).sqrt() * u)
}

#[inline(always)]
pub(crate) fn l2_elements(x: &[f32], norm: f32, out: &mut [f32]) {
	if is_zero_row(norm) {
		return out.fill(0.0);
	}
	for (y, &x) in out.iter_mut().zip(x) {
		*y = canon(x / norm);
	}
}
