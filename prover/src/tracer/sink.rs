//! Hashing and folding what a backend shows.

use core::ops::Range;
use std::collections::BTreeMap;

use assay_kernels_backend::trace::{Interest, TileSink, Tiles};
use assay_primitives::{merkle::LeafBatch, Hash, Native};
use assay_programs::{dataflow::StepId, stage::Stage};
use assay_trace::{Layout, Segment, SkeletonBuilder};
use rayon::prelude::*;

use super::{Keep, Meter, Traced};
use crate::{epilogue::Ending, error::ProverError, run::Run};

/// Tiles that one thread writes and hashes at a time: enough for all lanes of a vector to be busy,
/// few enough that they stay in a core's cache.
const BATCH: u64 = 256;
/// Batches that are under way at once, however many threads there are: what is held then, at most about
/// 4 MiB of ordinary tiles, is the same on every machine.
const BATCHES: u64 = 64;
/// Leaves of the epilogue that are under way at once, unless one output token has more.
const EPILOGUE_LEAVES: u64 = 1 << 15;

/// Hashes what a backend shows.
pub(super) struct Tracer<'a> {
	layout: &'a Layout<'a, 'a>,
	ending: Ending<'a>,
	tree: SkeletonBuilder<Native>,
	/// The epilogue, which comes before the program has ended.
	epilogue: Segment<Native>,
	/// Columns of the result.
	columns: usize,
	/// Elements of the result that have come.
	elements: u64,
	/// The record of each output token's choice.
	records: Vec<u64>,
	/// The computed words.
	words: Vec<u32>,
	/// The stage that is being shown: the leaf after its last, and its bytes that have not come.
	stage: (u64, u64),
	meter: Meter,
	failed: Option<ProverError>,
}

impl<'a> Tracer<'a> {
	pub(super) fn new(layout: &'a Layout<'a, 'a>, run: &'a Run, keep: &Keep) -> Self {
		let tree = SkeletonBuilder::new(layout.tree(), keep.nodes);
		let epilogue = tree.segment(layout.program().leaves());
		let columns = layout.typed().result().form.columns() as usize;
		Self {
			layout,
			ending: Ending::new(layout, run, keep.lie),
			tree,
			epilogue,
			columns,
			elements: 0,
			records: Vec::new(),
			words: Vec::new(),
			stage: (0, 0),
			meter: Meter::default(),
			failed: None,
		}
	}

	/// Checks that the stage before is complete and the next one begins here.
	fn begin(&mut self, step: StepId, stage: Stage) -> Result<(), ProverError> {
		self.end_stage()?;
		let expected = self.tree.leaves();
		match self.layout.section(step, stage) {
			Some((section, found)) if found == expected => {
				self.stage = (found.saturating_add(section.tiles()), section.bytes());
				Ok(())
			}
			// Beyond the last leaf, where no stage is.
			other => Err(ProverError::Order { expected, found: other.map_or(u64::MAX, |at| at.1) }),
		}
	}

	/// Checks that the stage that was shown is complete.
	fn end_stage(&self) -> Result<(), ProverError> {
		let (expected, found) = (self.stage.0, self.tree.leaves());
		if expected != found {
			return Err(ProverError::Order { expected, found });
		}
		match self.stage.1 {
			0 => Ok(()),
			missing => Err(ProverError::Missing { expected: missing, found: 0 }),
		}
	}

	fn push(&mut self, tiles: Range<u64>, source: &dyn Tiles) -> Result<(), ProverError> {
		let mut start = tiles.start;
		while start < tiles.end {
			let some = start..tiles.end.min(start + BATCH * BATCHES);
			let (first, tree) = (self.tree.leaves(), &self.tree);
			let batches = some.end.saturating_sub(some.start).div_ceil(BATCH);
			let batch = |batch: &mut LeafBatch, index: u64| {
				let from = some.start + index * BATCH;
				source.write(from..some.end.min(from + BATCH), batch);
				Hashed::take(batch, tree.segment(first + index * BATCH))
			};
			let hashed: Vec<Hashed> = if batches == 1 {
				vec![batch(&mut LeafBatch::default(), 0)]
			} else {
				let each = (0..batches).into_par_iter();
				each.map_init(LeafBatch::default, batch).collect()
			};
			self.hold(hashed.iter().map(Hashed::memory).sum());
			for Hashed { segment, bytes, .. } in hashed {
				self.meter.bytes += bytes;
				let stage = self.stage;
				self.stage.1 = stage.1.checked_sub(bytes).ok_or(ProverError::Bytes {
					leaf: first,
					expected: stage.1,
					found: bytes,
				})?;
				self.tree.append(segment)?;
			}
			start = some.end;
		}
		Ok(())
	}

	/// The leaves of the output tokens to which these rows belong; of an embedding, its words.
	fn rows(&mut self, rows: &[f32]) -> Result<(), ProverError> {
		self.elements += rows.len() as u64;
		if self.layout.outputs() == 0 {
			self.words.extend(rows.iter().map(|element| element.to_bits()));
			return Ok(());
		}
		let logits: Vec<&[f32]> = rows.chunks(self.columns.max(1)).collect();
		let per_token = self.ending.first_leaf(1).unwrap_or(1).max(1);
		let at_once = usize::try_from(EPILOGUE_LEAVES / per_token).unwrap_or(usize::MAX).max(1);
		for logits in logits.chunks(at_once) {
			let first = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
			let (ending, epilogue, layout) = (&self.ending, &self.epilogue, self.layout);
			let start = layout.program().leaves();
			let token = |batch: &mut LeafBatch, (output, logits): (u32, &&[f32])| {
				let record = ending.token(output, logits, &mut |leaf: &[u8]| {
					batch.begin();
					batch.extend(leaf);
				});
				let first = start.saturating_add(ending.first_leaf(output).unwrap_or_default());
				(record, Hashed::take(batch, epilogue.following(first)))
			};
			let numbered: Vec<(u32, &&[f32])> = (first..).zip(logits).collect();
			let hashed: Vec<(u64, Hashed)> =
				numbered.into_par_iter().map_init(LeafBatch::default, token).collect();
			self.hold(hashed.iter().map(|(_, hashed)| hashed.memory()).sum());
			for (record, hashed) in hashed {
				self.records.push(record);
				self.meter.bytes += hashed.bytes;
				self.epilogue.append(hashed.segment)?;
			}
		}
		Ok(())
	}

	/// Notes what is held now, `work` bytes of it for a while.
	fn hold(&mut self, work: u64) {
		let hashes = self.tree.held() + self.epilogue.held();
		let lists = size_of_val(self.records.as_slice()) + size_of_val(self.words.as_slice());
		let held = (hashes * size_of::<Hash>() + lists) as u64 + work;
		self.meter.most_held = self.meter.most_held.max(held);
	}

	/// The trace, after the pass.
	pub(super) fn finish(mut self) -> Result<Traced, ProverError> {
		if let Some(error) = self.failed {
			return Err(error);
		}
		self.end_stage()?;
		let shape = self.layout.shape();
		let expected = u64::from(shape.outputs) * self.columns as u64;
		if self.elements != expected {
			return Err(ProverError::Result { expected, found: self.elements });
		}
		let (ending, mut batch) = (self.ending, LeafBatch::default());
		let mut take = |leaf: &[u8]| {
			batch.begin();
			batch.extend(leaf);
		};
		if self.layout.outputs() > 0 {
			self.words = ending.choices(&self.records, &mut take);
		}
		let verdict = ending.verdict(&self.words, &mut take);
		let last = Hashed::take(&mut batch, self.epilogue.following(self.epilogue.end()));
		self.meter.bytes += last.bytes;
		self.hold(last.memory());
		self.epilogue.append(last.segment)?;
		self.tree.append(self.epilogue)?;
		let (expected, found) = (self.layout.leaves(), self.tree.leaves());
		let upper = self.tree.finish().ok_or(ProverError::Missing { expected, found })?;
		self.meter.leaves = found;
		Ok(Traced { upper, verdict, recent: BTreeMap::new(), meter: self.meter })
	}

	/// Remembers the first failure. There is nobody to tell it to before the backend returns.
	fn note(&mut self, result: Result<(), ProverError>) -> bool {
		match result {
			Ok(()) => self.failed.is_none(),
			Err(error) => {
				self.failed.get_or_insert(error);
				false
			}
		}
	}
}

impl TileSink for Tracer<'_> {
	fn stage(&mut self, step: StepId, stage: Stage) -> Interest {
		let begun = self.begin(step, stage);
		if self.note(begun) {
			Interest::Tiles
		} else {
			Interest::End
		}
	}

	fn tiles(&mut self, tiles: Range<u64>, source: &dyn Tiles) {
		if self.failed.is_none() {
			let pushed = self.push(tiles, source);
			self.note(pushed);
		}
	}

	fn result(&mut self, rows: &[f32]) {
		if self.failed.is_none() {
			let rows = self.rows(rows);
			self.note(rows);
		}
	}
}

/// Leaves that were hashed, as a segment of the tree.
struct Hashed {
	segment: Segment<Native>,
	/// Bytes of the leaves.
	bytes: u64,
	/// Bytes that were held for them.
	work: usize,
}

impl Hashed {
	/// Hashes the leaves of a batch and empties it.
	fn take(batch: &mut LeafBatch, mut segment: Segment<Native>) -> Self {
		let mut hashes = Vec::with_capacity(batch.len());
		batch.hash_into::<Native>(&mut hashes);
		let bytes = batch.contents().map(<[u8]>::len).sum::<usize>() as u64;
		let work = batch.memory() + size_of_val(hashes.as_slice());
		segment.extend(&hashes);
		batch.clear();
		Self { segment, bytes, work }
	}

	/// Bytes that were held at most.
	fn memory(&self) -> u64 {
		(self.work + self.segment.held() * size_of::<Hash>()) as u64
	}
}
