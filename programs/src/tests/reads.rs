//! Bounds against what tiles read: the leaves of every tile of small runs, counted one by one.

use alloc::{collections::BTreeSet, vec::Vec};
use core::ops::Range;

use crate::{
	dataflow::{StepId, Typed},
	grid::{BLOCK, GROUP},
	op::{OpKind, Quantise},
	samples::{Decoder, Encoder},
	stage::{Layout, Section, Stage, Tile, Trace},
	tensor::TensorId,
	Program, Shape,
};

/// What one tile reads.
#[derive(Default)]
struct Read {
	/// Leaves of the trace.
	trace: BTreeSet<u64>,
	/// Tensor and leaf of its copy.
	weights: BTreeSet<(u16, u64)>,
	tokens: u64,
}

struct Reader<'a> {
	typed: &'a Typed<'a>,
	trace: &'a Trace<'a, 'a>,
	step: StepId,
	kind: &'a OpKind,
	read: Read,
}

impl Reader<'_> {
	/// The last section of what wrote operand `n`, and its first leaf.
	fn operand(&self, n: usize) -> (StepId, Section, u64) {
		let number = self.typed.number(self.step).expect("a step");
		let producer = self.typed.producer(number, n).expect("a producer");
		let step = self.typed.step(producer).expect("a step");
		let sections = self.typed.sections(step.block, step.op, self.trace.shape());
		let stage = sections.last().expect("a section").stage;
		let (section, first) = self.trace.section(step, stage).expect("a section");
		(step, section, first)
	}

	/// Some columns of a row of an f32 or code operand.
	fn columns(&mut self, n: usize, row: u32, columns: Range<u32>) {
		let (_, section, first) = self.operand(n);
		for column in columns {
			let tile = match section.layout {
				Layout::Rows { columns, tile, .. } => {
					let start = column / tile * tile;
					Tile::Row { row, columns: start..(start + tile).min(columns) }
				}
				Layout::Groups { head_dim, .. } => {
					let (head, channel) = (column / head_dim, column % head_dim);
					let group = channel / GROUP * GROUP;
					let end = (group + GROUP).min(head_dim);
					Tile::Head { position: row, head, channels: group..end }
				}
				other => panic!("no rows: {other:?}"),
			};
			self.read.trace.insert(first + section.layout.index(&tile).expect("a tile"));
		}
	}

	fn whole_row(&mut self, n: usize, row: u32) {
		let columns = self.typed.operand(self.step.block, self.step.op, n).form.columns();
		self.columns(n, row, 0..columns);
	}

	/// The record of a row in a stage of the operand's producer, or of the step itself.
	fn statistics(&mut self, step: StepId, stage: Stage, row: u32) {
		if let Some((section, first)) = self.trace.section(step, stage) {
			let tile = Tile::Row { row, columns: 0..1 };
			self.read.trace.insert(first + section.layout.index(&tile).expect("a record"));
		}
	}

	/// Rows of a tensor.
	fn tensor(&mut self, id: TensorId, rows: Range<u32>) {
		let tensor = &self.typed.program().tensors[usize::from(id.0)];
		let leaf = |row: u32| (id.0, u64::from(row) / tensor.rows_per_leaf());
		self.read.weights.extend((rows.start..rows.end.min(tensor.rows)).map(leaf));
	}

	/// The tensors of a norm or of multipliers.
	fn vectors(&mut self, columns: &Range<u32>) {
		for tensor in self.kind.tensors().collect::<Vec<_>>() {
			self.tensor(tensor, columns.clone());
		}
	}

	fn head(&mut self, n: usize, position: u32, head: u32, channels: Range<u32>) {
		let (_, section, first) = self.operand(n);
		let tile = Tile::Head { position, head, channels };
		self.read.trace.insert(first + section.layout.index(&tile).expect("a head"));
	}

	fn tile(&mut self, stage: Stage, tile: &Tile) {
		match (*self.kind, tile) {
			(OpKind::Embed(_), Tile::Row { row, .. }) => {
				self.read.tokens = 1;
				for tensor in self.kind.tensors().collect::<Vec<_>>() {
					let rows = self.typed.program().tensors[usize::from(tensor.0)].rows;
					self.tensor(tensor, row % rows..row % rows + 1);
				}
			}
			(_, Tile::Row { row, .. }) if stage == Stage::NormStatistics => self.whole_row(0, *row),
			(OpKind::Quantise(Quantise { .. }), Tile::Row { row, .. }) if stage == Stage::Range => {
				self.whole_row(0, *row);
				self.statistics(self.step, Stage::NormStatistics, *row);
				self.vectors(&(0..u32::MAX));
			}
			(OpKind::Quantise(_) | OpKind::Normalise { .. }, Tile::Row { row, columns }) => {
				self.columns(0, *row, columns.clone());
				self.statistics(self.step, Stage::NormStatistics, *row);
				self.statistics(self.step, Stage::Range, *row);
				self.vectors(columns);
			}
			(OpKind::Linear(_) | OpKind::Gated(_), Tile::Row { row, columns }) => {
				let (producer, ..) = self.operand(0);
				self.whole_row(0, *row);
				self.statistics(producer, Stage::Range, *row);
				self.vectors(columns);
				if self.kind.operands().count() == 2 {
					self.columns(1, *row, columns.clone());
				}
			}
			(OpKind::Heads(_), Tile::Head { position, head, .. }) => {
				let form = self.typed.output(self.step.block, self.step.op).form;
				let first = head * form.head_dim();
				self.columns(0, *position, first..first + form.head_dim());
				self.vectors(&(0..u32::MAX));
			}
			(OpKind::Attention(attention), Tile::Record { position, head, channels, block }) => {
				let Layout::Heads { heads, head_dim, .. } = self.operand(0).1.layout else {
					panic!("a query has heads")
				};
				let Layout::Heads { heads: key_heads, .. } = self.operand(1).1.layout else {
					panic!("a key has heads")
				};
				let key_head = head * u32::from(key_heads) / u32::from(heads);
				self.head(0, *position, *head, 0..head_dim);
				let positions = self.trace.shape().positions;
				let block = block * BLOCK..(block + 1) * BLOCK;
				let first = attention.mask.first_visible(*position).max(block.start);
				for seen in first..attention.mask.visible_end(*position, positions).min(block.end) {
					self.head(1, seen, key_head, 0..head_dim);
					self.head(2, seen, key_head, channels.clone());
				}
			}
			(OpKind::Attention(attention), Tile::Head { position, head, channels }) => {
				let (records, first) =
					self.trace.section(self.step, Stage::Records).expect("records");
				let blocks = attention.mask.blocks(*position, self.trace.shape().positions);
				let first_block = attention.mask.first_block(*position);
				for block in first_block..first_block + blocks {
					let channels = channels.clone();
					let record = Tile::Record { position: *position, head: *head, channels, block };
					self.read
						.trace
						.insert(first + records.layout.index(&record).expect("a record"));
				}
			}
			(OpKind::Elementwise(_) | OpKind::Take { .. }, Tile::Row { row, columns }) => {
				for n in 0..self.kind.operands().count() {
					self.columns(n, *row, columns.clone());
				}
			}
			(OpKind::MeanPool { .. }, tile) => self.pool(stage, tile),
			(kind, tile) => panic!("{kind:?} has no tile {tile:?}"),
		}
	}

	/// A tile of a pooling tree, if it has this row.
	fn pooled(&mut self, stage: Stage, level: u32, row: u32, start: u32) {
		let columns = self.typed.output(self.step.block, self.step.op).form.columns();
		let (section, first) = self.trace.section(self.step, stage).expect("a tree");
		let tile = Tile::Pool { level, row, columns: start..(start + 256).min(columns) };
		if let Some(index) = section.layout.index(&tile) {
			self.read.trace.insert(first + index);
		}
	}

	fn pool(&mut self, stage: Stage, tile: &Tile) {
		let positions = self.trace.shape().positions;
		let top = (0..8).find(|&level| positions <= 16_u32.pow(level + 1)).expect("a level");
		match tile {
			Tile::Row { columns, .. } => {
				for stage in [Stage::PoolMaxima, Stage::PoolSums] {
					self.pooled(stage, top, 0, columns.start / 256 * 256);
				}
			}
			Tile::Pool { level, row, columns } => {
				if stage == Stage::PoolSums && *level == 0 {
					self.pooled(Stage::PoolMaxima, top, 0, columns.start);
				}
				for below in row * 16..row * 16 + 16 {
					match level.checked_sub(1) {
						Some(level) => self.pooled(stage, level, below, columns.start),
						None if below < positions => self.columns(0, below, columns.clone()),
						None => {}
					}
				}
			}
			other => panic!("no tile of a pool: {other:?}"),
		}
	}
}

/// Leaves and bytes that a tile reads, without paths.
fn size(typed: &Typed<'_>, trace: &Trace<'_, '_>, read: &Read) -> (u64, u64) {
	let mut bytes = read.tokens * 4096;
	for &leaf in &read.trace {
		let location = trace.locate(leaf).expect("a leaf");
		bytes += location.section.tile_bytes(location.tile).expect("a tile");
	}
	for &(tensor, leaf) in &read.weights {
		let tensor = &typed.program().tensors[usize::from(tensor)];
		let first = leaf * tensor.rows_per_leaf();
		let rows = tensor.rows_per_leaf().min(u64::from(tensor.rows) - first);
		bytes += rows * tensor.row_bytes();
	}
	((read.trace.len() + read.weights.len()) as u64 + read.tokens, bytes)
}

/// Compares every tile of a run with its bound; the greatest number of leaves has to be the bound's
/// where nothing that is read can straddle.
fn check(program: &Program, input: u32, output: u32) {
	let typed = program.admit().unwrap_or_else(|fault| panic!("{fault}"));
	let shape = Shape::new(program, input, output).expect("a run");
	let trace = Trace::new(&typed, shape);
	let mut leaf = 0;
	for number in 0..typed.steps() {
		let step = typed.step(number).expect("a step");
		let kind = &program.blocks[step.block].ops[step.op].kind;
		for (stage, bound) in typed.bounds(step.block, step.op, shape.positions) {
			let (section, first) = trace.section(step, stage).expect("a section");
			assert_eq!(first, leaf, "{step:?} {stage}");
			for index in 0..section.tiles() {
				let location = trace.locate(leaf).expect("a leaf");
				assert_eq!((location.step, location.tile), (step, index));
				assert_eq!(location.section, section);
				let tile = section.layout.tile(index).expect("a tile");
				let mut reader =
					Reader { typed: &typed, trace: &trace, step, kind, read: Read::default() };
				reader.tile(stage, &tile);
				assert!(reader.read.trace.iter().all(|&read| read < leaf), "{step:?} {tile:?}");
				let (leaves, bytes) = size(&typed, &trace, &reader.read);
				assert!(leaves <= bound.leaves, "{kind:?} {tile:?}: {leaves} {bound:?}");
				assert!(bytes < bound.bytes, "{kind:?} {tile:?}: {bytes} {bound:?}");
				leaf += 1;
			}
		}
	}
	assert_eq!(leaf, trace.leaves());
}

#[test]
fn tiles_of_a_decoder_read_what_their_bounds_say() {
	check(&Decoder::default().program(), 20, 5);
	let odd = Decoder {
		heads: 3,
		key_heads: 1,
		head_dim: 192,
		inner: 1000,
		hidden: 200,
		groups: true,
		biases: true,
		head_norms: true,
		tied: true,
		..Decoder::default()
	};
	check(&odd.program(), 3, 2);
}

#[test]
fn tiles_of_long_runs_read_what_their_bounds_say() {
	for mask in [crate::op::Mask::Causal, crate::op::Mask::Sliding { window: 520 }] {
		let decoder = Decoder { mask, layers: 1, heads: 2, key_heads: 1, ..Decoder::default() };
		check(&decoder.program(), 530, 2);
	}
}

#[test]
fn tiles_of_an_encoder_read_what_their_bounds_say() {
	check(&Encoder::default().program(), 40, 0);
	check(
		&Encoder { multipliers: true, layers: 1, hidden: 320, ..Encoder::default() }.program(),
		20,
		0,
	);
	let long = Encoder { layers: 1, hidden: 16, heads: 1, inner: 16, ..Encoder::default() };
	check(&long.program(), 530, 0);
}
