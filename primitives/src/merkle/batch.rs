//! Leaves that are written one after the other and hashed together.

use alloc::vec::Vec;

use super::LEAF;
use crate::hash::{Hash, Hasher};

/// A number that leaves hold.
pub trait Word: Copy + Sync {
	/// Writes the numbers' bytes, little-endian, into as many bytes.
	fn put(words: &[Self], bytes: &mut [u8]);
}

macro_rules! words {
	($($word:ty)*) => {
		$(impl Word for $word {
			#[inline]
			fn put(words: &[Self], bytes: &mut [u8]) {
				let places = bytes.as_chunks_mut::<{ size_of::<Self>() }>().0;
				for (place, word) in places.iter_mut().zip(words) {
					*place = word.to_le_bytes();
				}
			}
		})*
	};
}

words!(i8 i16 i32 i64 u8 f32);

/// The contents of some leaves, each with the byte before it that is hashed too, so that hashing
/// moves nothing.
#[derive(Clone, Debug, Default)]
pub struct LeafBatch {
	bytes: Vec<u8>,
	/// Where each leaf begins.
	starts: Vec<usize>,
}

impl LeafBatch {
	/// Begins the next leaf, without content yet.
	#[inline]
	pub fn begin(&mut self) {
		self.starts.push(self.bytes.len());
		self.bytes.extend_from_slice(&LEAF);
	}

	/// Appends bytes to the leaf that was begun last.
	#[inline]
	pub fn extend(&mut self, bytes: &[u8]) {
		self.bytes.extend_from_slice(bytes);
	}

	/// Appends so many bytes to the leaf that was begun last, which `fill` writes over zeros.
	#[inline]
	pub fn extend_with(&mut self, count: usize, fill: impl FnOnce(&mut [u8])) {
		let start = self.bytes.len();
		self.bytes.resize(start + count, 0);
		fill(&mut self.bytes[start..]);
	}

	/// Appends numbers to the leaf that was begun last, little-endian.
	#[inline]
	pub fn extend_words<W: Word>(&mut self, words: &[W]) {
		// One step for all of them, which becomes a copy of whole vectors.
		self.extend_with(size_of_val(words), |bytes| W::put(words, bytes));
	}

	/// How many leaves were begun.
	pub fn len(&self) -> usize {
		self.starts.len()
	}

	/// Whether no leaf was begun.
	pub fn is_empty(&self) -> bool {
		self.starts.is_empty()
	}

	/// Bytes of memory in use.
	pub fn memory(&self) -> usize {
		self.bytes.len() + size_of_val(self.starts.as_slice())
	}

	/// Forgets all leaves and keeps the memory.
	pub fn clear(&mut self) {
		self.bytes.clear();
		self.starts.clear();
	}

	/// The contents of the leaves, in order.
	pub fn contents(&self) -> impl Iterator<Item = &[u8]> {
		self.messages().map(|message| &message[LEAF.len()..])
	}

	/// Appends the [hashes](super::leaf) of the leaves, in order.
	pub fn hash_into<H: Hasher>(&self, hashes: &mut Vec<Hash>) {
		let messages: Vec<&[u8]> = self.messages().collect();
		H::hash_many(&messages, hashes);
	}

	/// What is hashed of each leaf.
	fn messages(&self) -> impl Iterator<Item = &[u8]> {
		let ends = self.starts.iter().skip(1).copied().chain([self.bytes.len()]);
		self.starts.iter().zip(ends).map(|(&start, end)| &self.bytes[start..end])
	}
}

#[cfg(all(test, feature = "std"))]
mod tests {
	use super::*;
	use crate::{hash::Native, merkle::leaf};

	#[test]
	fn a_batch_is_its_leaves() {
		let mut batch = LeafBatch::default();
		assert!(batch.is_empty());
		for round in 0..2 {
			let contents: Vec<Vec<u8>> =
				(0..21).map(|n| alloc::vec![n + round; 13 * n as usize]).collect();
			for (index, content) in contents.iter().enumerate() {
				batch.begin();
				let (first, rest) = content.split_at(content.len() / 2);
				batch.extend(first);
				if index % 2 == 0 {
					batch.extend(rest);
				} else {
					batch.extend_words(rest);
				}
			}
			assert_eq!(batch.len(), contents.len());
			assert_eq!(batch.contents().collect::<Vec<_>>(), contents);
			let mut hashes = Vec::new();
			batch.hash_into::<Native>(&mut hashes);
			let expected: Vec<Hash> = contents.iter().map(|bytes| leaf::<Native>(bytes)).collect();
			assert_eq!(hashes, expected);
			batch.clear();
		}
		batch.begin();
		batch.extend_words(&[1.0_f32, -2.0]);
		assert_eq!(batch.contents().next(), Some(&[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0][..]));
	}
}
