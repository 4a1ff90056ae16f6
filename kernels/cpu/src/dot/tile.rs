//! A register block: some rows against one panel.

#![allow(unsafe_code, reason = "vector loads and stores through pointers")]

use assay_kernels_exact::quantise::GROUP;

use super::{Dot, Kernel, PANEL, STEP, STEP_BYTES};

/// Most rows of a block.
pub(crate) const MAX_ROWS: usize = 12;
/// Steps of a group of weights with one multiplier.
const GROUP_STEPS: usize = GROUP / STEP;
/// How far ahead of its use a panel is asked for when it is used by few rows and so comes from
/// memory; the processor's own prefetching stops at a page.
const PREFETCH_BYTES: usize = 4096;
/// Rows up to which a panel is asked for ahead.
const PREFETCH_ROWS: usize = 4;

/// Sums per row and output of a block.
pub(crate) type Sums = [[i32; PANEL]; MAX_ROWS];

/// Rows of codes and the steps of a panel that they are multiplied with.
#[derive(Clone, Copy)]
pub(crate) struct Operands<'a> {
	/// Codes; a row starts `stride` bytes after the one before.
	pub(crate) codes: &'a [u8],
	/// Bytes from row to row.
	pub(crate) stride: usize,
	/// Steps of the panel, [`STEP_BYTES`] each; the bytes of signed weights.
	pub(crate) panel: &'a [u8],
	/// The multipliers of the panel's groups, [`PANEL`] bytes per group, if it has any.
	pub(crate) multipliers: Option<&'a [u8]>,
}

/// The greatest block of at most `rows` rows that fits the registers; `grouped` sums need two sets.
#[inline(always)]
pub(crate) fn rows_at_once<D: Dot>(rows: usize, grouped: bool) -> usize {
	let most = rows.min(if grouped { D::ROWS / 2 } else { D::ROWS });
	match most {
		12.. => 12,
		8..=11 => 8,
		6 | 7 => 6,
		4 | 5 => 4,
		2 | 3 => 2,
		_ => 1,
	}
}

/// Computes the sums of `rows` rows, a number that [`rows_at_once`] gave.
///
/// Each sum is that of all steps, or with multipliers that of the groups' sums times multiplier, in
/// 32 bits. Codes and weights of one byte keep it below 2^31 for 65536 inputs, or 64 groups.
pub(crate) struct Tile<'a> {
	pub(crate) rows: usize,
	pub(crate) operands: Operands<'a>,
	pub(crate) sums: &'a mut Sums,
}

impl Kernel for Tile<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(self, dot: D) {
		match (self.rows, self.operands.multipliers) {
			(12, None) => plain::<D, 12>(dot, &self.operands, self.sums),
			(8, None) => plain::<D, 8>(dot, &self.operands, self.sums),
			(6, None) => plain::<D, 6>(dot, &self.operands, self.sums),
			(4, None) => plain::<D, 4>(dot, &self.operands, self.sums),
			(2, None) => plain::<D, 2>(dot, &self.operands, self.sums),
			(1, None) => plain::<D, 1>(dot, &self.operands, self.sums),
			(6, Some(m)) => grouped::<D, 6>(dot, &self.operands, m, self.sums),
			(4, Some(m)) => grouped::<D, 4>(dot, &self.operands, m, self.sums),
			(2, Some(m)) => grouped::<D, 2>(dot, &self.operands, m, self.sums),
			(1, Some(m)) => grouped::<D, 1>(dot, &self.operands, m, self.sums),
			(rows, _) => unreachable!("no block has {rows} rows"),
		}
	}
}

impl Operands<'_> {
	fn steps(&self) -> usize {
		self.panel.len() / STEP_BYTES
	}

	/// Panics unless `rows` rows of codes and all multipliers are there.
	#[inline(always)]
	fn check(&self, rows: usize) {
		assert!(self.codes.len() >= (rows - 1) * self.stride + self.steps() * STEP);
		let groups = self.steps().div_ceil(GROUP_STEPS);
		assert!(self.multipliers.is_none_or(|m| m.len() >= groups * PANEL));
	}
}

#[inline(always)]
fn plain<D: Dot, const R: usize>(dot: D, operands: &Operands<'_>, out: &mut Sums) {
	operands.check(R);
	for first in (0..PANEL).step_by(2 * D::LANES) {
		// SAFETY: `check` saw R rows of `steps` codes; the panel holds `steps` steps and `first` is
		// a multiple of two vectors inside one.
		unsafe {
			let sums = steps::<D, R>(dot, operands, 0, operands.steps(), first);
			store(dot, &sums, first, out);
		}
	}
}

#[inline(always)]
fn grouped<D: Dot, const R: usize>(
	dot: D,
	operands: &Operands<'_>,
	multipliers: &[u8],
	out: &mut Sums,
) {
	operands.check(R);
	for first in (0..PANEL).step_by(2 * D::LANES) {
		let mut totals = [[dot.zero(); 2]; R];
		for (group, from) in (0..operands.steps()).step_by(GROUP_STEPS).enumerate() {
			let to = operands.steps().min(from + GROUP_STEPS);
			// SAFETY: as in `plain`; `check` saw a multiplier per group and output.
			unsafe {
				let sums = steps::<D, R>(dot, operands, from, to, first);
				let multipliers = multipliers.as_ptr().add(group * PANEL + first);
				for (total, sum) in totals.iter_mut().zip(sums) {
					total[0] = dot.add_multiplied(total[0], sum[0], multipliers);
					total[1] = dot.add_multiplied(total[1], sum[1], multipliers.add(D::LANES));
				}
			}
		}
		// SAFETY: `first` is a multiple of two vectors inside a row of `out`.
		unsafe { store(dot, &totals, first, out) }
	}
}

/// The sums of the steps `from..to` for the outputs `first..first + 2 * LANES`.
///
/// # Safety
/// R rows of `to` steps of codes and `to` steps of the panel are readable; `first` is a multiple of
/// 2 * `LANES` below [`PANEL`].
#[inline(always)]
unsafe fn steps<D: Dot, const R: usize>(
	dot: D,
	operands: &Operands<'_>,
	from: usize,
	to: usize,
	first: usize,
) -> [[D::Sum; 2]; R] {
	let mut sums = [[dot.zero(); 2]; R];
	let mut weights =
		operands.panel.as_ptr().cast::<i8>().wrapping_add(from * STEP_BYTES + first * STEP);
	let mut codes = operands.codes.as_ptr().wrapping_add(from * STEP);
	for _ in from..to {
		if R <= PREFETCH_ROWS {
			dot.prefetch(weights.wrapping_add(PREFETCH_BYTES));
			dot.prefetch(weights.wrapping_add(PREFETCH_BYTES + D::LANES * STEP));
		}
		// SAFETY: both vectors lie in this step of the panel.
		let (w0, w1) =
			unsafe { (dot.weights(weights), dot.weights(weights.wrapping_add(D::LANES * STEP))) };
		for (row, sum) in sums.iter_mut().enumerate() {
			// SAFETY: the row has a code for each of its steps.
			let codes = unsafe { dot.codes(codes.wrapping_add(row * operands.stride)) };
			sum[0] = dot.add(sum[0], codes, w0);
			sum[1] = dot.add(sum[1], codes, w1);
		}
		weights = weights.wrapping_add(STEP_BYTES);
		codes = codes.wrapping_add(STEP);
	}
	sums
}

/// # Safety
/// `first` is a multiple of 2 * `LANES` below [`PANEL`].
#[inline(always)]
unsafe fn store<D: Dot, const R: usize>(
	dot: D,
	sums: &[[D::Sum; 2]; R],
	first: usize,
	out: &mut Sums,
) {
	for (row, sum) in out.iter_mut().zip(sums) {
		let at = row.as_mut_ptr().wrapping_add(first);
		// SAFETY: two vectors from `first` lie inside the row.
		unsafe {
			dot.store(sum[0], at);
			dot.store(sum[1], at.wrapping_add(D::LANES));
		}
	}
}
