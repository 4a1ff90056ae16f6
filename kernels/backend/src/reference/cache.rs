//! Keys and values of the positions so far.

use alloc::{vec, vec::Vec};

use super::value::{Codes, HeadRows};
use crate::OperationError;

/// What one attention operation of one iteration has read of one sequence: a list per key head, so
/// that what a query sees is contiguous.
#[derive(Clone, Debug, Default)]
pub(super) struct Cache {
	/// None until keys have come.
	pub(super) heads: Vec<CachedHead>,
}

/// Keys and values of one head, one row per position.
#[derive(Clone, Debug)]
pub(super) struct CachedHead {
	/// Channels of a key.
	pub(super) head_dim: usize,
	/// [position][channel].
	pub(super) keys: Codes,
	/// [position].
	pub(super) key_scales: Vec<f32>,
	/// Channels of a value.
	pub(super) channels: usize,
	/// [position][channel], of one digit.
	pub(super) values: Codes,
	/// [position].
	pub(super) value_scales: Vec<f32>,
}

impl Cache {
	/// How many positions there are.
	pub(super) fn positions(&self) -> usize {
		self.heads.first().map_or(0, |head| head.key_scales.len())
	}

	/// Appends the keys and values of the next positions.
	pub(super) fn append(
		&mut self,
		keys: &HeadRows,
		values: &HeadRows,
	) -> Result<(), OperationError> {
		if self.heads.is_empty() {
			self.heads = vec![CachedHead::new(keys, values); keys.heads];
		}
		if values.heads != keys.heads
			|| self.heads.len() != keys.heads
			|| keys.len() != values.len()
		{
			return Err(OperationError::Heads);
		}
		for row in 0..keys.len() {
			for (index, head) in (row * keys.heads..).zip(&mut self.heads) {
				head.push(keys, values, index)?;
			}
		}
		Ok(())
	}

	/// Keeps the first `positions` positions.
	pub(super) fn truncate(&mut self, positions: usize) {
		for head in &mut self.heads {
			head.keys.truncate(positions * head.head_dim);
			head.key_scales.truncate(positions);
			head.values.truncate(positions * head.channels);
			head.value_scales.truncate(positions);
		}
	}
}

impl CachedHead {
	/// No position, for heads such as these.
	fn new(keys: &HeadRows, values: &HeadRows) -> Self {
		Self {
			head_dim: keys.head_dim,
			keys: match keys.codes {
				Codes::One(_) => Codes::One(Vec::new()),
				Codes::Two(_) => Codes::Two(Vec::new()),
			},
			key_scales: Vec::new(),
			channels: values.head_dim,
			values: Codes::One(Vec::new()),
			value_scales: Vec::new(),
		}
	}

	/// Appends one position: the heads at `index` of [row][head].
	fn push(
		&mut self,
		keys: &HeadRows,
		values: &HeadRows,
		index: usize,
	) -> Result<(), OperationError> {
		if (keys.head_dim, values.head_dim) != (self.head_dim, self.channels) {
			return Err(OperationError::Heads);
		}
		self.keys.extend(&keys.codes, index * self.head_dim..(index + 1) * self.head_dim)?;
		self.key_scales.push(keys.scales[index]);
		self.values.extend(&values.codes, index * self.channels..(index + 1) * self.channels)?;
		self.value_scales.push(values.scales[index]);
		Ok(())
	}
}
