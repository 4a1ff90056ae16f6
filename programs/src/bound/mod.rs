//! What the referee has to be given, and to do, for one tile at worst.
//!
//! A bound holds for every tile of a stage in every run of at most so many positions, wherever the
//! tile and what it reads lie in their trees; it never falls with the number of positions.

mod reads;
mod witness;

use crate::{
	dataflow::{Typed, TypedOp},
	grid::{BLOCK, GROUP, POOL_COLUMNS},
	op::OpKind,
	shape::Shape,
	stage::{Layout, Section, Stage},
};

/// The most that one tile of a stage can take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
	/// Bytes of the witness: everything that the tile reads, with paths.
	pub bytes: u64,
	/// Leaves among these bytes, each of which is hashed.
	pub leaves: u64,
	/// Weighted operations, see [`Operations::weight`](crate::cost::Operations::weight).
	pub work: u64,
}

impl Bound {
	/// The greater of each.
	fn max(self, other: Self) -> Self {
		Self {
			bytes: self.bytes.max(other.bytes),
			leaves: self.leaves.max(other.leaves),
			work: self.work.max(other.work),
		}
	}
}

impl Typed<'_> {
	/// The bound of each stage of an operation, for runs of at most `positions` positions; none if
	/// there is no such operation.
	pub fn bounds(
		&self,
		block: usize,
		op: usize,
		positions: u32,
	) -> impl Iterator<Item = (Stage, Bound)> {
		let content = self.program().blocks.get(block).and_then(|block| block.ops.get(op));
		let bounds = match (content, self.get(block, op)) {
			(Some(op), Some(types)) => self.bounds_of(block, &op.kind, types, positions),
			_ => [None; 3],
		};
		bounds.into_iter().flatten()
	}

	pub(crate) fn bounds_of(
		&self,
		block: usize,
		kind: &OpKind,
		types: &TypedOp,
		positions: u32,
	) -> [Option<(Stage, Bound)>; 3] {
		// How many rows there are does not matter to a tile.
		let shape = Shape { positions, outputs: positions };
		self.sections_of(kind, types, shape).map(|section| {
			let section = section?;
			let witness = reads::Reads { typed: self, block, kind, types, positions };
			let witness = witness.stage(section.stage);
			let unit = self.operations_of(kind, types, section.stage);
			let work = unit.times(units(&section)).weight();
			Some((section.stage, Bound { work, ..witness }))
		})
	}
}

/// How often the unit of a stage's arithmetic occurs in one tile at most.
fn units(section: &Section) -> u64 {
	match (section.stage, section.layout) {
		(Stage::Heads, _) => 1,
		(Stage::Records, Layout::Records { positions, .. }) => u64::from(positions.min(BLOCK)),
		(Stage::Merge, Layout::Groups { positions, head_dim, .. }) => {
			let blocks = positions.div_ceil(BLOCK);
			u64::from(head_dim.min(GROUP)).saturating_mul(blocks.into())
		}
		(_, Layout::Rows { columns, tile, .. }) => tile.min(columns).into(),
		(_, Layout::Pool { columns, .. }) => columns.min(POOL_COLUMNS).into(),
		_ => 1,
	}
}
