//! Bytes that start at a cache line, and in large pages where they are many.

use memmap2::MmapMut;

/// Bytes of a cache line.
const LINE: usize = 64;
/// Bytes of a large page of the processors that this crate has code for.
const LARGE_PAGE: usize = 2 << 20;

/// A fixed number of bytes, zero at first. No vector load of a whole line touches two lines,
/// and reading all bytes in order, as one token does with all weights, seldom waits for an address
/// to be translated.
#[derive(Debug)]
pub(crate) struct Bytes {
	storage: Storage,
	start: usize,
	len: usize,
}

#[derive(Debug)]
enum Storage {
	Heap(Vec<u8>),
	Mapped(MmapMut),
}

impl Bytes {
	pub(crate) fn zeroed(len: usize) -> Self {
		Self::mapped(len).unwrap_or_else(|| {
			let storage = vec![0; len + LINE - 1];
			let start = storage.as_ptr().align_offset(LINE).min(LINE - 1);
			Self { storage: Storage::Heap(storage), start, len }
		})
	}

	/// Bytes in large pages; `None` for a few, or where the system grants no mapping.
	fn mapped(len: usize) -> Option<Self> {
		if len < LARGE_PAGE {
			return None;
		}
		let map = MmapMut::map_anon(len + LARGE_PAGE - 1).ok()?;
		let start = map.as_ptr().align_offset(LARGE_PAGE).min(LARGE_PAGE - 1);
		#[cfg(target_os = "linux")]
		{
			// Whole pages only, so that the last does not take more memory than it holds. Without
			// large pages everything works the same.
			let whole = len / LARGE_PAGE * LARGE_PAGE;
			map.advise_range(memmap2::Advice::HugePage, start, whole).unwrap_or_default();
		}
		Some(Self { storage: Storage::Mapped(map), start, len })
	}

	pub(crate) fn as_slice(&self) -> &[u8] {
		let bytes: &[u8] = match &self.storage {
			Storage::Heap(bytes) => bytes,
			Storage::Mapped(bytes) => bytes,
		};
		&bytes[self.start..self.start + self.len]
	}

	pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
		let bytes: &mut [u8] = match &mut self.storage {
			Storage::Heap(bytes) => bytes,
			Storage::Mapped(bytes) => bytes,
		};
		&mut bytes[self.start..self.start + self.len]
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn slices_start_at_a_line_and_have_the_length() {
		for len in [0, 1, 63, 64, 65, 5000, LARGE_PAGE - 1, LARGE_PAGE, 3 * LARGE_PAGE + 1] {
			let mut bytes = Bytes::zeroed(len);
			assert_eq!(bytes.as_slice().len(), len);
			assert_eq!(bytes.as_slice().as_ptr().align_offset(LINE), 0);
			assert!(bytes.as_slice().iter().all(|&b| b == 0));
			bytes.as_mut_slice().fill(1);
			assert!(bytes.as_slice().iter().all(|&b| b == 1));
		}
	}
}
