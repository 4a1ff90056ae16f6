//! A traced pass beside the same pass untraced, with weights that look random: an embedding by the shape of
//! all-MiniLM-L6-v2, a run of the adder's, and one of 256 positions of a decoder of 1.1 billion
//! parameters. Before each pair it says how many bytes are hashed.

#![allow(clippy::cast_possible_truncation, reason = "weights only have to look random")]

use assay_kernels_backend::{
	Backend, Chunk, Executor, Limits, Output, Wanted, WeightError, WeightSource,
};
use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::sampler::Sampling;
use assay_programs::{
	op::{Codes, Digits},
	samples::{Decoder, Encoder},
	Element, Kind, Program, TensorId,
};
use assay_prover::{trace, Keep, Run};
use criterion::{criterion_group, criterion_main, Criterion};

/// Weights that look random. They are made when they are read, so that only the packed ones are in memory.
struct Noise<'p>(&'p Program);

impl WeightSource for Noise<'_> {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		let seed = u32::from(tensor.0) << 8 | u32::from(copy);
		let word = |i: u32| (i ^ seed).wrapping_mul(2_654_435_769);
		if self.0.tensors[usize::from(tensor.0)].element == Element::F32 {
			for (i, element) in (0..).zip(out.chunks_exact_mut(4)) {
				let scale = 0.001 + f32::from((word(i) >> 16) as u16) / 65_536_000.0;
				element.copy_from_slice(&scale.to_le_bytes());
			}
		} else {
			for (i, byte) in (0..).zip(out) {
				*byte = (word(i) >> 24) as u8;
			}
		}
		Ok(())
	}
}

fn tokens(program: &Program, count: usize) -> Vec<u32> {
	(0..program.vocabulary).cycle().step_by(37).take(count).collect()
}

/// The teacher-forced pass without a trace: what would be computed to check the output only.
fn untraced(executor: &mut dyn Executor, program: &Program, run: &Run) -> usize {
	let tokens = run.tokens(program);
	match program.kind {
		Kind::Embed => executor.embed(&[&tokens]).expect("a text that fits").len(),
		Kind::Generate { .. } => {
			let sequence = executor.open(tokens.len() as u32).expect("room");
			let wanted = Wanted::Tokens { rows: run.output.len() as u32, sampling: &run.sampling };
			let chunk = Chunk { sequence, tokens: &tokens, wanted };
			let outputs = executor.step(&[chunk]).expect("a step that fits");
			executor.close(sequence);
			outputs.iter().filter(|output| matches!(output, Output::Tokens(_))).count()
		}
	}
}

fn pair(c: &mut Criterion, name: &str, program: &Program, inputs: usize, outputs: usize) {
	const GREEDY: Sampling =
		Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };
	let typed = program.admit().expect("an admitted program");
	let words = match program.kind {
		Kind::Embed => typed.result().form.columns() as usize,
		Kind::Generate { .. } => outputs,
	};
	let run =
		Run { input: tokens(program, inputs), output: tokens(program, words), sampling: GREEDY };
	let threads = std::thread::available_parallelism().map_or(1, usize::from);
	let cpu = Cpu::with_threads(threads).expect("threads");
	let mut executor = cpu.load(program, &Noise(program), &Limits::NONE).expect("a valid program");
	let meter = trace(&typed, &run, &mut *executor, &Keep::default()).expect("a run").meter;
	let mut group = c.benchmark_group(format!("{name}, {threads} threads"));
	println!("{name}: {meter:?}");
	group.sample_size(10);
	group.bench_function("untraced", |b| {
		b.iter(|| untraced(&mut *executor, program, &run));
	});
	group.bench_function("traced", |b| {
		b.iter(|| trace(&typed, &run, &mut *executor, &Keep::default()).expect("a run"));
	});
	group.finish();
}

fn minilm(c: &mut Criterion) {
	for (name, codes, weights) in [
		("MiniLM w16a16", Codes::Two, Digits::Two),
		("MiniLM w8a8", Codes::OneAsymmetric, Digits::One),
	] {
		let encoder = Encoder {
			vocabulary: 30_522,
			hidden: 384,
			heads: 12,
			inner: 1536,
			layers: 6,
			max_positions: 512,
			codes,
			weights,
			..Encoder::default()
		};
		for tokens in [32, 256] {
			pair(c, &format!("{name}, {tokens} tokens"), &encoder.program(), tokens, 0);
		}
	}
}

fn adder(c: &mut Criterion) {
	let decoder = Decoder {
		vocabulary: 16,
		hidden: 128,
		heads: 4,
		key_heads: 2,
		head_dim: 32,
		inner: 256,
		layers: 3,
		max_positions: 32,
		codes: Codes::Two,
		weights: Digits::Two,
		..Decoder::default()
	};
	pair(c, "adder, 8 + 4 tokens", &decoder.program(), 8, 4);
}

fn billion(c: &mut Criterion) {
	for (name, codes) in [("1.1B w8a16", Codes::Two), ("1.1B w8a8", Codes::One)] {
		let decoder = Decoder {
			vocabulary: 32_000,
			hidden: 2048,
			heads: 32,
			key_heads: 4,
			head_dim: 64,
			inner: 5632,
			layers: 22,
			max_positions: 2048,
			codes,
			..Decoder::default()
		};
		pair(c, &format!("{name}, 193 + 64 tokens"), &decoder.program(), 193, 64);
	}
}

criterion_group!(benches, minilm, adder, billion);
criterion_main!(benches);
