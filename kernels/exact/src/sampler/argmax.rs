//! The greatest element as one integer, so that a maximum over records is the choice.

use super::scaled;
use crate::float::{canon, key, unkey};

/// The record of a tile in which no element takes part.
pub const NONE: u64 = 0;

/// KEY(value) above, the complement of the id below: greater value first, then lower id.
pub const fn pack(value: f32, id: u32) -> u64 {
	((key(value) as u64) << 32) | !id as u64
}

/// The id of a record; `u32::MAX`, which is no token, for [`NONE`].
pub const fn id_of(record: u64) -> u32 {
	!(record as u32)
}

/// CANON of the value of a record.
pub const fn max_of(record: u64) -> f32 {
	canon(unkey((record >> 32) as u32))
}

/// Consecutive ids from `first`, modulo 2^32.
pub(super) fn ids_from(first: u32) -> impl Iterator<Item = u32> {
	core::iter::successors(Some(first), |id| Some(id.wrapping_add(1)))
}

/// The greatest scaled logit of a tile as a record. `first` is the id of the tile's first logit.
///
/// An inverse temperature of 1 compares the logits themselves.
pub fn best(logits: &[f32], inverse_temperature: f32, first: u32) -> u64 {
	logits
		.iter()
		.zip(ids_from(first))
		.map(|(&logit, id)| pack(scaled(logit, inverse_temperature), id))
		.max()
		.unwrap_or(NONE)
}

/// The greatest of the tiles' records.
pub fn reduce(records: &[u64]) -> u64 {
	records.iter().copied().max().unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn records_order_by_value_then_by_lower_id() {
		assert!(pack(2.0, 9) > pack(1.0, 0));
		assert!(pack(2.0, 3) > pack(2.0, 4));
		assert!(pack(-1.0, 0) > pack(-2.0, 0) && pack(f32::MIN, 0) > NONE);
		assert_eq!((max_of(pack(-2.5, 7)), id_of(pack(-2.5, 7))), (-2.5, 7));
		assert_eq!(reduce(&[]), NONE);
	}
}
