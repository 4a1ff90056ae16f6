//! `Attention`: each query head of each row over the positions that it sees (SPEC 11).

use alloc::vec::Vec;
use core::ops::Range;

use assay_kernels_exact::{
	attention::{block, merge, query_scale, Block, Query, Record, BLOCK},
	quantise::Code,
};
use assay_programs::op::{Attention, Mask};

use crate::{
	reference::{
		cache::{Cache, CachedHead},
		rows,
		value::{Codes, Computed, FloatRows, HeadRows, Value},
		Pass,
	},
	OperationError,
};

/// The merged records of every query head. The cache holds the pass's own positions already.
pub(in crate::reference) fn attention(
	op: &Attention,
	query: &HeadRows,
	cache: &Cache,
	pass: &Pass<'_>,
	keep_records: bool,
) -> Result<Computed, OperationError> {
	let HeadRows { heads, head_dim, .. } = *query;
	let head = |index: usize| {
		let (row, head) = (index / heads, index % heads);
		let cached = cache.heads.get(head * cache.heads.len() / heads);
		let cached = cached.ok_or(OperationError::Heads)?;
		let visible = visible(op.mask, pass.position(row) as usize, cache.positions());
		let scale = query_scale(query.scales[index], op.constant.get());
		let channels = index * head_dim..(index + 1) * head_dim;
		let records = match (&query.codes, &cached.keys) {
			(Codes::One(q), Codes::One(k)) => records(&q[channels], scale, k, cached, visible)?,
			(Codes::Two(q), Codes::Two(k)) => records(&q[channels], scale, k, cached, visible)?,
			_ => return Err(OperationError::Heads),
		};
		let output = merge(&records)?;
		Ok((output, if keep_records { records } else { Vec::new() }))
	};
	let (outputs, records): (Vec<_>, Vec<_>) =
		rows::map(query.scales.len(), head)?.into_iter().unzip();
	let columns = heads * cache.heads.first().map_or(head_dim, |head| head.channels);
	let value = Value::Float(FloatRows::new(columns, outputs));
	Ok(Computed { records, ..value.into() })
}

/// The positions that the query at `position` sees, of `positions` in all.
fn visible(mask: Mask, position: usize, positions: usize) -> Range<usize> {
	match mask {
		Mask::Causal => 0..position + 1,
		Mask::Sliding { window } => (position + 1).saturating_sub(window as usize)..position + 1,
		Mask::Full => 0..positions,
	}
}

/// A record for each block of the grid that the visible positions touch.
fn records<K: Code>(
	query: &[K],
	scale: f32,
	keys: &[K],
	head: &CachedHead,
	visible: Range<usize>,
) -> Result<Vec<Record>, OperationError> {
	let Codes::One(values) = &head.values else { return Err(OperationError::Heads) };
	let CachedHead { head_dim, channels, key_scales, value_scales, .. } = head;
	let blocks = visible.start / BLOCK..visible.end.div_ceil(BLOCK);
	let record = |index: usize| {
		let from = visible.start.max(index * BLOCK);
		let to = visible.end.min((index + 1) * BLOCK);
		let seen = Block {
			keys: &keys[from * head_dim..to * head_dim],
			key_scales: &key_scales[from..to],
			values: &values[from * channels..to * channels],
			value_scales: &value_scales[from..to],
			channels: *channels,
		};
		Ok(block(&Query { codes: query, scale }, &seen)?)
	};
	blocks.map(record).collect()
}
