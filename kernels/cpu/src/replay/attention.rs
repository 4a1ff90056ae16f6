//! Attention: the record of one block, the merge of records, both together over a cache.

use assay_kernels_exact::{
	attention::{BLOCK, MAX_HEAD_DIM},
	quantise::Digits,
};
use assay_kernels_vectors::{Case, Element, Error};

use super::{
	operands::{checked, codes, count, float, floats, own},
	Op, Replay,
};
use crate::{
	attention::{
		attend, head_panels, Attention, CacheShape, KvCache, Mask, Merge, PageId, Record, Records,
		Row, Sequence, Slot, Space,
	},
	dot::PANEL,
	Codes, Engine,
};

/// Exponents of a record lie between this and its negative.
const MAX_EXPONENT: i32 = 131_072;
/// The greatest sum of a record.
const MAX_SUM: i64 = 1 << 40;

pub(super) const OPS: &[Op] = &[
	("attention_block", attention_block),
	("attention_merge", attention_merge),
	("attention", attention),
];

/// A query and what it sees, in a cache of one head.
struct Visible {
	cache: KvCache,
	pages: Vec<PageId>,
	query: Codes,
	/// Position in the cache of the first key.
	first: usize,
	/// Keys.
	count: usize,
	/// Channels of the case's values.
	channels: usize,
}

impl Visible {
	/// The operands of a case. A head has as many channels as the query or the values, whichever has
	/// more; the others are zero, which adds nothing to any sum.
	///
	/// `None` where value scales are negative, which quantisation does not give.
	fn new(engine: Engine<'_>, case: &Case, first: usize) -> Result<Option<Self>, Error> {
		let (query, digits) = codes(case, "query")?;
		let (columns, channels) = (query.len(), count(case, "channels")?);
		let (key_scales, value_scales) =
			(floats(case, "key_scales")?, floats(case, "value_scales")?);
		if value_scales.iter().any(|&scale| scale < 0.0) {
			return Ok(None);
		}
		let count = value_scales.len();
		let head_dim = columns.max(channels);
		let zeros = vec![0; count];
		let rows = |name, digits, columns, scales: &[f32]| {
			let codes = padded(&codes(case, name)?.0, columns, head_dim);
			checked(case, Codes::from_codes(head_dim, digits, &codes, scales, &zeros))
		};
		let keys = rows("keys", digits, columns, &key_scales)?;
		let values = rows("values", Digits::One, channels, &value_scales)?;
		let query = padded(&query, columns, head_dim);
		let scale = float(case, "query_scale")?;
		let query = checked(case, Codes::from_codes(head_dim, digits, &query, &[scale], &[0]))?;

		let page_count = (first + count).div_ceil(BLOCK).max(1);
		let shape = CacheShape { heads: 1, head_dim, digits };
		let mut cache = checked(case, KvCache::new(shape, page_count))?;
		let pages: Vec<PageId> = (0..page_count).map_while(|_| cache.allocate()).collect();
		let slots: Result<Vec<Slot>, _> =
			(first..first + count).map(|position| Slot::of(&pages, position)).collect();
		checked(case, cache.append(engine, 0, &keys, &values, &checked(case, slots)?))?;
		Ok(Some(Self { cache, pages, query, first, count, channels }))
	}
}

/// Rows of `columns` codes with zeros up to `width`.
fn padded(codes: &[i16], columns: usize, width: usize) -> Vec<i16> {
	let mut padded = Vec::with_capacity(codes.len() / columns.max(1) * width);
	for row in codes.chunks(columns.max(1)) {
		padded.extend_from_slice(row);
		padded.resize(padded.len() + width - row.len(), 0);
	}
	padded
}

fn attention_block(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let Some(visible) = Visible::new(engine, case, 0)? else { return Ok(Replay::Exact) };
	let Visible { cache, pages, query, count, channels, .. } = &visible;
	let shape = cache.shape();
	let rows = &[Row { from: 0, to: *count, scale: query.scales()[0] }];
	let mut records = [Record::EMPTY];
	let mut outputs = vec![0; head_panels(shape.head_dim) * PANEL];
	Space::with(rows.len(), |space| {
		engine.run(Records {
			shape,
			block: cache.block(0, pages[0]),
			start: 0,
			queries: query.row_bytes(0),
			stride: query.stride(),
			rows,
			space,
			records: &mut records,
			outputs: &mut outputs,
		});
	});
	let [Record { max_exponent, max_weighted, sum }] = records;
	outputs.truncate(*channels);
	Ok(Replay::Own(vec![
		("max_exponent", i32::wrap(vec![max_exponent])),
		("max_weighted", i32::wrap(vec![max_weighted])),
		("sum", i64::wrap(vec![sum])),
		("output", i32::wrap(outputs)),
	]))
}

/// Records lie in one list per member; the outputs are cut evenly.
fn attention_merge(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let max_exponents = case.all::<i32>("max_exponent")?;
	let outputs = case.all::<i32>("output")?;
	let channels = outputs.len() / max_exponents.len().max(1);
	let records: Vec<Record> = max_exponents
		.iter()
		.zip(case.all::<i32>("max_weighted")?)
		.zip(case.all::<i64>("sum")?)
		.map(|((&max_exponent, &max_weighted), &sum)| Record { max_exponent, max_weighted, sum })
		.collect();
	let is_possible = |record: &Record| {
		let exponents = [record.max_exponent, record.max_weighted];
		let sum = record.sum;
		exponents.iter().all(|n| (-MAX_EXPONENT..=MAX_EXPONENT).contains(n))
			&& (0..=MAX_SUM).contains(&sum)
	};
	if !records.iter().all(is_possible) || !(1..=MAX_HEAD_DIM).contains(&channels) {
		// Records that a block cannot have; the definition limits them.
		return Ok(Replay::Exact);
	}
	let mut out = vec![0.0; channels];
	engine.run(Merge {
		records: &records,
		outputs,
		rows: 1,
		width: channels,
		head_dim: channels,
		out: &mut [&mut out],
	});
	Ok(own("y", out))
}

/// The keys and values at the end of a sequence that begins where their block does, seen through a
/// window of their number.
fn attention(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let first = count(case, "first")? % BLOCK;
	let visible = Visible::new(engine, case, first)?;
	// A query sees at least itself.
	let Some(visible) = visible.filter(|visible| visible.count > 0) else {
		return Ok(Replay::Exact);
	};
	let Visible { cache, pages, query, first, count, channels } = &visible;
	let mask = Mask::Window(*count);
	let attention = Attention { heads: 1, key_heads: 1, first_head: 0, mask, constant: 1.0 };
	let length = first + count;
	let sequence = Sequence { pages, first: length - 1, queries: 1, length };
	let mut out = vec![0.0; cache.shape().head_dim];
	checked(case, attend(engine, &attention, cache, query, &[sequence], &mut out))?;
	out.truncate(*channels);
	Ok(own("y", out))
}
