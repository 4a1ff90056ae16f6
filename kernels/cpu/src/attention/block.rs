//! The records of a tile's rows over one block.

use core::cell::Cell;

use assay_kernels_exact::{
	attention::{BLOCK, EMPTY},
	quantise::Digits,
};

use super::cache::{head_panels, Block, CacheShape};
use crate::{
	dot::{
		rows_at_once, Dot, Kernel, Operands, Sums, Tile, MAX_ROWS, OFFSET, PANEL, STEP, STEP_BYTES,
	},
	elementary::poly2,
	float::{exponent, limit, pow2, rne},
};

/// Scores are limited to +- this many powers of two.
const MAX_SCORE: f32 = 16_384.0;
/// Bytes from one digit of a row's weights to the next: a block, and a gap that keeps rows from
/// competing for the same places of the cache.
const WEIGHT_STRIDE: usize = BLOCK + 64;
/// A weight has 15 bits: two digits that are not negative.
const WEIGHT_DIGITS: usize = 2;

/// A row of a tile: one query head of one position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
	/// Visible positions of the sequence.
	pub(crate) from: usize,
	pub(crate) to: usize,
	/// s_q with the softmax constant.
	pub(crate) scale: f32,
}

/// M, R and L of one row over one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
	pub(crate) max_exponent: i32,
	pub(crate) max_weighted: i32,
	pub(crate) sum: i64,
}

impl Record {
	pub(crate) const EMPTY: Self = Self { max_exponent: EMPTY, max_weighted: EMPTY, sum: 0 };
}

/// Memory of one block's computation.
#[derive(Debug, Default)]
pub(crate) struct Space {
	/// Per row and position: q · k, then the fraction of the score.
	scores: Vec<f32>,
	/// Per row, digit and position: P.
	weights: Vec<u8>,
}

thread_local! {
	static SPACE: Cell<Space> = const { Cell::new(Space { scores: Vec::new(), weights: Vec::new() }) };
}

impl Space {
	/// Calls `f` with this thread's space for `rows` rows. It is taken, not borrowed, as in
	/// [`scratch`](crate::scratch).
	pub(crate) fn with<R>(rows: usize, f: impl FnOnce(&mut Self) -> R) -> R {
		let mut space = SPACE.take();
		if space.scores.len() < rows * BLOCK {
			space.scores.resize(rows * BLOCK, 0.0);
			space.weights.resize(rows * WEIGHT_DIGITS * WEIGHT_STRIDE, 0);
		}
		let result = f(&mut space);
		SPACE.set(space);
		result
	}
}

/// Computes the records of `rows` over one block.
pub(crate) struct Records<'a> {
	pub(crate) shape: CacheShape,
	pub(crate) block: &'a Block,
	/// Position of the sequence that the block starts with.
	pub(crate) start: usize,
	/// Query codes of the rows, laid out as in [`Codes`](crate::Codes).
	pub(crate) queries: &'a [u8],
	pub(crate) stride: usize,
	pub(crate) rows: &'a [Row],
	pub(crate) space: &'a mut Space,
	/// One per row.
	pub(crate) records: &'a mut [Record],
	/// O: per row, the channels padded to panels.
	pub(crate) outputs: &'a mut [i32],
}

impl Kernel for Records<'_> {
	type Output = ();

	#[inline(always)]
	fn run<D: Dot>(mut self, dot: D) {
		let visible = self.visible();
		self.multiply_keys(dot, visible.clone());
		for row in 0..self.rows.len() {
			self.weigh(row, visible.clone());
		}
		self.multiply_values(dot, visible);
	}
}

impl Records<'_> {
	/// The positions of the block that one row sees.
	#[inline(always)]
	fn visible_to(&self, row: usize) -> core::ops::Range<usize> {
		let Row { from, to, .. } = self.rows[row];
		let inside = |position: usize| position.saturating_sub(self.start).min(BLOCK);
		inside(from)..inside(to)
	}

	/// The positions of the block that some row sees.
	#[inline(always)]
	fn visible(&self) -> core::ops::Range<usize> {
		let (mut from, mut to) = (BLOCK, 0);
		for row in 0..self.rows.len() {
			let visible = self.visible_to(row);
			if !visible.is_empty() {
				from = from.min(visible.start);
				to = to.max(visible.end);
			}
		}
		from.min(to)..to
	}

	/// scores = (f32)(q · k) for the panels that hold visible positions.
	#[inline(always)]
	fn multiply_keys<D: Dot>(&mut self, dot: D, visible: core::ops::Range<usize>) {
		let CacheShape { head_dim, digits, .. } = self.shape;
		let mut sums: Sums = [[0; PANEL]; MAX_ROWS];
		for panel in visible.start / PANEL..visible.end.div_ceil(PANEL) {
			let positions = panel * PANEL..(panel + 1) * PANEL;
			let key_sums = &self.block.key_sums[positions.clone()];
			let mut row = 0;
			while row < self.rows.len() {
				let all = rows_at_once::<D>((self.rows.len() - row) * digits.count(), false);
				let count = all / digits.count();
				let codes = &self.queries[row * digits.count() * self.stride..];
				let operands = |digit| Operands {
					codes,
					stride: self.stride,
					panel: self.block.key_panel(head_dim, digit, panel),
					multipliers: None,
				};
				let scores = self.space.scores[row * BLOCK..].chunks_mut(BLOCK).take(count);
				let scores = scores.map(|scores| &mut scores[positions.clone()]);
				match digits {
					Digits::One => {
						dot.enter(Tile { rows: all, operands: operands(0), sums: &mut sums });
						for (scores, sums) in scores.zip(&sums) {
							for ((score, &sum), &keys) in scores.iter_mut().zip(sums).zip(key_sums)
							{
								*score = sum.wrapping_sub(OFFSET.wrapping_mul(keys)) as f32;
							}
						}
					}
					Digits::Two => {
						let mut low: Sums = [[0; PANEL]; MAX_ROWS];
						dot.enter(Tile { rows: all, operands: operands(0), sums: &mut sums });
						dot.enter(Tile { rows: all, operands: operands(1), sums: &mut low });
						for (i, scores) in scores.enumerate() {
							let (high, low) = (&sums[2 * i..2 * i + 2], &low[2 * i..2 * i + 2]);
							for (n, score) in scores.iter_mut().enumerate() {
								let digit = |sums: &[[i32; PANEL]], i: usize| i64::from(sums[i][n]);
								let total =
									(digit(high, 0) << 16)
										+ ((digit(high, 1) + digit(low, 0)) << 8)
										+ digit(low, 1) - 257
										* i64::from(OFFSET) * i64::from(key_sums[n]);
								*score = total as f32;
							}
						}
					}
				}
				row += count;
			}
		}
	}

	/// Turns the scores of a row into M, R, L and P; P is 0 for what others see and it does not.
	#[inline(always)]
	fn weigh(&mut self, row: usize, all: core::ops::Range<usize>) {
		let visible = self.visible_to(row);
		let weights = &mut self.space.weights[row * WEIGHT_DIGITS * WEIGHT_STRIDE..];
		let (high, low) = weights[..WEIGHT_DIGITS * WEIGHT_STRIDE].split_at_mut(WEIGHT_STRIDE);
		// The product with the values reads whole steps.
		let steps = all.start / STEP * STEP..all.end.next_multiple_of(STEP);
		if visible.is_empty() {
			high[steps.clone()].fill(0);
			low[steps].fill(0);
			self.records[row] = Record::EMPTY;
			return;
		}
		for digit in [&mut *high, &mut *low] {
			digit[steps.start..visible.start].fill(0);
			digit[visible.end..steps.end].fill(0);
		}
		let scores = &mut self.space.scores[row * BLOCK..(row + 1) * BLOCK][visible.clone()];
		let key_scales = &self.block.key_scales[visible.clone()];
		let value_scales = &self.block.value_scales[visible.clone()];
		let mut exponents = [0_i32; BLOCK];
		let exponents = &mut exponents[..scores.len()];
		let scale = self.rows[row].scale;

		let (mut max_exponent, mut max_weighted) = (i32::MIN, i32::MIN);
		for (((score, n), &key_scale), &value_scale) in
			scores.iter_mut().zip(&mut *exponents).zip(key_scales).zip(value_scales)
		{
			let z = limit((*score * scale) * key_scale, -MAX_SCORE, MAX_SCORE);
			*n = rne(z);
			*score = z - *n as f32;
			max_exponent = max_exponent.max(*n);
			max_weighted = max_weighted.max(n.wrapping_add(exponent(value_scale)));
		}

		let mut sum = 0_i64;
		let weights = high[visible.clone()].iter_mut().zip(&mut low[visible]);
		for (((&fraction, &n), &value_scale), (high, low)) in
			scores.iter().zip(&*exponents).zip(value_scales).zip(weights)
		{
			let mantissa = poly2(fraction);
			let mass = rne(mantissa * pow2(21)).wrapping_mul(256);
			let shift = max_exponent.wrapping_sub(n).min(31);
			sum = sum.wrapping_add(i64::from(mass >> shift));
			let shift = n.wrapping_sub(max_weighted).wrapping_add(13).clamp(-60, 60);
			let weight = rne((mantissa * value_scale) * pow2(shift));
			*high = (weight >> 8) as u8;
			*low = weight as u8;
		}
		self.records[row] = Record { max_exponent, max_weighted, sum };
	}

	/// O = sum of P * v, over the steps that hold visible positions.
	#[inline(always)]
	fn multiply_values<D: Dot>(&mut self, dot: D, visible: core::ops::Range<usize>) {
		let steps = visible.start / STEP..visible.end.div_ceil(STEP);
		let width = head_panels(self.shape.head_dim) * PANEL;
		let mut sums: Sums = [[0; PANEL]; MAX_ROWS];
		for panel in 0..head_panels(self.shape.head_dim) {
			let values = self.block.value_panel(panel);
			let values = &values[steps.start * STEP_BYTES..steps.end * STEP_BYTES];
			let mut row = 0;
			while row < self.rows.len() {
				let all = rows_at_once::<D>((self.rows.len() - row) * WEIGHT_DIGITS, false);
				let first = row * WEIGHT_DIGITS * WEIGHT_STRIDE + steps.start * STEP;
				let operands = Operands {
					codes: &self.space.weights[first..],
					stride: WEIGHT_STRIDE,
					panel: values,
					multipliers: None,
				};
				dot.enter(Tile { rows: all, operands, sums: &mut sums });
				for digits in sums[..all].chunks(WEIGHT_DIGITS) {
					let first = row * width + panel * PANEL;
					let outputs = &mut self.outputs[first..first + PANEL];
					for ((output, &high), &low) in
						outputs.iter_mut().zip(&digits[0]).zip(&digits[1])
					{
						*output = high.wrapping_mul(256).wrapping_add(low);
					}
					row += 1;
				}
			}
		}
	}
}
