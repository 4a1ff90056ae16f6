//! What a loaded program takes, in bytes.

use assay_kernels_backend::{register_bytes, BackendError, Limits, Memory};
use assay_programs::{
	value::{Form, Rows},
	Kind, Program, Typed,
};

use super::{batch::PASS_ROWS, cache::cache_bytes, plan::Plan};
use crate::Codes;

/// The memory of a program whose weights are loaded by so many threads.
pub(super) fn memory(
	program: &Program,
	limits: &Limits,
	threads: usize,
) -> Result<Memory, BackendError> {
	let (plan, list) = Plan::new(program)?;
	let typed = program.types()?;
	let rows = match program.kind {
		Kind::Generate { .. } => (PASS_ROWS as u64).min(limits.step_tokens.into()),
		// A text longer than a pass is a pass of its own.
		Kind::Embed => (PASS_ROWS as u64).max(program.max_positions.into()).min(limits.positions),
	};
	let of = |kind| match kind {
		Rows::Positions => rows,
		Rows::Outputs | Rows::One => rows.min(limits.sequences.into()),
	};
	let registers = register_bytes(&typed, of, row_bytes);
	let spare = largest_float(&typed, of);
	Ok(Memory {
		weights: list.bytes(),
		cache: cache_bytes(&plan.caches, limits),
		work: list.reading_bytes(threads).max(registers.saturating_add(spare)),
	})
}

/// Bytes of the largest f32 value, for which there is a place beside the registers.
fn largest_float(typed: &Typed<'_>, rows: impl Fn(Rows) -> u64) -> u64 {
	let blocks = typed.program().blocks.iter().enumerate();
	let outputs = blocks.flat_map(|(block, content)| {
		(0..content.ops.len()).map(move |index| typed.output(block, index))
	});
	let floats = outputs.filter(|value| matches!(value.form, Form::Float { .. }));
	floats.map(|value| rows(value.rows).saturating_mul(row_bytes(value.form))).max().unwrap_or(0)
}

fn row_bytes(form: Form) -> u64 {
	let bytes = match form {
		Form::Float { columns } => columns as usize * size_of::<f32>(),
		Form::Codes { columns, codes } => {
			Codes::row_memory(columns as usize, codes.digits().into())
		}
		Form::Heads { heads, head_dim, digits, .. } => {
			usize::from(heads) * Codes::row_memory(head_dim as usize, digits.into())
		}
	};
	bytes as u64
}

#[cfg(test)]
mod tests {
	use assay_kernels_backend::{Backend, Chunk, Executor, MemoryWeights, Wanted};
	use assay_programs::{
		op::{Codes as RowCodes, Digits},
		samples::{Decoder, Encoder},
	};

	use super::*;
	use crate::backend::Cpu;

	/// One less than two pages, which are then both used.
	const POSITIONS: u32 = 1023;

	/// What a program was said to take, and what it takes when it has run over all positions.
	fn said_and_taken(program: &Program) -> (Memory, Memory) {
		let cpu = Cpu::with_threads(2).unwrap();
		let limits = Limits { sequences: 1, positions: POSITIONS.into(), step_tokens: POSITIONS };
		let zeros = |_, _, tensor: &assay_programs::Tensor| vec![0; tensor.copy_bytes() as usize];
		let weights = MemoryWeights::for_program(program, zeros);
		let mut executor = cpu.executor(program, &weights, &limits).unwrap();
		let tokens = &[3; POSITIONS as usize][..];
		if matches!(program.kind, Kind::Embed) {
			executor.embed(&[tokens]).unwrap();
		} else {
			let sequence = executor.open(POSITIONS).unwrap();
			let wanted = Wanted::Logits { rows: 1 };
			executor.step(&[Chunk { sequence, tokens, wanted }]).unwrap();
		}
		(cpu.memory(program, &limits).unwrap(), executor.taken())
	}

	#[test]
	fn a_program_takes_what_was_said() {
		let (codes, digits) = (RowCodes::Two, Digits::Two);
		let decoder = Decoder::default();
		let large = Decoder {
			codes,
			weights: digits,
			key_digits: digits,
			groups: true,
			biases: true,
			head_norms: true,
			..decoder.clone()
		};
		let tied = Decoder { tied: true, ..decoder.clone() };
		let encoder = Encoder { max_positions: 1100, ..Encoder::default() };
		let programs = [decoder, large, tied].map(|decoder| decoder.program());
		for program in programs.into_iter().chain([encoder.program()]) {
			let (said, taken) = said_and_taken(&program);
			assert_eq!(said.weights, taken.weights);
			assert_eq!(said.cache, taken.cache);
			assert!(taken.work <= said.work, "{taken:?}, said {said:?}");
			assert!(said.work <= 2 * taken.work, "{taken:?}, said {said:?}");
		}
	}

	#[test]
	fn more_threads_read_more_weights_at_once() {
		let program = Decoder { inner: 4096, ..Decoder::default() }.program();
		let limits = Limits { sequences: 1, positions: 1, step_tokens: 1 };
		let work = |threads| memory(&program, &limits, threads).unwrap().work;
		let layer = 64 * 4096;
		assert!(work(1) >= layer && work(2) >= 2 * layer && work(2) < 3 * layer);
	}
}
