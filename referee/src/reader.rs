//! Where what a leaf reads lies: columns of rows, heads, records, rows of tensors, words of tokens.

use alloc::vec::Vec;
use core::ops::Range;

use assay_programs::{
	dataflow::StepId,
	grid::GROUP,
	op::Digits,
	stage::{Layout as Tiles, Section, Stage, Tile},
	Program, Tensor, TensorId,
};
use assay_trace::{bytes::Word, grid::WORDS, Layout};

use crate::{
	error::Fault,
	source::{Source, Tree},
};

/// Reads what one leaf is computed from.
pub(crate) struct Reader<'a, S> {
	layout: &'a Layout<'a, 'a>,
	/// The leaf in question, before which everything lies that is read of the trace.
	leaf: u64,
	source: &'a mut S,
}

/// The section that holds a value, with its first leaf and the step that writes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
	pub(crate) step: StepId,
	section: Section,
	first: u64,
}

/// Codes of one or two digits.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
	One(Vec<i8>),
	Two(Vec<i16>),
}

impl Codes {
	/// The codes that bytes hold.
	pub(crate) fn all(digits: Digits, bytes: &[u8]) -> Self {
		match digits {
			Digits::One => Self::One(Word::all(bytes)),
			Digits::Two => Self::Two(Word::all(bytes)),
		}
	}
}

impl<'a, S: Source> Reader<'a, S> {
	pub(crate) fn new(layout: &'a Layout<'a, 'a>, leaf: u64, source: &'a mut S) -> Self {
		Self { layout, leaf, source }
	}

	pub(crate) const fn layout(&self) -> &'a Layout<'a, 'a> {
		self.layout
	}

	pub(crate) const fn program(&self) -> &'a Program {
		self.layout.typed().program()
	}

	/// A leaf of the trace.
	pub(crate) fn leaf(&mut self, leaf: u64, bytes: u64) -> Result<&[u8], S::Error> {
		if leaf >= self.leaf {
			return Err(Fault::Later { leaf: self.leaf, read: leaf }.into());
		}
		self.source.leaf(Tree::Trace, leaf, bytes)
	}

	/// Operand `n` of a step.
	pub(crate) fn operand(&self, step: StepId, n: usize) -> Result<Value, Fault> {
		let typed = self.layout.typed();
		let producer = typed.number(step).and_then(|number| typed.producer(number, n));
		let producer = producer.and_then(|number| typed.step(number));
		self.value(producer.ok_or(Fault::Program { missing: "operand" })?)
	}

	/// What a step writes.
	pub(crate) fn value(&self, step: StepId) -> Result<Value, Fault> {
		let (section, first) =
			self.layout.value(step).ok_or(Fault::Program { missing: "value of a step" })?;
		Ok(Value { step, section, first })
	}

	/// What a stage of a step writes.
	pub(crate) fn stage(&self, step: StepId, stage: Stage) -> Result<Value, Fault> {
		let (section, first) = self
			.layout
			.section(step, stage)
			.ok_or(Fault::Program { missing: "stage of a step" })?;
		Ok(Value { step, section, first })
	}

	/// A tile of a value.
	pub(crate) fn tile(&mut self, value: &Value, tile: &Tile) -> Result<&[u8], S::Error> {
		let Value { section, first, .. } = value;
		let place = section
			.layout
			.index(tile)
			.and_then(|index| Some((first.checked_add(index)?, section.tile_bytes(index)?)));
		let (leaf, bytes) = place.ok_or(Fault::Program { missing: "tile" })?;
		self.leaf(leaf, bytes)
	}

	/// The record of a row's statistics.
	pub(crate) fn statistics(
		&mut self,
		step: StepId,
		stage: Stage,
		row: u32,
	) -> Result<&[u8], S::Error> {
		let value = self.stage(step, stage)?;
		self.tile(&value, &Tile::Row { row, columns: 0..1 })
	}

	/// Some columns of a row of a value.
	pub(crate) fn columns<W: Word>(
		&mut self,
		value: &Value,
		row: u32,
		columns: Range<u32>,
	) -> Result<Vec<W>, S::Error> {
		let missing = Fault::Program { missing: "column" };
		let mut words = Vec::new();
		let mut next = columns.start;
		while next < columns.end {
			let (tile, start) = tile_of(&value.section.layout, row, next).ok_or(missing)?;
			let end = start.saturating_add(tile.elements()).min(columns.end);
			let content = W::all(self.tile(value, &tile)?);
			let part = span(start, next, end).and_then(|span| content.get(span));
			// Not empty, so that the loop ends.
			let part = part.filter(|part| !part.is_empty()).ok_or(missing)?;
			words.extend_from_slice(part);
			next = end;
		}
		Ok(words)
	}

	/// Some columns of a row of codes.
	pub(crate) fn codes(
		&mut self,
		value: &Value,
		row: u32,
		columns: Range<u32>,
		digits: Digits,
	) -> Result<Codes, S::Error> {
		Ok(match digits {
			Digits::One => Codes::One(self.columns(value, row, columns)?),
			Digits::Two => Codes::Two(self.columns(value, row, columns)?),
		})
	}

	/// A tensor of the program's table.
	pub(crate) fn tensor(&self, id: TensorId) -> Result<&'a Tensor, Fault> {
		let tensor = self.program().tensors.get(usize::from(id.0));
		tensor.ok_or(Fault::Program { missing: "tensor" })
	}

	/// Some rows of the copy of a tensor that an iteration reads.
	pub(crate) fn rows(
		&mut self,
		id: TensorId,
		iteration: u32,
		rows: Range<u32>,
	) -> Result<Vec<u8>, S::Error> {
		let missing = Fault::Program { missing: "row of a tensor" };
		let tensor = self.tensor(id)?;
		let copy = u16::try_from(iteration).map(|iteration| tensor.copy(iteration));
		let first = copy.ok().and_then(|copy| self.program().first_weight_leaf(id, copy));
		let first = first.ok_or(missing)?;
		let place =
			|rows: u32| usize::try_from(u64::from(rows).checked_mul(tensor.row_bytes())?).ok();
		let (mut next, end) = (rows.start, rows.end.min(tensor.rows));
		let mut bytes = Vec::new();
		while next < end {
			let leaf = u64::from(next) / tensor.rows_per_leaf();
			let held = tensor.rows_of_leaf(leaf);
			let size = u64::from(held.end - held.start).saturating_mul(tensor.row_bytes());
			let content = self.source.leaf(Tree::Weights, first.saturating_add(leaf), size)?;
			let after = held.end.min(end);
			let part = place(next - held.start).zip(place(after - held.start));
			let part = part.and_then(|(from, to)| content.get(from..to)).ok_or(missing)?;
			bytes.extend_from_slice(part);
			next = after;
		}
		Ok(bytes)
	}

	/// Some elements of a vector of f32.
	pub(crate) fn vector(
		&mut self,
		id: TensorId,
		iteration: u32,
		elements: Range<u32>,
	) -> Result<Vec<f32>, S::Error> {
		Ok(Word::all(&self.rows(id, iteration, elements)?))
	}

	/// The words of a leaf of the tokens' tree `tree`, which has `all` words.
	pub(crate) fn words(&mut self, tree: Tree, leaf: u32, all: u32) -> Result<Vec<u32>, S::Error> {
		let words = all.saturating_sub(leaf.saturating_mul(WORDS)).min(WORDS);
		let bytes = u64::from(words) * 4;
		Ok(Word::all(self.source.leaf(tree, leaf.into(), bytes)?))
	}

	/// The token at a position of the run: of the input, then of the output.
	pub(crate) fn token(&mut self, position: u32) -> Result<u32, S::Error> {
		let (inputs, outputs) = (self.layout.inputs(), self.layout.outputs());
		let (tree, index, all) = match position.checked_sub(inputs) {
			None => (Tree::Input, position, inputs),
			Some(index) => (Tree::Output, index, outputs),
		};
		let words = self.words(tree, index / WORDS, all)?;
		let place = usize::try_from(index % WORDS).ok();
		let token = place.and_then(|place| words.get(place)).copied();
		Ok(token.ok_or(Fault::Program { missing: "token" })?)
	}
}

/// The tile that holds a column of a row, and the column that it begins with.
fn tile_of(tiles: &Tiles, row: u32, column: u32) -> Option<(Tile, u32)> {
	match *tiles {
		Tiles::Rows { columns, tile, .. } => {
			let tile = tile.max(1);
			let start = column - column % tile;
			let columns = start..start.saturating_add(tile).min(columns);
			Some((Tile::Row { row, columns }, start))
		}
		Tiles::Groups { head_dim, .. } => {
			let head = column.checked_div(head_dim)?;
			let channel = column.checked_rem(head_dim)?;
			let start = channel - channel % GROUP;
			let channels = start..start.saturating_add(GROUP).min(head_dim);
			let first = column - (channel - start);
			Some((Tile::Head { position: row, head, channels }, first))
		}
		_ => None,
	}
}

/// `from..to` as places behind `start`.
fn span(start: u32, from: u32, to: u32) -> Option<Range<usize>> {
	let place = |column: u32| usize::try_from(column.checked_sub(start)?).ok();
	Some(place(from)?..place(to)?)
}
