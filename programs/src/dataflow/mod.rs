//! Types: what every register holds when an operation reads it, and which operation wrote it.
//!
//! A repeated block is looked at once. That is enough because its first iteration reads what the
//! blocks before left, and every later one what the iteration before left; where the two are read by
//! the same operand they must have the same type.

mod check;
mod producer;
mod weights;

use alloc::{vec, vec::Vec};

pub use producer::{Source, StepId};
#[cfg(any(test, feature = "samples"))]
pub(crate) use weights::group_bytes;

use crate::{
	fault::{Fault, Place, Reason},
	limits::MAX_STEPS,
	op::Op,
	operands::MAX_OPERANDS,
	program::{Block, Program},
	value::Value,
};

/// A program whose operands all fit, with the types of its values.
#[derive(Clone, Debug)]
pub struct Typed<'p> {
	program: &'p Program,
	blocks: Vec<TypedBlock>,
	weight_leaves: u64,
}

#[derive(Clone, Debug)]
struct TypedBlock {
	/// Unrolled number of the first operation of the first iteration.
	first_step: u32,
	repeat: u32,
	ops: Vec<TypedOp>,
}

/// The types of one operation, the same in all iterations.
#[derive(Clone, Copy, Debug)]
pub struct TypedOp {
	/// What it writes.
	pub output: Value,
	operands: [Option<(Value, Source)>; MAX_OPERANDS],
}

impl TypedOp {
	/// Type of operand `n`, `None` if there are fewer.
	pub fn operand(&self, n: usize) -> Option<Value> {
		Some(self.operands.get(n)?.as_ref()?.0)
	}

	/// Where operand `n` comes from, `None` if there are fewer.
	pub fn source(&self, n: usize) -> Option<Source> {
		Some(self.operands.get(n)?.as_ref()?.1)
	}
}

/// What a register holds at some point of the check, and who wrote it.
#[derive(Clone, Copy)]
struct Written {
	value: Value,
	block: usize,
	op: usize,
}

impl Program {
	/// Infers the type of every value.
	///
	/// Takes time in the length of the program as written, whatever its blocks' repeats.
	///
	/// # Errors
	/// The first operation with an operand that does not fit, or a block that cannot run.
	pub fn types(&self) -> Result<Typed<'_>, Fault> {
		let first_steps = self.first_steps()?;
		let mut registers = vec![None; 1 << 8];
		let mut blocks = Vec::with_capacity(self.blocks.len());
		for ((index, block), first_step) in self.blocks.iter().enumerate().zip(first_steps) {
			let ops = self.type_block(index, block, &mut registers)?;
			blocks.push(TypedBlock { first_step, repeat: u32::from(block.repeat), ops });
		}
		Ok(Typed { program: self, blocks, weight_leaves: self.weight_leaves() })
	}

	/// The unrolled number of each block's first operation, if there are not too many operations.
	fn first_steps(&self) -> Result<Vec<u32>, Fault> {
		let mut first_steps = Vec::with_capacity(self.blocks.len());
		let mut steps = 0_u64;
		for (block, content) in self.blocks.iter().enumerate() {
			if content.ops.is_empty() {
				return Err(Fault::of_program(Reason::EmptyBlock { block }));
			}
			if content.repeat == 0 {
				return Err(Fault::of_program(Reason::ZeroRepeat { block }));
			}
			// Fits: every block before left the sum at MAX_STEPS or less.
			first_steps.push(u32::try_from(steps).unwrap_or(MAX_STEPS));
			let ops = u64::try_from(content.ops.len()).unwrap_or(u64::MAX);
			steps = steps.saturating_add(ops.saturating_mul(u64::from(content.repeat)));
			if steps > u64::from(MAX_STEPS) {
				return Err(Fault::of_program(Reason::TooManySteps { found: steps }));
			}
		}
		if first_steps.is_empty() {
			return Err(Fault::of_program(Reason::NoBlocks));
		}
		Ok(first_steps)
	}

	fn type_block(
		&self,
		block: usize,
		content: &Block,
		registers: &mut [Option<Written>],
	) -> Result<Vec<TypedOp>, Fault> {
		let entering = registers.to_vec();
		let mut ops = Vec::with_capacity(content.ops.len());
		for (index, op) in content.ops.iter().enumerate() {
			let typed = self
				.type_op(block, content.repeat, op, registers)
				.map_err(|reason| op.at(block, index).fault(reason))?;
			registers[usize::from(op.output)] =
				Some(Written { value: typed.output, block, op: index });
			ops.push(typed);
		}
		if content.repeat > 1 {
			for (index, (op, typed)) in content.ops.iter().zip(&mut ops).enumerate() {
				carry(block, op, typed, &entering, registers)
					.map_err(|reason| op.at(block, index).fault(reason))?;
			}
		}
		Ok(ops)
	}

	fn type_op(
		&self,
		block: usize,
		repeat: u16,
		op: &Op,
		registers: &[Option<Written>],
	) -> Result<TypedOp, Reason> {
		let mut operands = [None; MAX_OPERANDS];
		for ((operand, register), slot) in op.kind.named_operands().zip(&mut operands) {
			let written =
				registers[usize::from(register)].ok_or(Reason::Unwritten { operand, register })?;
			let source = if written.block == block {
				Source::Iteration { op: written.op }
			} else {
				Source::Before { block: written.block, op: written.op, carried: None }
			};
			*slot = Some((written.value, source));
		}
		let types = operands.map(|operand| operand.map(|(value, _)| value));
		let output = check::output(&weights::Weights { program: self, repeat }, &op.kind, &types)?;
		Ok(TypedOp { output, operands })
	}
}

/// Completes the sources of operands that come from outside of an iteration, once it is known what an
/// iteration leaves.
fn carry(
	block: usize,
	op: &Op,
	typed: &mut TypedOp,
	entering: &[Option<Written>],
	leaving: &[Option<Written>],
) -> Result<(), Reason> {
	for ((operand, register), slot) in op.kind.named_operands().zip(&mut typed.operands) {
		let Some((_, Source::Before { carried, .. })) = slot else { continue };
		let (Some(before), Some(after)) =
			(entering[usize::from(register)], leaving[usize::from(register)])
		else {
			continue;
		};
		if after.block == block {
			if after.value != before.value {
				return Err(Reason::Carried {
					operand,
					register,
					entering: before.value,
					leaving: after.value,
				});
			}
			*carried = Some(after.op);
		}
	}
	Ok(())
}

impl Op {
	pub(crate) const fn at(&self, block: usize, op: usize) -> Place {
		Place { block, op, name: self.kind.name() }
	}
}

impl<'p> Typed<'p> {
	/// The program.
	pub const fn program(&self) -> &'p Program {
		self.program
	}

	/// Leaves of the weights' tree.
	pub const fn weight_leaves(&self) -> u64 {
		self.weight_leaves
	}

	/// The types of an operation, `None` if there is none at this place.
	pub fn get(&self, block: usize, op: usize) -> Option<&TypedOp> {
		self.blocks.get(block)?.ops.get(op)
	}

	/// Type of what an operation writes.
	///
	/// # Panics
	/// If the program has no such operation; [`get`](Self::get) does not.
	pub fn output(&self, block: usize, op: usize) -> Value {
		self.blocks[block].ops[op].output
	}

	/// Type of operand `n` of an operation, in the order of
	/// [`operands`](crate::op::OpKind::operands).
	///
	/// # Panics
	/// If the program has no such operation, or the operation no such operand; [`get`](Self::get) does
	/// not.
	pub fn operand(&self, block: usize, op: usize, n: usize) -> Value {
		match self.blocks[block].ops[op].operand(n) {
			Some(value) => value,
			None => panic!("operation {op} of block {block} has no operand {n}"),
		}
	}

	/// Type of the result: of what the last operation writes.
	pub fn result(&self) -> Value {
		let last = self.blocks.last().and_then(|block| block.ops.last());
		// A program without operations has no types.
		last.map_or(Value::float(crate::value::Rows::One, 0), |op| op.output)
	}

	/// Every operation as written, with its place and types.
	pub fn ops(&self) -> impl Iterator<Item = (Place, &'p Op, &TypedOp)> {
		self.program.blocks.iter().zip(&self.blocks).enumerate().flat_map(
			|(block, (content, types))| {
				content
					.ops
					.iter()
					.zip(&types.ops)
					.enumerate()
					.map(move |(index, (op, typed))| (op.at(block, index), op, typed))
			},
		)
	}
}
