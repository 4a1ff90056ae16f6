//! A whole decoder of 1.1 billion parameters with weights that look random, one digit everywhere: a
//! prompt of 512 tokens, and one token after it. Throughput counts tokens.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_sign_loss,
	reason = "operands only have to look random"
)]

mod common;

use assay_kernels_cpu::{
	attention::{attend, Attention, CacheShape, KvCache, Mask, PageId, Sequence, Slot},
	heads::{quantise_heads, Heads},
	linear::{gated, Epilogue, Linear},
	norm::{norm_quantise, Norm},
	quantise::{quantise, Scheme},
	rope::Angles,
	Codes, Engine, Error,
};
use assay_kernels_exact::{
	activation::Activation,
	attention::{softmax_constant, BLOCK},
	quantise::Digits,
	rope::{phases, Pairing},
};
use common::{pool, values, weights};
use criterion::{criterion_group, criterion_main, Criterion, Throughput};

const LAYERS: usize = 22;
const CHANNELS: usize = 2048;
const FEED_FORWARD: usize = 5632;
const HEADS: usize = 32;
const KEY_HEADS: usize = 4;
const HEAD_DIM: usize = 64;
const VOCABULARY: usize = 32_000;
const PROMPT: usize = 512;
const ONE: Scheme = Scheme::Symmetric(Digits::One);

struct Layer {
	query: Linear,
	key: Linear,
	value: Linear,
	output: Linear,
	gate: Linear,
	up: Linear,
	down: Linear,
}

impl Layer {
	fn new(seed: u32) -> Self {
		let key_channels = KEY_HEADS * HEAD_DIM;
		Self {
			query: weights(CHANNELS, CHANNELS, seed),
			key: weights(CHANNELS, key_channels, seed + 1),
			value: weights(CHANNELS, key_channels, seed + 2),
			output: weights(CHANNELS, CHANNELS, seed + 3),
			gate: weights(CHANNELS, FEED_FORWARD, seed + 4),
			up: weights(CHANNELS, FEED_FORWARD, seed + 5),
			down: weights(FEED_FORWARD, CHANNELS, seed + 6),
		}
	}
}

struct Decoder {
	layers: Vec<Layer>,
	logits: Linear,
	gain: Vec<f32>,
	phases: Vec<u64>,
	cache: KvCache,
	pages: Vec<PageId>,
}

/// Memory of a pass.
#[derive(Default)]
struct Buffers {
	angles: Angles,
	codes: Codes,
	queries: Codes,
	keys: Codes,
	values: Codes,
	wide: Vec<f32>,
	narrow: Vec<f32>,
}

impl Decoder {
	fn new() -> Self {
		let shape =
			CacheShape { heads: LAYERS * KEY_HEADS, head_dim: HEAD_DIM, digits: Digits::One };
		let mut cache = KvCache::new(shape, 2 * PROMPT / BLOCK).expect("shape");
		let pages = (0..2 * PROMPT / BLOCK).map_while(|_| cache.allocate()).collect();
		Self {
			layers: (0..LAYERS as u32).map(|layer| Layer::new(layer * 7)).collect(),
			logits: weights(CHANNELS, VOCABULARY, 1000),
			gain: values(CHANNELS, 5),
			phases: phases(10_000, HEAD_DIM / 2).expect("pairs"),
			cache,
			pages,
		}
	}

	/// The logits of the last of some tokens, the first of which stands at `first`.
	fn pass(
		&mut self,
		engine: Engine<'_>,
		buffers: &mut Buffers,
		first: usize,
		x: &mut [f32],
		logits: &mut [f32],
	) -> Result<(), Error> {
		let tokens = x.len() / CHANNELS;
		let positions: Vec<u32> = (first..first + tokens).map(|p| p as u32).collect();
		let slots = (first..first + tokens).map(|p| Slot::of(&self.pages, p));
		let slots = slots.collect::<Result<Vec<_>, _>>()?;
		let Buffers { angles, codes, queries, keys, values, wide, narrow } = buffers;
		angles.fill(engine, &self.phases, &positions);
		let norm = Norm::Rms { gain: &self.gain, eps: 1e-5 };
		let rotation = Some((&*angles, Pairing::Halves));
		let heads =
			Heads { heads: HEADS, head_dim: HEAD_DIM, norm: None, rotation, digits: Digits::One };
		let key_heads = Heads { heads: KEY_HEADS, ..heads };
		let sequence =
			Sequence { pages: &self.pages, first, queries: tokens, length: first + tokens };
		wide.resize(tokens * FEED_FORWARD, 0.0);
		narrow.resize(tokens * KEY_HEADS * HEAD_DIM, 0.0);
		for (index, layer) in self.layers.iter().enumerate() {
			norm_quantise(engine, x, CHANNELS, norm, ONE, None, codes)?;
			let out = &mut wide[..tokens * CHANNELS];
			layer.query.apply(engine, codes, Epilogue::STORE, out)?;
			quantise_heads(engine, out, &heads, queries)?;
			layer.key.apply(engine, codes, Epilogue::STORE, narrow)?;
			quantise_heads(engine, narrow, &key_heads, keys)?;
			layer.value.apply(engine, codes, Epilogue::STORE, narrow)?;
			quantise_heads(engine, narrow, &Heads { rotation: None, ..key_heads }, values)?;
			let first_head = index * KEY_HEADS;
			self.cache.append(engine, first_head, keys, values, &slots)?;
			let attention = Attention {
				heads: HEADS,
				key_heads: KEY_HEADS,
				first_head,
				mask: Mask::Causal,
				constant: softmax_constant(HEAD_DIM as u32),
			};
			attend(engine, &attention, &self.cache, queries, &[sequence], out)?;
			quantise(engine, out, CHANNELS, ONE, None, codes)?;
			layer.output.apply(engine, codes, Epilogue::ADD, x)?;
			norm_quantise(engine, x, CHANNELS, norm, ONE, None, codes)?;
			gated(engine, Activation::Silu, &layer.gate, &layer.up, codes, wide)?;
			quantise(engine, wide, FEED_FORWARD, ONE, None, codes)?;
			layer.down.apply(engine, codes, Epilogue::ADD, x)?;
		}
		let last = &x[(tokens - 1) * CHANNELS..];
		norm_quantise(engine, last, CHANNELS, norm, ONE, None, codes)?;
		self.logits.apply(engine, codes, Epilogue::STORE, logits)
	}
}

fn decoder(c: &mut Criterion) {
	let mut decoder = Decoder::new();
	let mut logits = vec![0.0; VOCABULARY];
	let mut buffers = Buffers::default();
	for threads in [1, 2] {
		let pool = pool(threads);
		let engine = Engine::new(&pool);
		let mut group = c.benchmark_group(format!("decoder, {threads} threads"));
		group.sample_size(10);
		for (name, first, tokens) in [("prompt of 512", 0, PROMPT), ("token", PROMPT, 1)] {
			let input = values(tokens * CHANNELS, 7);
			group.throughput(Throughput::Elements(tokens as u64));
			group.bench_function(name, |b| {
				pool.install(|| {
					b.iter(|| {
						let mut x = input.clone();
						decoder
							.pass(engine, &mut buffers, first, &mut x, &mut logits)
							.expect("shape");
					});
				});
			});
		}
		group.finish();
	}
}

criterion_group!(benches, decoder);
criterion_main!(benches);
