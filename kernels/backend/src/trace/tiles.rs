//! Tiles of values that lie in memory row by row.

use core::ops::Range;

use assay_primitives::merkle::{LeafBatch, Word};
use assay_programs::{grid::GROUP, op::Role};

use super::Tiles;

/// Rows of numbers, each cut into tiles of some columns.
#[derive(Clone, Copy, Debug)]
pub struct RowTiles<'a, W> {
	/// Number of the first tile.
	pub first: u64,
	/// Row after row.
	pub elements: &'a [W],
	/// Elements of a row.
	pub columns: usize,
	/// Elements of a tile; the last one of a row may have fewer.
	pub tile: usize,
}

impl<W: Word> Tiles for RowTiles<'_, W> {
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch) {
		for_each_column_tile(self.first, tiles, self.columns, self.tile, |row, columns| {
			let start = row * self.columns;
			batch.begin();
			batch.extend_words(&self.elements[start + columns.start..start + columns.end]);
		});
	}
}

/// Rows of codes, however they lie in memory.
pub trait CodeSource: Sync {
	/// What a code step of a row stands for.
	fn scale(&self, row: usize) -> f32;

	/// Appends some codes of a row: i8 of one digit, i16 of two.
	fn write(&self, row: usize, columns: Range<usize>, batch: &mut LeafBatch);
}

/// Rows of codes, each cut into tiles of some columns.
#[derive(Clone, Copy)]
pub struct CodeTiles<'a> {
	/// The codes.
	pub rows: &'a dyn CodeSource,
	/// Codes of a row.
	pub columns: usize,
	/// Codes of a tile; the last one of a row may have fewer.
	pub tile: usize,
}

impl Tiles for CodeTiles<'_> {
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch) {
		for_each_column_tile(0, tiles, self.columns, self.tile, |row, columns| {
			batch.begin();
			self.rows.write(row, columns, batch);
		});
	}
}

/// Heads, of which `rows` has one row per position and head, positions first.
#[derive(Clone, Copy)]
pub struct HeadTiles<'a> {
	/// The codes.
	pub rows: &'a dyn CodeSource,
	/// What they are for, which decides the order of tiles.
	pub role: Role,
	/// Positions.
	pub positions: usize,
	/// Heads of a position.
	pub heads: usize,
	/// Codes of a head.
	pub head_dim: usize,
}

impl Tiles for HeadTiles<'_> {
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch) {
		let group = GROUP as usize;
		let groups = self.head_dim.div_ceil(group);
		for tile in usizes(tiles) {
			let (row, channels) = match self.role {
				Role::Query => (tile, 0..self.head_dim),
				Role::Key => {
					let (head, position) = (tile / self.positions, tile % self.positions);
					(position * self.heads + head, 0..self.head_dim)
				}
				Role::Value => {
					let (rest, position) = (tile / self.positions, tile % self.positions);
					let (head, start) = (rest / groups, rest % groups * group);
					let channels = start..self.head_dim.min(start + group);
					(position * self.heads + head, channels)
				}
			};
			batch.begin();
			batch.extend(&self.rows.scale(row).to_le_bytes());
			self.rows.write(row, channels, batch);
		}
	}
}

/// Tiles that are written one by one, each by its number.
#[derive(Clone, Copy, Debug)]
pub struct EachTile<F>(pub F);

impl<F: Fn(usize, &mut LeafBatch) + Sync> Tiles for EachTile<F> {
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch) {
		for tile in usizes(tiles) {
			batch.begin();
			(self.0)(tile, batch);
		}
	}
}

/// Calls `f` with the row and the columns of some tiles; row 0 begins with tile `first`.
fn for_each_column_tile(
	first: u64,
	tiles: Range<u64>,
	columns: usize,
	tile: usize,
	mut f: impl FnMut(usize, Range<usize>),
) {
	let per_row = columns.div_ceil(tile).max(1);
	let tiles = usizes(tiles.start - first..tiles.end - first);
	let (mut row, mut start) = (tiles.start / per_row, tiles.start % per_row * tile);
	for _ in tiles {
		let end = columns.min(start + tile);
		f(row, start..end);
		start = end;
		if end == columns {
			(row, start) = (row + 1, 0);
		}
	}
}

/// Numbers of tiles that are in memory.
fn usizes(tiles: Range<u64>) -> Range<usize> {
	let number = |tile| usize::try_from(tile).expect("what is in memory has an address");
	number(tiles.start)..number(tiles.end)
}
