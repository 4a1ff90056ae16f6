//! Every leaf of a trace is what the referee computes from the leaves before it, and the tree is that over
//! all leaves.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::collections::BTreeMap;

use assay_kernels_backend::reference::Reference;
use assay_kernels_exact::{sampler::Sampling, verdict};
use assay_primitives::{merkle::Builder, tokens::leaf_bytes, Native};
use assay_programs::{Program, WeightLeaf};
use assay_prover::{
	replay::{replay, Wanted},
	trace, Keep, Run,
};
use assay_referee::{Fault, Referee, Source, Tree};
use common::{decoders, encoders, Model};

const SAMPLING: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };
const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };

/// What has been read so far is all that there is.
struct Before<'a> {
	program: &'a Program,
	model: &'a Model,
	run: &'a Run,
	trace: &'a BTreeMap<u64, Vec<u8>>,
	bytes: Vec<u8>,
}

impl Source for Before<'_> {
	type Error = Fault;

	fn leaf(&mut self, tree: Tree, index: u64, bytes: u64) -> Result<&[u8], Fault> {
		let words = |words: &[u32]| leaf_bytes(words.chunks(1024).nth(index as usize).unwrap());
		self.bytes = match tree {
			Tree::Trace => self.trace[&index].clone(),
			Tree::Input => words(&self.run.input),
			Tree::Output => words(&self.run.output),
			Tree::Weights => {
				let WeightLeaf { tensor, copy, rows } = self.program.weight_leaf(index).unwrap();
				let row = self.program.tensors[usize::from(tensor.0)].row_bytes() as usize;
				let copy = self.model.weights.get(tensor, copy).unwrap();
				copy[rows.start as usize * row..rows.end as usize * row].to_vec()
			}
		};
		assert_eq!(self.bytes.len() as u64, bytes);
		Ok(&self.bytes)
	}
}

fn check(program: Program, inputs: u32, outputs: u32, sampling: Sampling) {
	let model = Model::new(program);
	let mut run = model.run(&Reference, inputs, outputs, sampling);
	for changed in [false, true] {
		if changed {
			// A wrong output is traced as well, to another end.
			let last = run.output.len() - 1;
			run.output[last] ^= 1;
		}
		let typed = model.program.admit().unwrap();
		let mut executor = model.load(&Reference);
		let traced = trace(&typed, &run, &mut *executor, &Keep::default()).unwrap();
		let layout = run.layout(&typed).unwrap();
		let all = Wanted { contents: (0..layout.leaves()).collect(), ..Wanted::default() };
		let found = replay(&typed, &run, &mut *executor, None, &all).unwrap();

		let referee = Referee::new(&typed, layout.inputs(), layout.outputs(), sampling).unwrap();
		let (program, trace) = (&model.program, &found.contents);
		let mut source = Before { program, model: &model, run: &run, trace, bytes: Vec::new() };
		let mut plain = Builder::<Native>::default();
		for (&leaf, content) in &found.contents {
			let expected = referee.recompute(leaf, &mut source).unwrap();
			assert_eq!(content, &expected, "{:?}", layout.locate(leaf));
			plain.push(content);
		}
		assert_eq!(traced.root(), plain.finish());
		let bytes: usize = found.contents.values().map(Vec::len).sum();
		assert_eq!((traced.meter.leaves, traced.meter.bytes), (layout.leaves(), bytes as u64));
		let expected = if changed { verdict::NOT_OK } else { verdict::OK };
		assert_eq!(traced.verdict(), expected);
		assert_eq!(found.contents.last_key_value().unwrap().1, &[expected]);
		assert!(layout.ends_in::<Native>(expected, &traced.last_path(), &traced.root()));
	}
}

#[test]
fn decoders_leaves_are_the_referees() {
	for (index, program) in (0..).zip(decoders()) {
		check(program, 3 + index % 4, 2, if index % 3 == 0 { GREEDY } else { SAMPLING });
	}
}

#[test]
fn encoders_leaves_are_the_referees() {
	for (index, program) in (0..).zip(encoders()) {
		check(program, 2 + 7 * index, 0, GREEDY);
	}
}

#[test]
fn several_blocks_of_keys_and_levels_of_pooling() {
	let program = common::decoders().swap_remove(5);
	check(program, 1, 3, SAMPLING);
	let program = assay_programs::samples::Encoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		inner: 8,
		layers: 1,
		..Default::default()
	};
	check(program.program(), 530, 0, GREEDY);
	let decoder = assay_programs::samples::Decoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		key_heads: 1,
		head_dim: 4,
		inner: 8,
		layers: 1,
		mask: assay_programs::op::Mask::Sliding { window: 300 },
		..Default::default()
	};
	check(decoder.program(), 520, 2, SAMPLING);
}
