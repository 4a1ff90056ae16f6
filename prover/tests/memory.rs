//! What a tracer holds does not grow with what it traces.
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::sampler::Sampling;
use assay_programs::samples::Decoder;
use assay_prover::{trace, Keep, Meter};
use common::Model;

const SAMPLING: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };

/// What tracing a run of so many layers and positions took, when few nodes are kept.
fn meter(layers: u16, inputs: u32, outputs: u32) -> Meter {
	let decoder = Decoder { vocabulary: 40, hidden: 2048, inner: 32, layers, ..Decoder::default() };
	let model = Model::new(decoder.program());
	let cpu = Cpu::with_threads(2).unwrap();
	let typed = model.program.admit().unwrap();
	let run = model.run(&cpu, inputs, outputs, SAMPLING);
	let mut executor = model.load(&cpu);
	let keep = Keep { nodes: 256, lie: None };
	trace(&typed, &run, &mut *executor, &keep).unwrap().meter
}

#[test]
fn what_is_held_does_not_grow_with_the_trace() {
	// Both have stages of more tiles than are under way at once, which is what is held.
	let short = meter(1, 520, 1);
	for long in [meter(6, 520, 1), meter(2, 1199, 1)] {
		assert!(long.bytes > 3 * short.bytes, "{long:?}, {short:?}");
		// Some hundred hashes more or fewer wait for others.
		let slack = 1 << 15;
		assert!(long.most_held < short.most_held + slack, "{long:?}, {short:?}");
	}
	assert!(short.most_held < 8 << 20, "{short:?}");
}

#[test]
fn an_output_token_holds_a_few_bytes() {
	// The same positions, so that only the protocol's leaves are more.
	let (few, many) = (meter(1, 1000, 40), meter(1, 40, 1000));
	assert!(many.leaves > few.leaves + 30 * 960);
	assert!(many.most_held < few.most_held + 12 * 960 + (1 << 15), "{many:?}, {few:?}");
}
