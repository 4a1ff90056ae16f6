//! Which step produced an operand of a step.

use super::Typed;

/// Where an operand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
	/// From operation `op` of the same iteration.
	Iteration {
		/// Index in the same block.
		op: usize,
	},
	/// From outside of the iteration.
	Before {
		/// The block that wrote the register before this block began.
		block: usize,
		/// Its operation, in its last iteration.
		op: usize,
		/// The operation of this block that every iteration but the first gets the operand from, in
		/// the iteration before; `None` if the block does not write the register.
		carried: Option<usize>,
	},
}

/// A step of the unrolled program by block, iteration and operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepId {
	/// Index of the block.
	pub block: usize,
	/// Which repetition of the block.
	pub iteration: u32,
	/// Index of the operation in its block.
	pub op: usize,
}

impl Typed<'_> {
	/// Number of operations of the unrolled program, at most
	/// [`MAX_STEPS`](crate::limits::MAX_STEPS).
	pub fn steps(&self) -> u32 {
		self.blocks.iter().map(|block| block.repeat * len(&block.ops)).sum()
	}

	/// The step with this number, in the order of execution.
	pub fn step(&self, number: u32) -> Option<StepId> {
		let after = self.blocks.partition_point(|block| block.first_step <= number);
		let block = after.checked_sub(1)?;
		let content = self.blocks.get(block)?;
		let (within, ops) = (number.checked_sub(content.first_step)?, len(&content.ops));
		let iteration = within.checked_div(ops)?;
		let op = usize::try_from(within.checked_rem(ops)?).ok()?;
		(iteration < content.repeat).then_some(StepId { block, iteration, op })
	}

	/// The number of a step, `None` if there is no such step.
	pub fn number(&self, step: StepId) -> Option<u32> {
		let block = self.blocks.get(step.block)?;
		let op = u32::try_from(step.op).ok()?;
		// No overflow: the numbers of existing steps are below 4096.
		(step.iteration < block.repeat && op < len(&block.ops))
			.then(|| block.first_step + step.iteration * len(&block.ops) + op)
	}

	/// The number of the step that wrote operand `n` of the step `number`; always a smaller one.
	pub fn producer(&self, number: u32, n: usize) -> Option<u32> {
		let step = self.step(number)?;
		let source = self.get(step.block, step.op)?.source(n)?;
		self.number(match (source, step.iteration.checked_sub(1)) {
			(Source::Iteration { op }, _) => StepId { op, ..step },
			(Source::Before { carried: Some(op), .. }, Some(iteration)) => {
				StepId { block: step.block, iteration, op }
			}
			(Source::Before { block, op, .. }, _) => {
				StepId { block, iteration: self.blocks.get(block)?.repeat.checked_sub(1)?, op }
			}
		})
	}
}

/// Operations of a block: admitted ones have at most 4096.
fn len<T>(ops: &[T]) -> u32 {
	u32::try_from(ops.len()).unwrap_or(u32::MAX)
}
