//! Whole programs.

use alloc::{format, vec, vec::Vec};

use assay_kernels_backend::{
	reference::Reference, Backend, BackendError, Chunk, Executor, Limits, MemoryWeights, Output,
	Wanted,
};
use assay_programs::{Element as Kind, Program, TensorId};

use super::{checked, many, sampler::sampling, Op, Outputs};
use crate::{case::Case, error::Error, values::Values};

pub(super) const OPS: &[Op] = &[("program", |c| run_on(&Reference, c))];

/// Computes the outputs of a case of the operation `program` on a backend.
///
/// # Errors
/// An operand that is missing or of another type or size, or a program or tokens that the backend
/// refuses.
pub fn run_on(backend: &dyn Backend, c: &Case) -> Result<Outputs, Error> {
	let program = checked(c, Program::from_bytes(c.all("program")?))?;
	let weights = weights(c, &program)?;
	let mut executor = checked(c, backend.load(&program, &weights, &Limits::NONE))?;
	let tokens = c.all("tokens")?;
	if matches!(program.kind, assay_programs::Kind::Embed) {
		let rows = checked(c, executor.embed(&[tokens]))?;
		return Ok(vec![many("embedding", rows.concat())]);
	}
	let (rows, sampling) = (c.one("outputs")?, sampling(c)?);
	let mut step = |wanted| checked(c, whole(&mut *executor, tokens, wanted));
	Ok(vec![
		output(step(Wanted::Logits { rows })?),
		output(step(Wanted::Tokens { rows, sampling: &sampling })?),
	])
}

/// One step over all tokens of a new sequence.
fn whole(
	executor: &mut dyn Executor,
	tokens: &[u32],
	wanted: Wanted<'_>,
) -> Result<Vec<Output>, BackendError> {
	let sequence = executor.open(u32::try_from(tokens.len()).unwrap_or(u32::MAX))?;
	let outputs = executor.step(&[Chunk { sequence, tokens, wanted }]);
	executor.close(sequence);
	outputs
}

/// The output of the only chunk.
fn output(outputs: Vec<Output>) -> (&'static str, Values) {
	match outputs.into_iter().next() {
		Some(Output::Logits(logits)) => many("logits", logits),
		Some(Output::Tokens(ids)) => many("ids", ids),
		Some(Output::Nothing) | None => many("nothing", Vec::<u8>::new()),
	}
}

/// The weights: input `tensor.n` holds the copies of tensor n, one after the other.
fn weights(c: &Case, program: &Program) -> Result<MemoryWeights, Error> {
	let mut weights = MemoryWeights::default();
	for (index, tensor) in (0..).zip(&program.tensors) {
		let name = format!("tensor.{index}");
		let bytes = match tensor.element {
			Kind::F32 => Values::F32(c.all(&name)?.to_vec()),
			Kind::I8 => Values::I8(c.all(&name)?.to_vec()),
			Kind::I16 => Values::I16(c.all(&name)?.to_vec()),
			Kind::U8 => Values::U8(c.all(&name)?.to_vec()),
		}
		.bytes();
		let size = tensor.copy_bytes() as usize;
		if bytes.len() != size * usize::from(tensor.copies) {
			let (found, copies) = (bytes.len(), tensor.copies);
			let reason = format!("input '{name}' has {found} bytes, not {copies} times {size}");
			return Err(Error::new(c.line, reason));
		}
		for (copy, bytes) in (0..).zip(bytes.chunks(size)) {
			weights.insert(TensorId(index), copy, bytes.to_vec());
		}
	}
	Ok(weights)
}
