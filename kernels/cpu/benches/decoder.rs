//! A whole decoder of 1.1 billion parameters on the backend, with weights that look random, one digit
//! everywhere: a prompt of 512 tokens, and after it one token of one sequence and of eight. Throughput
//! counts tokens.

#![allow(
	clippy::cast_possible_truncation,
	reason = "lengths are small, and operands only have to look random"
)]

mod common;

use assay_kernels_backend::{Backend, Chunk, Executor, Limits, SequenceId, Wanted};
use assay_kernels_cpu::backend::Cpu;
use assay_kernels_exact::sampler::Sampling;
use assay_programs::{samples::Decoder, Program};
use common::{tokens, Noise};
use criterion::{criterion_group, criterion_main, Criterion, Throughput};

const PROMPT: usize = 512;
const SEQUENCES: usize = 8;
const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };

fn program() -> Program {
	let decoder = Decoder {
		vocabulary: 32_000,
		hidden: 2048,
		heads: 32,
		key_heads: 4,
		head_dim: 64,
		inner: 5632,
		layers: 22,
		max_positions: 2048,
		..Decoder::default()
	};
	decoder.program()
}

/// Appends tokens to sequences, chooses the next token of each, and takes the tokens back.
fn pass(executor: &mut dyn Executor, ids: &[SequenceId], tokens: &[u32], keep: u32) {
	let wanted = Wanted::Tokens { rows: 1, sampling: &GREEDY };
	let chunk = |&sequence| Chunk { sequence, tokens, wanted };
	let batch: Vec<Chunk<'_>> = ids.iter().map(chunk).collect();
	executor.step(&batch).expect("sequences with room");
	for &id in ids {
		executor.truncate(id, keep).expect("a sequence that was longer");
	}
}

fn decoder(c: &mut Criterion) {
	let program = program();
	let weights = Noise(&program);
	for threads in [1, 2] {
		let cpu = Cpu::with_threads(threads).expect("threads");
		let mut executor = cpu.load(&program, &weights, &Limits::NONE).expect("a valid program");
		let ids: Vec<SequenceId> =
			(0..SEQUENCES).map(|_| executor.open(2 * PROMPT as u32).expect("room")).collect();
		let mut group = c.benchmark_group(format!("decoder, {threads} threads"));
		group.sample_size(10);
		let prompt = tokens(&program, PROMPT);
		group.throughput(Throughput::Elements(PROMPT as u64));
		group.bench_function("prompt of 512", |b| {
			b.iter(|| pass(&mut *executor, &ids[..1], &prompt, 0));
		});
		for &sequence in &ids {
			let wanted = Wanted::Nothing;
			let chunk = Chunk { sequence, tokens: &prompt, wanted };
			executor.step(&[chunk]).expect("a sequence with room");
		}
		for count in [1, SEQUENCES] {
			group.throughput(Throughput::Elements(count as u64));
			group.bench_function(format!("token of {count} sequences"), |b| {
				b.iter(|| pass(&mut *executor, &ids[..count], &prompt[..1], PROMPT as u32));
			});
		}
		group.finish();
	}
}

criterion_group!(benches, decoder);
criterion_main!(benches);
