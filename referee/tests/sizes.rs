//! Witnesses of models of known dimensions at their greatest lengths, against what `programs::bound`
//! admits: contents are zeros, as only sizes count.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::collections::BTreeMap;

use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{Hash, Hasher};
use assay_programs::{
	limits::{MAX_VOCABULARY, MAX_WITNESS},
	op::{Codes, Digits, Mask},
	samples::{Decoder, Encoder},
	stage::Stage,
	Program,
};
use assay_referee::{Fault, Opened, Referee, Source, Tree, Witness};
use assay_trace::{tree::climb, EpilogueLeaf, Filter, Leaf};
use codec::Encode;
use common::Words;

/// Chance with every filter, so that every stage reads all that it can.
const SAMPLING: Sampling =
	Sampling { temperature: 1.0, top_k: 50, top_p: 60_000, min_p: 1000, seed: [0; 4] };
const TREES: [Tree; 4] = [Tree::Trace, Tree::Weights, Tree::Input, Tree::Output];

/// Hands out zeros and writes down what for.
#[derive(Default)]
struct Sizes {
	read: [BTreeMap<u64, Hash>; 4],
	bytes: [u64; 4],
	zeros: Vec<u8>,
}

const fn number(tree: Tree) -> usize {
	match tree {
		Tree::Trace => 0,
		Tree::Weights => 1,
		Tree::Input => 2,
		Tree::Output => 3,
	}
}

impl Source for Sizes {
	type Error = Fault;

	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Fault> {
		if self.read[number(tree)].insert(index, Hash::default()).is_none() {
			self.bytes[number(tree)] += bytes;
		}
		let bytes = bytes as usize;
		self.zeros.resize(self.zeros.len().max(bytes), 0);
		Ok(&self.zeros[..bytes])
	}
}

/// Hashes nothing.
struct Nothing;

impl Hasher for Nothing {
	fn hash(_: &[u8]) -> Hash {
		Hash::default()
	}
}

/// Bytes of the encoded witness of a leaf, and leaves in it.
fn size(referee: &Referee<'_, '_>, leaf: u64) -> (u64, u64) {
	let mut sizes = Sizes::default();
	let content = referee.recompute(leaf, &mut sizes).unwrap();
	assert_eq!(Some(content.len() as u64), referee.layout().bytes(leaf));
	let mut witness = Witness::default();
	for tree in TREES {
		let read = &sizes.read[number(tree)];
		let mut beside = Vec::new();
		climb::<Nothing, Fault>(referee.shape(tree), read, |_| {
			beside.push(Hash::default());
			Ok(Hash::default())
		})
		.unwrap();
		let opened = Opened { leaves: vec![0; sizes.bytes[number(tree)] as usize], beside };
		match tree {
			Tree::Trace => witness.trace = opened,
			Tree::Weights => witness.weights = opened,
			Tree::Input => witness.input = opened,
			Tree::Output => witness.output = opened,
		}
	}
	let leaves = sizes.read.iter().map(BTreeMap::len).sum::<usize>();
	(witness.encoded_size() as u64, leaves as u64)
}

/// The greatest sizes that were met, with their bounds.
#[derive(Default)]
struct Greatest(BTreeMap<String, (u64, u64)>);

impl Greatest {
	fn meet(&mut self, what: String, size: u64, bound: u64) {
		assert!(size <= bound, "{what}: {size} bytes of {bound}");
		let found = self.0.entry(what).or_default();
		*found = (found.0.max(size), found.1.max(bound));
	}

	fn print(&self, model: &str) {
		println!("{model}");
		for (what, (size, bound)) in &self.0 {
			println!("  {what:40} {size:7} of {bound:7} bytes, {:3} %", size * 100 / bound);
		}
	}
}

/// Measures some leaves of every stage of the operations as written, and of the protocol's leaves.
fn measure(model: &str, program: &Program, inputs: u32, outputs: u32) -> Greatest {
	let typed = program.admit().unwrap_or_else(|fault| panic!("{fault}"));
	let referee = Referee::new(&typed, inputs, outputs, SAMPLING).unwrap();
	let layout = referee.layout();
	let mut words = Words::new(1);
	let mut greatest = Greatest::default();
	for (place, op, _) in typed.ops() {
		// Iterations differ in nothing but where things lie.
		let repeat = program.blocks[place.block].repeat;
		let iteration = words.below(repeat.into()) as u32;
		let step = assay_programs::dataflow::StepId { block: place.block, iteration, op: place.op };
		let bounds: Vec<_> =
			typed.bounds(place.block, place.op, layout.shape().positions).collect();
		for (stage, bound) in bounds {
			let (section, first) = layout.section(step, stage).unwrap();
			let last = section.tiles() - 1;
			let drawn = (0..6).map(|_| words.below(section.tiles()));
			for tile in [0, last].into_iter().chain(drawn.collect::<Vec<_>>()) {
				let (bytes, leaves) = size(&referee, first + tile);
				let what = format!("{}, {stage}", op.kind.name());
				assert!(leaves <= bound.leaves, "{what}: {leaves} of {}", bound.leaves);
				greatest.meet(what, bytes, bound.bytes);
			}
		}
	}
	let output = outputs.saturating_sub(1);
	let (filter, round, tile) = (Filter::TopP, 7, layout.epilogue().logit_tiles() / 2);
	for (what, leaf) in [
		("best", EpilogueLeaf::Best { output, tile }),
		("greatest", EpilogueLeaf::Greatest { output }),
		("histogram", EpilogueLeaf::Histogram { output, filter, round, tile }),
		("selection", EpilogueLeaf::Selection { output, filter, round }),
		("noisy", EpilogueLeaf::Noisy { output, tile }),
		("choice", EpilogueLeaf::Choice { output }),
		("flags", EpilogueLeaf::Flags { tile: 0 }),
		("conjunction", EpilogueLeaf::Conjunction { level: 0, tile: 0 }),
		("conjunction of conjunctions", EpilogueLeaf::Conjunction { level: 1, tile: 0 }),
	] {
		if let Some(leaf) = layout.index(&Leaf::Epilogue(leaf)) {
			greatest.meet(what.to_owned(), size(&referee, leaf).0, MAX_WITNESS);
		}
	}
	greatest.print(model);
	greatest
}

fn llama_8b() -> Decoder {
	Decoder {
		vocabulary: 128_256,
		hidden: 4096,
		heads: 32,
		key_heads: 8,
		head_dim: 128,
		inner: 14_336,
		layers: 32,
		max_positions: 32_768,
		..Decoder::default()
	}
}

#[test]
fn an_8b_model_at_its_longest() {
	let greatest = measure("8B, 32768 positions", &llama_8b().program(), 30_000, 2769);
	let records = greatest.0[&format!("attention, {}", Stage::Records)];
	assert!(records.0 > 128 * 1024, "a block of keys and values alone has so much: {records:?}");
}

#[test]
fn a_70b_model_in_the_greatest_precision() {
	let decoder = Decoder {
		hidden: 8192,
		heads: 64,
		inner: 28_672,
		layers: 80,
		codes: Codes::Two,
		key_digits: Digits::Two,
		groups: true,
		biases: true,
		..llama_8b()
	};
	measure("70B, two digits", &decoder.program(), 32_767, 2);
}

#[test]
fn heads_of_256_channels_and_a_window() {
	let decoder = Decoder {
		vocabulary: 256_000,
		hidden: 3584,
		heads: 16,
		head_dim: 256,
		layers: 42,
		max_positions: 8192,
		mask: Mask::Sliding { window: 4096 },
		head_norms: true,
		tied: true,
		..llama_8b()
	};
	measure("9B, heads of 256 channels", &decoder.program(), 8000, 100);
}

#[test]
fn minilm() {
	let encoder = Encoder {
		vocabulary: 30_522,
		hidden: 384,
		heads: 12,
		inner: 1536,
		layers: 6,
		max_positions: 512,
		weights: Digits::Two,
		codes: Codes::Two,
		multipliers: true,
		take: None,
	};
	measure("MiniLM", &encoder.program(), 512, 0);
}

#[test]
fn the_widest_rows_and_the_greatest_vocabulary() {
	let wide =
		Decoder { hidden: 64, inner: 49_152, layers: 1, codes: Codes::Two, ..Decoder::default() };
	measure("rows of 49152", &wide.program(), 700, 3);
	let vocabulary = MAX_VOCABULARY;
	let words = Decoder { vocabulary, hidden: 8192, layers: 1, inner: 64, ..llama_8b() };
	let greatest = measure("2^20 tokens", &words.program(), 32_760, 9);
	assert!(greatest.0["selection"].0 > 128 * 1024, "1024 histograms alone have so much");
	let pooled = Encoder {
		hidden: 8192,
		heads: 64,
		inner: 64,
		layers: 1,
		max_positions: 5000,
		..Encoder::default()
	};
	measure("pooling of 8192 columns", &pooled.program(), 5000, 0);
}
