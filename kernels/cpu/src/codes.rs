//! Quantised rows as the integer products read them.

use core::ops::Range;

use assay_kernels_backend::trace::CodeSource;
use assay_kernels_exact::{quantise::Digits, MAX_K};
use assay_primitives::merkle::LeafBatch;

use crate::{
	dot::{OFFSET, STEP},
	error::{length, range},
	Error,
};

const OP: &str = "codes";
/// Bytes between rows beyond their own, so that rows of 2^n inputs do not compete for the same
/// places of the cache.
const GAP: usize = 64;

/// Rows of codes with their scales and zero points; a value of this type is filled again and again.
///
/// A row lies as one run of bytes per digit, the high one first, each byte the signed digit plus 128.
/// For heads, a row is one head of one position, positions first.
#[derive(Clone, Debug)]
pub struct Codes {
	rows: usize,
	inputs: usize,
	digits: Digits,
	bytes: Vec<u8>,
	scales: Vec<f32>,
	zero_points: Vec<i8>,
	extents: Vec<f32>,
}

/// One row to be written.
pub(crate) struct RowMut<'a> {
	pub(crate) digits: &'a mut [u8],
	pub(crate) scale: &'a mut f32,
	pub(crate) zero_point: &'a mut i8,
	pub(crate) extent: &'a mut f32,
}

impl Default for Codes {
	fn default() -> Self {
		Self::new()
	}
}

impl Codes {
	/// No rows.
	pub const fn new() -> Self {
		Self {
			rows: 0,
			inputs: 0,
			digits: Digits::One,
			bytes: Vec::new(),
			scales: Vec::new(),
			zero_points: Vec::new(),
			extents: Vec::new(),
		}
	}

	/// Rows with the given codes, row after row, to be multiplied as they are. A code of one digit
	/// is any of -128..=127, one of two digits is limited to +-32512.
	///
	/// # Errors
	/// [`Error::Shape`] unless there are `inputs` codes, one scale and one zero point per row.
	pub fn from_codes(
		inputs: usize,
		digits: Digits,
		codes: &[i16],
		scales: &[f32],
		zero_points: &[i8],
	) -> Result<Self, Error> {
		let mut all = Self::new();
		let rows = scales.len();
		all.reshape(rows, inputs, digits)?;
		length(OP, "codes", rows.saturating_mul(inputs), codes.len())?;
		length(OP, "zero points", rows, zero_points.len())?;
		all.scales.copy_from_slice(scales);
		for (zero, &given) in all.zero_points.iter_mut().zip(zero_points) {
			*zero = given.max(-i8::MAX);
		}
		let stride = all.stride();
		for (row, codes) in all.rows_mut().zip(codes.chunks(inputs)) {
			for (k, &code) in codes.iter().enumerate() {
				match digits {
					Digits::One => row.digits[k] = (i32::from(code) + OFFSET) as u8,
					Digits::Two => {
						let (high, low) = Digits::split(code);
						row.digits[k] = (i32::from(high) + OFFSET) as u8;
						row.digits[stride + k] = (i32::from(low) + OFFSET) as u8;
					}
				}
			}
		}
		Ok(all)
	}

	/// Makes room for `rows` rows of `inputs` codes; their content is unspecified.
	///
	/// # Errors
	/// [`Error::Shape`] unless `inputs` is 1..=65536.
	pub(crate) fn reshape(
		&mut self,
		rows: usize,
		inputs: usize,
		digits: Digits,
	) -> Result<(), Error> {
		range(OP, "K", (1, MAX_K), inputs)?;
		(self.rows, self.inputs, self.digits) = (rows, inputs, digits);
		// Bytes beyond a row's inputs meet weights that are zero, so any content will do.
		self.bytes.resize(rows * digits.count() * self.stride(), 0);
		self.scales.resize(rows, 0.0);
		self.zero_points.resize(rows, 0);
		self.extents.resize(rows, 0.0);
		Ok(())
	}

	/// Number of rows.
	pub fn rows(&self) -> usize {
		self.rows
	}

	/// Codes of a row.
	pub fn inputs(&self) -> usize {
		self.inputs
	}

	/// Digits of a code.
	pub fn digits(&self) -> Digits {
		self.digits
	}

	/// Value of one code step, one per row.
	pub fn scales(&self) -> &[f32] {
		&self.scales
	}

	/// Zero points, one per row; all 0 unless the rows were quantised asymmetrically.
	pub fn zero_points(&self) -> &[i8] {
		&self.zero_points
	}

	/// What each row was quantised by: its greatest magnitude, of asymmetric codes half of its range. 0
	/// where codes were [given](Self::from_codes).
	pub fn extents(&self) -> &[f32] {
		&self.extents
	}

	/// Some of the rows.
	///
	/// # Panics
	/// When there are no such rows.
	pub(crate) fn some_rows(&self, rows: Range<usize>) -> Self {
		let size = self.digits.count() * self.stride();
		Self {
			rows: rows.len(),
			inputs: self.inputs,
			digits: self.digits,
			bytes: self.bytes[rows.start * size..rows.end * size].to_vec(),
			scales: self.scales[rows.clone()].to_vec(),
			zero_points: self.zero_points[rows.clone()].to_vec(),
			extents: self.extents[rows].to_vec(),
		}
	}

	/// The codes of a row.
	///
	/// # Panics
	/// When there is no such row.
	pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = i16> + '_ {
		assert!(row < self.rows, "row {row} of {}", self.rows);
		let bytes = self.row_bytes(row);
		(0..self.inputs).map(move |k| {
			let digit = |at: usize| i16::from(bytes[at]) - OFFSET as i16;
			match self.digits {
				Digits::One => digit(k),
				Digits::Two => 256 * digit(k) + digit(self.stride() + k),
			}
		})
	}

	/// Bytes from one digit of a row to the next; rows follow each other at this distance too.
	pub(crate) fn stride(&self) -> usize {
		stride(self.inputs)
	}

	/// Bytes of memory that a row takes.
	pub(crate) fn row_memory(inputs: usize, digits: Digits) -> usize {
		digits.count() * stride(inputs) + 2 * size_of::<f32>() + size_of::<i8>()
	}

	/// The digits of one row.
	pub(crate) fn row_bytes(&self, row: usize) -> &[u8] {
		let size = self.digits.count() * self.stride();
		&self.bytes[row * size..(row + 1) * size]
	}

	/// The digits from row `row` on.
	pub(crate) fn bytes_from(&self, row: usize) -> &[u8] {
		&self.bytes[row * self.digits.count() * self.stride()..]
	}

	/// All rows, to be written.
	pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = RowMut<'_>> {
		let size = self.digits.count() * self.stride();
		self.bytes
			.chunks_mut(size)
			.zip(self.scales.iter_mut().zip(&mut self.zero_points))
			.zip(&mut self.extents)
			.map(|((digits, (scale, zero_point)), extent)| RowMut {
				digits,
				scale,
				zero_point,
				extent,
			})
	}

	/// All rows in tasks of `count` rows, to be written in parallel.
	pub(crate) fn tasks_mut(
		&mut self,
		count: usize,
	) -> impl rayon::iter::IndexedParallelIterator<Item = RowsMut<'_>> {
		use rayon::prelude::*;
		let (stride, digits) = (self.stride(), self.digits);
		self.bytes
			.par_chunks_mut(count * digits.count() * stride)
			.zip(self.scales.par_chunks_mut(count))
			.zip(self.zero_points.par_chunks_mut(count))
			.zip(self.extents.par_chunks_mut(count))
			.map(move |(((bytes, scales), zero_points), extents)| RowsMut {
				stride,
				digits,
				bytes,
				scales,
				zero_points,
				extents,
			})
	}
}

fn stride(inputs: usize) -> usize {
	inputs.next_multiple_of(STEP) + GAP
}

/// Some rows to be written by one task.
pub(crate) struct RowsMut<'a> {
	pub(crate) stride: usize,
	pub(crate) digits: Digits,
	bytes: &'a mut [u8],
	scales: &'a mut [f32],
	zero_points: &'a mut [i8],
	extents: &'a mut [f32],
}

impl RowsMut<'_> {
	/// The rows one by one.
	pub(crate) fn rows(&mut self) -> impl Iterator<Item = RowMut<'_>> {
		self.bytes
			.chunks_mut(self.digits.count() * self.stride)
			.zip(self.scales.iter_mut().zip(&mut *self.zero_points))
			.zip(&mut *self.extents)
			.map(|((digits, (scale, zero_point)), extent)| RowMut {
				digits,
				scale,
				zero_point,
				extent,
			})
	}
}

impl CodeSource for Codes {
	fn scale(&self, row: usize) -> f32 {
		self.scales[row]
	}

	fn write(&self, row: usize, columns: Range<usize>, batch: &mut LeafBatch) {
		let bytes = self.row_bytes(row);
		match self.digits {
			// A byte is the code plus 128, which is its sign bit flipped.
			Digits::One => batch.extend_with(columns.len(), |out| {
				for (out, byte) in out.iter_mut().zip(&bytes[columns]) {
					*out = byte ^ 0x80;
				}
			}),
			Digits::Two => {
				let (high, low) = bytes.split_at(self.stride());
				let digits = high[columns.clone()].iter().zip(&low[columns.clone()]);
				batch.extend_with(2 * columns.len(), |out| {
					let digit = |byte: u8| i16::from(byte) - OFFSET as i16;
					for (out, (&high, &low)) in out.as_chunks_mut().0.iter_mut().zip(digits) {
						*out = (256 * digit(high) + digit(low)).to_le_bytes();
					}
				});
			}
		}
	}
}
