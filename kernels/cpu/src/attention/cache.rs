//! Keys and values of many sequences in pages of one block each.

use assay_kernels_exact::{
	attention::{BLOCK, MAX_HEAD_DIM},
	quantise::Digits,
};
use rayon::prelude::*;

use crate::{
	bytes::Bytes,
	dot::{OFFSET, PANEL, STEP, STEP_BYTES},
	error::{length, range},
	Codes, Engine, Error,
};

const OP: &str = "cache";
/// Steps of a block when positions are what is summed over.
const BLOCK_STEPS: usize = BLOCK / STEP;

/// What a cache holds of each position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheShape {
	/// Key heads of all layers together.
	pub heads: usize,
	/// Channels of a head, at most 256.
	pub head_dim: usize,
	/// Digits of the keys.
	pub digits: Digits,
}

/// A page: the memory for 512 positions of one sequence, for all heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId(u32);

/// The place of one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
	page: PageId,
	position: usize,
}

impl Slot {
	/// The place of `position` in a sequence with the given pages.
	///
	/// # Errors
	/// [`Error::Pages`] when the pages do not reach that far.
	pub fn of(pages: &[PageId], position: usize) -> Result<Self, Error> {
		let index = position / BLOCK;
		let missing = || Error::Pages { op: OP, position, needed: index + 1, pages: pages.len() };
		let page = *pages.get(index).ok_or_else(missing)?;
		Ok(Self { page, position: position % BLOCK })
	}
}

/// One head's keys and values of 512 positions.
#[derive(Debug)]
pub(crate) struct Block {
	/// Per digit, the high one first: per panel of positions: steps of channels.
	keys: Bytes,
	/// Per panel of channels: steps of positions.
	values: Bytes,
	/// Sum of each key's codes.
	pub(super) key_sums: [i32; BLOCK],
	pub(super) key_scales: [f32; BLOCK],
	pub(super) value_scales: [f32; BLOCK],
}

/// Pages of keys and values, for any number of sequences.
#[derive(Debug)]
pub struct KvCache {
	shape: CacheShape,
	capacity: usize,
	/// Per head: its block of every page that was ever used.
	heads: Vec<Vec<Block>>,
	/// Pages that no sequence has.
	free: Vec<PageId>,
}

impl KvCache {
	/// A cache of at most `capacity` pages. Memory is taken when a page is first used.
	///
	/// # Errors
	/// [`Error::Shape`] unless there is a head, of 1..=256 channels, and at most 2^32 - 1 pages.
	pub fn new(shape: CacheShape, capacity: usize) -> Result<Self, Error> {
		range(OP, "heads", (1, usize::MAX), shape.heads)?;
		range(OP, "head dimension", (1, MAX_HEAD_DIM), shape.head_dim)?;
		range(OP, "pages", (0, u32::MAX as usize), capacity)?;
		let heads = (0..shape.heads).map(|_| Vec::new()).collect();
		Ok(Self { shape, capacity, heads, free: Vec::new() })
	}

	/// What it holds.
	pub fn shape(&self) -> CacheShape {
		self.shape
	}

	/// A page for the next 512 positions of a sequence, `None` when all are taken.
	pub fn allocate(&mut self) -> Option<PageId> {
		if let Some(page) = self.free.pop() {
			return Some(page);
		}
		let used = self.heads[0].len();
		if used == self.capacity {
			return None;
		}
		for head in &mut self.heads {
			head.push(Block::new(self.shape));
		}
		Some(PageId(used as u32))
	}

	/// Takes back a page of a sequence that has ended. Its content need not be erased: what a query
	/// does not see has no effect.
	pub fn release(&mut self, page: PageId) {
		debug_assert!(!self.free.contains(&page), "{page:?} was released before");
		self.free.push(page);
	}

	/// Pages that can still be had.
	pub fn available(&self) -> usize {
		self.capacity - self.heads[0].len() + self.free.len()
	}

	/// Bytes of memory taken so far.
	pub fn memory(&self) -> usize {
		let block = self.heads[0].first().map_or(0, Block::memory);
		block * self.heads.iter().map(Vec::len).sum::<usize>()
	}

	/// Writes the keys and values of some positions, one slot each, for the heads `first_head`,
	/// `first_head` + 1, … of the cache: as many as `keys` has rows per slot.
	///
	/// # Errors
	/// [`Error::Shape`] when keys or values do not fit the slots or the cache.
	pub fn append(
		&mut self,
		engine: Engine<'_>,
		first_head: usize,
		keys: &Codes,
		values: &Codes,
		slots: &[Slot],
	) -> Result<(), Error> {
		let heads = keys.rows() / slots.len().max(1);
		length(OP, "keys", heads * slots.len(), keys.rows())?;
		length(OP, "values", keys.rows(), values.rows())?;
		length(OP, "key channels", self.shape.head_dim, keys.inputs())?;
		length(OP, "value channels", self.shape.head_dim, values.inputs())?;
		length(OP, "key digits", self.shape.digits.count(), keys.digits().count())?;
		length(OP, "value digits", Digits::One.count(), values.digits().count())?;
		range(OP, "last head", (0, self.shape.heads), first_head.saturating_add(heads))?;
		for slot in slots {
			range(OP, "page", (0, self.heads[0].len()), slot.page.0 as usize + 1)?;
		}
		let blocks = &mut self.heads[first_head..first_head + heads];
		// One position is little work: threads would cost more than they bring.
		let tasks = blocks.par_iter_mut().enumerate();
		let write = |(head, pages): (usize, &mut Vec<Block>)| {
			for (i, slot) in slots.iter().enumerate() {
				let row = i * heads + head;
				pages[slot.page.0 as usize].write(slot.position, keys, values, row);
			}
		};
		if slots.len() < PANEL {
			blocks.iter_mut().enumerate().for_each(write);
		} else {
			engine.for_each(tasks, write);
		}
		Ok(())
	}

	/// Number of pages that exist.
	pub(super) fn pages(&self) -> usize {
		self.heads[0].len()
	}

	pub(crate) fn block(&self, head: usize, page: PageId) -> &Block {
		&self.heads[head][page.0 as usize]
	}
}

impl PageId {
	pub(super) fn index(self) -> usize {
		self.0 as usize
	}
}

/// Steps of the channels of a head.
pub(super) fn head_steps(head_dim: usize) -> usize {
	head_dim.div_ceil(STEP)
}

/// Panels of the channels of a head.
pub(crate) fn head_panels(head_dim: usize) -> usize {
	head_dim.div_ceil(PANEL)
}

impl CacheShape {
	/// Bytes that a page takes, of all heads together.
	pub fn page_memory(&self) -> usize {
		self.heads * (self.key_bytes() + self.value_bytes() + size_of::<Block>())
	}

	fn key_bytes(&self) -> usize {
		self.digits.count() * (BLOCK / PANEL) * head_steps(self.head_dim) * STEP_BYTES
	}

	fn value_bytes(&self) -> usize {
		head_panels(self.head_dim) * BLOCK_STEPS * STEP_BYTES
	}
}

impl Block {
	fn new(shape: CacheShape) -> Self {
		Self {
			keys: Bytes::zeroed(shape.key_bytes()),
			values: Bytes::zeroed(shape.value_bytes()),
			key_sums: [0; BLOCK],
			key_scales: [0.0; BLOCK],
			value_scales: [0.0; BLOCK],
		}
	}

	fn memory(&self) -> usize {
		self.keys.as_slice().len() + self.values.as_slice().len() + size_of::<Self>()
	}

	/// The steps of one digit of a panel of keys.
	pub(super) fn key_panel(&self, head_dim: usize, digit: usize, panel: usize) -> &[u8] {
		let size = head_steps(head_dim) * STEP_BYTES;
		let index = digit * (BLOCK / PANEL) + panel;
		&self.keys.as_slice()[index * size..(index + 1) * size]
	}

	/// The steps of all positions of a panel of values.
	pub(super) fn value_panel(&self, panel: usize) -> &[u8] {
		let size = BLOCK_STEPS * STEP_BYTES;
		&self.values.as_slice()[panel * size..(panel + 1) * size]
	}

	fn write(&mut self, position: usize, keys: &Codes, values: &Codes, row: usize) {
		let (panel, lane) = (position / PANEL, position % PANEL);
		let (head_dim, digits) = (keys.inputs(), keys.digits().count());
		let size = head_steps(head_dim) * STEP_BYTES;
		let bytes = keys.row_bytes(row);
		let mut sum = 0;
		for digit in 0..digits {
			let codes = &bytes[digit * keys.stride()..][..head_dim];
			let start = (digit * (BLOCK / PANEL) + panel) * size + lane * STEP;
			let panel = &mut self.keys.as_mut_slice()[start..];
			let mut digit_sum = 0;
			for (step, codes) in codes.chunks(STEP).enumerate() {
				for (i, &code) in codes.iter().enumerate() {
					let code = signed(code);
					panel[step * STEP_BYTES + i] = code as u8;
					digit_sum += i32::from(code);
				}
			}
			sum = 256 * sum + digit_sum;
		}
		self.key_sums[position] = sum;
		self.key_scales[position] = keys.scales()[row];

		let (step, lane) = (position / STEP, position % STEP);
		let panels = self.values.as_mut_slice();
		for (channel, &code) in values.row_bytes(row)[..head_dim].iter().enumerate() {
			let at = (channel / PANEL * BLOCK_STEPS + step) * STEP_BYTES + channel % PANEL * STEP;
			panels[at + lane] = signed(code) as u8;
		}
		self.value_scales[position] = values.scales()[row];
	}
}

/// The signed digit of a byte of [`Codes`].
fn signed(byte: u8) -> i8 {
	(i32::from(byte) - OFFSET) as i8
}
