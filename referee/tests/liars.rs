//! A lie at every kind of leaf: the game leads to it, and the truth wins, whoever supplies the witness.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{merkle, Native};
use assay_referee::{Referee, Verdict};
use assay_trace::{EpilogueLeaf, Leaf, Node, Skeleton};
use common::{decoders, encoders, flipped, Kept, Run};

const SAMPLING: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };

/// Plays the game between two traces, each move checked as the chain checks it, and returns the leaf
/// that it ends at.
fn play(left: &Skeleton<Native>, right: &Skeleton<Native>) -> u64 {
	let shape = left.shape();
	assert_eq!(shape, right.shape());
	let mut node = shape.top();
	let mut expected = None;
	while node.level > 0 {
		let openings = [left, right].map(|side| side.opening(node, &mut Kept).unwrap());
		let hashes = openings.each_ref().map(|one| one.hash::<Native>(shape, node).unwrap());
		match expected {
			None => {
				let roots = hashes.map(|top| merkle::root::<Native>(shape.leaves(), &top));
				assert_eq!(roots, [left.root(), right.root()]);
			}
			Some(expected) => assert_eq!(hashes, expected),
		}
		let below = openings[0].first_difference(&openings[1], node).unwrap();
		let start = node.index * 16_u64.pow(node.level - below.level);
		let place = (below.index - start) as usize;
		expected = Some([openings[0].0[place], openings[1].0[place]]);
		node = below;
	}
	let Node { index, .. } = node;
	index
}

/// The kind of a leaf: operation and stage, or the variant of the epilogue.
fn kind(referee: &Referee<'_, '_>, leaf: &Leaf) -> String {
	match leaf {
		Leaf::Program(location) => {
			let program = referee.layout().typed().program();
			let op = &program.blocks[location.step.block].ops[location.step.op];
			format!("{}, {}", op.kind.name(), location.section.stage)
		}
		Leaf::Epilogue(leaf) => match leaf {
			EpilogueLeaf::Best { .. } => "best",
			EpilogueLeaf::Greatest { .. } => "greatest",
			EpilogueLeaf::Histogram { .. } => "histogram",
			EpilogueLeaf::Selection { .. } => "selection",
			EpilogueLeaf::Noisy { .. } => "noisy",
			EpilogueLeaf::Choice { .. } => "choice",
			EpilogueLeaf::Flags { .. } => "flags",
			EpilogueLeaf::Conjunction { .. } => "conjunction",
		}
		.to_owned(),
	}
}

/// Lies at the first, a middle and the last leaf of each kind; returns the kinds.
fn lie_everywhere(honest: &Run) -> BTreeSet<String> {
	let typed = honest.typed();
	let referee = honest.referee(&typed);
	let mut leaves: BTreeMap<String, Vec<u64>> = BTreeMap::new();
	for index in 0..honest.leaves() {
		let leaf = referee.layout().locate(index).unwrap();
		leaves.entry(kind(&referee, &leaf)).or_default().push(index);
	}
	for (kind, leaves) in &leaves {
		for index in [leaves[0], leaves[leaves.len() / 2], leaves[leaves.len() - 1]] {
			// A lie at one leaf, and whatever afterwards.
			let cheat = honest.with_tiles(|leaf, tile| {
				if leaf == index || (leaf > index && leaf.is_multiple_of(3)) {
					*tile = flipped(tile, leaf * 7);
				}
			});
			assert_eq!(play(honest.trace(), cheat.trace()), index, "{kind}");
			assert_eq!(play(cheat.trace(), honest.trace()), index, "{kind}");
			let (truth, lie) = (honest.claim(index), cheat.claim(index));
			// Leaves before the lie are the same in both traces, so that either side's witness serves.
			for side in [honest, &cheat] {
				let (witness, _) = side.witness(&referee, index);
				let decide = |claims| honest.decide(&referee, index, claims, &witness);
				assert_eq!(decide((&truth, &lie)), Ok(Verdict::Left), "{kind}");
				assert_eq!(decide((&lie, &truth)), Ok(Verdict::Right), "{kind}");
			}
		}
	}
	leaves.into_keys().collect()
}

#[test]
fn the_truth_wins_at_every_kind_of_leaf() {
	let mut kinds = BTreeSet::new();
	let programs = decoders();
	for program in [&programs[5], programs.last().unwrap()] {
		kinds.extend(lie_everywhere(&Run::honest(program, 4, 2, SAMPLING)));
	}
	for program in encoders().iter().skip(1).take(2) {
		kinds.extend(lie_everywhere(&Run::honest(program, 18, 0, SAMPLING)));
	}
	let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
	assert_eq!(kinds, KINDS);
}

/// Every operation of programs with each of its stages, and every leaf of the protocol.
const KINDS: [&str; 28] = [
	"activate, elements",
	"add, elements",
	"attention, attention records",
	"attention, merged attention",
	"best",
	"choice",
	"conjunction",
	"embed, elements",
	"flags",
	"gated, product",
	"greatest",
	"heads, heads",
	"histogram",
	"linear, product",
	"mean pool, mean",
	"mean pool, pooling maxima",
	"mean pool, pooling sums",
	"mul, elements",
	"noisy",
	"normalise, elements",
	"normalise, norm statistics",
	"quantise, codes",
	"quantise, norm statistics",
	"quantise, range",
	"scale, elements",
	"selection",
	"softcap, elements",
	"take, elements",
];
