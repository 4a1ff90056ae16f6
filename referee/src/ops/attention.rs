//! `Attention`: the record of a block, and the merged records (SPEC 11).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::{
	attention::{block, merge, query_scale, Block, Query, Record},
	quantise::Code,
};
use assay_programs::{
	grid::BLOCK,
	op::Attention,
	stage::{Stage, Tile},
	value::Form,
};
use assay_trace::bytes::{first, of_record, of_words, record as record_of, Word, HEAD_PREFIX};

use super::Step;
use crate::{
	error::Fault,
	reader::{Codes, Reader, Value},
	source::Source,
};

/// Some channels of the result of a query head at a position.
pub(super) struct Place {
	pub(super) position: u32,
	pub(super) head: u32,
	pub(super) channels: Range<u32>,
}

/// What a query head sees in a block.
pub(super) fn record<S: Source>(
	step: &Step<'_>,
	op: &Attention,
	reader: &mut Reader<'_, S>,
	at: &Place,
	index: u32,
) -> Result<Vec<u8>, S::Error> {
	let missing = Fault::Program { missing: "head" };
	let form = |n: usize| step.types.operand(n).map(|operand| operand.form);
	let Some(Form::Heads { heads, head_dim, digits, .. }) = form(0) else {
		return Err(missing.into());
	};
	let Some(Form::Heads { heads: key_heads, .. }) = form(1) else { return Err(missing.into()) };
	let key_head = at.head.saturating_mul(key_heads.into()).checked_div(heads.into());
	let key_head = key_head.ok_or(missing)?;

	let query = reader.operand(step.id, 0)?;
	let query = Head::read(reader, &query, at.position, at.head, 0..head_dim)?;
	let start = index.saturating_mul(BLOCK);
	let positions = reader.layout().shape().positions;
	let end = op.mask.visible_end(at.position, positions).min(start.saturating_add(BLOCK));
	let visible = op.mask.first_visible(at.position).max(start)..end;
	let key = reader.operand(step.id, 1)?;
	let keys = Seen::read(reader, &key, visible.clone(), key_head, 0..head_dim)?;
	let value = reader.operand(step.id, 2)?;
	let values = Seen::read(reader, &value, visible, key_head, at.channels.clone())?;

	let scale = query_scale(query.scale, op.constant.get());
	// Queries and keys have the same digits.
	let codes = [&query.codes, &keys.codes].map(|codes| Codes::all(digits, codes));
	let record = match &codes {
		[Codes::One(q), Codes::One(k)] => seen(q, scale, k, &keys.scales, &values, at),
		[Codes::Two(q), Codes::Two(k)] => seen(q, scale, k, &keys.scales, &values, at),
		_ => return Err(missing.into()),
	};
	Ok(of_record(&record.map_err(Fault::Operation)?))
}

/// The result of a query head: its records, merged.
pub(super) fn merged<S: Source>(
	step: &Step<'_>,
	op: &Attention,
	reader: &mut Reader<'_, S>,
	at: &Place,
) -> Result<Vec<u8>, S::Error> {
	let Place { position, head, ref channels } = *at;
	let positions = reader.layout().shape().positions;
	let first = op.mask.first_block(position);
	let blocks = first..first.saturating_add(op.mask.blocks(position, positions));
	let value = reader.stage(step.id, Stage::Records)?;
	let mut records = Vec::new();
	for block in blocks {
		let tile = Tile::Record { position, head, channels: channels.clone(), block };
		let record = record_of(reader.tile(&value, &tile)?);
		records.push(record.ok_or(Fault::Program { missing: "record" })?);
	}
	Ok(of_words(&merge(&records).map_err(Fault::Operation)?))
}

/// A quantised head of a position.
struct Head {
	scale: f32,
	codes: Vec<u8>,
}

impl Head {
	fn read<S: Source>(
		reader: &mut Reader<'_, S>,
		value: &Value,
		position: u32,
		head: u32,
		channels: Range<u32>,
	) -> Result<Self, S::Error> {
		let bytes = reader.tile(value, &Tile::Head { position, head, channels })?;
		let parts = first(bytes).zip(bytes.get(HEAD_PREFIX..));
		let (scale, codes) = parts.ok_or(Fault::Program { missing: "scale of a head" })?;
		Ok(Self { scale, codes: codes.into() })
	}
}

/// A quantised head of consecutive positions.
struct Seen {
	scales: Vec<f32>,
	codes: Vec<u8>,
}

impl Seen {
	fn read<S: Source>(
		reader: &mut Reader<'_, S>,
		value: &Value,
		positions: Range<u32>,
		head: u32,
		channels: Range<u32>,
	) -> Result<Self, S::Error> {
		let mut seen = Self { scales: Vec::new(), codes: Vec::new() };
		for position in positions {
			let one = Head::read(reader, value, position, head, channels.clone())?;
			seen.scales.push(one.scale);
			seen.codes.extend(one.codes);
		}
		Ok(seen)
	}
}

/// The record of the keys and values that a query sees.
fn seen<K: Code>(
	query: &[K],
	scale: f32,
	keys: &[K],
	key_scales: &[f32],
	values: &Seen,
	at: &Place,
) -> Result<Record, assay_kernels_exact::Error> {
	let channels = at.channels.end.saturating_sub(at.channels.start);
	let seen = Block {
		keys,
		key_scales,
		values: &i8::all(&values.codes),
		value_scales: &values.scales,
		// A dimension that does not fit is refused as every other that is too great.
		channels: usize::try_from(channels).unwrap_or(usize::MAX),
	};
	block(&Query { codes: query, scale }, &seen)
}
