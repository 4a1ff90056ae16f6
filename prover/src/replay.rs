//! Some leaves again: their contents, or their hashes.

use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_backend::{
	trace::{Interest, TileSink, Tiles, TracedRun},
	Executor,
};
use assay_primitives::{merkle::LeafBatch, Hash, Native};
use assay_programs::{dataflow::StepId, stage::Stage, Typed};
use assay_trace::Layout;

use crate::{epilogue::Ending, error::ProverError, lie::EpilogueLie, run::Run};

/// Leaves that are computed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
	/// Those whose contents are wanted.
	pub contents: BTreeSet<u64>,
	/// First leaf and end of each range whose hashes are wanted; ranges do not overlap.
	pub hashes: BTreeMap<u64, u64>,
}

impl Wanted {
	/// Whether nothing is wanted.
	pub fn is_empty(&self) -> bool {
		self.contents.is_empty() && self.hashes.is_empty()
	}

	/// How many leaves are wanted.
	pub fn leaves(&self) -> u64 {
		let hashes: u64 = self.hashes.iter().map(|(start, end)| end.saturating_sub(*start)).sum();
		let alone = self.contents.iter().filter(|&&leaf| self.range_of(leaf).is_none()).count();
		hashes.saturating_add(alone as u64)
	}

	/// The leaf after the last that is wanted.
	fn end(&self) -> u64 {
		let contents = self.contents.last().map_or(0, |last| last.saturating_add(1));
		contents.max(self.hashes.values().copied().max().unwrap_or(0))
	}

	/// The range of hashes that a leaf belongs to.
	fn range_of(&self, leaf: u64) -> Option<u64> {
		let (&start, &end) = self.hashes.range(..=leaf).next_back()?;
		(leaf < end).then_some(start)
	}

	/// The wanted leaves of a range, in order, neighbours together.
	fn within(&self, range: Range<u64>) -> Vec<Range<u64>> {
		let mut parts: Vec<Range<u64>> = self
			.hashes
			.range(..range.end)
			.map(|(&start, &end)| start.max(range.start)..end.min(range.end))
			.filter(|part| !part.is_empty())
			.chain(self.contents.range(range.clone()).map(|&leaf| leaf..leaf + 1))
			.collect();
		parts.sort_unstable_by_key(|part| part.start);
		parts.into_iter().fold(Vec::new(), |mut joined: Vec<Range<u64>>, part| {
			match joined.last_mut() {
				Some(last) if last.end >= part.start => last.end = last.end.max(part.end),
				_ => joined.push(part),
			}
			joined
		})
	}
}

/// Leaves that were computed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
	/// Contents by leaf.
	pub contents: BTreeMap<u64, Vec<u8>>,
	/// By the first leaf of each range, the hashes of all of its leaves.
	pub hashes: BTreeMap<u64, Vec<Hash>>,
}

/// Computes some leaves again. The pass ends at the last of them.
///
/// # Errors
/// If the program has no such run or the run no such leaf, or the backend refuses.
pub fn replay(
	typed: &Typed<'_>,
	run: &Run,
	executor: &mut dyn Executor,
	lie: Option<EpilogueLie>,
	wanted: &Wanted,
) -> Result<Found, ProverError> {
	let layout = run.layout(typed)?;
	let end = wanted.end();
	if end > layout.leaves() {
		return Err(ProverError::NoSuchLeaf(end.saturating_sub(1)));
	}
	let tokens = run.tokens(typed.program());
	let ending = Ending::new(&layout, run, lie);
	let mut collector = Collector {
		layout: &layout,
		wanted,
		ending,
		first: 0,
		end,
		columns: typed.result().form.columns() as usize,
		records: Vec::new(),
		words: Vec::new(),
		found: Found::default(),
	};
	let outputs = layout.shape().outputs;
	executor.trace(&TracedRun { tokens: &tokens, outputs }, &mut collector)?;
	collector.finish()
}

/// Keeps what is wanted of what a backend shows.
struct Collector<'a> {
	layout: &'a Layout<'a, 'a>,
	wanted: &'a Wanted,
	ending: Ending<'a>,
	/// The first leaf of the stage that is shown.
	first: u64,
	/// The leaf after the last that is wanted.
	end: u64,
	/// Columns of the result.
	columns: usize,
	records: Vec<u64>,
	words: Vec<u32>,
	found: Found,
}

impl Collector<'_> {
	/// Keeps leaves that follow each other from `first` on, all of which are wanted.
	fn keep(&mut self, first: u64, batch: &LeafBatch) {
		let mut hashes = Vec::with_capacity(batch.len());
		batch.hash_into::<Native>(&mut hashes);
		for ((leaf, hash), content) in (first..).zip(hashes).zip(batch.contents()) {
			if self.wanted.contents.contains(&leaf) {
				self.found.contents.insert(leaf, content.to_vec());
			}
			if let Some(range) = self.wanted.range_of(leaf) {
				self.found.hashes.entry(range).or_default().push(hash);
			}
		}
	}

	/// Keeps what is wanted of some leaves of the epilogue, the first of which has this number.
	fn keep_some(&mut self, first: u64, leaves: &[Vec<u8>]) {
		let mut batch = LeafBatch::default();
		for part in self.wanted.within(first..first + leaves.len() as u64) {
			batch.clear();
			let place = |leaf: u64| usize::try_from(leaf - first).unwrap_or(usize::MAX);
			for leaf in &leaves[place(part.start)..place(part.end)] {
				batch.begin();
				batch.extend(leaf);
			}
			self.keep(part.start, &batch);
		}
	}

	/// The first leaf of an output token, or of the choices.
	fn epilogue_leaf(&self, output: u32) -> u64 {
		let within = self.ending.first_leaf(output).unwrap_or_default();
		self.layout.program().leaves().saturating_add(within)
	}

	fn finish(mut self) -> Result<Found, ProverError> {
		let outputs = self.layout.outputs();
		let first = self.epilogue_leaf(outputs);
		let rest = if outputs > 0 { self.records.len() as u64 == outputs.into() } else { true };
		if self.end > first && rest {
			let mut leaves = Vec::new();
			let mut take = |leaf: &[u8]| leaves.push(leaf.to_vec());
			if outputs > 0 {
				self.words = self.ending.choices(&self.records, &mut take);
			}
			self.ending.verdict(&self.words, &mut take);
			self.keep_some(first, &leaves);
		}
		let hashes: usize = self.found.hashes.values().map(Vec::len).sum();
		let alone = self.found.contents.keys();
		let alone = alone.filter(|&&leaf| self.wanted.range_of(leaf).is_none()).count();
		let (expected, found) = (self.wanted.leaves(), (hashes + alone) as u64);
		if found != expected || self.found.contents.len() != self.wanted.contents.len() {
			return Err(ProverError::Missing { expected, found });
		}
		Ok(self.found)
	}
}

impl TileSink for Collector<'_> {
	fn stage(&mut self, step: StepId, stage: Stage) -> Interest {
		let Some((section, first)) = self.layout.section(step, stage) else {
			return Interest::End;
		};
		self.first = first;
		let end = first.saturating_add(section.tiles());
		if first >= self.end {
			Interest::End
		} else if self.wanted.within(first..end).is_empty() {
			Interest::Nothing
		} else {
			Interest::Tiles
		}
	}

	fn tiles(&mut self, tiles: Range<u64>, source: &dyn Tiles) {
		/// Tiles in memory at a time.
		const BATCH: u64 = 4096;
		let first = self.first;
		let shown = first.saturating_add(tiles.start)..first.saturating_add(tiles.end);
		let mut batch = LeafBatch::default();
		for part in self.wanted.within(shown) {
			let mut start = part.start;
			while start < part.end {
				let end = part.end.min(start + BATCH);
				batch.clear();
				source.write(start - first..end - first, &mut batch);
				self.keep(start, &batch);
				start = end;
			}
		}
	}

	fn result(&mut self, rows: &[f32]) {
		let outputs = self.layout.outputs();
		if outputs == 0 {
			self.words.extend(rows.iter().map(|element| element.to_bits()));
			return;
		}
		// Whoever wants a leaf behind the tokens' wants what all tokens have chosen.
		let all = self.end > self.epilogue_leaf(outputs);
		for logits in rows.chunks(self.columns.max(1)) {
			let output = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
			let first = self.epilogue_leaf(output);
			let end = self.epilogue_leaf(output.saturating_add(1));
			if !all && self.wanted.within(first..end).is_empty() {
				self.records.push(0);
				continue;
			}
			let mut leaves = Vec::new();
			let take = &mut |leaf: &[u8]| leaves.push(leaf.to_vec());
			let record = self.ending.token(output, logits, take);
			self.records.push(record);
			self.keep_some(first, &leaves);
		}
	}
}
