//! From rows of weight codes to panels.

use assay_kernels_exact::{
	float::canon,
	linear::Weights,
	quantise::{group_multiplier, group_multipliers_len, Code, Digits, GROUP},
	MAX_K,
};

use super::Linear;
use crate::{
	bytes::Bytes,
	dot::{PANEL, STEP, STEP_BYTES},
	error::{length, range},
	Error,
};

const OP: &str = "pack linear";
/// Most outputs of a matrix.
const MAX_OUTPUTS: usize = 1 << 24;

/// What a weight matrix is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
	/// K: codes of a row.
	pub inputs: usize,
	/// N: rows.
	pub outputs: usize,
	/// Digits of a code.
	pub digits: Digits,
	/// Whether each group of 64 inputs has a multiplier.
	pub grouped: bool,
	/// Whether each output has an addend.
	pub biased: bool,
}

/// A stored weight code: `i8` of one digit, `i16` of two.
pub trait WeightCode: Code {
	/// How many digits it has.
	const DIGITS: Digits;

	/// Its digits, the high one first; only the second of one digit means anything.
	fn split(self) -> [i8; 2];
}

impl WeightCode for i8 {
	const DIGITS: Digits = Digits::One;

	fn split(self) -> [i8; 2] {
		[0, self]
	}
}

impl WeightCode for i16 {
	const DIGITS: Digits = Digits::Two;

	fn split(self) -> [i8; 2] {
		let (high, low) = Digits::split(self);
		[high, low]
	}
}

/// Takes the rows of a matrix in order, some at a time, so that a file of weights can be packed
/// without a second copy of it in memory.
#[derive(Debug)]
pub struct Packer {
	linear: Linear,
	packed: usize,
}

impl Packer {
	/// A matrix whose rows are still to come.
	///
	/// # Errors
	/// [`Error::Shape`] unless there are 1..=65536 inputs and 1..=2^24 outputs.
	pub fn new(shape: Shape) -> Result<Self, Error> {
		range(OP, "K", (1, MAX_K), shape.inputs)?;
		range(OP, "outputs", (1, MAX_OUTPUTS), shape.outputs)?;
		let padded = shape.panels() * PANEL;
		let groups = shape.groups() * padded;
		let linear = Linear {
			shape,
			panels: Bytes::zeroed(shape.panel_bytes()),
			sums: vec![0; padded],
			scales: vec![0.0; padded],
			bias: shape.biased.then(|| vec![0.0; padded]),
			multipliers: shape.grouped.then(|| vec![1; groups]),
		};
		Ok(Self { linear, packed: 0 })
	}

	/// Packs the next rows. Scales and bias pass through CANON.
	///
	/// # Errors
	/// [`Error::Shape`] when the operands do not fit the shape or there are more rows than outputs.
	pub fn push<W: WeightCode>(&mut self, rows: &Weights<'_, W>) -> Result<(), Error> {
		let shape = self.linear.shape;
		let count = rows.scales.len();
		range(OP, "rows", (0, shape.outputs - self.packed), count)?;
		length(OP, "digits", shape.digits.count(), W::DIGITS.count())?;
		length(OP, "weights", count * shape.inputs, rows.codes.len())?;
		let group_bytes = if shape.grouped { group_multipliers_len(shape.inputs) } else { 0 };
		let groups = rows.groups.unwrap_or(&[]);
		length(OP, "group multipliers", count * group_bytes, groups.len())?;
		let bias = rows.bias.unwrap_or(&[]);
		length(OP, "bias", if shape.biased { count } else { 0 }, bias.len())?;
		for (row, codes) in rows.codes.chunks(shape.inputs).enumerate() {
			let output = self.packed + row;
			self.linear.scales[output] = canon(rows.scales[row]);
			if let Some(all) = &mut self.linear.bias {
				all[output] = canon(bias[row]);
			}
			let groups = &groups[row * group_bytes..(row + 1) * group_bytes];
			self.linear.pack_row(output, codes, groups);
		}
		self.packed += count;
		Ok(())
	}

	/// The matrix.
	///
	/// # Errors
	/// [`Error::Shape`] when rows are missing.
	pub fn finish(self) -> Result<Linear, Error> {
		length(OP, "rows", self.linear.shape.outputs, self.packed)?;
		Ok(self.linear)
	}
}

impl Linear {
	/// Packs a whole matrix.
	///
	/// # Errors
	/// As [`Packer::new`] and [`Packer::push`].
	pub fn pack<W: WeightCode>(inputs: usize, weights: &Weights<'_, W>) -> Result<Self, Error> {
		let mut packer = Packer::new(Shape {
			inputs,
			outputs: weights.scales.len(),
			digits: W::DIGITS,
			grouped: weights.groups.is_some(),
			biased: weights.bias.is_some(),
		})?;
		packer.push(weights)?;
		packer.finish()
	}

	fn pack_row<W: WeightCode>(&mut self, output: usize, codes: &[W], groups: &[u8]) {
		let (panel, lane) = (output / PANEL, output % PANEL);
		let digits = self.shape.digits.count();
		let size = self.shape.steps() * STEP_BYTES;
		let panels = self.panels.as_mut_slice();
		let panels = &mut panels[panel * digits * size..(panel + 1) * digits * size];
		for (step, codes) in codes.chunks(STEP).enumerate() {
			let at = step * STEP_BYTES + lane * STEP;
			for (i, &code) in codes.iter().enumerate() {
				let split = code.split();
				// With one digit, the second of the two goes to the only place.
				for digit in 0..digits {
					panels[digit * size + at + i] = split[2 - digits + digit] as u8;
				}
			}
		}
		let sum_of = |codes: &[W]| codes.iter().map(|&w| i64::from(w.read())).sum::<i64>();
		let Some(multipliers) = &mut self.multipliers else {
			self.sums[output] = sum_of(codes);
			return;
		};
		let first = panel * self.shape.inputs.div_ceil(GROUP);
		for (group, codes) in codes.chunks(GROUP).enumerate() {
			let multiplier = group_multiplier(groups, group);
			multipliers[(first + group) * PANEL + lane] = multiplier as u8;
			self.sums[output] += multiplier * sum_of(codes);
		}
	}
}
