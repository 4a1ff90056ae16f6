//! Attention whose records are seen: some positions at a time, as the records of all take far more memory
//! than everything else.

use core::ops::Range;

use assay_kernels_backend::trace::Tiles;
use assay_primitives::merkle::LeafBatch;
use assay_programs::{grid::GROUP, op, stage};
use rayon::prelude::*;

use super::{
	cache::head_panels,
	schedule::{check, Batch, Kept, Sequence},
	Attention, KvCache,
};
use crate::{dot::PANEL, Codes, Engine, Error};

/// Bytes of records at a time.
const BYTES: usize = 16 << 20;
/// Bytes of a record before its channels.
const PREFIX: usize = 16;

/// Attention over a whole sequence.
pub(crate) struct Recording<'a> {
	pub(crate) attention: &'a Attention,
	/// Its mask, as programs have it.
	pub(crate) mask: op::Mask,
	pub(crate) cache: &'a KvCache,
	pub(crate) queries: &'a Codes,
	pub(crate) sequence: &'a Sequence<'a>,
}

/// As [`attend`](super::attend) for a whole sequence. `see` gets the records as tiles of the stage, each
/// number once and in order.
pub(crate) fn attend_recorded(
	engine: Engine<'_>,
	recording: &Recording<'_>,
	out: &mut [f32],
	mut see: impl FnMut(Range<u64>, &dyn Tiles),
) -> Result<(), Error> {
	let Recording { attention, mask, cache, queries, sequence } = *recording;
	check(attention, cache, queries, core::slice::from_ref(sequence), out)?;
	let head_dim = cache.shape().head_dim;
	let width = head_panels(head_dim) * PANEL;
	let positions = sequence.queries as u32;
	let groups = (head_dim as u32).div_ceil(GROUP);
	let per_block = attention.heads * (PREFIX + size_of::<i32>() * width);
	let mut rows = out.chunks_mut(attention.heads * head_dim);
	let mut start = 0;
	while start < sequence.queries {
		// The last position of the sequence sees as many blocks as any.
		let blocks = mask.blocks(positions.saturating_sub(1), positions).max(1) as usize;
		let tile = attention.positions_of_tile();
		let some = (BYTES / (per_block * blocks)).max(1).next_multiple_of(tile);
		let end = sequence.queries.min(start + some);
		let mut tiles = Vec::new();
		attention.cut(sequence, start..end, 0, &mut rows, &mut tiles);
		let mut kept: Vec<Kept> = tiles.iter().map(|_| Kept::default()).collect();
		let batch = Batch { engine, attention, cache, queries, split: false };
		let tasks = tiles.into_par_iter().zip(&mut kept);
		engine.for_each(tasks, |(tile, kept)| batch.tile(tile, Some(kept)));

		let first = |position: usize| {
			let blocks = mask.blocks_before(position as u32, positions);
			blocks * attention.heads as u64 * u64::from(groups)
		};
		let layout = stage::Layout::Records {
			mask,
			positions,
			heads: attention.heads as u16,
			head_dim: head_dim as u32,
		};
		let recorded =
			Recorded { layout, mask, positions, attention, start, width, head_dim, kept };
		see(first(start)..first(end), &recorded);
		start = end;
	}
	Ok(())
}

/// The records of some positions.
struct Recorded<'a> {
	layout: stage::Layout,
	mask: op::Mask,
	/// Of the sequence.
	positions: u32,
	attention: &'a Attention,
	/// The first position.
	start: usize,
	/// Channels of a head, padded to panels.
	width: usize,
	head_dim: usize,
	/// Tile after tile: positions first, then key heads.
	kept: Vec<Kept>,
}

impl Recorded<'_> {
	/// Appends the record of a head over a block, with some channels.
	fn write_one(
		&self,
		position: usize,
		head: usize,
		channels: Range<usize>,
		block: usize,
		batch: &mut LeafBatch,
	) {
		let Attention { heads, key_heads, .. } = *self.attention;
		let (in_tile, group) = (self.attention.positions_of_tile(), heads / key_heads);
		let within = position - self.start;
		let kept = &self.kept[within / in_tile * key_heads + head / group];
		let row = within % in_tile * group + head % group;
		let index = (block - kept.first_block) * kept.rows + row;
		let record = &kept.records[index];
		batch.begin();
		batch.extend_words(&[record.max_exponent, record.max_weighted]);
		batch.extend(&record.sum.to_le_bytes());
		let first = index * self.width;
		let output = &kept.outputs[first + channels.start..first + channels.end];
		batch.extend_words(output);
	}
}

impl Tiles for Recorded<'_> {
	fn write(&self, tiles: Range<u64>, batch: &mut LeafBatch) {
		let first = self.layout.tile(tiles.start);
		let Some(stage::Tile::Record { position, head, channels, block }) = first else { return };
		let group = GROUP as usize;
		let (mut position, mut head) = (position as usize, head as usize);
		let (mut channel, mut block) = (channels.start as usize, block as usize);
		let blocks_of = |position: usize| {
			let first = self.mask.first_block(position as u32);
			first as usize..(first + self.mask.blocks(position as u32, self.positions)) as usize
		};
		let mut blocks = blocks_of(position);
		// Block by block, then group, head, position: without a search for every tile.
		for _ in tiles {
			let end = self.head_dim.min(channel + group);
			self.write_one(position, head, channel..end, block, batch);
			block += 1;
			if block == blocks.end {
				(block, channel) = (blocks.start, end);
			}
			if channel == self.head_dim {
				(channel, head) = (0, head + 1);
			}
			if head == self.attention.heads {
				(head, position) = (0, position + 1);
				blocks = blocks_of(position);
				block = blocks.start;
			}
		}
	}
}
