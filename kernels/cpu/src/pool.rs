//! Mean pooling of the positions of sequences (SPEC 12).

use assay_kernels_exact::{float::is_zero_row, pool::MAX_POSITIONS, tile::POOL_TILE, MAX_K};
use rayon::prelude::*;

use crate::{
	dot::{Dot, Kernel},
	error::{length, range},
	float::{canon, mag, pow2, rne},
	Engine, Error,
};

const OP: &str = "mean pool";
/// 2^21: the fixed-point value of a channel's maximum.
const ONE: f32 = 2_097_152.0;
/// Channels whose maxima and sums are at hand together.
pub(crate) const CHANNELS: usize = 64;

/// Means over the rows of each sequence, channel by channel. `x` holds the rows of all sequences one
/// after the other, `positions` how many each has, `out` one row per sequence.
///
/// # Errors
/// [`Error::Shape`] unless `columns` is 1..=65536, every sequence has 1..=2^18 positions, and `x` and
/// `out` hold what these say.
pub fn mean_pool(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	positions: &[usize],
	out: &mut [f32],
) -> Result<(), Error> {
	range(OP, "columns", (1, MAX_K), columns)?;
	let mut sequences = Vec::with_capacity(positions.len());
	let mut rest = x;
	for &count in positions {
		range(OP, "positions", (1, MAX_POSITIONS), count)?;
		let (sequence, others) = rest
			.split_at_checked(count * columns)
			.ok_or_else(|| too_short(positions, columns, x))?;
		sequences.push(sequence);
		rest = others;
	}
	length(OP, "x", x.len() - rest.len(), x.len())?;
	length(OP, "out", positions.len() * columns, out.len())?;
	let tasks = out.par_chunks_mut(columns).zip(sequences);
	engine.for_each(tasks, |(out, x)| engine.run(Sequence { x, columns, out }));
	Ok(())
}

/// What [`mean_pool`] computes of one sequence on the way: rows of the tree over its positions, level by
/// level, the first level being that of 16 positions each. Greatest magnitudes, and sums in fixed point.
///
/// # Errors
/// As [`mean_pool`].
pub fn pool_levels(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
) -> Result<(Vec<f32>, Vec<i64>), Error> {
	range(OP, "columns", (1, MAX_K), columns)?;
	range(OP, "positions", (1, MAX_POSITIONS), x.len() / columns)?;
	length(OP, "x", x.len() / columns * columns, x.len())?;
	let greater = |most: f32, x: f32| f32::from_bits(most.to_bits().max(x.to_bits()));
	let maxima = levels(engine, x, columns, |_, &x| f32::from_bits(mag(x)), greater);
	let most = &maxima[maxima.len() - columns..];
	let inverse = |&a: &f32| if is_zero_row(a) { 0.0 } else { ONE / a };
	let inverses: Vec<f32> = most.iter().map(inverse).collect();
	let fixed = |column: usize, x: &f32| i64::from(rne(x * inverses[column]));
	let sums = levels(engine, x, columns, fixed, |sum: i64, part| sum.wrapping_add(part));
	Ok((maxima, sums))
}

/// Rows of all levels: each joins elements of 16 rows below it, those of the first level as `of` a column
/// and an element of `x`. Joining with the default changes nothing.
fn levels<T: Copy + Default + Send + Sync>(
	engine: Engine<'_>,
	x: &[f32],
	columns: usize,
	of: impl Fn(usize, &f32) -> T + Sync,
	join: impl Fn(T, T) -> T + Sync,
) -> Vec<T> {
	let span = POOL_TILE.0 * columns;
	let mut rows = vec![T::default(); x.len().div_ceil(span) * columns];
	engine.for_each(rows.par_chunks_mut(columns).zip(x.par_chunks(span)), |(out, x)| {
		for x in x.chunks(columns) {
			for (column, (out, x)) in out.iter_mut().zip(x).enumerate() {
				*out = join(*out, of(column, x));
			}
		}
	});
	let mut start = 0;
	while rows.len() - start > columns {
		let end = rows.len();
		for from in (start..end).step_by(span) {
			let mut row = vec![T::default(); columns];
			for below in rows[from..end.min(from + span)].chunks(columns) {
				row.iter_mut().zip(below).for_each(|(out, &below)| *out = join(*out, below));
			}
			rows.extend(row);
		}
		start = end;
	}
	rows
}

fn too_short(positions: &[usize], columns: usize, x: &[f32]) -> Error {
	let expected = positions.iter().fold(0_usize, |sum, &n| sum.saturating_add(n * columns));
	assay_kernels_exact::Error::Length { op: OP, operand: "x", expected, got: x.len() }.into()
}

struct Sequence<'a> {
	x: &'a [f32],
	columns: usize,
	out: &'a mut [f32],
}

impl Kernel for Sequence<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, _: D) {
		let positions = (self.x.len() / self.columns) as f32;
		for (index, out) in self.out.chunks_mut(CHANNELS).enumerate() {
			let first = index * CHANNELS;
			let channels = Channels { x: self.x, columns: self.columns, first, count: out.len() };
			let maxima = channels.maxima();
			let sums = channels.sums(&maxima);
			for ((y, sum), max) in out.iter_mut().zip(sums).zip(maxima) {
				*y = mean(sum, max, positions);
			}
		}
	}
}

/// Some channels of the rows of a sequence, at most [`CHANNELS`].
#[derive(Clone, Copy)]
pub(crate) struct Channels<'a> {
	pub(crate) x: &'a [f32],
	pub(crate) columns: usize,
	pub(crate) first: usize,
	pub(crate) count: usize,
}

impl Channels<'_> {
	/// The greatest magnitude of each.
	#[inline(always)]
	pub(crate) fn maxima(&self) -> [f32; CHANNELS] {
		let mut maxima = [0_u32; CHANNELS];
		for row in self.x.chunks(self.columns) {
			for (max, &x) in maxima.iter_mut().zip(&row[self.first..self.first + self.count]) {
				*max = (*max).max(mag(x));
			}
		}
		maxima.map(f32::from_bits)
	}

	/// The fixed-point sum of each.
	#[inline(always)]
	pub(crate) fn sums(&self, maxima: &[f32; CHANNELS]) -> [i64; CHANNELS] {
		let inverses = maxima.map(|a| if is_zero_row(a) { 0.0 } else { ONE / a });
		let mut sums = [0_i64; CHANNELS];
		for row in self.x.chunks(self.columns) {
			let row = &row[self.first..self.first + self.count];
			for ((sum, &x), inverse) in sums.iter_mut().zip(row).zip(inverses) {
				*sum = sum.wrapping_add(i64::from(rne(x * inverse)));
			}
		}
		sums
	}
}

/// The mean of a channel from its fixed-point sum.
#[inline(always)]
pub(crate) fn mean(sum: i64, max: f32, positions: f32) -> f32 {
	if is_zero_row(max) {
		0.0
	} else {
		canon((sum as f32 * (max * pow2(-21))) / positions)
	}
}
