//! The protocol's leaves, from whole rows of logits.

use assay_kernels_backend::reference::FloatRows;
use assay_kernels_exact::{
	sampler::{
		self, best, best_noisy, histogram, id_of, max_of, next_digit, sample, scaled, select,
		Sampling, Selection, Target,
	},
	verdict,
};
use assay_trace::{
	bytes::{of_selection, of_words},
	EpilogueLeaf, Filter,
};

/// What a run has computed and what was committed.
pub(crate) struct Ending<'a> {
	pub(crate) result: &'a FloatRows,
	pub(crate) generates: bool,
	pub(crate) inputs: u32,
	pub(crate) committed: &'a [u32],
	pub(crate) sampling: &'a Sampling,
}

impl Ending<'_> {
	/// The words that the run should have committed.
	pub(crate) fn words(&self) -> Vec<u32> {
		if !self.generates {
			return self.result.elements.iter().map(|element| element.to_bits()).collect();
		}
		let token = |output: usize| {
			let position = self.inputs + output as u32;
			sample(self.result.row(output), self.sampling, position).unwrap()
		};
		(0..self.result.len()).map(token).collect()
	}

	/// The content of a leaf.
	pub(crate) fn leaf(&self, leaf: &EpilogueLeaf) -> Vec<u8> {
		match *leaf {
			EpilogueLeaf::Best { output, tile } => {
				let (logits, first) = self.tile(output, tile);
				of_words(&[best(logits, self.inverse().unwrap_or(1.0), first)])
			}
			EpilogueLeaf::Greatest { output } => of_words(&[self.greatest(output)]),
			EpilogueLeaf::Histogram { output, filter, round, tile } => {
				let Some(inverse) = self.target(filter).and(self.inverse()) else {
					return vec![0; 128];
				};
				let (logits, _) = self.tile(output, tile);
				let prefix = self.selection(output, filter, round).prefix;
				of_words(&histogram(logits, inverse, self.mass(output, filter), round, prefix))
			}
			EpilogueLeaf::Selection { output, filter, round } => match self.target(filter) {
				Some(_) => of_selection(&self.selection(output, filter, round + 1)),
				None => vec![0; 12],
			},
			EpilogueLeaf::Noisy { output, tile } => {
				let (logits, first) = self.tile(output, tile);
				of_words(&[self.noisy(output, logits, first)])
			}
			EpilogueLeaf::Choice { output } => {
				let record = self.noisy(output, self.result.row(output as usize), 0);
				assert_eq!(id_of(record), self.words()[output as usize]);
				of_words(&[record])
			}
			EpilogueLeaf::Flags { tile } => {
				let words = self.words();
				let pairs = words.iter().zip(self.committed).skip(tile as usize * 1024).take(1024);
				pairs.map(|(computed, committed)| u8::from(computed == committed)).collect()
			}
			EpilogueLeaf::Conjunction { level, tile } => {
				let span = 1024_usize.pow(level + 1);
				let words = self.words();
				let pairs = words.iter().zip(self.committed).skip(tile as usize * span).take(span);
				let equal =
					pairs.fold(true, |all, (computed, committed)| all && computed == committed);
				vec![if equal { verdict::OK } else { verdict::NOT_OK }]
			}
		}
	}

	fn inverse(&self) -> Option<f32> {
		self.sampling.inverse_temperature()
	}

	fn tile(&self, output: u32, tile: u32) -> (&[f32], u32) {
		let row = self.result.row(output as usize);
		(row.chunks(1024).nth(tile as usize).unwrap(), tile * 1024)
	}

	fn greatest(&self, output: u32) -> u64 {
		best(self.result.row(output as usize), self.inverse().unwrap_or(1.0), 0)
	}

	fn target(&self, filter: Filter) -> Option<Target> {
		self.inverse()?;
		match filter {
			Filter::TopK => self.sampling.top_k_target(),
			Filter::TopP => self.sampling.top_p_target(),
		}
	}

	fn mass(&self, output: u32, filter: Filter) -> sampler::Filter {
		match filter {
			Filter::TopK => sampler::Filter::Count,
			Filter::TopP => sampler::Filter::Probability {
				max: max_of(self.greatest(output)),
				floor: self.threshold(output, Filter::TopK),
			},
		}
	}

	/// A selection before a round, over the whole row at once.
	fn selection(&self, output: u32, filter: Filter, rounds: u32) -> Selection {
		let (Some(target), Some(inverse)) = (self.target(filter), self.inverse()) else {
			return Selection::default();
		};
		let row = self.result.row(output as usize);
		(0..rounds).fold(Selection::default(), |state, round| {
			let masses = histogram(row, inverse, self.mass(output, filter), round, state.prefix);
			next_digit(&[masses], round, state, target)
		})
	}

	/// The threshold of a selection; for top-k by sorting.
	fn threshold(&self, output: u32, filter: Filter) -> u32 {
		let (Some(target), Some(inverse)) = (self.target(filter), self.inverse()) else { return 0 };
		if filter == Filter::TopP {
			return self.selection(output, filter, sampler::ROUNDS).prefix;
		}
		let key = |&logit: &f32| (assay_kernels_exact::float::key(scaled(logit, inverse)), 1);
		let candidates: Vec<(u32, u64)> =
			self.result.row(output as usize).iter().map(key).collect();
		select(&candidates, target)
	}

	fn noisy(&self, output: u32, logits: &[f32], first: u32) -> u64 {
		let Some(inverse) = self.inverse() else { return best(logits, 1.0, first) };
		let max = max_of(self.greatest(output));
		let thresholds = [Filter::TopK, Filter::TopP].map(|filter| self.threshold(output, filter));
		let threshold = self.sampling.threshold(thresholds[0], thresholds[1], max);
		let position = self.inputs + output;
		best_noisy(logits, inverse, threshold, self.sampling.seed, position, first)
	}
}
