//! Witnesses that hold something else than what is read, and bytes that nobody honest would write.
#![cfg(feature = "std")]
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_exact::sampler::Sampling;
use assay_primitives::{Hash, TokenRoot, WeightsRoot};
use assay_programs::{limits::MAX_WITNESS, Kind, Program};
use assay_referee::{Claim, Error, Fault, Opened, Referee, Tree, Verdict, Witness};
use assay_trace::{Leaf, ProofError};
use codec::Encode;
use common::{decoders, encoders, flipped, random_program, Run, Words};
use proptest::prelude::*;

const SAMPLING: Sampling =
	Sampling { temperature: 0.9, top_k: 9, top_p: 60_000, min_p: 300, seed: [4, 3, 2, 1] };
const TREES: [Tree; 4] = [Tree::Trace, Tree::Weights, Tree::Input, Tree::Output];

fn run(program: &Program, inputs: u32, outputs: u32) -> Run {
	let outputs = if matches!(program.kind, Kind::Embed) { 0 } else { outputs };
	Run::honest(program, inputs, outputs, SAMPLING)
}

fn opened(witness: &mut Witness, tree: Tree) -> &mut Opened {
	match tree {
		Tree::Trace => &mut witness.trace,
		Tree::Weights => &mut witness.weights,
		Tree::Input => &mut witness.input,
		Tree::Output => &mut witness.output,
	}
}

/// The first leaf of every section of the first iteration, and some of the epilogue.
fn some_leaves(run: &Run, referee: &Referee<'_, '_>) -> Vec<u64> {
	let mut leaves = Vec::new();
	let mut index = 0;
	while index < run.leaves() {
		leaves.push(index);
		index += match referee.layout().locate(index).unwrap() {
			Leaf::Program(location) => location.section.tiles(),
			Leaf::Epilogue(_) => 7,
		};
	}
	leaves.push(run.leaves() - 1);
	leaves
}

/// What a change of a witness leads to.
fn decide(
	run: &Run,
	referee: &Referee<'_, '_>,
	leaf: u64,
	witness: &Witness,
) -> Result<Verdict, Error> {
	let (truth, lie) = (run.claim(leaf), run.claim_of(&flipped(run.tile(leaf), 3)));
	run.decide(referee, leaf, (&truth, &lie), witness)
}

/// Applies a change to every tree of every witness and compares with what has to be said.
fn refuse(
	program: &Program,
	change: impl Fn(&mut Opened) -> bool,
	expected: impl Fn(Tree, Error) -> bool,
) {
	let run = run(program, 5, 2);
	let typed = run.typed();
	let referee = run.referee(&typed);
	let mut changed = 0;
	for leaf in some_leaves(&run, &referee) {
		let (witness, _) = run.witness(&referee, leaf);
		for tree in TREES {
			let mut other = witness.clone();
			if change(opened(&mut other, tree)) {
				changed += 1;
				match decide(&run, &referee, leaf, &other) {
					Err(error) if expected(tree, error) => {}
					found => panic!("leaf {leaf}, {tree}: {found:?}"),
				}
			}
		}
	}
	assert!(changed > 40, "{changed}");
}

fn programs() -> [Program; 2] {
	[decoders().swap_remove(3), encoders().swap_remove(2)]
}

#[test]
fn changed_leaves_do_not_lie_under_the_root() {
	for program in programs() {
		refuse(
			&program,
			|opened| {
				let last = opened.leaves.last_mut();
				last.map(|byte| *byte ^= 1).is_some()
			},
			|tree, error| error == Error::OtherRoot { tree },
		);
		// The first byte of a token's leaf says which row is read: then that row is missing or not the
		// one that is proved.
		refuse(
			&program,
			|opened| {
				let first = opened.leaves.first_mut();
				first.map(|byte| *byte ^= 1).is_some()
			},
			|tree, error| match error {
				Error::OtherRoot { tree: found } => found == tree || tree == Tree::Input,
				Error::Proof { .. } | Error::MissingLeaf { .. } => tree == Tree::Input,
				_ => false,
			},
		);
	}
}

#[test]
fn changed_missing_and_surplus_hashes_are_named() {
	for program in programs() {
		refuse(
			&program,
			|opened| {
				let last = opened.beside.last_mut();
				last.map(|hash| hash.0[31] ^= 1).is_some()
			},
			|tree, error| error == Error::OtherRoot { tree },
		);
		refuse(
			&program,
			|opened| opened.beside.pop().is_some(),
			|tree, error| error == Error::Proof { tree, reason: ProofError::MissingHash },
		);
		refuse(
			&program,
			|opened| {
				opened.beside.push(Hash::default());
				true
			},
			|tree, error| {
				error == Error::Proof { tree, reason: ProofError::SurplusHashes { count: 1 } }
			},
		);
	}
}

#[test]
fn missing_and_surplus_bytes_are_named() {
	for program in programs() {
		refuse(
			&program,
			|opened| opened.leaves.pop().is_some(),
			|tree, error| matches!(error, Error::MissingLeaf { tree: found, .. } if found == tree),
		);
		refuse(
			&program,
			|opened| {
				opened.leaves.extend([0; 3]);
				true
			},
			|tree, error| error == Error::SurplusBytes { tree, bytes: 3 },
		);
	}
}

#[test]
fn roots_count() {
	let run = run(&programs()[0], 5, 2);
	let typed = run.typed();
	let referee = run.referee(&typed);
	let other = Hash([7; 32]);
	for leaf in some_leaves(&run, &referee) {
		let (witness, _) = run.witness(&referee, leaf);
		let (truth, lie) = (run.claim(leaf), run.claim_of(&flipped(run.tile(leaf), 3)));
		let decide = |left: &Claim, right: &Claim, roots: &assay_referee::Roots| {
			referee.decide::<assay_primitives::Native>(leaf, left, right, roots, &witness)
		};
		// Under the root of either side, but of no third one.
		let elsewhere = Claim { root: other, ..truth };
		assert_eq!(decide(&elsewhere, &lie, &run.roots()), Ok(Verdict::Left));
		let both = [&elsewhere, &Claim { root: other, ..lie }];
		let reads = |tree| !witness.opened(tree).leaves.is_empty();
		let of = |tree, found| {
			let expected =
				if reads(tree) { Err(Error::OtherRoot { tree }) } else { Ok(Verdict::Left) };
			assert_eq!(found, expected, "{leaf} {tree}");
		};
		of(Tree::Trace, decide(both[0], both[1], &run.roots()));
		let roots = run.roots();
		let weights = assay_referee::Roots { weights: WeightsRoot(other), ..roots };
		of(Tree::Weights, decide(&truth, &lie, &weights));
		let input = assay_referee::Roots { input: TokenRoot(other), ..roots };
		of(Tree::Input, decide(&truth, &lie, &input));
		let output = assay_referee::Roots { output: TokenRoot(other), ..roots };
		of(Tree::Output, decide(&truth, &lie, &output));
	}
}

#[test]
fn there_must_be_something_to_decide() {
	let run = run(&programs()[0], 5, 2);
	let typed = run.typed();
	let referee = run.referee(&typed);
	let (witness, _) = run.witness(&referee, 9);
	let truth = run.claim(9);
	let equal = Err(Error::Fault(Fault::EqualClaims));
	assert_eq!(run.decide(&referee, 9, (&truth, &truth), &witness), equal);
	let lie = run.claim_of(&[0]);
	for leaf in [run.leaves(), u64::MAX] {
		let none = Err(Error::Fault(Fault::NoSuchLeaf { leaf }));
		assert_eq!(run.decide(&referee, leaf, (&truth, &lie), &witness), none);
	}
}

#[test]
fn long_and_meaningless_bytes_are_refused() {
	let most = MAX_WITNESS as usize;
	let bytes = most + 1;
	assert_eq!(Witness::from_bytes(&vec![0; bytes]), Err(Error::TooLong { bytes }));
	for malformed in [&[][..], &[0; 7], &[0; 9], &[0xff; 40], &[3, 0, 0, 0]] {
		assert_eq!(Witness::from_bytes(malformed), Err(Error::Malformed), "{malformed:?}");
	}
	assert_eq!(Witness::from_bytes(&[0; 8]), Ok(Witness::default()));
	let run = run(&programs()[0], 5, 2);
	let typed = run.typed();
	let referee = run.referee(&typed);
	let (mut witness, _) = run.witness(&referee, 9);
	witness.trace.leaves.resize(most, 0);
	let bytes = witness.encoded_size();
	assert_eq!(decide(&run, &referee, 9, &witness), Err(Error::TooLong { bytes }));
}

/// Whatever the leaves, the weights and the tokens hold, every leaf has a content of its size, and one
/// that does not depend on who computes it.
#[test]
fn any_bytes_have_a_result() {
	let mut words = Words::new(77);
	let drawn: Vec<Program> = (0..6).map(|_| random_program(&mut words)).collect();
	for (seed, program) in (0..).zip(decoders().iter().chain(&encoders()).chain(&drawn)) {
		let outputs = if matches!(program.kind, Kind::Embed) { 0 } else { 2 };
		let temperature = f32::from_bits(words.next() as u32);
		let (top_k, top_p, min_p) = (words.next() as u32, words.next() as u32, words.next() as u32);
		let sampling = Sampling { temperature, top_k, top_p, min_p, seed: [u32::MAX; 4] };
		let run = Run::hostile(program, 3, outputs, sampling, seed);
		let typed = run.typed();
		let referee = run.referee(&typed);
		for leaf in 0..run.leaves() {
			let (witness, content) = run.witness(&referee, leaf);
			assert_eq!(Some(content.len() as u64), referee.layout().bytes(leaf), "{leaf}");
			let (drawn, computed) = (run.claim(leaf), run.claim_of(&content));
			if drawn != computed {
				let found = run.decide(&referee, leaf, (&drawn, &computed), &witness);
				assert_eq!(found, Ok(Verdict::Right), "{leaf}");
			}
		}
	}
}

/// A run with the encoded witnesses of some of its leaves.
fn encoded() -> &'static (Run, Vec<(u64, Vec<u8>)>) {
	static ENCODED: std::sync::OnceLock<(Run, Vec<(u64, Vec<u8>)>)> = std::sync::OnceLock::new();
	ENCODED.get_or_init(|| {
		let run = run(&decoders()[1], 5, 2);
		let typed = run.typed();
		let referee = run.referee(&typed);
		let encode = |leaf| (leaf, run.witness(&referee, leaf).0.encode());
		let witnesses = some_leaves(&run, &referee).into_iter().map(encode).collect();
		(run.clone(), witnesses)
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(3000))]

	/// No change of a witness's bytes is believed.
	#[test]
	fn changed_bytes_end_in_an_error(
		which in any::<prop::sample::Index>(),
		place in any::<prop::sample::Index>(),
		how in 0_u8..4,
		value in any::<u8>(),
	) {
		let (run, witnesses) = encoded();
		let (leaf, bytes) = which.get(witnesses);
		let mut changed = bytes.clone();
		let place = place.index(changed.len());
		match how {
			0 => changed[place] ^= 1 << (value % 8),
			1 => changed[place] = value,
			2 => {
				changed.remove(place);
			}
			_ => changed.insert(place, value),
		}
		let typed = run.typed();
		let referee = run.referee(&typed);
		let found = Witness::from_bytes(&changed)
			.and_then(|witness| decide(run, &referee, *leaf, &witness));
		prop_assert!(found.is_err() || changed == *bytes, "{found:?}");
	}

	/// Nor are bytes that were never one.
	#[test]
	fn any_bytes_end_in_an_error(
		leaf in any::<prop::sample::Index>(),
		bytes in prop::collection::vec(any::<u8>(), 0..300),
		leaves in prop::collection::vec(any::<u8>(), 0..3000),
	) {
		let (run, _) = encoded();
		let typed = run.typed();
		let referee = run.referee(&typed);
		let leaf = leaf.index(run.leaves() as usize) as u64;
		let opened = Opened { leaves, beside: Vec::new() };
		let witness = Witness { trace: opened.clone(), weights: opened, ..Witness::default() };
		prop_assert!(decide(run, &referee, leaf, &witness).is_err());
		if let Ok(witness) = Witness::from_bytes(&bytes) {
			let read = Witness::default() == witness;
			prop_assert!(read || decide(run, &referee, leaf, &witness).is_err());
		}
	}
}
