//! Attention over a cache of keys and values (SPEC 11), for prompts and single tokens alike.
//!
//! Work is cut into tiles: the query heads that share a key head, for one or several neighbouring
//! positions. A tile takes block after block of 512 positions: products with the keys, weights,
//! products with the values; then it merges the blocks' records. Keys lie in panels of positions and
//! values in panels of channels, so both products are those of a linear layer.

mod block;
mod cache;
mod merge;
mod recorded;
mod schedule;

pub use cache::{CacheShape, KvCache, PageId, Slot};
pub use schedule::{attend, Attention, Sequence};

pub(crate) use block::{Record, Records, Row, Space};
pub(crate) use cache::head_panels;
pub(crate) use merge::Merge;
pub(crate) use recorded::{attend_recorded, Recording};

/// Which positions of its sequence a query sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
	/// Its own and those before it.
	Causal,
	/// Its own and those before it, this many in all.
	Window(usize),
	/// All of them.
	Full,
}

impl Mask {
	/// The range of positions visible from `position` in a sequence of `length`.
	fn visible(self, position: usize, length: usize) -> core::ops::Range<usize> {
		match self {
			Self::Causal => 0..position + 1,
			Self::Window(width) => (position + 1).saturating_sub(width)..position + 1,
			Self::Full => 0..length,
		}
	}
}
