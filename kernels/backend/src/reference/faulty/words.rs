//! The numbers of a tile, where a pass has computed them.

use alloc::{vec, vec::Vec};

use assay_kernels_exact::norm::LayerStats;
use assay_programs::stage::{Stage, Tile};

use crate::reference::value::{Codes, Computed, NormStatistics, Pooled, Range, Value};

/// A number of a tile.
pub(super) enum Word<'c> {
	F32(&'c mut f32),
	I8(&'c mut i8),
	I16(&'c mut i16),
	I32(&'c mut i32),
	I64(&'c mut i64),
}

impl Word<'_> {
	pub(super) const fn bytes(&self) -> usize {
		match self {
			Self::I8(_) => 1,
			Self::I16(_) => 2,
			Self::F32(_) | Self::I32(_) => 4,
			Self::I64(_) => 8,
		}
	}

	/// Flips bits of a byte, counted from the lowest.
	pub(super) fn flip(&mut self, byte: usize, bits: u8) {
		let mask = u64::from(bits) << (8 * byte);
		match self {
			Self::F32(x) => **x = f32::from_bits(x.to_bits() ^ mask as u32),
			Self::I8(x) => **x ^= mask as i8,
			Self::I16(x) => **x ^= mask as i16,
			Self::I32(x) => **x ^= mask as i32,
			Self::I64(x) => **x ^= mask.cast_signed(),
		}
	}
}

/// The numbers of a tile, in the order of its bytes; none if a pass has computed no such tile.
pub(super) fn words<'c>(
	stage: Stage,
	tile: &Tile,
	row: usize,
	computed: &'c mut Computed,
) -> Vec<Word<'c>> {
	find(stage, tile, row, computed).unwrap_or_default()
}

fn find<'c>(
	stage: Stage,
	tile: &Tile,
	row: usize,
	computed: &'c mut Computed,
) -> Option<Vec<Word<'c>>> {
	let heads_of = |rows: usize, computed: &Computed| computed.records.len() / rows.max(1);
	Some(match (stage, tile) {
		(Stage::NormStatistics, _) => match computed.norm.get_mut(row)? {
			NormStatistics::Rms(r) | NormStatistics::L2(r) => vec![Word::F32(r)],
			NormStatistics::Layer(LayerStats { mean, r }) => vec![Word::F32(mean), Word::F32(r)],
		},
		(Stage::Records, Tile::Record { head, channels, block, .. }) => {
			let Value::Float(rows) = &computed.value else { return None };
			let index = row * heads_of(rows.len(), computed) + *head as usize;
			let record = computed.records.get_mut(index)?.get_mut(*block as usize)?;
			let mut words = vec![
				Word::I32(&mut record.max_exponent),
				Word::I32(&mut record.max_weighted),
				Word::I64(&mut record.sum),
			];
			words.extend(record.output.get_mut(span(channels))?.iter_mut().map(Word::I32));
			words
		}
		(Stage::PoolMaxima | Stage::PoolSums, Tile::Pool { columns, .. }) => {
			let Value::Float(rows) = &computed.value else { return None };
			let columns = row * rows.columns + columns.start as usize
				..row * rows.columns + columns.end as usize;
			let Pooled { maxima, sums } = computed.pooled.as_mut()?;
			match stage {
				Stage::PoolMaxima => maxima.get_mut(columns)?.iter_mut().map(Word::F32).collect(),
				_ => sums.get_mut(columns)?.iter_mut().map(Word::I64).collect(),
			}
		}
		(_, Tile::Row { columns, .. } | Tile::Head { channels: columns, .. }) => {
			let head = if let Tile::Head { head, .. } = tile { *head as usize } else { 0 };
			let heads = match &computed.value {
				Value::Float(rows) => heads_of(rows.len(), computed),
				_ => 0,
			};
			of_value(stage, &mut computed.value, (row, head, heads), span(columns))?
		}
		_ => return None,
	})
}

/// Numbers of a row of a value, or of one of its heads.
fn of_value<'c>(
	stage: Stage,
	value: &'c mut Value,
	(row, head, heads): (usize, usize, usize),
	columns: core::ops::Range<usize>,
) -> Option<Vec<Word<'c>>> {
	let behind = |start: usize| start + columns.start..start + columns.end;
	Some(match value {
		Value::Float(rows) => {
			let head_dim = rows.columns / heads.max(1);
			let elements = rows.elements.get_mut(behind(row * rows.columns + head * head_dim))?;
			elements.iter_mut().map(Word::F32).collect()
		}
		Value::Codes(codes) => match (stage, codes.ranges.get_mut(row)?) {
			(Stage::Range, Range::Symmetric(range)) => {
				vec![Word::F32(&mut range.max), Word::F32(&mut range.scale)]
			}
			(Stage::Range, Range::Asymmetric(range)) => vec![
				Word::F32(&mut range.half_range),
				Word::F32(&mut range.scale),
				Word::I8(&mut range.zero_point),
			],
			_ => of_codes(&mut codes.codes, behind(row * codes.columns))?,
		},
		Value::Heads(heads) => {
			let index = row * heads.heads + head;
			let mut words = vec![Word::F32(heads.scales.get_mut(index)?)];
			words.extend(of_codes(&mut heads.codes, behind(index * heads.head_dim))?);
			words
		}
	})
}

fn of_codes(codes: &mut Codes, span: core::ops::Range<usize>) -> Option<Vec<Word<'_>>> {
	Some(match codes {
		Codes::One(codes) => codes.get_mut(span)?.iter_mut().map(Word::I8).collect(),
		Codes::Two(codes) => codes.get_mut(span)?.iter_mut().map(Word::I16).collect(),
	})
}

fn span(range: &core::ops::Range<u32>) -> core::ops::Range<usize> {
	range.start as usize..range.end as usize
}
