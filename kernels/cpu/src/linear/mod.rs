//! Linear layers (SPEC 8): packed weights, products with rows of codes, and what follows a product.

mod block;
mod multiply;
mod pack;
mod table;

pub use multiply::{gated, Epilogue};
pub use pack::{Packer, Shape, WeightCode};

use assay_kernels_exact::quantise::{Digits, GROUP};

use crate::{
	bytes::Bytes,
	dot::{PANEL, STEP, STEP_BYTES},
};

/// Inputs whose groups' sums, times multiplier, fit 32 bits together.
const GROUPED_INPUTS: usize = 4096;

// u8 * i8 per input, times the greatest multiplier.
const _: () = assert!(255 * 128 * 16 * GROUPED_INPUTS as i64 <= i32::MAX as i64);
const _: () = assert!(255 * 128 * assay_kernels_exact::MAX_K as i64 <= i32::MAX as i64);
const _: () = assert!(GROUPED_INPUTS.is_multiple_of(GROUP));

/// A weight matrix in panels, made by a [`Packer`]; the only copy of the weights that is needed.
///
/// Outputs are padded to a multiple of 32 and inputs to one of 4 by zeros, and each output has its
/// sum of weights: beyond 320 outputs and 320 inputs that is below 5 % of the codes.
#[derive(Debug)]
pub struct Linear {
	shape: Shape,
	/// Per panel: per digit, the high one first: the steps.
	panels: Bytes,
	/// Sum of multiplier * weight over the inputs, per output.
	sums: Vec<i64>,
	/// Per output, as `bias`; padded like the outputs.
	scales: Vec<f32>,
	bias: Option<Vec<f32>>,
	/// Per panel: per group: [`PANEL`] multipliers.
	multipliers: Option<Vec<u8>>,
}

impl Linear {
	/// What was packed.
	pub fn shape(&self) -> Shape {
		self.shape
	}

	/// Value of one code step, one per output.
	pub fn scales(&self) -> &[f32] {
		&self.scales[..self.shape.outputs]
	}

	/// Bytes of memory.
	pub fn memory(&self) -> usize {
		let f32s = self.scales.len() + self.bias.as_ref().map_or(0, Vec::len);
		self.panels.as_slice().len()
			+ self.sums.len() * size_of::<i64>()
			+ f32s * size_of::<f32>()
			+ self.multipliers.as_ref().map_or(0, Vec::len)
	}

	/// The steps of one digit of a panel, 0 being the high digit of two.
	fn panel(&self, panel: usize, digit: usize) -> &[u8] {
		let size = self.shape.steps() * STEP_BYTES;
		let index = panel * self.shape.digits.count() + digit;
		&self.panels.as_slice()[index * size..(index + 1) * size]
	}

	/// The multipliers of a panel.
	fn panel_multipliers(&self, panel: usize) -> Option<&[u8]> {
		let size = self.shape.groups() * PANEL;
		self.multipliers.as_ref().map(|m| &m[panel * size..(panel + 1) * size])
	}
}

impl Shape {
	/// Bytes of memory that the packed matrix takes.
	pub fn memory(&self) -> usize {
		let padded = self.panels() * PANEL;
		let f32s = 1 + usize::from(self.biased);
		let multipliers = if self.grouped { self.groups() } else { 0 };
		self.panel_bytes() + padded * (size_of::<i64>() + f32s * size_of::<f32>() + multipliers)
	}

	fn panel_bytes(&self) -> usize {
		self.panels() * self.digits.count() * self.steps() * STEP_BYTES
	}

	fn steps(&self) -> usize {
		self.inputs.div_ceil(STEP)
	}

	fn groups(&self) -> usize {
		self.inputs.div_ceil(GROUP)
	}

	fn panels(&self) -> usize {
		self.outputs.div_ceil(PANEL)
	}

	fn is_one_digit(&self) -> bool {
		self.digits == Digits::One
	}
}
