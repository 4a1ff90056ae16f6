//! How much of a context attention sees: counts of positions and of blocks of them, in closed form.

use crate::{grid::BLOCK, op::Mask};

const BLOCK_POSITIONS: u64 = BLOCK as u64;

impl Mask {
	/// First position that the query at `position` sees.
	pub const fn first_visible(self, position: u32) -> u32 {
		match self {
			Self::Causal | Self::Full => 0,
			Self::Sliding { window } => position.saturating_add(1).saturating_sub(window),
		}
	}

	/// The position after the last that the query at `position` sees, in a run of `positions`.
	pub const fn visible_end(self, position: u32, positions: u32) -> u32 {
		match self {
			Self::Causal | Self::Sliding { .. } => position.saturating_add(1),
			Self::Full => positions,
		}
	}

	/// First block of which the query at `position` sees something.
	pub const fn first_block(self, position: u32) -> u32 {
		self.first_visible(position) / BLOCK
	}

	/// Blocks of which the query at `position` sees something, in a run of `positions`.
	pub const fn blocks(self, position: u32, positions: u32) -> u32 {
		let end = self.visible_end(position, positions).div_ceil(BLOCK);
		end.saturating_sub(self.first_block(position))
	}

	/// Sum of [`blocks`](Self::blocks) over the positions before `position`.
	pub const fn blocks_before(self, position: u32, positions: u32) -> u64 {
		let n = position as u64;
		match self {
			Self::Causal => n + quotients(n),
			Self::Sliding { window } => {
				// Nothing is skipped while the window reaches back to the start.
				let skipped = quotients((n + 1).saturating_sub(window as u64));
				(n + quotients(n)).saturating_sub(skipped)
			}
			Self::Full => n * (positions as u64).div_ceil(BLOCK_POSITIONS),
		}
	}

	/// Pairs of a position and another that it sees, in a run of `positions`.
	pub const fn pairs(self, positions: u32) -> u64 {
		let n = positions as u64;
		match self {
			Self::Causal => triangle(n),
			Self::Sliding { window } => {
				let rising = if n < window as u64 { n } else { window as u64 };
				triangle(rising).saturating_add((n - rising) * window as u64)
			}
			Self::Full => n * n,
		}
	}
}

/// 1 + 2 + … + n for n below 2^32.
const fn triangle(n: u64) -> u64 {
	let (a, b) = if n.is_multiple_of(2) { (n / 2, n + 1) } else { (n, n.div_ceil(2)) };
	a * b
}

/// Sum of ⌊q / 512⌋ over q = 0 … n − 1, for n up to 2^32.
const fn quotients(n: u64) -> u64 {
	let (blocks, rest) = (n / BLOCK_POSITIONS, n % BLOCK_POSITIONS);
	if blocks == 0 {
		return 0;
	}
	BLOCK_POSITIONS * triangle(blocks - 1) + rest * blocks
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn closed_forms_agree_with_counting() {
		let windows = [1, 2, 511, 512, 513, 700, 5000].map(|window| Mask::Sliding { window });
		for mask in [Mask::Causal, Mask::Full].into_iter().chain(windows) {
			for positions in [1, 2, 511, 512, 513, 1024, 1300, 2100] {
				let (mut blocks, mut pairs) = (0, 0);
				for position in 0..positions {
					assert_eq!(
						mask.blocks_before(position, positions),
						blocks,
						"{mask:?} {position}"
					);
					let seen = (0..positions).filter(|&t| match mask {
						Mask::Causal => t <= position,
						Mask::Sliding { window } => t <= position && t + window > position,
						Mask::Full => true,
					});
					let seen: alloc::vec::Vec<u32> = seen.collect();
					let mut grid: alloc::vec::Vec<u32> = seen.iter().map(|t| t / 512).collect();
					grid.dedup();
					assert_eq!(mask.blocks(position, positions) as usize, grid.len());
					assert_eq!(mask.first_block(position), grid[0]);
					assert_eq!(mask.first_visible(position), seen[0]);
					blocks += grid.len() as u64;
					pairs += seen.len() as u64;
				}
				assert_eq!(mask.blocks_before(positions, positions), blocks);
				assert_eq!(mask.pairs(positions), pairs);
			}
		}
	}

	#[test]
	fn the_longest_representable_run_does_not_overflow() {
		for mask in [Mask::Causal, Mask::Full, Mask::Sliding { window: 1 }] {
			assert!(mask.pairs(u32::MAX) > 0 && mask.blocks_before(u32::MAX, u32::MAX) > 0);
			assert!(mask.blocks(u32::MAX, u32::MAX) > 0);
		}
	}
}
