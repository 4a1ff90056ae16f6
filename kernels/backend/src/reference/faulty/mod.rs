//! A backend with a fault: one byte of what one operation computes is another.
//!
//! For those who have to show that a lie is found out. What comes after the fault follows from it, so
//! that answers, embeddings and traces are those of a machine that really has it. Everything else is
//! as the [`Reference`](super::Reference) computes it.

mod words;

use alloc::boxed::Box;

use assay_kernels_exact::attention::merge;
use assay_programs::{
	dataflow::StepId,
	grid::POOL_COLUMNS,
	op::OpKind,
	program::Step,
	stage::{Layout, Stage, Tile},
	value::Rows,
	Program,
};

use super::{
	executor::{Reference, ReferenceExecutor},
	interpreter::{Interpreter, Pass},
	observer::Observer,
	value::{Computed, Value},
};
use crate::{Backend, BackendError, Executor, Limits, Memory, WeightSource};
use words::{words, Word};

/// One byte of one tile of a run's trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lie {
	/// The step that computes the tile.
	pub step: StepId,
	/// The stage of the step.
	pub stage: Stage,
	/// The tile.
	pub tile: Tile,
	/// The position whose logits are row 0 of a result with a row per output token: the number of input
	/// tokens less one.
	pub first_output: u32,
	/// The byte of the tile, read modulo its length.
	pub byte: usize,
	/// The bits of the byte that are flipped; 0 flips none.
	pub bits: u8,
}

/// The reference backend with a fault.
#[derive(Clone, Debug)]
pub struct Faulty(pub Lie);

impl Backend for Faulty {
	fn name(&self) -> &'static str {
		"faulty"
	}

	fn memory(&self, program: &Program, limits: &Limits) -> Result<Memory, BackendError> {
		Reference.memory(program, limits)
	}

	fn load(
		&self,
		program: &Program,
		weights: &dyn WeightSource,
		limits: &Limits,
	) -> Result<Box<dyn Executor>, BackendError> {
		let interpreter = Interpreter::new(program, weights)?;
		let mut lie = self.0.clone();
		let StepId { block, op, .. } = lie.step;
		let types = program.types()?;
		let rows = types.get(block, op).map_or(Rows::Positions, |types| types.output.rows);
		let op = program.blocks.get(block).and_then(|block| block.ops.get(op));
		if let (Some(OpKind::Attention(attention)), Tile::Record { position, block, .. }) =
			(op.map(|op| &op.kind), &mut lie.tile)
		{
			*block = block.saturating_sub(attention.mask.first_block(*position));
		}
		let teller = Teller { lie, rows };
		Ok(Box::new(ReferenceExecutor::observed(interpreter, *limits, teller)))
	}
}

/// Tells the lie in every pass that computes what it is about.
struct Teller {
	/// Blocks of records are counted from the first that the query sees.
	lie: Lie,
	/// What the operation's rows are.
	rows: Rows,
}

impl Observer for Teller {
	fn amend(&mut self, step: Step<'_>, pass: &Pass<'_>, computed: &mut Computed) {
		let StepId { block, iteration, op } = self.lie.step;
		if (step.block, u32::from(step.iteration), step.index) != (block, iteration, op) {
			return;
		}
		if let Some(row) = self.row(pass) {
			self.lie.tell(row, computed);
		}
	}

	fn wants_records(&self) -> bool {
		self.lie.stage == Stage::Records
	}
}

impl Teller {
	/// The row of the pass that the tile belongs to; `None` if the pass does not compute it.
	fn row(&self, pass: &Pass<'_>) -> Option<usize> {
		let count = u32::try_from(pass.tokens.len()).ok()?;
		let (Tile::Row { row, .. }
		| Tile::Head { position: row, .. }
		| Tile::Record { position: row, .. }
		| Tile::Pool { row, .. }) = self.lie.tile;
		let (position, first, rows) = match (&self.lie.tile, self.rows) {
			(tile @ Tile::Pool { columns, .. }, _) => {
				// Any width will do that has this tile.
				let layout = Layout::Pool { positions: count, columns: columns.end };
				let per_row = u64::from(columns.end.div_ceil(POOL_COLUMNS));
				return usize::try_from(layout.index(tile)? / per_row).ok();
			}
			(_, Rows::Positions) => (row, pass.first, count),
			(_, Rows::Outputs) => {
				let first = pass.first.checked_add(count)?.checked_sub(pass.outputs)?;
				(self.lie.first_output.checked_add(row)?, first, pass.outputs)
			}
			(_, Rows::One) => (row, 0, 1),
		};
		let within = position.checked_sub(first).filter(|&within| within < rows)?;
		usize::try_from(within).ok()
	}
}

impl Lie {
	/// Changes the byte in row `row` of what a pass has computed, and what else the same operation
	/// computes from it.
	fn tell(&self, row: usize, computed: &mut Computed) {
		self.flip(&mut words(self.stage, &self.tile, row, computed));
		match (self.stage, &self.tile) {
			(Stage::NormStatistics, _) => {
				// Not what follows from other statistics, but as wrong.
				let first = Tile::Row { row: 0, columns: 0..1 };
				self.flip(&mut words(Stage::Elements, &first, row, computed));
			}
			(Stage::PoolMaxima | Stage::PoolSums, Tile::Pool { columns, .. }) => {
				let first = columns.start..columns.start + 1;
				let first = Tile::Row { row: 0, columns: first };
				self.flip(&mut words(Stage::PoolMean, &first, 0, computed));
			}
			(Stage::Records, Tile::Record { head, .. }) => merge_again(computed, row, *head),
			_ => {}
		}
	}

	/// Flips the bits of the byte in some numbers.
	fn flip(&self, words: &mut [Word<'_>]) {
		let bytes: usize = words.iter().map(Word::bytes).sum();
		let mut byte = self.byte.checked_rem(bytes).unwrap_or(0);
		for word in words {
			if byte < word.bytes() {
				return word.flip(byte, self.bits);
			}
			byte -= word.bytes();
		}
	}
}

/// Merges the records of a head again. Where they do not fit, as no fault makes them, nothing changes.
fn merge_again(computed: &mut Computed, row: usize, head: u32) {
	let Computed { value: Value::Float(rows), records, .. } = computed else { return };
	let heads = records.len() / rows.len().max(1);
	let index = row * heads + head as usize;
	let Some(Ok(merged)) = records.get(index).map(|records| merge(records)) else { return };
	let start = index * merged.len();
	if let Some(place) = rows.elements.get_mut(start..start + merged.len()) {
		place.copy_from_slice(&merged);
	}
}
