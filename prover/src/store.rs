//! A trace across a restart: its upper levels in a file.

use std::{
	collections::BTreeMap,
	fs::{self, File},
	io::{ErrorKind, Read, Write},
	path::{Path, PathBuf},
};

use assay_primitives::{Hash, Native};
use assay_programs::Typed;
use assay_trace::Skeleton;
use codec::{Decode, DecodeAll, Encode};

use crate::{
	error::ProverError,
	run::Run,
	tracer::{Meter, Traced},
};

/// The file of a folder.
const FILE: &str = "trace";
/// What it is called until it is whole.
const PARTIAL: &str = "trace.partial";
/// The first bytes of every file.
const MAGIC: [u8; 8] = *b"assaytr1";
/// Bytes of a file at most: far more than any number of nodes that is worth keeping.
const MAX_BYTES: u64 = 1 << 30;

/// What the file holds.
#[derive(Encode, Decode)]
struct Stored {
	magic: [u8; 8],
	/// The run, so that no file stands for another run's.
	run: Hash,
	verdict: u8,
	/// Nodes of the lowest kept level. Those above follow from them.
	nodes: Vec<Hash>,
	/// Of each level below, the children of the last parent.
	edge: Vec<Vec<Hash>>,
}

/// Saves a trace in a folder, which is made unless it is there, and replaces the one that was there before
/// at once: whatever happens, the folder holds the old trace or the new one, whole.
///
/// # Errors
/// If something cannot be written.
pub fn save(
	folder: &Path,
	typed: &Typed<'_>,
	run: &Run,
	traced: &Traced,
) -> Result<(), ProverError> {
	let stored = Stored {
		magic: MAGIC,
		run: run.identity(typed.program()),
		verdict: traced.verdict,
		nodes: traced.upper.nodes().to_vec(),
		edge: traced.upper.edge().to_vec(),
	};
	let partial = folder.join(PARTIAL);
	let write = || {
		fs::create_dir_all(folder)?;
		let mut file = File::create(&partial)?;
		file.write_all(&stored.encode())?;
		file.sync_all()?;
		fs::rename(&partial, folder.join(FILE))?;
		File::open(folder)?.sync_all()
	};
	write().map_err(|source| ProverError::Io { path: partial.clone(), source })
}

/// Loads the trace of a run from a folder. `root` is the one that it must have, as its owner has sealed or
/// posted it. `None` if the folder holds no trace.
///
/// # Errors
/// If the file cannot be read, or is damaged, or belongs to another run or root.
pub fn load(
	folder: &Path,
	typed: &Typed<'_>,
	run: &Run,
	root: &Hash,
) -> Result<Option<Traced>, ProverError> {
	let path = folder.join(FILE);
	let bytes = match read(&path) {
		Ok(bytes) => bytes,
		Err(source) if source.kind() == ErrorKind::NotFound => return Ok(None),
		Err(source) => return Err(ProverError::Io { path, source }),
	};
	match check(&bytes, typed, run, root)? {
		Ok(traced) => Ok(Some(traced)),
		Err(reason) => Err(stored(path, reason)),
	}
}

const fn stored(path: PathBuf, reason: &'static str) -> ProverError {
	ProverError::Stored { path, reason }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
	let mut bytes = Vec::new();
	File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
	Ok(bytes)
}

/// The trace that bytes hold, or why they hold none of the run.
fn check(
	mut bytes: &[u8],
	typed: &Typed<'_>,
	run: &Run,
	root: &Hash,
) -> Result<Result<Traced, &'static str>, ProverError> {
	let layout = run.layout(typed)?;
	let Ok(stored) = Stored::decode_all(&mut bytes) else {
		return Ok(Err("the file is no trace, or only a part of one"));
	};
	if stored.magic != MAGIC {
		return Ok(Err("the file is no trace of this version"));
	}
	if stored.run != run.identity(typed.program()) {
		return Ok(Err("the file holds the trace of another run"));
	}
	let upper = Skeleton::<Native>::from_parts(layout.tree(), stored.nodes, stored.edge);
	let Some(upper) = upper.filter(|upper| upper.root() == *root) else {
		return Ok(Err("the nodes do not lead to the root"));
	};
	let (verdict, recent) = (stored.verdict, BTreeMap::new());
	let traced = Traced { upper, verdict, recent, meter: Meter::default() };
	if !layout.ends_in::<Native>(traced.verdict, &traced.last_path(), root) {
		return Ok(Err("the verdict is not that of the trace"));
	}
	Ok(Ok(traced))
}
