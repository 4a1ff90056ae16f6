//! How large tiles are (SPEC 16). Where they lie in a trace follows from the program.

use crate::quantise::Digits;

/// Bytes of codes that one linear tile may read: its input row and the weight rows of its columns.
/// Scales, biases, multipliers and paths come on top, and the witness of a tile has at most 224 KiB.
pub const LINEAR_TILE_BYTES: usize = 168 * 1024;
/// Most columns of a tile.
pub const MAX_COLUMNS: usize = 64;
/// Channels per value group: values are cut into groups of this many before anything else.
pub const VALUE_GROUP: usize = 128;
/// Positions and channels of one tile of the pooling tree.
pub const POOL_TILE: (usize, usize) = (16, 256);

/// Columns per tile of a linear layer's output: the greatest power of two c <= 64 with
/// (c * weight bytes + input bytes) * k <= 168 KiB, input bytes being the digits of an input code and
/// weight bytes those of a weight times `matrices`.
///
/// `matrices` is the number of weight rows behind one output: 2 for a fused gate and up. `None`
/// when not even one column fits, and for no input or matrix; such a layer is not admitted.
pub const fn linear_columns(
	k: usize,
	input: Digits,
	weights: Digits,
	matrices: usize,
) -> Option<usize> {
	if k == 0 || matrices == 0 || k > LINEAR_TILE_BYTES || matrices > LINEAR_TILE_BYTES {
		return None;
	}
	// In 64 bits, because a 32-bit target has a narrower usize.
	let (k, input_bytes) = (k as u64, input.count() as u64);
	let weight_bytes = (weights.count() * matrices) as u64;
	let mut columns = MAX_COLUMNS;
	while columns > 0 {
		if (columns as u64 * weight_bytes + input_bytes) * k <= LINEAR_TILE_BYTES as u64 {
			return Some(columns);
		}
		columns /= 2;
	}
	None
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn linear_tiles_of_the_worst_admitted_shapes() {
		use Digits::{One, Two};
		for (k, input, weights, matrices, expected) in [
			(28_672, One, One, 1, Some(4)),
			(28_672, Two, One, 1, Some(4)),
			(28_672, Two, Two, 1, Some(2)),
			(8192, One, One, 1, Some(16)),
			(8192, Two, One, 2, Some(8)),
			(49_152, One, One, 1, Some(2)),
			(49_152, Two, One, 1, Some(1)),
			(49_152, One, Two, 1, Some(1)),
			(49_152, Two, Two, 1, None),
			(49_152, Two, One, 2, None),
			(384, Two, Two, 1, Some(64)),
			(0, One, One, 1, None),
			(384, One, One, 0, None),
			(LINEAR_TILE_BYTES, One, One, LINEAR_TILE_BYTES, None),
			(usize::MAX, One, One, 1, None),
		] {
			let columns = linear_columns(k, input, weights, matrices);
			assert_eq!(columns, expected, "{k} {input:?} {weights:?} {matrices}");
		}
	}
}
