//! How the tiles of a section are numbered.

use core::ops::Range;

use super::{heads, pool};
use crate::{
	grid::POOL_COLUMNS,
	op::{Mask, Role},
};

/// The tiles of a section, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
	/// Row by row, each cut into tiles of `tile` columns.
	Rows {
		/// Rows.
		rows: u32,
		/// Columns of a row; 1 where a row has one record of statistics.
		columns: u32,
		/// Columns of a tile, at least 1; the last of a row may have fewer.
		tile: u32,
	},
	/// One tile per position and head, of values one per group of channels. Queries: position by
	/// position; keys: head by head; values: head by head, in it group by group.
	Heads {
		/// What they are for.
		role: Role,
		/// Positions.
		positions: u32,
		/// Heads.
		heads: u16,
		/// Channels of a head.
		head_dim: u32,
	},
	/// Position by position, head by head, group by group, one tile per block of which the position
	/// sees something.
	Records {
		/// What a position sees.
		mask: Mask,
		/// Positions.
		positions: u32,
		/// Query heads.
		heads: u16,
		/// Channels of a head.
		head_dim: u32,
	},
	/// Position by position, head by head, one tile per group of channels.
	Groups {
		/// Positions.
		positions: u32,
		/// Query heads.
		heads: u16,
		/// Channels of a head.
		head_dim: u32,
	},
	/// Level by level of the tree over positions, in it row by row, in tiles of 256 columns.
	Pool {
		/// Positions.
		positions: u32,
		/// Columns.
		columns: u32,
	},
}

/// A tile by what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tile {
	/// Some columns of a row.
	Row {
		/// The row.
		row: u32,
		/// Its columns.
		columns: Range<u32>,
	},
	/// Some channels of a head: of a head's codes, or of an attention row.
	Head {
		/// The position.
		position: u32,
		/// The head.
		head: u32,
		/// Channels of the head.
		channels: Range<u32>,
	},
	/// What a query head sees in a block.
	Record {
		/// The query's position.
		position: u32,
		/// The query's head.
		head: u32,
		/// Channels of the head.
		channels: Range<u32>,
		/// The block, counted from position 0.
		block: u32,
	},
	/// A part of the tree over positions.
	Pool {
		/// Level; level 0 reads positions.
		level: u32,
		/// Row of the level: it combines rows 16 row … 16 row + 15 of the level below.
		row: u32,
		/// Columns.
		columns: Range<u32>,
	},
}

impl Tile {
	/// How many elements the tile holds, besides what comes before them.
	pub fn elements(&self) -> u32 {
		let (Self::Row { columns: range, .. }
		| Self::Head { channels: range, .. }
		| Self::Record { channels: range, .. }
		| Self::Pool { columns: range, .. }) = self;
		range.end.saturating_sub(range.start)
	}
}

impl Layout {
	/// Number of tiles; saturates for programs that are not admitted.
	pub fn tiles(&self) -> u64 {
		match *self {
			Self::Rows { rows, columns, tile } => {
				u64::from(rows) * u64::from(columns.div_ceil(tile.max(1)))
			}
			Self::Heads { role, positions, heads, head_dim } => {
				let groups = if role == Role::Value { heads::groups(head_dim) } else { 1 };
				product([positions, heads.into(), groups])
			}
			Self::Records { mask, positions, heads, head_dim } => mask
				.blocks_before(positions, positions)
				.saturating_mul(product([heads.into(), heads::groups(head_dim), 1])),
			Self::Groups { positions, heads, head_dim } => {
				product([positions, heads.into(), heads::groups(head_dim)])
			}
			Self::Pool { positions, columns } => {
				pool::rows(positions).saturating_mul(columns.div_ceil(POOL_COLUMNS).into())
			}
		}
	}

	/// Number of elements of all tiles; saturates for programs that are not admitted.
	pub fn elements(&self) -> u64 {
		match *self {
			Self::Rows { rows, columns, .. } => product([rows, columns, 1]),
			Self::Heads { positions, heads, head_dim, .. }
			| Self::Groups { positions, heads, head_dim } => product([positions, heads.into(), head_dim]),
			Self::Records { mask, positions, heads, head_dim } => mask
				.blocks_before(positions, positions)
				.saturating_mul(product([heads.into(), head_dim, 1])),
			Self::Pool { positions, columns } => {
				pool::rows(positions).saturating_mul(columns.into())
			}
		}
	}
}

fn product(factors: [u32; 3]) -> u64 {
	factors.into_iter().fold(1, |product, factor| product.saturating_mul(factor.into()))
}
