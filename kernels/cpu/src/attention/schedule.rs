//! How a batch of queries is cut into tiles, and tiles into blocks.

use core::cell::Cell;

use assay_kernels_exact::attention::{query_scale, BLOCK, MAX_BLOCKS};
use rayon::prelude::*;

use super::{
	block::{Record, Records, Row, Space},
	cache::head_panels,
	merge::Merge,
	KvCache, Mask, PageId,
};
use crate::{
	dot::PANEL,
	error::{length, range},
	Codes, Engine, Error,
};

const OP: &str = "attention";
/// Rows of a tile, where one position does not have more: enough for the register blocks of both
/// products, few enough that scores and weights stay in a core's cache.
const TILE_ROWS: usize = 24;

/// One attention operation of a program.
#[derive(Clone, Copy, Debug)]
pub struct Attention {
	/// Query heads.
	pub heads: usize,
	/// Key and value heads; divides `heads`.
	pub key_heads: usize,
	/// The first of them in the cache.
	pub first_head: usize,
	/// Which positions a query sees.
	pub mask: Mask,
	/// C: the softmax constant, folded into the scale of the queries.
	pub constant: f32,
}

/// Some consecutive positions of one sequence whose queries are in the batch.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
	/// The sequence's pages in order.
	pub pages: &'a [PageId],
	/// Position of the first query.
	pub first: usize,
	/// Number of queries.
	pub queries: usize,
	/// Positions of the sequence whose keys and values are in the cache, those of the queries
	/// included.
	pub length: usize,
}

/// Attention of every query of the batch over its sequence's keys and values.
///
/// `queries` has one row per query and head (see [`quantise_heads`](crate::heads::quantise_heads)),
/// sequence after sequence; `out` gets a row of heads * `head_dim` elements per query.
///
/// # Errors
/// [`Error::Shape`] when the operands do not fit each other or the cache, or a sequence has more than
/// 262144 positions; [`Error::Pages`] when its pages do not hold its positions.
pub fn attend(
	engine: Engine<'_>,
	attention: &Attention,
	cache: &KvCache,
	queries: &Codes,
	sequences: &[Sequence<'_>],
	out: &mut [f32],
) -> Result<(), Error> {
	check(attention, cache, queries, sequences, out)?;
	let mut tiles = Vec::new();
	let mut rows = out.chunks_mut(attention.heads * cache.shape().head_dim);
	let mut first_query = 0;
	for sequence in sequences {
		let queries = 0..sequence.queries;
		attention.cut(sequence, queries, first_query, &mut rows, &mut tiles);
		first_query += sequence.queries;
	}
	// Few tiles, as for one token, keep many threads busy only if their blocks are tasks too.
	let split = tiles.len() < engine.tasks();
	let batch = Batch { engine, attention, cache, queries, split };
	engine.for_each(tiles.into_par_iter(), |tile| batch.tile(tile, None));
	Ok(())
}

impl Attention {
	/// Positions of a tile.
	pub(super) fn positions_of_tile(&self) -> usize {
		(TILE_ROWS / (self.heads / self.key_heads)).max(1)
	}

	/// Appends the tiles of some of a sequence's queries, the first of which is row `first_query` of the
	/// batch plus their start. `rows` gives the output of each query.
	pub(super) fn cut<'a, 'o>(
		&self,
		sequence: &'a Sequence<'a>,
		queries: core::ops::Range<usize>,
		first_query: usize,
		rows: &mut impl Iterator<Item = &'o mut [f32]>,
		tiles: &mut Vec<Tile<'a, 'o>>,
	) {
		let positions = self.positions_of_tile();
		for start in queries.clone().step_by(positions) {
			let count = positions.min(queries.end - start);
			let first = tiles.len();
			tiles.extend((0..self.key_heads).map(|key_head| Tile {
				sequence,
				first_position: sequence.first + start,
				first_query: first_query + start,
				key_head,
				out: Vec::with_capacity(count),
			}));
			for row in rows.by_ref().take(count) {
				let heads = row.len() / self.key_heads;
				for (tile, heads) in tiles[first..].iter_mut().zip(row.chunks_mut(heads)) {
					tile.out.push(heads);
				}
			}
		}
	}
}

pub(super) fn check(
	attention: &Attention,
	cache: &KvCache,
	queries: &Codes,
	sequences: &[Sequence<'_>],
	out: &[f32],
) -> Result<(), Error> {
	let shape = cache.shape();
	range(OP, "key heads", (1, shape.heads), attention.key_heads)?;
	range(OP, "first head", (0, shape.heads - attention.key_heads), attention.first_head)?;
	range(OP, "heads", (1, usize::MAX / shape.head_dim), attention.heads)?;
	let shared = attention.heads / attention.key_heads * attention.key_heads;
	length(OP, "heads", shared, attention.heads)?;
	length(OP, "head dimension", shape.head_dim, queries.inputs())?;
	length(OP, "query digits", shape.digits.count(), queries.digits().count())?;
	let count: usize = sequences.iter().map(|s| s.queries).sum();
	length(OP, "queries", count * attention.heads, queries.rows())?;
	length(OP, "out", queries.rows() * shape.head_dim, out.len())?;
	for sequence in sequences {
		let end = sequence.first.saturating_add(sequence.queries);
		range(OP, "length", (end, MAX_BLOCKS * BLOCK), sequence.length)?;
		let needed = sequence.length.div_ceil(BLOCK);
		if needed > sequence.pages.len() {
			let (position, pages) = (sequence.length - 1, sequence.pages.len());
			return Err(Error::Pages { op: OP, position, needed, pages });
		}
		for page in sequence.pages {
			range(OP, "page", (0, cache.pages()), page.index() + 1)?;
		}
	}
	Ok(())
}

/// The query heads of one key head for some neighbouring positions.
pub(super) struct Tile<'a, 'o> {
	sequence: &'a Sequence<'a>,
	first_position: usize,
	/// Row of the batch of the first position.
	first_query: usize,
	key_head: usize,
	/// Per position, the output of the tile's heads.
	out: Vec<&'o mut [f32]>,
}

/// What a tile has computed before it merges.
#[derive(Debug, Default)]
pub(super) struct Kept {
	/// The first block.
	pub(super) first_block: usize,
	/// Rows: positions, of each the tile's heads.
	pub(super) rows: usize,
	/// [block][row].
	pub(super) records: Vec<Record>,
	/// [block][row][channel], the channels padded to panels.
	pub(super) outputs: Vec<i32>,
}

/// What all tiles share.
pub(super) struct Batch<'a> {
	pub(super) engine: Engine<'a>,
	pub(super) attention: &'a Attention,
	pub(super) cache: &'a KvCache,
	pub(super) queries: &'a Codes,
	/// Whether the blocks of a tile are tasks.
	pub(super) split: bool,
}

/// Memory of one tile.
#[derive(Default)]
struct TileSpace {
	rows: Vec<Row>,
	queries: Vec<u8>,
	records: Vec<Record>,
	outputs: Vec<i32>,
}

thread_local! {
	static SPACE: Cell<Option<Box<TileSpace>>> = const { Cell::new(None) };
}

impl Batch<'_> {
	/// Computes a tile, and leaves its records in `kept` if somebody wants them.
	pub(super) fn tile(&self, mut tile: Tile<'_, '_>, kept: Option<&mut Kept>) {
		// Taken, not borrowed: this thread may start another tile while it waits for blocks.
		let mut space = SPACE.take().unwrap_or_default();
		self.gather(&tile, &mut space);
		let TileSpace { rows, queries, records, outputs } = &mut *space;
		let (rows, queries) = (&*rows, &*queries);
		let head_dim = self.cache.shape().head_dim;
		let width = head_panels(head_dim) * PANEL;
		let first = rows.iter().map(|row| row.from).min().unwrap_or_default() / BLOCK;
		let last = rows.iter().map(|row| row.to).max().unwrap_or_default().div_ceil(BLOCK);
		let blocks = last.max(first + 1) - first;
		records.clear();
		records.resize(blocks * rows.len(), Record::EMPTY);
		outputs.clear();
		outputs.resize(blocks * rows.len() * width, 0);

		let block = |(index, (records, outputs)): (usize, (&mut [Record], &mut [i32]))| {
			let Some(&page) = tile.sequence.pages.get(first + index) else { return };
			let head = self.attention.first_head + tile.key_head;
			Space::with(rows.len(), |space| {
				self.engine.run(Records {
					shape: self.cache.shape(),
					block: self.cache.block(head, page),
					start: (first + index) * BLOCK,
					queries,
					stride: self.queries.stride(),
					rows,
					space,
					records,
					outputs,
				});
			});
		};
		let (in_records, in_outputs) = (rows.len(), rows.len() * width);
		if self.split && blocks > 1 {
			let outputs = outputs.par_chunks_mut(in_outputs);
			records.par_chunks_mut(in_records).zip(outputs).enumerate().for_each(block);
		} else {
			let outputs = outputs.chunks_mut(in_outputs);
			records.chunks_mut(in_records).zip(outputs).enumerate().for_each(block);
		}
		let rows = rows.len();
		let out = &mut *tile.out;
		self.engine.run(Merge { records, outputs, rows, width, head_dim, out });
		if let Some(kept) = kept {
			let (records, outputs) = (core::mem::take(records), core::mem::take(outputs));
			*kept = Kept { first_block: first, rows, records, outputs };
		}
		SPACE.set(Some(space));
	}

	/// The rows of a tile and their codes, side by side.
	fn gather(&self, tile: &Tile<'_, '_>, space: &mut TileSpace) {
		let Attention { heads, key_heads, mask, constant, .. } = *self.attention;
		let group = heads / key_heads;
		space.rows.clear();
		space.queries.clear();
		for index in 0..tile.out.len() {
			let visible = mask.visible(tile.first_position + index, tile.sequence.length);
			let first = (tile.first_query + index) * heads + tile.key_head * group;
			for row in first..first + group {
				let scale = query_scale(self.queries.scales()[row], constant);
				space.rows.push(Row { from: visible.start, to: visible.end, scale });
				space.queries.extend_from_slice(self.queries.row_bytes(row));
			}
		}
	}
}
