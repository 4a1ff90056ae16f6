//! What registers hold while a program runs.

use alloc::vec::Vec;
use core::ops::Range as Span;

use assay_kernels_exact::{
	attention::Record,
	norm::LayerStats,
	quantise::{AsymmetricStats, SymmetricStats},
};
use assay_programs::op::Digits;

use crate::OperationError;

/// The content of a register.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
	/// f32 rows.
	Float(FloatRows),
	/// Quantised rows.
	Codes(CodeRows),
	/// Rows cut into quantised heads.
	Heads(HeadRows),
}

/// f32 rows, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct FloatRows {
	/// Elements of a row.
	pub columns: usize,
	/// [row][column].
	pub elements: Vec<f32>,
}

impl FloatRows {
	/// Rows of equal length.
	pub(super) fn new(columns: usize, rows: Vec<Vec<f32>>) -> Self {
		Self { columns, elements: rows.concat() }
	}

	/// How many rows there are.
	pub fn len(&self) -> usize {
		self.elements.len() / self.columns.max(1)
	}

	/// Whether there is no row.
	pub fn is_empty(&self) -> bool {
		self.elements.is_empty()
	}

	/// A row.
	///
	/// # Panics
	/// If there is no such row.
	pub fn row(&self, row: usize) -> &[f32] {
		&self.elements[row * self.columns..(row + 1) * self.columns]
	}
}

/// Codes of one or two digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codes {
	/// One digit.
	One(Vec<i8>),
	/// Two digits.
	Two(Vec<i16>),
}

impl Codes {
	/// Codes as `quantise::symmetric` gives them, which are in i8's range if they have one digit.
	pub(super) fn new(digits: Digits, codes: Vec<i16>) -> Self {
		match digits {
			Digits::One => Self::One(codes.into_iter().map(|code| code as i8).collect()),
			Digits::Two => Self::Two(codes),
		}
	}

	/// How many codes there are.
	pub fn len(&self) -> usize {
		match self {
			Self::One(codes) => codes.len(),
			Self::Two(codes) => codes.len(),
		}
	}

	/// Whether there is no code.
	pub fn is_empty(&self) -> bool {
		self.len() == 0
	}

	/// Appends some codes of others of the same digits.
	pub(super) fn extend(
		&mut self,
		others: &Self,
		span: Span<usize>,
	) -> Result<(), OperationError> {
		match (self, others) {
			(Self::One(codes), Self::One(others)) => codes.extend(&others[span]),
			(Self::Two(codes), Self::Two(others)) => codes.extend(&others[span]),
			_ => return Err(OperationError::Heads),
		}
		Ok(())
	}

	/// Keeps the first `count` codes.
	pub(super) fn truncate(&mut self, count: usize) {
		match self {
			Self::One(codes) => codes.truncate(count),
			Self::Two(codes) => codes.truncate(count),
		}
	}
}

/// Quantised rows.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeRows {
	/// Codes of a row.
	pub columns: usize,
	/// [row][column].
	pub codes: Codes,
	/// One per row.
	pub ranges: Vec<Range>,
}

/// The statistics that a row was quantised with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
	/// Codes are around 0.
	Symmetric(SymmetricStats),
	/// Codes are around the zero point.
	Asymmetric(AsymmetricStats),
}

impl Range {
	/// The value of one code step.
	pub const fn scale(&self) -> f32 {
		match self {
			Self::Symmetric(stats) => stats.scale,
			Self::Asymmetric(stats) => stats.scale,
		}
	}

	/// What is added to every code.
	pub const fn zero_point(&self) -> i8 {
		match self {
			Self::Symmetric(_) => 0,
			Self::Asymmetric(stats) => stats.zero_point,
		}
	}
}

/// Quantised heads.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadRows {
	/// Heads of a row.
	pub heads: usize,
	/// Channels of a head.
	pub head_dim: usize,
	/// [row][head][channel].
	pub codes: Codes,
	/// [row][head].
	pub scales: Vec<f32>,
}

impl HeadRows {
	/// How many rows there are.
	pub fn len(&self) -> usize {
		self.scales.len() / self.heads.max(1)
	}

	/// Whether there is no row.
	pub fn is_empty(&self) -> bool {
		self.scales.is_empty()
	}
}

/// Statistics of a norm of one row (SPEC 9).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NormStatistics {
	/// r of the root mean square.
	Rms(f32),
	/// Mean and r.
	Layer(LayerStats),
	/// The Euclidean length.
	L2(f32),
}

/// What a pooling operation computes on the way: rows of the tree over positions, level by level, the
/// first level being that of 16 positions each (SPEC 12).
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
	/// Greatest magnitudes, [row][column].
	pub maxima: Vec<f32>,
	/// Sums in fixed point, [row][column].
	pub sums: Vec<i64>,
}

/// All that an operation has computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
	/// The result. Codes and heads come with their statistics.
	pub value: Value,
	/// Statistics of the norm, one per row, of operations that normalise rows.
	pub norm: Vec<NormStatistics>,
	/// Block records of attention, [row][query head][block that the query sees a part of], when the
	/// [observer](super::Observer::wants_records) wants them.
	pub records: Vec<Vec<Record>>,
	/// Parts of the mean, of operations that pool.
	pub pooled: Option<Pooled>,
}

impl From<Value> for Computed {
	fn from(value: Value) -> Self {
		Self { value, norm: Vec::new(), records: Vec::new(), pooled: None }
	}
}

impl From<FloatRows> for Computed {
	fn from(rows: FloatRows) -> Self {
		Value::Float(rows).into()
	}
}
