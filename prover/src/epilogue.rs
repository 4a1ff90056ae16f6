//! The protocol's leaves, from the rows of a result as they come (`trace/SPEC.md`, 2).

use assay_kernels_exact::{
	sampler::{
		self, best, best_noisy, histogram, id_of, max_of, next_digit, reduce, Histogram, Sampling,
		Selection, Target, ROUNDS,
	},
	verdict,
};
use assay_trace::{
	bytes::{self, of_selection, of_words, HISTOGRAM, SELECTION},
	grid::{FLAGS, LOGITS},
	Epilogue, EpilogueLeaf, Filter, Layout,
};

use crate::{lie::EpilogueLie, run::Run};

/// Takes the leaves of an epilogue, in order.
pub(crate) trait Take: FnMut(&[u8]) {}
impl<F: FnMut(&[u8])> Take for F {}

/// How a run ends.
#[derive(Clone, Copy)]
pub(crate) struct Ending<'a> {
	epilogue: &'a Epilogue,
	sampling: &'a Sampling,
	/// Input tokens.
	inputs: u32,
	/// The committed words.
	committed: &'a [u32],
	lie: Option<EpilogueLie>,
}

impl<'a> Ending<'a> {
	pub(crate) fn new(layout: &'a Layout<'_, '_>, run: &'a Run, lie: Option<EpilogueLie>) -> Self {
		let (epilogue, inputs) = (layout.epilogue(), layout.inputs());
		Self { epilogue, sampling: &run.sampling, inputs, committed: &run.output, lie }
	}

	/// The leaves of one output token but for its choice, from its logits. Returns the choice's record.
	pub(crate) fn token(&self, output: u32, logits: &[f32], take: &mut impl Take) -> u64 {
		let mut leaves = Leaves { lie: self.lie, take };
		let inverse = self.sampling.inverse_temperature();
		let tiles = || (0..).zip(logits.chunks(LOGITS as usize));
		let mut bests = Vec::new();
		for (tile, logits) in tiles() {
			let record = best(logits, inverse.unwrap_or(1.0), first_id(tile));
			bests.push(leaves.record(EpilogueLeaf::Best { output, tile }, record));
		}
		let greatest = leaves.record(EpilogueLeaf::Greatest { output }, reduce(&bests));
		let max = max_of(greatest);

		let mut thresholds = [0; 2];
		for (index, filter) in [Filter::TopK, Filter::TopP].into_iter().enumerate() {
			let on = inverse.zip(self.target(filter));
			let mass = match filter {
				Filter::TopK => sampler::Filter::Count,
				Filter::TopP => sampler::Filter::Probability { max, floor: thresholds[0] },
			};
			let mut state = Selection::default();
			for round in 0..ROUNDS {
				let mut histograms: Vec<Histogram> = Vec::new();
				for (tile, logits) in tiles() {
					let leaf = EpilogueLeaf::Histogram { output, filter, round, tile };
					match on {
						Some((inverse, _)) => {
							let masses = histogram(logits, inverse, mass, round, state.prefix);
							histograms.push(leaves.histogram(leaf, &masses));
						}
						None => leaves.zeros(leaf, &mut [0; HISTOGRAM]),
					}
				}
				let leaf = EpilogueLeaf::Selection { output, filter, round };
				match on {
					Some((_, target)) => {
						let next = next_digit(&histograms, round, state, target);
						state = leaves.selection(leaf, &next);
					}
					None => leaves.zeros(leaf, &mut [0; SELECTION]),
				}
			}
			thresholds[index] = state.prefix;
		}

		let threshold = self.sampling.threshold(thresholds[0], thresholds[1], max);
		let position = self.inputs.saturating_add(output);
		let mut noisy = Vec::new();
		for (tile, logits) in tiles() {
			let first = first_id(tile);
			let record = match inverse {
				Some(inverse) => {
					best_noisy(logits, inverse, threshold, self.sampling.seed, position, first)
				}
				None => best(logits, 1.0, first),
			};
			noisy.push(leaves.record(EpilogueLeaf::Noisy { output, tile }, record));
		}
		reduce(&noisy)
	}

	/// The choices of all output tokens from their records. Returns the chosen ids.
	pub(crate) fn choices(&self, records: &[u64], take: &mut impl Take) -> Vec<u32> {
		let mut leaves = Leaves { lie: self.lie, take };
		let choice =
			|(output, &record)| id_of(leaves.record(EpilogueLeaf::Choice { output }, record));
		(0..).zip(records).map(choice).collect()
	}

	/// The flags of all computed words and their conjunction. Returns the verdict.
	pub(crate) fn verdict(&self, computed: &[u32], take: &mut impl Take) -> u8 {
		let mut leaves = Leaves { lie: self.lie, take };
		let tile_size = FLAGS as usize;
		let mut level: Vec<u8> = Vec::new();
		let committed = self.committed.chunks(tile_size);
		for (tile, (computed, committed)) in (0..).zip(computed.chunks(tile_size).zip(committed)) {
			let pairs = computed.iter().zip(committed);
			let mut flags: Vec<u8> = pairs.map(|(&a, &b)| verdict::compare(a, b)).collect();
			leaves.put(&EpilogueLeaf::Flags { tile }, &mut flags);
			level.push(verdict::all(&flags));
		}
		for number in 0.. {
			for (tile, flag) in (0..).zip(&mut level) {
				let mut content = [*flag];
				leaves.put(&EpilogueLeaf::Conjunction { level: number, tile }, &mut content);
				[*flag] = content;
			}
			if level.len() <= 1 {
				break;
			}
			level = level.chunks(tile_size).map(verdict::all).collect();
		}
		level.first().copied().unwrap_or(verdict::OK)
	}

	/// What a selection has to reach; `None` if it is off.
	fn target(&self, filter: Filter) -> Option<Target> {
		match filter {
			Filter::TopK => self.sampling.top_k_target(),
			Filter::TopP => self.sampling.top_p_target(),
		}
	}

	/// The number of the first leaf of an output token, counted from the epilogue's first; after the last
	/// token, that of the choices.
	pub(crate) fn first_leaf(&self, output: u32) -> Option<u64> {
		let of_token = EpilogueLeaf::Best { output, tile: 0 };
		let index = self.epilogue.index(&of_token);
		index.or_else(|| self.epilogue.index(&EpilogueLeaf::Choice { output: 0 }))
	}
}

/// Token id of a tile's first logit.
const fn first_id(tile: u32) -> u32 {
	tile.saturating_mul(LOGITS)
}

/// Hands leaves out. What later ones are computed from is what was handed out.
struct Leaves<'t, T> {
	lie: Option<EpilogueLie>,
	take: &'t mut T,
}

impl<T: Take> Leaves<'_, T> {
	fn put(&mut self, leaf: &EpilogueLeaf, content: &mut [u8]) {
		if let Some(lie) = &self.lie {
			lie.tell(leaf, content);
		}
		(self.take)(content);
	}

	fn zeros(&mut self, leaf: EpilogueLeaf, content: &mut [u8]) {
		self.put(&leaf, content);
	}

	fn record(&mut self, leaf: EpilogueLeaf, record: u64) -> u64 {
		let mut content = record.to_le_bytes();
		self.put(&leaf, &mut content);
		u64::from_le_bytes(content)
	}

	fn histogram(&mut self, leaf: EpilogueLeaf, masses: &Histogram) -> Histogram {
		let mut content = of_words(masses);
		self.put(&leaf, &mut content);
		bytes::histogram(&content).unwrap_or(*masses)
	}

	fn selection(&mut self, leaf: EpilogueLeaf, selection: &Selection) -> Selection {
		let mut content = of_selection(selection);
		self.put(&leaf, &mut content);
		bytes::selection(&content).unwrap_or(*selection)
	}
}
