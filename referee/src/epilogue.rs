//! The protocol's leaves: sampling, comparison, verdict (SPEC 13.4 and 15; `trace/SPEC.md`, section 2).

use alloc::vec::Vec;

use assay_kernels_exact::{
	sampler::{
		self, best, best_noisy, histogram, id_of, max_of, next_digit, reduce, Histogram, Sampling,
		Selection, Target, ROUNDS,
	},
	verdict,
};
use assay_programs::Kind;
use assay_trace::{
	bytes::{self, first, of_selection, of_words, HISTOGRAM, SELECTION},
	grid::{FLAGS, LOGITS},
	EpilogueLeaf, Filter, Leaf,
};

use crate::{
	error::Fault,
	reader::Reader,
	source::{Source, Tree},
};

/// The content of a leaf of the epilogue.
pub(crate) fn recompute<S: Source>(
	leaf: &EpilogueLeaf,
	sampling: &Sampling,
	reader: &mut Reader<'_, S>,
) -> Result<Vec<u8>, S::Error> {
	let mut epilogue = Recompute { sampling, reader };
	match *leaf {
		EpilogueLeaf::Best { output, tile } => {
			let logits = epilogue.logits(output, tile)?;
			let inverse = sampling.inverse_temperature().unwrap_or(1.0);
			Ok(of_words(&[best(&logits, inverse, first_id(tile))]))
		}
		EpilogueLeaf::Greatest { output } => {
			epilogue.greatest_of(|tile| EpilogueLeaf::Best { output, tile })
		}
		EpilogueLeaf::Histogram { output, filter, round, tile } => {
			epilogue.histogram(output, filter, round, tile)
		}
		EpilogueLeaf::Selection { output, filter, round } => {
			epilogue.selection(output, filter, round)
		}
		EpilogueLeaf::Noisy { output, tile } => epilogue.noisy(output, tile),
		EpilogueLeaf::Choice { output } => {
			epilogue.greatest_of(|tile| EpilogueLeaf::Noisy { output, tile })
		}
		EpilogueLeaf::Flags { tile } => epilogue.flags(tile),
		EpilogueLeaf::Conjunction { level, tile } => epilogue.conjunction(level, tile),
	}
}

/// Token id of a tile's first logit.
const fn first_id(tile: u32) -> u32 {
	tile.saturating_mul(LOGITS)
}

struct Recompute<'r, 'a, S> {
	sampling: &'r Sampling,
	reader: &'r mut Reader<'a, S>,
}

impl<S: Source> Recompute<'_, '_, S> {
	/// A leaf of the epilogue.
	fn read(&mut self, leaf: EpilogueLeaf) -> Result<&[u8], S::Error> {
		let layout = self.reader.layout();
		let bytes = layout.epilogue().bytes(&leaf);
		let index = layout.index(&Leaf::Epilogue(leaf));
		self.reader.leaf(index.ok_or(Fault::Program { missing: "leaf of the epilogue" })?, bytes)
	}

	fn record(&mut self, leaf: EpilogueLeaf) -> Result<u64, S::Error> {
		let record = first(self.read(leaf)?);
		Ok(record.ok_or(Fault::Program { missing: "record of a greatest element" })?)
	}

	/// The logits of a tile.
	fn logits(&mut self, output: u32, tile: u32) -> Result<Vec<f32>, S::Error> {
		let layout = self.reader.layout();
		let result = layout.result().ok_or(Fault::Program { missing: "result" })?;
		let value = self.reader.value(result)?;
		let start = first_id(tile);
		let end = start.saturating_add(LOGITS).min(self.reader.program().vocabulary);
		self.reader.columns(&value, output, start..end)
	}

	/// The greatest of one record per tile of logits.
	fn greatest_of(&mut self, leaf: impl Fn(u32) -> EpilogueLeaf) -> Result<Vec<u8>, S::Error> {
		let tiles = 0..self.reader.layout().epilogue().logit_tiles();
		let records: Result<Vec<u64>, _> = tiles.map(|tile| self.record(leaf(tile))).collect();
		Ok(of_words(&[reduce(&records?)]))
	}

	/// What a selection has to reach; `None` if it is off. Choosing without chance filters nothing.
	fn target(&self, filter: Filter) -> Option<Target> {
		self.sampling.inverse_temperature()?;
		match filter {
			Filter::TopK => self.sampling.top_k_target(),
			Filter::TopP => self.sampling.top_p_target(),
		}
	}

	/// A selection before a round.
	fn before(&mut self, output: u32, filter: Filter, round: u32) -> Result<Selection, S::Error> {
		let Some(round) = round.checked_sub(1) else { return Ok(Selection::default()) };
		let selection = self.read(EpilogueLeaf::Selection { output, filter, round })?;
		Ok(bytes::selection(selection).ok_or(Fault::Program { missing: "selection" })?)
	}

	/// The threshold that a selection ends with; 0 if it is off.
	fn threshold(&mut self, output: u32, filter: Filter) -> Result<u32, S::Error> {
		match self.target(filter) {
			Some(_) => Ok(self.before(output, filter, ROUNDS)?.prefix),
			None => Ok(0),
		}
	}

	fn histogram(
		&mut self,
		output: u32,
		filter: Filter,
		round: u32,
		tile: u32,
	) -> Result<Vec<u8>, S::Error> {
		let inverse = self.sampling.inverse_temperature();
		let Some((inverse, _)) = inverse.zip(self.target(filter)) else {
			return Ok([0; HISTOGRAM].into());
		};
		let logits = self.logits(output, tile)?;
		let prefix = self.before(output, filter, round)?.prefix;
		let mass = match filter {
			Filter::TopK => sampler::Filter::Count,
			Filter::TopP => {
				let max = max_of(self.record(EpilogueLeaf::Greatest { output })?);
				let floor = self.threshold(output, Filter::TopK)?;
				sampler::Filter::Probability { max, floor }
			}
		};
		Ok(of_words(&histogram(&logits, inverse, mass, round, prefix)))
	}

	fn selection(&mut self, output: u32, filter: Filter, round: u32) -> Result<Vec<u8>, S::Error> {
		let Some(target) = self.target(filter) else { return Ok([0; SELECTION].into()) };
		let mut histograms: Vec<Histogram> = Vec::new();
		for tile in 0..self.reader.layout().epilogue().logit_tiles() {
			let leaf = EpilogueLeaf::Histogram { output, filter, round, tile };
			let histogram = bytes::histogram(self.read(leaf)?);
			histograms.push(histogram.ok_or(Fault::Program { missing: "histogram" })?);
		}
		let before = self.before(output, filter, round)?;
		Ok(of_selection(&next_digit(&histograms, round, before, target)))
	}

	fn noisy(&mut self, output: u32, tile: u32) -> Result<Vec<u8>, S::Error> {
		let logits = self.logits(output, tile)?;
		let Some(inverse) = self.sampling.inverse_temperature() else {
			return Ok(of_words(&[best(&logits, 1.0, first_id(tile))]));
		};
		let max = max_of(self.record(EpilogueLeaf::Greatest { output })?);
		let top_k = self.threshold(output, Filter::TopK)?;
		let top_p = self.threshold(output, Filter::TopP)?;
		let threshold = self.sampling.threshold(top_k, top_p, max);
		let position = self.reader.layout().inputs().saturating_add(output);
		let seed = self.sampling.seed;
		let first = first_id(tile);
		Ok(of_words(&[best_noisy(&logits, inverse, threshold, seed, position, first)]))
	}

	fn flags(&mut self, tile: u32) -> Result<Vec<u8>, S::Error> {
		let layout = self.reader.layout();
		let words = layout.epilogue().words_of(tile);
		let computed: Vec<u32> = match self.reader.program().kind {
			Kind::Generate { .. } => {
				let ids: Result<_, S::Error> = words
					.map(|output| Ok(id_of(self.record(EpilogueLeaf::Choice { output })?)))
					.collect();
				ids?
			}
			Kind::Embed => {
				let result = layout.result().ok_or(Fault::Program { missing: "result" })?;
				let value = self.reader.value(result)?;
				self.reader.columns(&value, 0, words)?
			}
		};
		let committed = self.reader.words(Tree::Output, tile, layout.epilogue().words())?;
		let pairs = computed.into_iter().zip(committed);
		Ok(pairs.map(|(computed, committed)| verdict::compare(computed, committed)).collect())
	}

	fn conjunction(&mut self, level: u32, tile: u32) -> Result<Vec<u8>, S::Error> {
		let Some(level) = level.checked_sub(1) else {
			return Ok([verdict::all(self.read(EpilogueLeaf::Flags { tile })?)].into());
		};
		let below = self.reader.layout().epilogue().conjunction(level);
		let below = below.ok_or(Fault::Program { missing: "level of the conjunction" })?;
		let start = tile.saturating_mul(FLAGS).min(below);
		let mut flags = Vec::new();
		for tile in start..start.saturating_add(FLAGS).min(below) {
			flags.extend_from_slice(self.read(EpilogueLeaf::Conjunction { level, tile })?);
		}
		Ok([verdict::all(&flags)].into())
	}
}
