//! One root: of every backend, at every level of instructions, on any number of threads.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_backend::reference::Reference;
use assay_kernels_exact::sampler::Sampling;
use assay_programs::{
	op::Mask,
	samples::{Decoder, Encoder},
	Program,
};
use assay_prover::{
	replay::{replay, Wanted},
	trace, Keep,
};
use common::{cpus, decoders, encoders, Model};

const SAMPLING: Sampling =
	Sampling { temperature: 0.7, top_k: 12, top_p: 50_000, min_p: 900, seed: [1, 2, 3, 4] };

/// Compares the traces of a run by the reference and by the CPU backend in all of its forms; if they
/// differ, says where.
fn compare(program: Program, inputs: u32, outputs: u32) {
	let model = Model::new(program);
	let run = model.run(&Reference, inputs, outputs, SAMPLING);
	let typed = model.program.admit().unwrap();
	let layout = run.layout(&typed).unwrap();
	let mut reference = model.load(&Reference);
	let expected = trace(&typed, &run, &mut *reference, &Keep::default()).unwrap();
	for cpu in cpus() {
		let mut executor = model.load(&cpu);
		let traced = trace(&typed, &run, &mut *executor, &Keep::default()).unwrap();
		if traced.root() != expected.root() {
			let all = Wanted { contents: (0..layout.leaves()).collect(), ..Wanted::default() };
			let ours = replay(&typed, &run, &mut *executor, None, &all).unwrap();
			let theirs = replay(&typed, &run, &mut *reference, None, &all).unwrap();
			let pairs = theirs.contents.iter().zip(&ours.contents);
			let different = pairs.clone().find(|(theirs, ours)| theirs != ours);
			let at = different.map(|((leaf, _), _)| layout.locate(*leaf));
			panic!("{}: {at:?}: {different:?}", cpu.level());
		}
		assert_eq!(traced.meter.leaves, expected.meter.leaves);
		assert_eq!(traced.meter.bytes, expected.meter.bytes);
		assert_eq!(traced.verdict(), expected.verdict());
	}
}

#[test]
fn decoders_have_one_root() {
	for (index, program) in (0..).zip(decoders()) {
		compare(program, 1 + index % 4, 1 + index % 3);
	}
}

#[test]
fn encoders_have_one_root() {
	for (index, program) in (0..).zip(encoders()) {
		compare(program, 1 + 9 * index, 0);
	}
}

#[test]
fn long_runs_have_one_root() {
	let decoder = Decoder {
		vocabulary: 1030,
		hidden: 12,
		heads: 6,
		key_heads: 2,
		head_dim: 130,
		inner: 70,
		layers: 1,
		..Decoder::default()
	};
	compare(decoder.program(), 1021, 4);
	let window = Decoder { mask: Mask::Sliding { window: 515 }, head_dim: 4, ..decoder };
	compare(window.program(), 1060, 70);
	let encoder =
		Encoder { vocabulary: 40, hidden: 520, inner: 70, layers: 1, ..Encoder::default() };
	compare(encoder.program(), 530, 0);
}
