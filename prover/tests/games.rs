//! Whole games: a lie at every kind of leaf is found and lost, and no honest run can be challenged.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_backend::{
	reference::{Faulty, Reference},
	Backend,
};
use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::{sampler::Sampling, verdict};
use assay_programs::{
	op::{Codes, Digits},
	samples::{Decoder, Encoder},
	Program,
};
use assay_prover::{Keep, Lie, Prover, Run, WeightTree};
use assay_referee::{Referee, Verdict};
use assay_trace::{EpilogueLeaf, Leaf};
use common::{decide, decoders, encoders, play, Model, Words};

const SAMPLING: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };
/// Few nodes, so that what is shown has to be computed again.
const NODES: u64 = 40;

/// The kind of a leaf: operation and stage, or the variant of the epilogue.
fn kind(program: &Program, leaf: &Leaf) -> String {
	match leaf {
		Leaf::Program(location) => {
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

/// A game between the truth and a lie about one leaf of a run.
struct Match<'a> {
	model: &'a Model,
	honest: &'a dyn Backend,
	tree: &'a WeightTree,
	run: &'a Run,
}

impl Match<'_> {
	/// Plays it to the verdict. Whoever lies at `leaf` loses, and at most three passes are made by either.
	fn lie_is_lost(&self, leaf: u64, byte: usize, bits: u8) {
		let Self { model, honest, tree, run } = self;
		let typed = model.program.admit().unwrap();
		let layout = run.layout(&typed).unwrap();
		let name = format!("{:?}", layout.locate(leaf));
		let lie = Lie::at(&layout, leaf, byte, bits).unwrap();
		let (mut truthful, mut liar) = (model.load(*honest), model.load(&Reference));
		let mut keep = Keep { nodes: NODES, lie: None };
		let mut truth = Prover::new(&typed, run, &mut *truthful, &keep).unwrap();
		match lie {
			Lie::Program(lie) => liar = model.load(&Faulty(lie)),
			Lie::Epilogue(lie) => keep.lie = Some(lie),
		}
		let mut false_one = Prover::new(&typed, run, &mut *liar, &keep).unwrap();
		let end = play(&mut truth, &mut false_one).expect(&name);
		assert_eq!(end.leaf, leaf, "{name}");
		// Everything before is the same in both, so that either side's witness serves.
		for side in [0, 1] {
			let prover = if side == 0 { &mut truth } else { &mut false_one };
			let (witness, content) = prover.witness(leaf, tree, &model.weights).unwrap();
			assert_eq!(content, truth.leaf(leaf).unwrap(), "{name}");
			let claims = (&truth, &false_one);
			let decided = decide(&typed, run, tree, claims, &end, &witness);
			assert_eq!(decided, Ok(Verdict::Left), "{name}");
		}
		// The pass for the root, one for openings, one for the witness; two more for `leaf` above.
		assert!(truth.passes() <= 5, "{} passes", truth.passes());
		assert!(false_one.passes() <= 3, "{} passes", false_one.passes());
	}
}

/// Lies at the first, a middle and the last leaf of each kind; returns the kinds.
fn lie_everywhere(program: Program, inputs: u32, outputs: u32) -> BTreeSet<String> {
	let cpu = Cpu::with_threads(2).unwrap();
	let model = Model::new(program);
	let run = model.run(&cpu, inputs, outputs, SAMPLING);
	let tree = WeightTree::new(&model.program, &model.weights).unwrap();
	let typed = model.program.admit().unwrap();
	let layout = run.layout(&typed).unwrap();
	let mut leaves: BTreeMap<String, Vec<u64>> = BTreeMap::new();
	for index in 0..layout.leaves() {
		let leaf = layout.locate(index).unwrap();
		leaves.entry(kind(&model.program, &leaf)).or_default().push(index);
	}
	let game = Match { model: &model, honest: &cpu, tree: &tree, run: &run };
	for leaves in leaves.values() {
		for index in [leaves[0], leaves[leaves.len() / 2], leaves[leaves.len() - 1]] {
			game.lie_is_lost(index, index as usize, 1 << (index % 8));
		}
	}
	leaves.into_keys().collect()
}

/// A decoder of the shape of `models/adder`.
fn adder() -> Program {
	Decoder {
		vocabulary: 16,
		hidden: 128,
		heads: 4,
		key_heads: 2,
		head_dim: 32,
		inner: 256,
		layers: 3,
		max_positions: 32,
		..Decoder::default()
	}
	.program()
}

/// An encoder as all-MiniLM-L6-v2 is one, with fewer channels.
fn minilm() -> Program {
	Encoder {
		vocabulary: 40,
		hidden: 24,
		heads: 3,
		inner: 40,
		codes: Codes::Two,
		weights: Digits::Two,
		..Encoder::default()
	}
	.program()
}

#[test]
fn a_lie_at_every_kind_of_leaf_is_lost() {
	let mut kinds = lie_everywhere(adder(), 5, 3);
	kinds.extend(lie_everywhere(minilm(), 18, 0));
	kinds.extend(lie_everywhere(decoders().pop().unwrap(), 3, 2));
	kinds.extend(lie_everywhere(encoders().swap_remove(2), 2, 0));
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

/// Whoever answers with a fault commits what follows from it, and its own trace ends in OK.
#[test]
fn a_faulty_machine_is_caught_by_what_it_answers() {
	let model = Model::new(adder());
	let tree = WeightTree::new(&model.program, &model.weights).unwrap();
	let typed = model.program.admit().unwrap();
	let probe = model.run(&Reference, 6, 4, SAMPLING);
	let layout = probe.layout(&typed).unwrap();
	let mut words = Words(5);
	let mut caught = 0;
	while caught < 10 {
		let leaf = words.below(layout.program().leaves());
		// High bits, so that the answer is another one more often than not.
		let lie = Lie::at(&layout, leaf, words.below(1 << 20) as usize, 0xc0).unwrap();
		let Lie::Program(lie) = lie else { panic!("a tile of the program") };
		let faulty = Faulty(lie);
		let run = model.run(&faulty, 6, 4, SAMPLING);
		let (mut ours, mut theirs) = (model.load(&Reference), model.load(&faulty));
		let keep = Keep { nodes: NODES, lie: None };
		let mut challenger = Prover::new(&typed, &run, &mut *ours, &keep).unwrap();
		let mut provider = Prover::new(&typed, &run, &mut *theirs, &keep).unwrap();
		assert_eq!(provider.traced().verdict(), verdict::OK, "answer and trace are of one machine");
		if run.output == probe.output {
			assert_eq!(challenger.traced().verdict(), verdict::OK);
			continue;
		}
		assert_eq!(challenger.traced().verdict(), verdict::NOT_OK);
		let end = play(&mut provider, &mut challenger).unwrap();
		assert_eq!(end.leaf, leaf);
		let (witness, _) = challenger.witness(end.leaf, &tree, &model.weights).unwrap();
		let claims = (&provider, &challenger);
		assert_eq!(decide(&typed, &run, &tree, claims, &end, &witness), Ok(Verdict::Right));
		caught += 1;
	}
}

/// A challenger of an honest run needs a trace that ends in `NOT_OK`, and so has to lie somewhere.
#[test]
fn two_hundred_false_challenges_of_honest_runs_are_lost() {
	let cpu = Cpu::with_threads(1).unwrap();
	let mut words = Words(77);
	for model in [adder(), minilm()].map(Model::new) {
		let outputs = if model.program == minilm() { 0 } else { 3 };
		let run = model.run(&cpu, 4, outputs, SAMPLING);
		let tree = WeightTree::new(&model.program, &model.weights).unwrap();
		let typed = model.program.admit().unwrap();
		let layout = run.layout(&typed).unwrap();
		let referee = Referee::new(&typed, layout.inputs(), layout.outputs(), SAMPLING);
		assert_eq!(referee.unwrap().layout().leaves(), layout.leaves());
		let mut machine = model.load(&cpu);
		let mut honest = Prover::new(&typed, &run, &mut *machine, &Keep::default()).unwrap();
		assert_eq!(honest.traced().verdict(), verdict::OK);
		for _ in 0..100 {
			let leaf = words.below(layout.leaves());
			let (byte, bits) = (words.below(1 << 20) as usize, 1 + words.below(255) as u8);
			let lie = Lie::at(&layout, leaf, byte, bits).unwrap();
			let mut keep = Keep { nodes: NODES, lie: None };
			let mut liar = model.load(&Reference);
			match lie {
				Lie::Program(lie) => liar = model.load(&Faulty(lie)),
				Lie::Epilogue(lie) => keep.lie = Some(lie),
			}
			let mut false_one = Prover::new(&typed, &run, &mut *liar, &keep).unwrap();
			let end = play(&mut honest, &mut false_one).unwrap();
			let (witness, _) = honest.witness(end.leaf, &tree, &model.weights).unwrap();
			let claims = (&honest, &false_one);
			assert_eq!(
				decide(&typed, &run, &tree, claims, &end, &witness),
				Ok(Verdict::Left),
				"{:?}",
				layout.locate(leaf)
			);
		}
	}
}
