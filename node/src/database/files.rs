//! Whether the files of a database are there and have the lengths that they must have.
//!
//! ParityDB sets a wrong length right when it opens a file, even for reading only, and fills up with
//! zeros; a table that is missing ends the process that reads it. So files are compared with what
//! ParityDB writes before it opens anything.
//!
//! A column has an index, `index_COLUMN_BITS`: a header, and 2 to the power of BITS chunks of entries.
//! The lowest byte of an entry tells the table with the value, `table_COLUMN_TIER`.

use std::{
	collections::BTreeSet,
	fs::{self, File},
	io::{self, Read, Seek, SeekFrom},
	path::Path,
};

/// Bytes of an index file before its chunks.
const INDEX_HEADER: u64 = 16 * 1024;
/// Bytes of a chunk of an index file.
const INDEX_CHUNK: u64 = 512;
/// Bytes of an entry of a chunk.
const INDEX_ENTRY: usize = 8;
/// The most bits that the name of an index file may state; more chunks fit no disk.
const INDEX_BITS_MAX: u32 = 40;
/// Bytes of an index whose entries are looked at: all of a small one. Entries lie in it by the hashes
/// of their keys, so that those of each table are everywhere.
const INDEX_LOOK: u64 = 32 * 1024 * 1024;
/// Bytes by which a table grows.
const TABLE_STEP: u64 = 256 * 1024;
/// Bytes that are read at once.
const READ_AT_ONCE: usize = 64 * 1024;

/// Compares index and table files with what ParityDB writes. Errors name the file.
///
/// While there is a journal, nothing is wrong: the process may have ended while it made a file,
/// and what the journal holds is written again.
pub(super) fn check(database: &Path) -> Result<(), String> {
	let files = list(database).map_err(|error| format!("its files cannot be listed ({error})"))?;
	if files.iter().any(|(name, length)| is_journal(name) && *length > 0) {
		return Ok(());
	}
	let is_there = |name: &str| files.iter().any(|(there, _)| there == name);
	for (name, length) in &files {
		if name.starts_with("table_") && (*length == 0 || length % TABLE_STEP != 0) {
			return Err(format!("its file {name} has {length} bytes, so it was cut"));
		}
		let Some((column, bits)) = index(name) else { continue };
		let expected = INDEX_HEADER + (INDEX_CHUNK << bits);
		if *length != expected {
			return Err(format!("its file {name} has {length} bytes instead of {expected}"));
		}
		let tiers = tiers(&database.join(name))
			.map_err(|error| format!("its file {name} cannot be read ({error})"))?;
		for tier in tiers {
			let table = format!("table_{column}_{tier:02x}");
			if !is_there(&table) {
				return Err(format!("its file {name} points into {table}, which is missing"));
			}
		}
	}
	Ok(())
}

/// Names and lengths of the files in a folder, in the order of their names.
fn list(folder: &Path) -> io::Result<Vec<(String, u64)>> {
	let mut files = Vec::new();
	for entry in fs::read_dir(folder)? {
		let entry = entry?;
		files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
	}
	files.sort();
	Ok(files)
}

/// Whether a file of this name holds changes that are not in the tables yet.
fn is_journal(name: &str) -> bool {
	name.strip_prefix("log").is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The column and the bits of the index file of this name.
fn index(name: &str) -> Option<(&str, u32)> {
	let (column, bits) = name.strip_prefix("index_")?.split_once('_')?;
	let bits = bits.parse().ok().filter(|bits: &u32| *bits <= INDEX_BITS_MAX)?;
	Some((column, bits))
}

/// The tables into which the entries of an index point.
fn tiers(index: &Path) -> io::Result<BTreeSet<u8>> {
	let mut file = File::open(index)?;
	file.seek(SeekFrom::Start(INDEX_HEADER))?;
	let mut chunks = file.take(INDEX_LOOK);
	let mut used = [false; 256];
	let mut bytes = vec![0; READ_AT_ONCE];
	loop {
		let read = read_full(&mut chunks, &mut bytes)?;
		if read == 0 {
			break;
		}
		for entry in bytes[..read].chunks_exact(INDEX_ENTRY) {
			// An entry of zeros is free.
			if entry.iter().any(|byte| *byte != 0) {
				used[usize::from(entry[0])] = true;
			}
		}
	}
	Ok((0..=u8::MAX).filter(|tier| used[usize::from(*tier)]).collect())
}

/// Fills the buffer as far as there is something to read.
fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
	let mut filled = 0;
	while filled < buffer.len() {
		match from.read(&mut buffer[filled..])? {
			0 => break,
			read => filled += read,
		}
	}
	Ok(filled)
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Writes a file of this many zeros.
	fn write(folder: &Path, name: &str, length: u64) {
		fs::File::create(folder.join(name)).unwrap().set_len(length).unwrap();
	}

	#[test]
	fn files_should_be_those_of_a_real_database() {
		let folder = tempfile::tempdir().unwrap();
		let database = parity_db::Options::with_columns(folder.path(), 2);
		let database = parity_db::Db::open_or_create(&database).unwrap();
		let values = [10, 100, 1_000, 10_000, 100_000];
		let entry = |length: usize| (1, length.to_be_bytes(), Some(vec![7; length]));
		database.commit(values.map(entry)).unwrap();
		drop(database);
		assert!(folder.path().join("index_01_16").is_file());
		assert_eq!(check(folder.path()), Ok(()));

		let files = list(folder.path()).unwrap();
		let tables = files.iter().map(|(name, _)| name).filter(|name| name.starts_with("table_"));
		let tables: Vec<_> = tables.collect();
		assert!(tables.len() > 1, "{files:?}");
		for table in tables {
			let (there, away) = (folder.path().join(table), folder.path().join("away"));
			fs::rename(&there, &away).unwrap();
			let error = format!("its file index_01_16 points into {table}, which is missing");
			assert_eq!(check(folder.path()), Err(error));
			fs::rename(&away, &there).unwrap();
		}
	}

	#[test]
	fn a_wrong_length_should_be_named() {
		let folder = tempfile::tempdir().unwrap();
		write(folder.path(), "index_04_16", 100);
		let error = check(folder.path()).unwrap_err();
		assert_eq!(error, "its file index_04_16 has 100 bytes instead of 33570816");

		write(folder.path(), "index_04_16", 33_570_816);
		for length in [0, 4_096, TABLE_STEP + 1] {
			write(folder.path(), "table_04_00", length);
			let error = check(folder.path()).unwrap_err();
			assert_eq!(error, format!("its file table_04_00 has {length} bytes, so it was cut"));
		}
	}

	#[test]
	fn a_journal_should_excuse_unfinished_files() {
		let folder = tempfile::tempdir().unwrap();
		write(folder.path(), "index_04_16", 0);
		write(folder.path(), "log0", 0);
		assert!(check(folder.path()).is_err());
		write(folder.path(), "log1", 512);
		assert_eq!(check(folder.path()), Ok(()));
	}
}
