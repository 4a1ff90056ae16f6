//! The table of weight tensors.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::op::Digits;

/// Index into a program's table of tensors.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct TensorId(pub u16);

/// What a tensor's elements are; stored little-endian.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Element {
	/// Scales, gains, biases, multipliers.
	F32,
	/// Codes of one digit.
	I8,
	/// Codes of two digits.
	I16,
	/// Packed group multipliers.
	U8,
}

impl Element {
	/// The type's name.
	pub const fn name(self) -> &'static str {
		match self {
			Self::F32 => "f32",
			Self::I8 => "i8",
			Self::I16 => "i16",
			Self::U8 => "u8",
		}
	}

	/// Digits of the codes that the elements are, if they are codes.
	pub const fn digits(self) -> Option<Digits> {
		match self {
			Self::I8 => Some(Digits::One),
			Self::I16 => Some(Digits::Two),
			Self::F32 | Self::U8 => None,
		}
	}

	/// Size in bytes.
	pub const fn bytes(self) -> u64 {
		match self {
			Self::F32 => 4,
			Self::I16 => 2,
			Self::I8 | Self::U8 => 1,
		}
	}
}

impl core::fmt::Display for Element {
	fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
		f.write_str(self.name())
	}
}

/// A weight tensor, or one for each iteration of a block.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Tensor {
	/// Type of the elements.
	pub element: Element,
	/// Rows, at least 1. A vector of n elements is n rows of one column.
	pub rows: u32,
	/// Columns, at least 1.
	pub columns: u32,
	/// How many of this shape there are: 1 for a tensor that all iterations of a block share, else
	/// the block's `repeat`; iteration i then reads copy i.
	pub copies: u16,
}

/// A leaf of the weights' tree holds as many whole rows as fit into this many bytes, at least one.
///
/// Small, because a tile that needs one element of a vector opens a whole leaf; rows of matrices,
/// which are most of the bytes, are read whole anyway.
pub const LEAF_BYTES: u64 = 1024;

impl Tensor {
	/// A vector of f32, shared by all iterations.
	pub const fn vector(length: u32) -> Self {
		Self { element: Element::F32, rows: length, columns: 1, copies: 1 }
	}

	/// The same shape once for each of `copies` iterations.
	#[must_use]
	pub const fn repeated(self, copies: u16) -> Self {
		Self { copies, ..self }
	}

	/// The copy that an iteration of a block reads.
	pub const fn copy(&self, iteration: u16) -> u16 {
		if self.copies == 1 {
			0
		} else {
			iteration
		}
	}

	/// Bytes of one row.
	pub const fn row_bytes(&self) -> u64 {
		self.columns as u64 * self.element.bytes()
	}

	/// Bytes of one copy.
	pub const fn copy_bytes(&self) -> u64 {
		self.rows as u64 * self.row_bytes()
	}

	/// Bytes of all copies.
	pub const fn total_bytes(&self) -> u64 {
		// rows and columns have 32 bits, an element 3, copies 16: wraps only for shapes that
		// validation refuses (2^20 a dimension).
		self.copy_bytes().wrapping_mul(self.copies as u64)
	}

	/// Whole rows in one leaf of the weights' tree. Leaves do not cross copies.
	pub const fn rows_per_leaf(&self) -> u64 {
		let row = self.row_bytes();
		if row == 0 || row >= LEAF_BYTES {
			1
		} else {
			LEAF_BYTES / row
		}
	}

	/// Leaves of one copy.
	pub const fn leaves_per_copy(&self) -> u64 {
		(self.rows as u64).div_ceil(self.rows_per_leaf())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn leaves_hold_whole_rows() {
		let codes = Tensor { element: Element::I8, rows: 1000, columns: 384, copies: 6 };
		assert_eq!((codes.rows_per_leaf(), codes.leaves_per_copy()), (2, 500));
		let wide = Tensor { element: Element::I16, rows: 7, columns: 4096, copies: 1 };
		assert_eq!((wide.rows_per_leaf(), wide.leaves_per_copy()), (1, 7));
		let vector = Tensor::vector(257);
		assert_eq!((vector.rows_per_leaf(), vector.leaves_per_copy()), (256, 2));
	}
}
