//! Attention over a cache against the definition.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use assay_kernels_cpu::{
	attention::{attend, Attention, CacheShape, KvCache, Mask, PageId, Sequence, Slot},
	Codes, Engine, Error,
};
use assay_kernels_exact::{
	attention::{self as exact, Block, Query, BLOCK},
	quantise::Digits,
};
use common::{assert_bits, code_class, digits, on_every_engine, CodeClass, Values};
use proptest::prelude::*;

/// One sequence with its keys, values and queries, a row per position and head.
#[derive(Clone, Debug)]
struct Conversation {
	/// Positions in the cache.
	length: usize,
	/// The last so many are queried.
	queried: usize,
	keys: Vec<i16>,
	key_scales: Vec<f32>,
	values: Vec<i16>,
	value_scales: Vec<f32>,
	queries: Vec<i16>,
	query_scales: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
	key_heads: usize,
	group: usize,
	head_dim: usize,
	digits: Digits,
	mask: Mask,
}

#[derive(Clone, Copy, Debug)]
struct Classes {
	codes: CodeClass,
	values: CodeClass,
	/// Scales over all of F, or such that scores lie in a usual range.
	wide: bool,
	seed: u64,
}

const CONSTANT: f32 = 0.125;

fn scales(count: usize, wide: bool, usual: f32, seed: u64) -> Vec<f32> {
	let values = if wide { Values::Wide } else { Values::Unit };
	values.take(count, seed).iter().map(|x| if wide { x.abs() } else { x.abs() * usual }).collect()
}

impl Conversation {
	fn new(shape: Shape, length: usize, queried: usize, classes: Classes) -> Self {
		let Classes { codes, values, wide, seed } = classes;
		let (rows, heads) = (length * shape.key_heads, queried * shape.key_heads * shape.group);
		let usual = 20.0 / (shape.digits.max_code() as f32);
		let mut value_scales = scales(rows, wide, 0.01, seed + 3);
		// Zero rows of values are usual too.
		value_scales.iter_mut().step_by(7).for_each(|scale| *scale = 0.0);
		Self {
			length,
			queried,
			keys: codes.take(shape.digits, rows * shape.head_dim, seed),
			key_scales: scales(rows, wide, usual, seed + 1),
			values: values.take(Digits::One, rows * shape.head_dim, seed + 2),
			value_scales,
			queries: codes.take(shape.digits, heads * shape.head_dim, seed + 4),
			query_scales: scales(heads, wide, usual, seed + 5),
		}
	}

	fn expected(&self, shape: Shape) -> Vec<f32> {
		let d = shape.head_dim;
		let heads = shape.key_heads * shape.group;
		let mut out = Vec::new();
		for (row, codes) in self.queries.chunks(d).enumerate() {
			let position = self.length - self.queried + row / heads;
			let key_head = row % heads / shape.group;
			let visible = match shape.mask {
				Mask::Causal => 0..position + 1,
				Mask::Window(width) => (position + 1).saturating_sub(width)..position + 1,
				Mask::Full => 0..self.length,
			};
			let rows = visible.clone().map(|t| t * shape.key_heads + key_head);
			let values: Vec<i8> = rows
				.clone()
				.flat_map(|r| self.values[r * d..(r + 1) * d].iter().map(|&v| v as i8))
				.collect();
			let keys: Vec<i16> =
				rows.clone().flat_map(|r| self.keys[r * d..(r + 1) * d].to_vec()).collect();
			let key_scales: Vec<f32> = rows.clone().map(|r| self.key_scales[r]).collect();
			let value_scales: Vec<f32> = rows.map(|r| self.value_scales[r]).collect();
			let scale = exact::query_scale(self.query_scales[row], CONSTANT);
			let block = Block {
				keys: &keys,
				key_scales: &key_scales,
				values: &values,
				value_scales: &value_scales,
				channels: d,
			};
			let query = Query { codes, scale };
			out.extend(exact::attend(&query, &block, visible.start).unwrap());
		}
		out
	}
}

/// Appends positions `from..to` of every conversation, in one call.
fn append(
	engine: Engine<'_>,
	cache: &mut KvCache,
	shape: Shape,
	conversations: &[(Conversation, Vec<PageId>)],
	range: impl Fn(&Conversation) -> std::ops::Range<usize>,
) {
	let (d, heads) = (shape.head_dim, shape.key_heads);
	let mut slots = Vec::new();
	let (mut keys, mut key_scales) = (Vec::new(), Vec::new());
	let (mut values, mut value_scales) = (Vec::new(), Vec::new());
	for (conversation, pages) in conversations {
		let positions = range(conversation);
		slots.extend(positions.clone().map(|t| Slot::of(pages, t).unwrap()));
		let rows = positions.start * heads..positions.end * heads;
		let codes = rows.start * d..rows.end * d;
		keys.extend_from_slice(&conversation.keys[codes.clone()]);
		values.extend_from_slice(&conversation.values[codes]);
		key_scales.extend_from_slice(&conversation.key_scales[rows.clone()]);
		value_scales.extend_from_slice(&conversation.value_scales[rows]);
	}
	let zeros = vec![0; key_scales.len()];
	let keys = Codes::from_codes(d, shape.digits, &keys, &key_scales, &zeros).unwrap();
	let values = Codes::from_codes(d, Digits::One, &values, &value_scales, &zeros).unwrap();
	// Another layer's heads come first.
	cache.append(engine, 1, &keys, &values, &slots).unwrap();
}

fn attention(shape: Shape) -> Attention {
	Attention {
		heads: shape.key_heads * shape.group,
		key_heads: shape.key_heads,
		first_head: 1,
		mask: shape.mask,
		constant: CONSTANT,
	}
}

/// All conversations in one batch, then each alone, query by query.
fn check(shape: Shape, conversations: Vec<Conversation>) {
	let Shape { key_heads, head_dim, digits, .. } = shape;
	let expected: Vec<Vec<f32>> = conversations.iter().map(|c| c.expected(shape)).collect();
	let cache_shape = CacheShape { heads: key_heads + 2, head_dim, digits };
	on_every_engine(|engine| {
		let mut cache = KvCache::new(cache_shape, 64).unwrap();
		// Pages in an order that is no sequence's own, the first of them used before.
		let mut pages: Vec<PageId> = (0..16).map(|_| cache.allocate().unwrap()).collect();
		cache.release(pages.pop().unwrap());
		pages.push(cache.allocate().unwrap());
		let with_pages = |c: &Conversation| {
			let count = c.length.div_ceil(BLOCK);
			(c.clone(), (0..count).map(|_| pages.pop().unwrap()).collect::<Vec<_>>())
		};
		let batch: Vec<_> = conversations.iter().map(with_pages).collect();
		append(engine, &mut cache, shape, &batch, |c| 0..c.length / 2);
		append(engine, &mut cache, shape, &batch, |c| c.length / 2..c.length);
		let run = |sequences: &[Sequence<'_>], queries: &[i16], scales: &[f32]| {
			let zeros = vec![0; scales.len()];
			let queries = Codes::from_codes(head_dim, digits, queries, scales, &zeros).unwrap();
			let mut out = vec![f32::NAN; scales.len() * head_dim];
			attend(engine, &attention(shape), &cache, &queries, sequences, &mut out).unwrap();
			out
		};
		let sequence = |(c, pages): &(Conversation, Vec<PageId>)| Sequence {
			pages: pages.clone().leak(),
			first: c.length - c.queried,
			queries: c.queried,
			length: c.length,
		};
		let sequences: Vec<_> = batch.iter().map(sequence).collect();
		let queries: Vec<i16> = batch.iter().flat_map(|(c, _)| c.queries.clone()).collect();
		let scales: Vec<f32> = batch.iter().flat_map(|(c, _)| c.query_scales.clone()).collect();
		let out = run(&sequences, &queries, &scales);
		assert_bits(&out, &expected.concat(), engine, &format!("batch, {shape:?}"));

		for (((c, _), sequence), expected) in batch.iter().zip(&sequences).zip(&expected) {
			let heads = key_heads * shape.group;
			let mut out = Vec::new();
			for query in 0..c.queried {
				let single = Sequence { first: sequence.first + query, queries: 1, ..*sequence };
				let rows = query * heads..(query + 1) * heads;
				let codes = &c.queries[rows.start * head_dim..rows.end * head_dim];
				out.extend(run(&[single], codes, &c.query_scales[rows]));
			}
			assert_bits(&out, expected, engine, &format!("alone, {shape:?}"));
		}
	});
}

fn mask() -> impl Strategy<Value = Mask> {
	prop_oneof![Just(Mask::Causal), Just(Mask::Full), (0..700_usize).prop_map(Mask::Window)]
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn attention_equals_the_definition(
		(key_heads, group, head_dim) in (1..3_usize, 1..5_usize, 1..=80_usize),
		(digits, mask) in (digits(), mask()),
		lengths in prop::collection::vec((1..1200_usize, 1..10_usize), 1..4),
		(codes, values, wide) in (code_class(), code_class(), any::<bool>()),
		seed in 0..u64::MAX / 2,
	) {
		let shape = Shape { key_heads, group, head_dim, digits, mask };
		let classes = Classes { codes, values, wide, seed };
		let conversation =
			|(length, queried): (usize, usize)| Conversation::new(shape, length, queried.min(length), classes);
		check(shape, lengths.into_iter().map(conversation).collect());
	}
}

#[test]
fn the_edges_of_blocks_equal_the_definition() {
	let mask = Mask::Causal;
	let shape = Shape { key_heads: 1, group: 2, head_dim: 8, digits: Digits::One, mask };
	let classes = Classes { codes: CodeClass::Any, values: CodeClass::Any, wide: false, seed: 1 };
	for length in [1, 2, 31, 32, 33, 511, 512, 513, 1024, 1025] {
		check(shape, vec![Conversation::new(shape, length, length.min(3), classes)]);
	}
}

#[test]
fn windows_that_begin_on_both_sides_of_a_block_equal_the_definition() {
	for (mask, length) in [(Mask::Window(100), 616), (Mask::Window(1), 520), (Mask::Causal, 520)] {
		let shape = Shape { key_heads: 1, group: 1, head_dim: 12, digits: Digits::Two, mask };
		let classes =
			Classes { codes: CodeClass::Any, values: CodeClass::Any, wide: false, seed: 3 };
		check(shape, vec![Conversation::new(shape, length, 14, classes)]);
	}
}

#[test]
fn the_widest_heads_at_their_greatest_equal_the_definition() {
	for digits in [Digits::One, Digits::Two] {
		for wide in [false, true] {
			let mask = Mask::Full;
			let shape = Shape { key_heads: 1, group: 3, head_dim: 256, digits, mask };
			let (codes, values, seed) = (CodeClass::Greatest, CodeClass::Greatest, 4);
			let classes = Classes { codes, values, wide, seed };
			check(shape, vec![Conversation::new(shape, 520, 2, classes)]);
		}
	}
}

#[test]
fn a_whole_prompt_equals_the_definition() {
	let mask = Mask::Causal;
	let shape = Shape { key_heads: 2, group: 4, head_dim: 16, digits: Digits::One, mask };
	let classes = Classes { codes: CodeClass::Any, values: CodeClass::Any, wide: false, seed: 2 };
	check(shape, vec![Conversation::new(shape, 150, 150, classes)]);
}

#[test]
fn operands_that_do_not_fit_are_refused() {
	let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
	let engine = Engine::new(&pool);
	let shape = CacheShape { heads: 2, head_dim: 4, digits: Digits::One };
	let mut cache = KvCache::new(shape, 1).unwrap();
	let page = cache.allocate().unwrap();
	assert_eq!((cache.allocate(), cache.available()), (None, 0));
	let codes = |rows: usize| {
		let zeros = vec![0; rows];
		Codes::from_codes(4, Digits::One, &vec![1; rows * 4], &vec![1.0; rows], &zeros).unwrap()
	};
	let slots = [Slot::of(&[page], 0).unwrap()];
	assert!(matches!(Slot::of(&[page], 512), Err(Error::Pages { needed: 2, .. })));
	assert_eq!(cache.append(engine, 0, &codes(2), &codes(2), &slots), Ok(()));
	assert!(cache.append(engine, 1, &codes(2), &codes(2), &slots).is_err());
	assert!(cache.append(engine, 0, &codes(2), &codes(1), &slots).is_err());

	let attention =
		Attention { heads: 4, key_heads: 2, first_head: 0, mask: Mask::Causal, constant: 1.0 };
	let sequence = Sequence { pages: &[page], first: 0, queries: 1, length: 1 };
	let mut out = [0.0; 16];
	let mut run = |attention: &Attention, sequence: Sequence<'_>, rows: usize| {
		attend(engine, attention, &cache, &codes(rows), &[sequence], &mut out[..rows * 4])
	};
	assert_eq!(run(&attention, sequence, 4), Ok(()));
	assert!(run(&attention, sequence, 3).is_err());
	assert!(run(&Attention { first_head: 1, ..attention }, sequence, 4).is_err());
	assert!(run(&Attention { heads: 3, ..attention }, sequence, 3).is_err());
	assert!(run(&attention, Sequence { length: 0, ..sequence }, 4).is_err());
	let beyond = Sequence { length: 513, ..sequence };
	assert!(matches!(run(&attention, beyond, 4), Err(Error::Pages { needed: 2, .. })));
}
