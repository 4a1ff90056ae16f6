//! The tree in which maxima and sums over positions are formed.

use crate::grid::POOL_ROWS;

/// Rows of each level of the tree over `positions` rows, from the level that reads positions to the
/// one row of the result.
pub(super) fn levels(positions: u32) -> impl Iterator<Item = u32> {
	core::iter::successors(Some(positions.div_ceil(POOL_ROWS)), |&rows| {
		(rows > 1).then(|| rows.div_ceil(POOL_ROWS))
	})
}

/// Rows of all levels.
pub(super) fn rows(positions: u32) -> u64 {
	levels(positions).map(u64::from).sum()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn levels_end_at_one_row() {
		for (positions, expected) in [
			(1, alloc::vec![1]),
			(16, alloc::vec![1]),
			(17, alloc::vec![2, 1]),
			(32_768, alloc::vec![2048, 128, 8, 1]),
		] {
			assert_eq!(levels(positions).collect::<alloc::vec::Vec<_>>(), expected);
		}
		assert!(levels(u32::MAX).count() <= 8);
	}
}
