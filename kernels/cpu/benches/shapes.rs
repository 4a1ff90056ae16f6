//! Linear layers and attention in the shapes of a decoder of 1.1 billion parameters: 2048 channels,
//! feed-forward 5632, 32 heads on 4 key heads of 64 channels, vocabulary 32000. Throughput counts
//! multiply-adds where a batch has many rows, and bytes of weights or keys and values for one token.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_sign_loss,
	reason = "operands only have to look random"
)]

mod common;

use std::hint::black_box;

use assay_kernels_cpu::{
	attention::{attend, Attention, CacheShape, KvCache, Mask, Sequence, Slot},
	heads::{quantise_heads, Heads},
	linear::Epilogue,
	quantise::{quantise, Scheme},
	Codes, Engine,
};
use assay_kernels_exact::{attention::BLOCK, quantise::Digits};
use common::{pool, values, weights};
use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};

const PROMPT: usize = 512;
/// (inputs, outputs): query, key or value, up, down, logits.
const SHAPES: [(usize, usize); 5] =
	[(2048, 2048), (2048, 256), (2048, 5632), (5632, 2048), (2048, 32_000)];
const HEADS: usize = 32;
const KEY_HEADS: usize = 4;
const HEAD_DIM: usize = 64;

fn linear(c: &mut Criterion) {
	for threads in [1, 2] {
		let pool = pool(threads);
		let engine = Engine::new(&pool);
		for (rows, name) in [(PROMPT, "prompt"), (8, "batch of 8"), (1, "token")] {
			let mut group = c.benchmark_group(format!("linear, {name}, {threads} threads"));
			group.sample_size(20);
			for (inputs, outputs) in SHAPES {
				if rows == PROMPT && outputs > 8192 {
					// Only the last position of a prompt needs logits.
					continue;
				}
				let layer = weights(inputs, outputs, 1);
				let mut codes = Codes::new();
				let scheme = Scheme::Symmetric(Digits::One);
				quantise(engine, &values(rows * inputs, 2), inputs, scheme, None, &mut codes)
					.expect("shape");
				let mut out = vec![0.0; rows * outputs];
				group.throughput(match rows {
					1 => Throughput::Bytes((inputs * outputs) as u64),
					_ => Throughput::Elements((rows * inputs * outputs) as u64),
				});
				let id = BenchmarkId::from_parameter(format!("{inputs}x{outputs}"));
				group.bench_function(id, |b| {
					pool.install(|| {
						b.iter(|| {
							let out = black_box(&mut out);
							layer.apply(engine, &codes, Epilogue::STORE, out).expect("shape");
						});
					});
				});
			}
			group.finish();
		}
	}
}

fn attention(c: &mut Criterion) {
	for threads in [1, 2] {
		let pool = pool(threads);
		let engine = Engine::new(&pool);
		let mut group = c.benchmark_group(format!("attention, {threads} threads"));
		group.sample_size(20);
		for (length, queried) in [(PROMPT, PROMPT), (2048, 2048), (2048, 1), (8192, 1)] {
			let codes = |heads: usize, rows: usize, seed: u32| {
				let (norm, rotation, digits) = (None, None, Digits::One);
				let heads = Heads { heads, head_dim: HEAD_DIM, norm, rotation, digits };
				let mut codes = Codes::new();
				let x = values(rows * heads.heads * HEAD_DIM, seed);
				quantise_heads(engine, &x, &heads, &mut codes).expect("shape");
				codes
			};
			let shape = CacheShape { heads: KEY_HEADS, head_dim: HEAD_DIM, digits: Digits::One };
			let mut cache = KvCache::new(shape, length.div_ceil(BLOCK)).expect("shape");
			let pages: Vec<_> =
				(0..length.div_ceil(BLOCK)).map_while(|_| cache.allocate()).collect();
			let slots: Vec<_> = (0..length).map(|t| Slot::of(&pages, t).expect("page")).collect();
			let (keys, values) = (codes(KEY_HEADS, length, 1), codes(KEY_HEADS, length, 2));
			cache.append(engine, 0, &keys, &values, &slots).expect("shape");
			let queries = codes(HEADS, queried, 3);
			let attention = Attention {
				heads: HEADS,
				key_heads: KEY_HEADS,
				first_head: 0,
				mask: Mask::Causal,
				constant: 0.18,
			};
			let first = length - queried;
			let sequence = Sequence { pages: &pages, first, queries: queried, length };
			let mut out = vec![0.0; queried * HEADS * HEAD_DIM];
			// Keys and values of each visible position, for each head.
			let visible: usize = (first + 1..=length).sum();
			group.throughput(match queried {
				1 => Throughput::Bytes((length * KEY_HEADS * 2 * HEAD_DIM) as u64),
				_ => Throughput::Elements((visible * HEADS * 2 * HEAD_DIM) as u64),
			});
			let id = BenchmarkId::from_parameter(format!("{queried} of {length}"));
			group.bench_function(id, |b| {
				pool.install(|| {
					b.iter(|| {
						let out = black_box(&mut out);
						attend(engine, &attention, &cache, &queries, &[sequence], out)
							.expect("shape");
					});
				});
			});
		}
		group.finish();
	}
}

criterion_group!(benches, linear, attention);
criterion_main!(benches);
