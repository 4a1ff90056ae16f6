//! The pages of keys and values that sequences have.

use assay_kernels_backend::{BackendError, Limits, Resource};
use assay_kernels_exact::attention::BLOCK;

use super::device;
use crate::attention::{CacheShape, KvCache, PageId};

/// Keys and values of all sequences: a cache for each width and precision of heads.
#[derive(Debug)]
pub(super) struct Caches(Vec<KvCache>);

/// Pages for every position that the limits let sequences reserve.
fn page_count(limits: &Limits) -> u64 {
	// A sequence leaves less than one page of its reservation unused.
	let pages = (limits.positions / BLOCK as u64).saturating_add(limits.sequences.into());
	pages.min(u32::MAX.into())
}

/// Bytes of caches all of whose pages are used.
pub(super) fn cache_bytes(shapes: &[CacheShape], limits: &Limits) -> u64 {
	let bytes = |shape: &CacheShape| page_count(limits).saturating_mul(shape.page_memory() as u64);
	shapes.iter().map(bytes).fold(0, u64::saturating_add)
}

/// The pages of one sequence in each cache.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages(Vec<Vec<PageId>>);

impl Pages {
	/// The pages in one cache.
	pub(super) fn of(&self, cache: usize) -> &[PageId] {
		&self.0[cache]
	}
}

impl Caches {
	/// Caches with a page for every position that the limits let sequences reserve. Memory is
	/// taken when a page is first used.
	pub(super) fn new(shapes: &[CacheShape], limits: &Limits) -> Result<Self, BackendError> {
		let pages = usize::try_from(page_count(limits)).unwrap_or(usize::MAX);
		let cache = |&shape| KvCache::new(shape, pages).map_err(device);
		shapes.iter().map(cache).collect::<Result<_, _>>().map(Self)
	}

	/// The pages of a sequence without positions.
	pub(super) fn no_pages(&self) -> Pages {
		Pages(vec![Vec::new(); self.0.len()])
	}

	/// Adds pages to a sequence until it can have `positions` positions.
	pub(super) fn extend(
		&mut self,
		pages: &mut Pages,
		positions: usize,
	) -> Result<(), BackendError> {
		for (cache, pages) in self.0.iter_mut().zip(&mut pages.0) {
			while pages.len() * BLOCK < positions {
				let wanted = (positions - pages.len() * BLOCK) as u64;
				let resource = Resource::Positions;
				let none = BackendError::NoRoom { resource, wanted, free: 0 };
				pages.push(cache.allocate().ok_or(none)?);
			}
		}
		Ok(())
	}

	/// Takes back the pages that `positions` positions do not need.
	pub(super) fn truncate(&mut self, pages: &mut Pages, positions: usize) {
		for (cache, pages) in self.0.iter_mut().zip(&mut pages.0) {
			for page in pages.drain(positions.div_ceil(BLOCK).min(pages.len())..) {
				cache.release(page);
			}
		}
	}

	/// One of the caches.
	pub(super) fn get_mut(&mut self, cache: usize) -> &mut KvCache {
		&mut self.0[cache]
	}

	#[cfg(test)]
	pub(super) fn memory(&self) -> usize {
		self.0.iter().map(KvCache::memory).sum()
	}

	/// How many there are.
	pub(super) fn len(&self) -> usize {
		self.0.len()
	}
}
