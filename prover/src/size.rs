//! How much a dispute about a run takes, from its shape alone.

use assay_programs::{Program, Shape, Typed};
use assay_trace::{
	tree::{LEVELS, MAX_HASHES},
	Layout,
};

/// The size of a run's trace and of a dispute about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceSize {
	/// Input and output tokens.
	pub tokens: (u32, u32),
	/// Positions of the pass.
	pub positions: u32,
	/// Leaves, those of the protocol among them.
	pub leaves: u64,
	/// Bytes of the program's tiles.
	pub bytes: u64,
	/// Levels above the leaves.
	pub levels: u32,
	/// Moves of each side that open nodes, after its root.
	pub moves: u32,
	/// Bytes that each side reveals in all of them at most.
	pub revealed: u64,
	/// Bytes of the witness of the worst tile, with all proofs.
	pub witness: u64,
	/// Leaves that this witness opens at most, each of which is hashed.
	pub hashed: u64,
	/// Weighted operations of the worst tile, as `assay_programs::cost` counts them.
	pub work: u64,
}

impl TraceSize {
	/// Of a run of an admitted program; `None` if the program has no such run.
	pub fn new(typed: &Typed<'_>, inputs: u32, outputs: u32) -> Option<Self> {
		let layout = Layout::new(typed, inputs, outputs)?;
		let Shape { positions, .. } = layout.shape();
		let levels = layout.tree().depth();
		let moves = levels.div_ceil(LEVELS);
		let program: &Program = typed.program();
		let bounds = || {
			program.blocks.iter().enumerate().flat_map(|(block, content)| {
				(0..content.ops.len()).flat_map(move |op| typed.bounds(block, op, positions))
			})
		};
		let most = |of: fn(&assay_programs::bound::Bound) -> u64| {
			bounds().map(|(_, bound)| of(&bound)).max().unwrap_or(0)
		};
		Some(Self {
			tokens: (inputs, outputs),
			positions,
			leaves: layout.leaves(),
			bytes: layout.program().bytes(),
			levels,
			moves,
			revealed: u64::from(moves) * (MAX_HASHES * size_of::<assay_primitives::Hash>()) as u64,
			witness: most(|bound| bound.bytes),
			hashed: most(|bound| bound.leaves),
			work: most(|bound| bound.work),
		})
	}
}
