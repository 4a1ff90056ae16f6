//! The outputs of some rows for one panel: exact sums, then scales and bias.

use super::{Linear, GROUPED_INPUTS};
use crate::{
	codes::Codes,
	dot::{Dot, Operands, Sums, Tile, MAX_ROWS, OFFSET, PANEL, STEP, STEP_BYTES},
	float::canon,
};

/// Steps of [`GROUPED_INPUTS`].
const GROUPED_STEPS: usize = GROUPED_INPUTS / STEP;

/// Which outputs a block computes.
#[derive(Clone, Copy)]
pub(super) struct Place {
	pub(super) row: usize,
	pub(super) rows: usize,
	pub(super) panel: usize,
}

impl Linear {
	/// The outputs of some rows for the outputs of one panel; beyond the last output, zeros.
	#[inline(always)]
	pub(super) fn outputs<D: Dot>(
		&self,
		dot: D,
		input: &Codes,
		place: Place,
		sums: &mut Sums,
		totals: &mut [[i64; PANEL]; MAX_ROWS],
		y: &mut [[f32; PANEL]; MAX_ROWS],
	) {
		let outputs = place.panel * PANEL..(place.panel + 1) * PANEL;
		let rows = place.row..place.row + place.rows;
		let scales = &self.scales[outputs.clone()];
		let bias = self.bias.as_ref().map(|bias| &bias[outputs.clone()]);
		let weight_sums = &self.sums[outputs];
		let (input_digits, stride) = (input.digits().count(), input.stride());
		let codes = input.bytes_from(place.row);

		if input_digits == 1 && self.shape.is_one_digit() && !self.shape.grouped {
			let panel = self.panel(place.panel, 0);
			let operands = Operands { codes, stride, panel, multipliers: None };
			dot.enter(Tile { rows: place.rows, operands, sums });
			for (i, row) in rows.enumerate() {
				let offset = i32::from(input.zero_points()[row]) - OFFSET;
				let scale = input.scales()[row];
				for (((y, &sum), &weights), &s) in
					y[i].iter_mut().zip(&sums[i]).zip(weight_sums).zip(scales)
				{
					let acc = sum.wrapping_add(offset.wrapping_mul(weights as i32));
					*y = (acc as f32 * scale) * s;
				}
				canonical(&mut y[i], bias);
			}
			return;
		}

		self.total(dot, &Rows { codes, stride, digits: input_digits }, place, sums, totals);
		for (i, row) in rows.enumerate() {
			// A row of two digits was too large by 128 in each of them.
			let offset = if input_digits == 2 { 257 } else { 1 } * i64::from(OFFSET);
			let offset = i64::from(input.zero_points()[row]) - offset;
			let scale = input.scales()[row];
			for (((y, &total), &weights), &s) in
				y[i].iter_mut().zip(&totals[i]).zip(weight_sums).zip(scales)
			{
				let acc = total.wrapping_add(offset.wrapping_mul(weights));
				*y = (acc as f32 * scale) * s;
			}
			canonical(&mut y[i], bias);
		}
	}

	/// The exact sums over all digits and groups, in 64 bits.
	#[inline(always)]
	fn total<D: Dot>(
		&self,
		dot: D,
		rows: &Rows<'_>,
		place: Place,
		sums: &mut Sums,
		totals: &mut [[i64; PANEL]; MAX_ROWS],
	) {
		totals[..place.rows].fill([0; PANEL]);
		let weight_digits = self.shape.digits.count();
		let multipliers = self.panel_multipliers(place.panel);
		let chunk = if self.shape.grouped { GROUPED_STEPS } else { self.shape.steps() };
		for digit in 0..weight_digits {
			let panel = self.panel(place.panel, digit);
			for (index, panel) in panel.chunks(chunk * STEP_BYTES).enumerate() {
				let groups = index * (GROUPED_INPUTS / super::GROUP) * PANEL;
				let operands = Operands {
					codes: &rows.codes[index * chunk * STEP..],
					stride: rows.stride,
					panel,
					multipliers: multipliers.map(|m| &m[groups..]),
				};
				dot.enter(Tile { rows: place.rows * rows.digits, operands, sums });
				for (i, sums) in sums[..place.rows * rows.digits].iter().enumerate() {
					let low = (weight_digits - 1 - digit) + (rows.digits - 1 - i % rows.digits);
					for (total, &sum) in totals[i / rows.digits].iter_mut().zip(sums) {
						*total = total.wrapping_add(i64::from(sum) << (8 * low));
					}
				}
			}
		}
	}
}

/// Codes from a block's first row on.
struct Rows<'a> {
	codes: &'a [u8],
	stride: usize,
	digits: usize,
}

/// Adds the bias, if there is one, and applies CANON.
#[inline(always)]
fn canonical(y: &mut [f32; PANEL], bias: Option<&[f32]>) {
	match bias {
		None => {
			for y in y {
				*y = canon(*y);
			}
		}
		Some(bias) => {
			for (y, &b) in y.iter_mut().zip(bias) {
				*y = canon(*y + b);
			}
		}
	}
}
