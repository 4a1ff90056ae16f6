//! Every leaf of small runs: the referee computes exactly its bytes, from a witness within its bound.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::collections::BTreeSet;

use assay_kernels_exact::{
	sampler::{Sampling, ONE_16},
	verdict,
};
use assay_primitives::Native;
use assay_programs::{
	limits::MAX_WITNESS,
	op::Mask,
	samples::{Decoder, Encoder},
	Program,
};
use assay_referee::{Referee, Verdict, Witness};
use assay_trace::{EpilogueLeaf, Leaf};
use codec::Encode;
use common::{decoders, encoders, flipped, random_program, Run, Words};

/// The likeliest token.
const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 5, top_p: 30_000, min_p: 0, seed: [0; 4] };
/// Chance with every filter.
const FILTERED: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };
/// Chance without filters.
const FREE: Sampling =
	Sampling { temperature: 1.5, top_k: 0, top_p: ONE_16, min_p: 0, seed: [9, 8, 7, 6] };

/// The most that the witness of a leaf may take: bytes and leaves.
fn bound(referee: &Referee<'_, '_>, leaf: &Leaf) -> (u64, u64) {
	let Leaf::Program(location) = leaf else { return (MAX_WITNESS, u64::MAX) };
	let layout = referee.layout();
	let mut bounds =
		layout.typed().bounds(location.step.block, location.step.op, layout.shape().positions);
	let (_, bound) = bounds.find(|(stage, _)| *stage == location.section.stage).unwrap();
	(bound.bytes, bound.leaves)
}

/// Makes the witness of a leaf and lets the referee decide it against a flipped bit.
fn check(run: &Run, referee: &Referee<'_, '_>, index: u64) {
	let leaf = referee.layout().locate(index).unwrap();
	let (witness, content) = run.witness(referee, index);
	assert_eq!(content, run.tile(index), "{leaf:?}");
	let bytes = witness.encode();
	let (most, _) = bound(referee, &leaf);
	assert!(bytes.len() as u64 <= most, "{leaf:?}: {} of {most}", bytes.len());
	assert_eq!(Witness::from_bytes(&bytes).as_ref(), Ok(&witness));

	let truth = run.claim(index);
	let lie = run.claim_of(&flipped(run.tile(index), index));
	let decide = |claims| run.decide(referee, index, claims, &witness);
	if index.is_multiple_of(2) {
		assert_eq!(decide((&truth, &lie)), Ok(Verdict::Left), "{leaf:?}");
	} else {
		assert_eq!(decide((&lie, &truth)), Ok(Verdict::Right), "{leaf:?}");
	}
	if index.is_multiple_of(5) {
		let other = run.claim_of(&flipped(run.tile(index), index + 1));
		assert_eq!(decide((&lie, &other)), Ok(Verdict::Neither), "{leaf:?}");
	}
}

/// Checks every leaf of a run.
fn check_all(run: &Run) {
	let typed = run.typed();
	let referee = run.referee(&typed);
	assert_eq!(run.streamed_root(&referee), run.trace().root());
	(0..run.leaves()).for_each(|index| check(run, &referee, index));

	let (last, root) = (run.leaves() - 1, run.trace().root());
	let ends_in =
		|verdict, leaf| referee.layout().ends_in::<Native>(verdict, &run.path(leaf), &root);
	let ok = run.tile(last) == [verdict::OK];
	assert_eq!(ends_in(verdict::OK, last), ok);
	assert_eq!(ends_in(verdict::NOT_OK, last), !ok);
	assert!(!ends_in(verdict::OK, last - 1), "a flag is no verdict");
}

/// Checks the first, the last and some other leaves of every section of a run.
fn check_some(run: &Run, seed: u64) {
	let typed = run.typed();
	let referee = run.referee(&typed);
	let mut words = Words::new(seed);
	let mut chosen = BTreeSet::new();
	let mut index = 0;
	while index < run.leaves() {
		let leaves = match referee.layout().locate(index).unwrap() {
			Leaf::Program(location) => location.section.tiles(),
			Leaf::Epilogue(_) => referee.layout().epilogue().leaves(),
		};
		chosen.extend([index, index + leaves - 1]);
		chosen.extend((0..10).map(|_| index + words.below(leaves)));
		index += leaves;
	}
	chosen.into_iter().for_each(|index| check(run, &referee, index));
}

#[test]
fn every_leaf_of_generating_programs() {
	let samplings = [GREEDY, FILTERED, FREE];
	for (program, sampling) in decoders().iter().zip(samplings.into_iter().cycle()) {
		let run = Run::honest(program, 4, 3, sampling);
		check_all(&run);
		assert_eq!(run.tile(run.leaves() - 1), [verdict::OK]);
	}
}

#[test]
fn every_leaf_of_embedding_programs() {
	for program in encoders() {
		for inputs in [1, 18] {
			let run = Run::honest(&program, inputs, 0, GREEDY);
			check_all(&run);
			assert_eq!(run.tile(run.leaves() - 1), [verdict::OK]);
		}
	}
}

#[test]
fn every_leaf_of_random_programs() {
	let mut words = Words::new(2026);
	for _ in 0..60 {
		let program = random_program(&mut words);
		let generates = matches!(program.kind, assay_programs::Kind::Generate { .. });
		let (inputs, outputs) = (1 + words.below(4) as u32, 1 + words.below(2) as u32);
		let sampling = [GREEDY, FILTERED, FREE][words.below(3) as usize];
		check_all(&Run::honest(&program, inputs, if generates { outputs } else { 0 }, sampling));
	}
}

#[test]
fn some_leaves_of_runs_longer_than_a_block() {
	let decoder = |mask| Decoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		key_heads: 1,
		head_dim: 4,
		inner: 8,
		layers: 1,
		mask,
		..Decoder::default()
	};
	let runs: [(Program, u32, u32); 3] = [
		(decoder(Mask::Causal).program(), 530, 2),
		(decoder(Mask::Sliding { window: 520 }).program(), 1050, 2),
		(
			Encoder { layers: 1, hidden: 8, heads: 1, inner: 8, ..Encoder::default() }.program(),
			530,
			0,
		),
	];
	for (program, inputs, outputs) in runs {
		check_some(&Run::honest(&program, inputs, outputs, FILTERED), 5);
	}
}

/// More than 1024 output tokens: several leaves of tokens, of flags, and levels of the conjunction.
#[test]
fn some_leaves_of_an_output_of_more_than_one_leaf() {
	let columns = Encoder { layers: 1, hidden: 2100, heads: 10, inner: 8, ..Encoder::default() };
	let run = Run::honest(&columns.program(), 2, 0, GREEDY);
	let typed = run.typed();
	let referee = run.referee(&typed);
	let epilogue = referee.layout().epilogue().leaves();
	assert_eq!(epilogue, 3 + 3 + 1);
	(run.leaves() - epilogue..run.leaves()).for_each(|index| check(&run, &referee, index));
}

/// A wrong output ends in the other verdict, of which every leaf is just as true.
#[test]
fn a_wrong_output_is_not_ok() {
	for program in [&decoders()[0], &encoders()[0]] {
		let outputs = if matches!(program.kind, assay_programs::Kind::Embed) { 0 } else { 3 };
		let wrong = |committed: &mut Vec<u32>| *committed.last_mut().unwrap() ^= 1;
		let run = Run::committing(program, 4, outputs, FILTERED, wrong);
		check_all(&run);
		assert_eq!(run.tile(run.leaves() - 1), [verdict::NOT_OK]);
		let typed = run.typed();
		let referee = run.referee(&typed);
		let flags = referee.layout().index(&Leaf::Epilogue(EpilogueLeaf::Flags { tile: 0 }));
		let flags = run.tile(flags.unwrap());
		assert_eq!(flags.iter().position(|&flag| flag == 0), Some(flags.len() - 1));
	}
}
