//! How tensors are cut into tiles and how a tile's elements lie in bytes (SPEC 16).

use core::ops::Range;

use crate::quantise::Digits;

/// Bytes of weights and input that the inputs of one linear tile may have, digits of the input
/// beyond the first left aside.
pub const LINEAR_TILE_BYTES: usize = 160 * 1024;
/// Most columns of a tile.
pub const MAX_COLUMNS: usize = 64;
/// Channels per value group: values are cut into groups of this many before anything else.
pub const VALUE_GROUP: usize = 128;
/// Positions and channels of one tile of the pooling tree.
pub const POOL_TILE: (usize, usize) = (16, 256);

/// Columns per tile of a linear layer's output: the greatest power of two c <= 64 with
/// (c * weight bytes + 1) * k <= 160 KiB, weight bytes being digits times matrices.
///
/// `matrices` is the number of weight rows behind one output: 2 for a fused gate and up. `None`
/// when not even one column fits, and for no input or matrix; such a layer is not admitted.
pub const fn linear_columns(k: usize, digits: Digits, matrices: usize) -> Option<usize> {
	if k == 0 || matrices == 0 || k > LINEAR_TILE_BYTES || matrices > LINEAR_TILE_BYTES {
		return None;
	}
	// In 64 bits, because a 32-bit target has a narrower usize.
	let (k, weight_bytes) = (k as u64, (digits.count() * matrices) as u64);
	let mut columns = MAX_COLUMNS;
	while columns > 0 {
		if (columns as u64 * weight_bytes + 1) * k <= LINEAR_TILE_BYTES as u64 {
			return Some(columns);
		}
		columns /= 2;
	}
	None
}

/// The columns that tile `tile` of a row holds; the last tile of a row may be shorter, tiles beyond
/// the row are empty.
pub const fn columns_of(row: usize, columns: usize, tile: usize) -> Range<usize> {
	let start = min(tile.saturating_mul(columns), row);
	start..min(start.saturating_add(columns), row)
}

/// Row index of a key head: heads first, then positions.
pub const fn key_row(head: usize, position: usize, positions: usize) -> usize {
	head * positions + position
}

/// Row index of one value group of a head: heads, then groups, then positions.
pub const fn value_row(
	head: usize,
	group: usize,
	position: usize,
	head_dim: usize,
	positions: usize,
) -> usize {
	(head * head_dim.div_ceil(VALUE_GROUP) + group) * positions + position
}

const fn min(a: usize, b: usize) -> usize {
	if a < b {
		a
	} else {
		b
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn linear_tiles_of_the_worst_admitted_shapes() {
		use Digits::{One, Two};
		for (k, digits, matrices, expected) in [
			(28_672, One, 1, Some(4)),
			(28_672, Two, 1, Some(2)),
			(8192, One, 1, Some(16)),
			(8192, One, 2, Some(8)),
			(49_152, One, 1, Some(2)),
			(49_152, Two, 1, Some(1)),
			(49_152, Two, 2, None),
			(384, One, 1, Some(64)),
			(0, One, 1, None),
			(384, One, 0, None),
			(LINEAR_TILE_BYTES, One, LINEAR_TILE_BYTES, None),
			(usize::MAX, One, 1, None),
		] {
			assert_eq!(linear_columns(k, digits, matrices), expected, "{k} {digits:?} {matrices}");
		}
	}

	#[test]
	fn tiles_cover_a_row_once() {
		assert_eq!(columns_of(150, 64, 0), 0..64);
		assert_eq!(columns_of(150, 64, 2), 128..150);
		assert!(columns_of(150, 64, 3).is_empty() && columns_of(150, 64, usize::MAX).is_empty());
	}

	#[test]
	fn one_head_of_keys_or_values_is_contiguous() {
		assert_eq!(key_row(2, 5, 100), 205);
		assert_eq!(value_row(0, 1, 0, 256, 100), 100);
		assert_eq!(value_row(1, 0, 7, 128, 100), 107);
		assert_eq!(value_row(1, 0, 7, 96, 100), 107);
	}
}
