//! An encoder of the shape of all-MiniLM-L6-v2 with weights that look random: texts of 32 tokens, alone
//! and 64 at a time, by precision of weights and inputs. Throughput counts texts.

#![allow(clippy::cast_possible_truncation, reason = "operands only have to look random")]

mod common;

use assay_kernels_backend::{Backend, Limits};
use assay_kernels_cpu::backend::Cpu;
use assay_programs::{
	op::{Codes, Digits},
	samples::Encoder,
};
use common::{tokens, Noise};
use criterion::{criterion_group, criterion_main, Criterion, Throughput};

const TEXTS: usize = 64;
const TOKENS: usize = 32;

fn encoder(c: &mut Criterion) {
	for (name, codes, weights) in
		[("w16a16", Codes::Two, Digits::Two), ("w8a8", Codes::OneAsymmetric, Digits::One)]
	{
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
		let program = encoder.program();
		let weights = Noise(&program);
		let text = tokens(&program, TOKENS);
		let texts = vec![text.as_slice(); TEXTS];
		for threads in [1, 2] {
			let cpu = Cpu::with_threads(threads).expect("threads");
			let mut executor =
				cpu.load(&program, &weights, &Limits::NONE).expect("a valid program");
			let mut group = c.benchmark_group(format!("encoder, {name}, {threads} threads"));
			group.sample_size(10);
			for count in [1, TEXTS] {
				group.throughput(Throughput::Elements(count as u64));
				group.bench_function(format!("{count} texts of {TOKENS}"), |b| {
					b.iter(|| executor.embed(&texts[..count]).expect("texts that fit"));
				});
			}
			group.finish();
		}
	}
}

criterion_group!(benches, encoder);
criterion_main!(benches);
