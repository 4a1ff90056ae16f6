//! From tokens to the result, operation by operation.

use alloc::{vec, vec::Vec};

use assay_programs::{op::OpKind, program::Step, Program};

use super::{
	cache::Cache,
	observer::Observer,
	ops::{
		attention::attention, elementwise::elementwise, embed::embed, gated::gated, heads::heads,
		linear::linear, mean_pool::mean_pool, normalise::normalise, quantise::quantise, take::take,
	},
	registers::Registers,
	tensors::Tensors,
	value::{Computed, FloatRows, Value},
};
use crate::{BackendError, Liveness, OperationError, WeightSource};

/// Consecutive positions of a sequence on their way through a program.
#[derive(Clone, Copy, Debug)]
pub struct Pass<'a> {
	/// The position of the first token.
	pub first: u32,
	/// The tokens, one per position.
	pub tokens: &'a [u32],
	/// How many of the last positions are outputs.
	pub outputs: u32,
}

impl Pass<'_> {
	/// The position of a row.
	pub(super) fn position(&self, row: usize) -> u32 {
		self.first + row as u32
	}
}

/// A valid program with its weights.
pub struct Interpreter<'w> {
	program: Program,
	tensors: Tensors<'w>,
	attentions: usize,
	liveness: Liveness,
}

impl Interpreter<'static> {
	/// Validates a program and reads all of its weights.
	///
	/// # Errors
	/// If the program is not valid or a weight cannot be read.
	pub fn new(program: &Program, weights: &dyn WeightSource) -> Result<Self, BackendError> {
		program.validate()?;
		Ok(Self::with(program, Tensors::kept(program, weights)?))
	}
}

impl<'w> Interpreter<'w> {
	/// Validates a program and leaves its weights where they are: each is read whenever an operation
	/// needs it and dropped afterwards, so that a model need not fit into memory.
	///
	/// # Errors
	/// If the program is not valid.
	pub fn lazy(program: &Program, weights: &'w dyn WeightSource) -> Result<Self, BackendError> {
		program.validate()?;
		Ok(Self::with(program, Tensors::lazy(program, weights)))
	}

	fn with(program: &Program, tensors: Tensors<'w>) -> Self {
		let is_attention = |step: &Step<'_>| matches!(step.op.kind, OpKind::Attention(_));
		let attentions = program.steps().filter(is_attention).count();
		Self { program: program.clone(), tensors, attentions, liveness: Liveness::of(program) }
	}

	/// The program.
	pub const fn program(&self) -> &Program {
		&self.program
	}

	/// Runs a whole sequence in one pass and returns the program's result: logits of the last
	/// `outputs` positions, or the embedding.
	///
	/// # Errors
	/// If a weight cannot be read. What [`Sequences`](crate::Sequences) checks is not checked here.
	pub fn run(
		&self,
		tokens: &[u32],
		outputs: u32,
		observer: &mut dyn Observer,
	) -> Result<FloatRows, BackendError> {
		self.pass(&Pass { first: 0, tokens, outputs }, &mut self.caches(), observer)
	}

	/// Caches of a sequence without positions, one for each execution of an attention operation.
	pub(super) fn caches(&self) -> Vec<Cache> {
		vec![Cache::default(); self.attentions]
	}

	/// Computes every operation in the order of execution and returns what the last one has written.
	///
	/// After an error the caches have to be cut back to the positions before.
	pub(super) fn pass(
		&self,
		pass: &Pass<'_>,
		caches: &mut [Cache],
		observer: &mut dyn Observer,
	) -> Result<FloatRows, BackendError> {
		let (registers, last) = self.walk(pass, caches, observer)?;
		let last = last.expect("a valid program has an operation");
		registers.into_floats(last.op.output).map_err(|reason| refused(last, reason))
	}

	/// Computes the operations until the observer has seen enough. Returns what is in the registers then,
	/// and the last step computed.
	pub(super) fn walk(
		&self,
		pass: &Pass<'_>,
		caches: &mut [Cache],
		observer: &mut dyn Observer,
	) -> Result<(Registers, Option<Step<'_>>), BackendError> {
		let mut registers = Registers::new();
		let mut caches = caches.iter_mut();
		let mut last = None;
		for (number, step) in self.program.steps().enumerate() {
			let mut computed = self
				.operation(step, pass, &registers, &mut caches, observer)
				.map_err(|reason| refused(step, reason))?;
			observer.amend(step, pass, &mut computed);
			observer.computed(step, &computed);
			registers.set(step.op.output, computed.value);
			self.liveness.ends_after(number).iter().for_each(|&dead| registers.clear(dead));
			last = Some(step);
			if observer.has_seen_enough() {
				break;
			}
		}
		Ok((registers, last))
	}

	/// One operation: reads registers, and appends to its cache if it is attention.
	fn operation<'c>(
		&self,
		step: Step<'_>,
		pass: &Pass<'_>,
		registers: &Registers,
		caches: &mut impl Iterator<Item = &'c mut Cache>,
		observer: &mut dyn Observer,
	) -> Result<Computed, OperationError> {
		let tensors = self.tensors.at(step.iteration);
		Ok(match &step.op.kind {
			OpKind::Embed(op) => embed(op, pass, tensors)?.into(),
			OpKind::Normalise { input, norm } => {
				let (norm, rows) = normalise(*norm, registers.floats(*input)?, tensors)?;
				Computed { norm, ..rows.into() }
			}
			OpKind::Quantise(op) => {
				let input = registers.floats(op.input)?;
				let normalised = op.norm.map(|norm| normalise(norm, input, tensors)).transpose()?;
				let (norm, rows) = match &normalised {
					Some((norm, rows)) => (norm.as_slice(), rows),
					None => (&[][..], input),
				};
				observer.quantise(step, rows);
				let value = Value::Codes(quantise(op, rows, tensors)?);
				Computed { norm: norm.to_vec(), ..value.into() }
			}
			OpKind::Linear(op) => {
				let residual =
					op.residual.map(|register| registers.floats(register)).transpose()?;
				linear(op, registers.codes(op.input)?, residual, tensors)?.into()
			}
			OpKind::Gated(op) => gated(op, registers.codes(op.input)?, tensors)?.into(),
			OpKind::Heads(op) => {
				let input = registers.floats(op.input)?;
				Value::Heads(heads(op, input, pass, &self.program.rotations, tensors)?).into()
			}
			OpKind::Attention(op) => {
				let cache = caches.next().expect("there is a cache for each attention");
				cache.append(registers.heads(op.key)?, registers.heads(op.value)?)?;
				attention(op, registers.heads(op.query)?, cache, pass, observer.wants_records())?
			}
			OpKind::Elementwise(op) => elementwise(op, registers)?.into(),
			OpKind::Take { input, rows } => take(*rows, registers.floats(*input)?, pass).into(),
			OpKind::MeanPool { input } => mean_pool(registers.floats(*input)?)?,
		})
	}
}

/// The error of an operation at its place.
fn refused(step: Step<'_>, reason: OperationError) -> BackendError {
	let Step { block, iteration, index, .. } = step;
	BackendError::Operation { block, iteration, index, reason }
}
