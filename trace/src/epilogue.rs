//! The leaves that the protocol appends to a program's: what is chosen from the logits, whether it is
//! what was committed, and the verdict.
//!
//! No part of it belongs to a program, and its form does not depend on the sampling parameters: the
//! stages of a filter that is off are there and hold zeros, which cost next to nothing. What an output
//! token is chosen by lies together, so that a tracer needs the logits of one token at a time; the
//! choices of all tokens lie together, because one leaf of flags reads many of them.

use core::ops::Range;

use assay_kernels_exact::sampler::ROUNDS;

use crate::{
	bytes::{HISTOGRAM, SELECTION},
	grid::{FLAGS, LOGITS},
};

/// Bytes of the record of a greatest element.
const RECORD: u64 = 8;

/// A selection of the sampler (SPEC 13.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
	/// top-k: by number.
	TopK,
	/// top-p: by probability, among what top-k keeps.
	TopP,
}

/// A leaf of the epilogue by what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpilogueLeaf {
	/// The greatest scaled logit of a tile.
	Best {
		/// Output token.
		output: u32,
		/// Tile of its logits.
		tile: u32,
	},
	/// The greatest scaled logit of an output token.
	Greatest {
		/// Output token.
		output: u32,
	},
	/// Masses of a tile's logits in a round of a selection.
	Histogram {
		/// Output token.
		output: u32,
		/// The selection.
		filter: Filter,
		/// Its round.
		round: u32,
		/// Tile of the logits.
		tile: u32,
	},
	/// A selection after a round.
	Selection {
		/// Output token.
		output: u32,
		/// The selection.
		filter: Filter,
		/// Its round.
		round: u32,
	},
	/// The greatest sum of logit and noise of a tile.
	Noisy {
		/// Output token.
		output: u32,
		/// Tile of its logits.
		tile: u32,
	},
	/// The greatest sum of logit and noise of an output token, whose id is the chosen one.
	Choice {
		/// Output token.
		output: u32,
	},
	/// Flags of some words of the output: whether the computed one is the committed one.
	Flags {
		/// Tile of 1024 words, the same as of the tokens' tree.
		tile: u32,
	},
	/// Whether all flags are set of a tile of flags (level 0), or of 1024 leaves of the level below.
	Conjunction {
		/// Level.
		level: u32,
		/// Leaf of the level.
		tile: u32,
	},
}

/// The epilogue of a run's trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epilogue {
	/// Output tokens that are chosen; 0 if there is nothing to choose.
	outputs: u32,
	/// Tiles of the logits of one output token.
	tiles: u32,
	/// Words that are compared.
	words: u32,
}

impl Epilogue {
	/// Of a run that chooses so many output tokens from a vocabulary.
	pub const fn generate(outputs: u32, vocabulary: u32) -> Self {
		Self { outputs, tiles: vocabulary.div_ceil(LOGITS), words: outputs }
	}

	/// Of a run whose result is a row of so many elements.
	pub const fn embed(columns: u32) -> Self {
		Self { outputs: 0, tiles: 0, words: columns }
	}

	/// Tiles of the logits of one output token.
	pub const fn logit_tiles(&self) -> u32 {
		self.tiles
	}

	/// Words that are compared: output tokens, or elements of the result.
	pub const fn words(&self) -> u32 {
		self.words
	}

	/// The words of a tile of flags.
	pub fn words_of(&self, tile: u32) -> Range<u32> {
		let start = tile.saturating_mul(FLAGS).min(self.words);
		start..start.saturating_add(FLAGS).min(self.words)
	}

	/// Leaves of a level of the conjunction; `None` beyond the last, which has one.
	pub fn conjunction(&self, level: u32) -> Option<u32> {
		self.conjunctions().nth(usize::try_from(level).ok()?)
	}

	/// How many leaves the epilogue has.
	pub fn leaves(&self) -> u64 {
		let conjunctions = self.conjunctions().map(u64::from).sum::<u64>();
		self.flags_start() + u64::from(self.words.div_ceil(FLAGS)) + conjunctions
	}

	/// What the leaf with this number, counted from the epilogue's first, holds.
	pub fn locate(&self, leaf: u64) -> Option<EpilogueLeaf> {
		let choices = self.choices_start();
		if leaf < choices {
			return self.sampled(leaf);
		}
		// What is left is a few leaves per output token or element, so that 32 bits hold it.
		let mut rest = u32::try_from(leaf - choices).ok()?;
		if rest < self.outputs {
			return Some(EpilogueLeaf::Choice { output: rest });
		}
		rest -= self.outputs;
		let flags = self.words.div_ceil(FLAGS);
		if rest < flags {
			return Some(EpilogueLeaf::Flags { tile: rest });
		}
		rest -= flags;
		for (level, leaves) in (0..).zip(self.conjunctions()) {
			if rest < leaves {
				return Some(EpilogueLeaf::Conjunction { level, tile: rest });
			}
			rest -= leaves;
		}
		None
	}

	/// The number of a leaf, counted from the epilogue's first; `None` if there is no such leaf.
	pub fn index(&self, leaf: &EpilogueLeaf) -> Option<u64> {
		let group = u64::from(self.tiles) + 1;
		let index = match *leaf {
			EpilogueLeaf::Best { output, tile } => self.output_start(output) + u64::from(tile),
			EpilogueLeaf::Greatest { output } => self.output_start(output) + u64::from(self.tiles),
			EpilogueLeaf::Histogram { output, filter, round, tile } => {
				self.output_start(output) + group_of(filter, round) * group + u64::from(tile)
			}
			EpilogueLeaf::Selection { output, filter, round } => {
				let group_start = self.output_start(output) + group_of(filter, round) * group;
				group_start + u64::from(self.tiles)
			}
			EpilogueLeaf::Noisy { output, tile } => {
				self.output_start(output) + NOISY_GROUP * group + u64::from(tile)
			}
			EpilogueLeaf::Choice { output } => self.choices_start() + u64::from(output),
			EpilogueLeaf::Flags { tile } => self.flags_start() + u64::from(tile),
			EpilogueLeaf::Conjunction { level, tile } => {
				let below = self.conjunctions().take(usize::try_from(level).ok()?);
				let below: u64 = below.map(u64::from).sum();
				let flags = u64::from(self.words.div_ceil(FLAGS));
				self.flags_start() + flags + below + u64::from(tile)
			}
		};
		// Whatever is out of range above has led to another leaf.
		(self.locate(index).as_ref() == Some(leaf)).then_some(index)
	}

	/// Bytes of a leaf.
	pub fn bytes(&self, leaf: &EpilogueLeaf) -> u64 {
		match leaf {
			EpilogueLeaf::Best { .. }
			| EpilogueLeaf::Greatest { .. }
			| EpilogueLeaf::Noisy { .. }
			| EpilogueLeaf::Choice { .. } => RECORD,
			EpilogueLeaf::Histogram { .. } => HISTOGRAM as u64,
			EpilogueLeaf::Selection { .. } => SELECTION as u64,
			EpilogueLeaf::Flags { tile } => {
				let words = self.words_of(*tile);
				u64::from(words.end - words.start)
			}
			EpilogueLeaf::Conjunction { .. } => 1,
		}
	}

	/// A leaf among those of single output tokens: groups of one leaf per tile and one over them, the
	/// last group without that one.
	fn sampled(&self, leaf: u64) -> Option<EpilogueLeaf> {
		let output = u32::try_from(leaf.checked_div(self.per_output())?).ok()?;
		let within = leaf.checked_rem(self.per_output())?;
		let group = u64::from(self.tiles) + 1;
		let tile = u32::try_from(within % group).ok()?;
		let over_tiles = tile == self.tiles;
		Some(match within / group {
			0 if over_tiles => EpilogueLeaf::Greatest { output },
			0 => EpilogueLeaf::Best { output, tile },
			NOISY_GROUP => EpilogueLeaf::Noisy { output, tile },
			selection => {
				let round = u32::try_from(selection - 1).ok()?;
				let filter = if round < ROUNDS { Filter::TopK } else { Filter::TopP };
				let round = round % ROUNDS;
				if over_tiles {
					EpilogueLeaf::Selection { output, filter, round }
				} else {
					EpilogueLeaf::Histogram { output, filter, round, tile }
				}
			}
		})
	}

	/// Leaves of one output token, its choice not among them.
	fn per_output(&self) -> u64 {
		NOISY_GROUP * (u64::from(self.tiles) + 1) + u64::from(self.tiles)
	}

	fn output_start(&self, output: u32) -> u64 {
		u64::from(output) * self.per_output()
	}

	fn choices_start(&self) -> u64 {
		self.output_start(self.outputs)
	}

	fn flags_start(&self) -> u64 {
		self.choices_start() + u64::from(self.outputs)
	}

	/// Leaves of each level of the conjunction, the last of which has one.
	fn conjunctions(&self) -> impl Iterator<Item = u32> {
		let first = self.words.div_ceil(FLAGS).max(1);
		core::iter::successors(Some(first), |&leaves| (leaves > 1).then(|| leaves.div_ceil(FLAGS)))
	}
}

/// The group of the noisy records, after that of the greatest logits and the rounds of two selections.
const NOISY_GROUP: u64 = 1 + 2 * ROUNDS as u64;

/// The group of a round of a selection.
fn group_of(filter: Filter, round: u32) -> u64 {
	let before = match filter {
		Filter::TopK => 0,
		Filter::TopP => ROUNDS,
	};
	1 + u64::from(before) + u64::from(round)
}

#[cfg(test)]
mod tests {
	use assay_programs::limits::{
		MAX_DIMENSION, MAX_EPILOGUE_LEAVES, MAX_POSITIONS, MAX_VOCABULARY,
	};

	use super::*;

	fn check(epilogue: Epilogue) {
		for index in 0..epilogue.leaves() {
			let leaf = epilogue.locate(index).unwrap();
			assert_eq!(epilogue.index(&leaf), Some(index), "{epilogue:?} {leaf:?}");
			assert!(epilogue.bytes(&leaf) > 0, "{epilogue:?} {leaf:?}");
		}
		for none in [epilogue.leaves(), u64::MAX] {
			assert_eq!(epilogue.locate(none), None, "{epilogue:?}");
		}
		let last = epilogue.locate(epilogue.leaves() - 1);
		assert!(
			matches!(last, Some(EpilogueLeaf::Conjunction { tile: 0, .. })),
			"{epilogue:?} {last:?}"
		);
	}

	#[test]
	fn every_number_is_one_leaf_and_back() {
		for (outputs, vocabulary) in [(1, 1), (1, 1024), (3, 1025), (2, 5000), (1030, 40)] {
			check(Epilogue::generate(outputs, vocabulary));
		}
		for columns in [1, 384, 1024, 1025, 4096, MAX_DIMENSION] {
			check(Epilogue::embed(columns));
		}
	}

	#[test]
	fn leaves_out_of_range_have_no_number() {
		let epilogue = Epilogue::generate(2, 1500);
		let (filter, round) = (Filter::TopK, 0);
		for none in [
			EpilogueLeaf::Best { output: 2, tile: 0 },
			EpilogueLeaf::Best { output: 0, tile: 2 },
			EpilogueLeaf::Histogram { output: 0, filter, round: ROUNDS, tile: 0 },
			EpilogueLeaf::Histogram { output: 0, filter, round, tile: 2 },
			EpilogueLeaf::Selection { output: 0, filter, round: u32::MAX },
			EpilogueLeaf::Noisy { output: 1, tile: 2 },
			EpilogueLeaf::Choice { output: 2 },
			EpilogueLeaf::Flags { tile: 1 },
			EpilogueLeaf::Conjunction { level: 1, tile: 0 },
			EpilogueLeaf::Conjunction { level: 0, tile: 1 },
		] {
			assert_eq!(epilogue.index(&none), None, "{none:?}");
		}
		assert_eq!(Epilogue::embed(5).index(&EpilogueLeaf::Choice { output: 0 }), None);
	}

	#[test]
	fn the_greatest_epilogues_stay_within_what_is_kept_for_them() {
		let leaves = |epilogue: Epilogue| epilogue.leaves();
		assert!(leaves(Epilogue::generate(MAX_POSITIONS, MAX_VOCABULARY)) < MAX_EPILOGUE_LEAVES);
		assert!(leaves(Epilogue::embed(MAX_DIMENSION)) < MAX_EPILOGUE_LEAVES);
	}

	#[test]
	fn flags_are_combined_until_one_leaf_is_left() {
		let levels = |words| {
			let epilogue = Epilogue::embed(words);
			(0..).map_while(|level| epilogue.conjunction(level)).collect::<alloc::vec::Vec<_>>()
		};
		assert_eq!(levels(1), [1]);
		assert_eq!(levels(1024), [1]);
		assert_eq!(levels(1025), [2, 1]);
		assert_eq!(levels(MAX_DIMENSION), [1024, 1]);
		assert_eq!(Epilogue::embed(1500).words_of(1), 1024..1500);
		assert_eq!(Epilogue::embed(1500).words_of(7), 1500..1500);
	}
}
