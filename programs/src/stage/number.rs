//! From the number of a tile in its section to what it holds, and back.

use core::ops::Range;

use super::{
	heads,
	layout::{Layout, Tile},
	pool,
};
use crate::{
	grid::POOL_COLUMNS,
	op::{Mask, Role},
};

impl Layout {
	/// The tile with this number.
	pub fn tile(&self, index: u64) -> Option<Tile> {
		match *self {
			Self::Rows { rows, columns, tile } => {
				let (row, columns) = row_tile(index, columns, tile)?;
				(row < rows).then_some(Tile::Row { row, columns })
			}
			Self::Heads { role, positions, heads, head_dim } => {
				head_tile(index, role, positions, heads.into(), head_dim)
			}
			Self::Records { mask, positions, heads, head_dim } => {
				record_tile(index, mask, positions, heads.into(), head_dim)
			}
			Self::Groups { positions, heads, head_dim } => {
				let (rest, group) = split(index, heads::groups(head_dim))?;
				let (position, head) = split(rest, heads.into())?;
				let position = below(position, positions)?;
				Some(Tile::Head { position, head, channels: heads::channels(head_dim, group) })
			}
			Self::Pool { positions, columns } => {
				let (mut row, columns) = row_tile(index, columns, POOL_COLUMNS)?;
				for (level, rows) in (0..).zip(pool::levels(positions)) {
					if row < rows {
						return Some(Tile::Pool { level, row, columns });
					}
					row -= rows;
				}
				None
			}
		}
	}

	/// The number of a tile, if it is one of these.
	pub fn index(&self, tile: &Tile) -> Option<u64> {
		let index = match (self, tile) {
			(Self::Rows { columns, tile: width, .. }, Tile::Row { row, columns: range }) => {
				row_index(*row, *columns, *width, range)
			}
			(
				Self::Heads { role, positions, heads, head_dim },
				Tile::Head { position, head, channels },
			) => {
				let (head, position) = ((*head, (*heads).into()), (*position, *positions));
				let group = (heads::group_of(channels.start), heads::groups(*head_dim));
				match role {
					Role::Query => mixed([position, head, (0, 1)]),
					Role::Key => mixed([head, position, (0, 1)]),
					Role::Value => mixed([head, group, position]),
				}
			}
			(
				Self::Records { mask, positions, heads, head_dim },
				Tile::Record { position, head, channels, block },
			) => {
				let groups = heads::groups(*head_dim);
				let blocks = mask.blocks(*position, *positions);
				let block = block.checked_sub(mask.first_block(*position))?;
				let group = (heads::group_of(channels.start), groups);
				let within = mixed([(*head, (*heads).into()), group, (block, blocks)])?;
				let per_block = u64::from(*heads).checked_mul(groups.into())?;
				let before = mask.blocks_before(*position, *positions).checked_mul(per_block)?;
				before.checked_add(within)
			}
			(
				Self::Groups { positions, heads, head_dim },
				Tile::Head { position, head, channels },
			) => {
				let group = (heads::group_of(channels.start), heads::groups(*head_dim));
				mixed([(*position, *positions), (*head, (*heads).into()), group])
			}
			(Self::Pool { positions, columns }, Tile::Pool { level, row, columns: range }) => {
				let below = pool::levels(*positions).take(usize::try_from(*level).ok()?);
				let row = below.sum::<u32>().checked_add(*row)?;
				row_index(row, *columns, POOL_COLUMNS, range)
			}
			_ => None,
		}?;
		// Whatever is out of range above has led to another tile.
		(self.tile(index).as_ref() == Some(tile)).then_some(index)
	}
}

/// The number with these digits, each with its radix; the most significant first.
fn mixed(digits: [(u32, u32); 3]) -> Option<u64> {
	digits.into_iter().try_fold(0_u64, |number, (digit, radix)| {
		number.checked_mul(radix.into())?.checked_add(digit.into())
	})
}

/// Quotient and remainder.
fn split(index: u64, by: u32) -> Option<(u64, u32)> {
	let remainder = u32::try_from(index.checked_rem(by.into())?).ok()?;
	Some((index.checked_div(by.into())?, remainder))
}

fn below(index: u64, end: u32) -> Option<u32> {
	u32::try_from(index).ok().filter(|&index| index < end)
}

fn row_tile(index: u64, columns: u32, tile: u32) -> Option<(u32, Range<u32>)> {
	let tile = tile.max(1);
	let (row, tile_of_row) = split(index, columns.div_ceil(tile))?;
	// Below `columns`, as there are ⌈columns / tile⌉ tiles.
	let start = tile_of_row * tile;
	Some((u32::try_from(row).ok()?, start..start.saturating_add(tile).min(columns)))
}

fn row_index(row: u32, columns: u32, tile: u32, range: &Range<u32>) -> Option<u64> {
	let tile = tile.max(1);
	mixed([(0, 1), (row, 1), (range.start / tile, columns.div_ceil(tile))])
}

fn head_tile(index: u64, role: Role, positions: u32, heads: u32, head_dim: u32) -> Option<Tile> {
	let whole = 0..head_dim;
	let (position, head, channels) = match role {
		Role::Query => {
			let (position, head) = split(index, heads)?;
			(below(position, positions)?, head, whole)
		}
		Role::Key => {
			let (head, position) = split(index, positions)?;
			(position, below(head, heads)?, whole)
		}
		Role::Value => {
			let (rest, position) = split(index, positions)?;
			let (head, group) = split(rest, heads::groups(head_dim))?;
			(position, below(head, heads)?, heads::channels(head_dim, group))
		}
	};
	Some(Tile::Head { position, head, channels })
}

fn record_tile(index: u64, mask: Mask, positions: u32, heads: u32, head_dim: u32) -> Option<Tile> {
	let groups = heads::groups(head_dim);
	let per_block = u64::from(heads).checked_mul(groups.into())?;
	let blocks_before = index.checked_div(per_block)?;
	// The tile belongs to the last position that begins at or before it.
	let (mut position, mut end) = (0, positions);
	while end.saturating_sub(position) > 1 {
		let middle = position + (end - position) / 2;
		if mask.blocks_before(middle, positions) <= blocks_before {
			position = middle;
		} else {
			end = middle;
		}
	}
	let first = mask.blocks_before(position, positions).checked_mul(per_block)?;
	let (rest, block) = split(index.checked_sub(first)?, mask.blocks(position, positions))?;
	let (head, group) = split(rest, groups)?;
	let head = below(head, heads)?;
	let block = mask.first_block(position).checked_add(block)?;
	let channels = heads::channels(head_dim, group);
	(position < positions).then_some(Tile::Record { position, head, channels, block })
}

#[cfg(test)]
mod tests {
	use alloc::vec::Vec;

	use super::*;

	fn layouts() -> Vec<Layout> {
		let mut layouts = Vec::new();
		for (rows, columns, tile) in [(3, 130, 64), (1, 1, 1), (7, 5, 2), (2, 64, 64)] {
			layouts.push(Layout::Rows { rows, columns, tile });
		}
		for head_dim in [16, 128, 192, 256] {
			for role in [Role::Query, Role::Key, Role::Value] {
				layouts.push(Layout::Heads { role, positions: 5, heads: 3, head_dim });
			}
			for mask in [Mask::Causal, Mask::Full, Mask::Sliding { window: 600 }] {
				layouts.push(Layout::Records { mask, positions: 1100, heads: 2, head_dim });
			}
			layouts.push(Layout::Groups { positions: 4, heads: 3, head_dim });
		}
		for positions in [1, 16, 17, 300] {
			layouts.push(Layout::Pool { positions, columns: 300 });
		}
		layouts
	}

	#[test]
	fn every_number_is_one_tile_and_back() {
		for layout in layouts() {
			let mut elements = 0;
			for index in 0..layout.tiles() {
				let tile = layout.tile(index).unwrap();
				assert_eq!(layout.index(&tile), Some(index), "{layout:?} {tile:?}");
				assert!(tile.elements() > 0, "{layout:?} {tile:?}");
				elements += u64::from(tile.elements());
			}
			assert_eq!(layout.tile(layout.tiles()), None, "{layout:?}");
			assert_eq!(layout.tile(u64::MAX), None, "{layout:?}");
			assert_eq!(elements, layout.elements(), "{layout:?}");
		}
	}

	#[test]
	fn tiles_of_other_sections_have_no_number() {
		let row = |row, columns| Tile::Row { row, columns };
		let layout = Layout::Rows { rows: 3, columns: 130, tile: 64 };
		assert_eq!(layout.index(&row(1, 64..128)), Some(4));
		for wrong in [row(3, 0..64), row(1, 1..64), row(1, 64..127), row(u32::MAX, 0..64)] {
			assert_eq!(layout.index(&wrong), None, "{wrong:?}");
		}
		let block = |block| Tile::Record { position: 600, head: 0, channels: 0..16, block };
		let mask = Mask::Sliding { window: 10 };
		let records = Layout::Records { mask, positions: 700, heads: 1, head_dim: 16 };
		assert!(records.index(&block(1)).is_some());
		for wrong in [block(0), block(2), row(0, 0..16)] {
			assert_eq!(records.index(&wrong), None, "{wrong:?}");
		}
	}

	#[test]
	fn what_a_block_reads_of_a_head_is_contiguous() {
		let keys = Layout::Heads { role: Role::Key, positions: 100, heads: 4, head_dim: 96 };
		let key = |position| Tile::Head { position, head: 2, channels: 0..96 };
		assert_eq!(keys.index(&key(5)), Some(205));
		assert_eq!(keys.index(&key(6)), Some(206));
		let values = Layout::Heads { role: Role::Value, positions: 100, heads: 4, head_dim: 256 };
		let value = |position| Tile::Head { position, head: 1, channels: 128..256 };
		assert_eq!(values.index(&value(0)), Some(300));
		assert_eq!(values.index(&value(1)), Some(301));
	}
}
