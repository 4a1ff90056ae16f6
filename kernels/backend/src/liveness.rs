//! Which values are still needed.

use alloc::{vec, vec::Vec};

use assay_programs::{op::Register, Program};

/// After each step, the registers whose values no later step reads.
#[derive(Clone, Debug)]
pub struct Liveness(Vec<Vec<Register>>);

impl Liveness {
	/// Of a program's steps. The result is needed at the end.
	pub fn of(program: &Program) -> Self {
		let steps: Vec<_> = program.steps().collect();
		let mut is_live = vec![false; usize::from(Register::MAX) + 1];
		if let Some(last) = steps.last() {
			is_live[usize::from(last.op.output)] = true;
		}
		let mut dead: Vec<Vec<Register>> = Vec::with_capacity(steps.len());
		for step in steps.iter().rev() {
			// Only what a step reads or writes can lose its last reader with it.
			let touched = step.op.kind.operands().chain([step.op.output]);
			let mut ended: Vec<Register> =
				touched.filter(|&register| !is_live[usize::from(register)]).collect();
			ended.sort_unstable();
			ended.dedup();
			dead.push(ended);
			is_live[usize::from(step.op.output)] = false;
			step.op.kind.operands().for_each(|register| is_live[usize::from(register)] = true);
		}
		dead.reverse();
		Self(dead)
	}

	/// The registers that step `number` leaves without a reader.
	pub fn ends_after(&self, number: usize) -> &[Register] {
		self.0.get(number).map_or(&[], Vec::as_slice)
	}
}

#[cfg(test)]
mod tests {
	use assay_programs::samples::{Decoder, Encoder};

	use super::*;

	#[test]
	fn a_value_is_needed_until_its_last_reader() {
		for program in
			[Decoder { layers: 3, ..Decoder::default() }.program(), Encoder::default().program()]
		{
			let liveness = Liveness::of(&program);
			let steps: Vec<_> = program.steps().collect();
			// By definition: who reads what before it is written again.
			for (number, step) in steps.iter().enumerate() {
				for register in step.op.kind.operands().chain([step.op.output]) {
					let later = steps[number + 1..].iter().find_map(|later| {
						let reads = later.op.kind.operands().any(|read| read == register);
						(reads || later.op.output == register).then_some(reads)
					});
					let is_result = later.is_none() && steps.last().unwrap().op.output == register;
					let is_read = later.unwrap_or(is_result);
					assert_eq!(
						liveness.ends_after(number).contains(&register),
						!is_read,
						"step {number}, register {register}"
					);
				}
			}
			assert!(liveness.ends_after(steps.len()).is_empty());
		}
	}
}
