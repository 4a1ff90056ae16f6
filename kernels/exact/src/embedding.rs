//! Table rows by id (SPEC 6).

use alloc::vec::Vec;

use crate::{
	error::{length, rows, Error},
	float::canon,
	quantise::Code,
};

/// The row that an id reads: the id itself, or row 0 when the table has no such row.
pub const fn row_of(id: u32, rows: u32) -> u32 {
	if id < rows {
		id
	} else {
		0
	}
}

/// The row of a row-major table that `id` reads, see [`row_of`].
///
/// # Errors
/// [`Error::Length`] when the table is not a whole number of rows, [`Error::Range`] when it has none.
pub fn lookup<T>(table: &[T], columns: usize, id: u32) -> Result<&[T], Error> {
	let count = rows("embedding", "table", columns, u32::MAX as usize, table.len())?;
	let row = row_of(id, count as u32) as usize;
	Ok(&table[row * columns..(row + 1) * columns])
}

/// CANON((f32)code * scale): a row of a quantised table.
pub fn dequantise<W: Code>(codes: &[W], scale: f32) -> Vec<f32> {
	let scale = canon(scale);
	codes.iter().map(|&code| canon(code.read() as f32 * scale)).collect()
}

/// CANON((word + position) + kind): the sum of three embeddings of an encoder.
///
/// # Errors
/// [`Error::Length`] when the rows differ in length.
pub fn sum(word: &[f32], position: &[f32], kind: &[f32]) -> Result<Vec<f32>, Error> {
	length("embedding sum", "position", word.len(), position.len())?;
	length("embedding sum", "kind", word.len(), kind.len())?;
	let element = |((&w, &p), &k): ((&f32, &f32), &f32)| canon((canon(w) + canon(p)) + canon(k));
	Ok(word.iter().zip(position).zip(kind).map(element).collect())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn ids_beyond_the_table_read_row_zero() {
		let table = [1_i8, 2, 3, 4, 5, 6];
		assert_eq!(lookup(&table, 2, 2).unwrap(), [5, 6]);
		assert_eq!(lookup(&table, 2, 3).unwrap(), [1, 2]);
		assert_eq!(lookup(&table, 2, u32::MAX).unwrap(), [1, 2]);
		assert!(lookup(&table, 4, 0).is_err());
		assert!(lookup::<i8>(&[], 4, 0).is_err());
	}

	#[test]
	fn codes_and_sums_are_rounded_per_operation() {
		assert_eq!(dequantise(&[-128_i8, 3], 0.5), [-64.0, 1.5]);
		assert_eq!(dequantise(&[i16::MIN], 1.0), [-32_512.0]);
		assert_eq!(sum(&[1.0e8], &[-1.0e8], &[1.0]).unwrap(), [1.0]);
		assert_eq!(sum(&[1.0], &[1.0e8], &[-1.0e8]).unwrap(), [0.0]);
		assert!(sum(&[1.0], &[], &[1.0]).is_err());
	}
}
