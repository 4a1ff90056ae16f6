//! How the numbers of a tile are written: little-endian, one after the other (SPEC 16).

use alloc::vec::Vec;

use assay_kernels_exact::{
	attention::Record,
	sampler::{Histogram, Selection},
};

/// A number of fixed size.
pub trait Word: Copy {
	/// Appends the number's bytes.
	fn append(self, bytes: &mut Vec<u8>);

	/// The numbers that bytes hold; what is left over at the end means nothing.
	fn all(bytes: &[u8]) -> Vec<Self>;
}

macro_rules! words {
	($($word:ty)*) => {
		$(impl Word for $word {
			fn append(self, bytes: &mut Vec<u8>) {
				bytes.extend_from_slice(&self.to_le_bytes());
			}

			fn all(bytes: &[u8]) -> Vec<Self> {
				bytes.as_chunks().0.iter().map(|&word| Self::from_le_bytes(word)).collect()
			}
		})*
	};
}

words!(i8 u8 i16 u32 i32 u64 i64 f32);

/// Bytes of a record before its channels.
pub const RECORD_PREFIX: usize = 16;
/// Bytes of the scale that a head begins with.
pub const HEAD_PREFIX: usize = 4;
/// Bytes of a histogram.
pub const HISTOGRAM: usize = 128;
/// Bytes of a selection.
pub const SELECTION: usize = 12;

/// The bytes of numbers.
pub fn of_words<W: Word>(words: &[W]) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(size_of_val(words));
	words.iter().for_each(|word| word.append(&mut bytes));
	bytes
}

/// The number that bytes begin with; `None` if there are too few.
pub fn first<W: Word>(bytes: &[u8]) -> Option<W> {
	W::all(bytes.get(..size_of::<W>())?).first().copied()
}

/// The bytes of a record: M, R, L, O.
pub fn of_record(record: &Record) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(RECORD_PREFIX + size_of_val(record.output.as_slice()));
	record.max_exponent.append(&mut bytes);
	record.max_weighted.append(&mut bytes);
	record.sum.append(&mut bytes);
	bytes.extend(of_words(&record.output));
	bytes
}

/// The record that bytes hold; `None` if there are too few.
pub fn record(bytes: &[u8]) -> Option<Record> {
	Some(Record {
		max_exponent: first(bytes)?,
		max_weighted: first(bytes.get(4..)?)?,
		sum: first(bytes.get(8..)?)?,
		output: Word::all(bytes.get(RECORD_PREFIX..)?),
	})
}

/// The bytes of a selection: prefix, remaining mass.
pub fn of_selection(selection: &Selection) -> Vec<u8> {
	let mut bytes = Vec::with_capacity(SELECTION);
	selection.prefix.append(&mut bytes);
	selection.remaining.append(&mut bytes);
	bytes
}

/// The selection that bytes hold; `None` if there are too few.
pub fn selection(bytes: &[u8]) -> Option<Selection> {
	Some(Selection { prefix: first(bytes)?, remaining: first(bytes.get(4..)?)? })
}

/// The histogram that bytes hold; `None` if there are other than 128.
pub fn histogram(bytes: &[u8]) -> Option<Histogram> {
	u64::all(bytes).try_into().ok()
}

#[cfg(test)]
mod tests {
	use alloc::vec;

	use super::*;

	#[test]
	fn numbers_are_little_endian_without_padding() {
		assert_eq!(of_words(&[1_i16, -2]), [1, 0, 0xfe, 0xff]);
		assert_eq!(of_words(&[1.0_f32]), [0, 0, 0x80, 0x3f]);
		assert_eq!(u32::all(&[1, 2, 3, 4, 5]), [0x0403_0201]);
		assert_eq!(first::<u64>(&[0; 7]), None);
		assert_eq!(first::<i8>(&[0xff, 0]), Some(-1));
	}

	#[test]
	fn records_and_selections_return() {
		let record =
			Record { max_exponent: -3, max_weighted: 5, sum: 1 << 40, output: vec![1, -1] };
		let bytes = of_record(&record);
		assert_eq!(bytes.len(), RECORD_PREFIX + 8);
		assert_eq!(bytes[..8], [0xfd, 0xff, 0xff, 0xff, 5, 0, 0, 0]);
		assert_eq!(super::record(&bytes), Some(record));
		assert_eq!(super::record(&bytes[..15]), None);
		let selection = Selection { prefix: 7, remaining: 1 << 33 };
		assert_eq!(of_selection(&selection).len(), SELECTION);
		assert_eq!(super::selection(&of_selection(&selection)), Some(selection));
		assert_eq!(super::selection(&[0; 11]), None);
		assert_eq!(histogram(&of_words(&[3_u64; 16])), Some([3; 16]));
		assert_eq!(histogram(&[0; 120]), None);
	}
}
