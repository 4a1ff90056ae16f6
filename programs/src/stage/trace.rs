//! The tiles of a whole run, numbered through.

use alloc::vec::Vec;

use super::{section::Section, Stage};
use crate::{
	dataflow::{StepId, Typed},
	shape::Shape,
};

/// Where every tile of a run of a program lies among the leaves of its trace.
///
/// The leaves of the protocol's epilogue follow those of the program.
#[derive(Clone, Debug)]
pub struct Trace<'t, 'p> {
	typed: &'t Typed<'p>,
	shape: Shape,
	blocks: Vec<Leaves>,
	leaves: u64,
	bytes: u64,
}

/// The leaves of a block.
#[derive(Clone, Copy, Debug)]
struct Leaves {
	/// Number of the first.
	first: u64,
	/// How many an iteration has.
	per_iteration: u64,
}

/// A leaf of a trace by what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
	/// The step.
	pub step: StepId,
	/// The stage of the step.
	pub section: Section,
	/// The tile of the stage.
	pub tile: u64,
}

impl<'t, 'p> Trace<'t, 'p> {
	/// Numbers the tiles of a run. Takes time in the length of the program as written.
	///
	/// Counts saturate for programs that are not admitted.
	pub fn new(typed: &'t Typed<'p>, shape: Shape) -> Self {
		let (mut leaves, mut bytes) = (0_u64, 0_u64);
		let mut blocks = Vec::new();
		for (block, content) in typed.program().blocks.iter().enumerate() {
			let repeat = u64::from(content.repeat);
			let (mut per_iteration, mut bytes_per_iteration) = (0_u64, 0_u64);
			for section in sections_of_block(typed, block, shape) {
				per_iteration = per_iteration.saturating_add(section.1.tiles());
				bytes_per_iteration = bytes_per_iteration.saturating_add(section.1.bytes());
			}
			blocks.push(Leaves { first: leaves, per_iteration });
			leaves = leaves.saturating_add(per_iteration.saturating_mul(repeat));
			bytes = bytes.saturating_add(bytes_per_iteration.saturating_mul(repeat));
		}
		Self { typed, shape, blocks, leaves, bytes }
	}

	/// The lengths of the run.
	pub const fn shape(&self) -> Shape {
		self.shape
	}

	/// How many leaves the program has.
	pub const fn leaves(&self) -> u64 {
		self.leaves
	}

	/// How many bytes the program's leaves have together.
	pub const fn bytes(&self) -> u64 {
		self.bytes
	}

	/// What the leaf with this number belongs to.
	pub fn locate(&self, leaf: u64) -> Option<Location> {
		if leaf >= self.leaves {
			return None;
		}
		let block = self.blocks.partition_point(|block| block.first <= leaf).checked_sub(1)?;
		let Leaves { first, per_iteration } = *self.blocks.get(block)?;
		let within = leaf.checked_sub(first)?;
		let iteration = u32::try_from(within.checked_div(per_iteration)?).ok()?;
		let mut tile = within.checked_rem(per_iteration)?;
		for (op, section) in sections_of_block(self.typed, block, self.shape) {
			match tile.checked_sub(section.tiles()) {
				Some(rest) => tile = rest,
				None => {
					let step = StepId { block, iteration, op };
					return Some(Location { step, section, tile });
				}
			}
		}
		None
	}

	/// A section and the number of its first leaf, `None` if the step has no such stage.
	pub fn section(&self, step: StepId, stage: Stage) -> Option<(Section, u64)> {
		self.typed.number(step)?;
		let Leaves { first, per_iteration } = *self.blocks.get(step.block)?;
		let mut leaf = first.checked_add(per_iteration.checked_mul(step.iteration.into())?)?;
		for (op, section) in sections_of_block(self.typed, step.block, self.shape) {
			if op == step.op && section.stage == stage {
				return Some((section, leaf));
			}
			leaf = leaf.checked_add(section.tiles())?;
		}
		None
	}
}

/// The sections of one iteration, each with the index of its operation.
fn sections_of_block<'t>(
	typed: &'t Typed<'t>,
	block: usize,
	shape: Shape,
) -> impl Iterator<Item = (usize, Section)> + 't {
	let ops = typed.program().blocks.get(block).map_or(0, |block| block.ops.len());
	(0..ops).flat_map(move |op| typed.sections(block, op, shape).map(move |section| (op, section)))
}
