//! The interpreter as a backend.

use alloc::{boxed::Box, vec::Vec};

use assay_kernels_exact::sampler::{sample, Sampling};
use assay_programs::Program;

use super::{
	cache::Cache,
	interpreter::{Interpreter, Pass},
	memory::memory,
	observer::Observer,
	traced,
	value::FloatRows,
};
use crate::{
	trace::{TileSink, TracedRun},
	Backend, BackendError, Chunk, Executor, Extent, Limits, Memory, Output, SequenceId, Sequences,
	Wanted, WeightSource,
};

/// The backend that defines the results of all others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference;

impl Backend for Reference {
	fn name(&self) -> &'static str {
		"exact"
	}

	fn memory(&self, program: &Program, limits: &Limits) -> Result<Memory, BackendError> {
		memory(program, limits)
	}

	fn load(
		&self,
		program: &Program,
		weights: &dyn WeightSource,
		limits: &Limits,
	) -> Result<Box<dyn Executor>, BackendError> {
		let interpreter = Interpreter::new(program, weights)?;
		Ok(Box::new(ReferenceExecutor::new(interpreter, *limits)))
	}
}

/// An [`Interpreter`] with open sequences. An observer sees each of its passes.
pub struct ReferenceExecutor<'w, O = ()> {
	interpreter: Interpreter<'w>,
	sequences: Sequences<Vec<Cache>>,
	observer: O,
}

impl<'w> ReferenceExecutor<'w> {
	/// An executor without open sequences.
	pub fn new(interpreter: Interpreter<'w>, limits: Limits) -> Self {
		Self::observed(interpreter, limits, ())
	}
}

impl<'w, O: Observer> ReferenceExecutor<'w, O> {
	/// An executor without open sequences, all of whose passes an observer sees.
	pub fn observed(interpreter: Interpreter<'w>, limits: Limits, observer: O) -> Self {
		let sequences = Sequences::new(interpreter.program(), limits);
		Self { interpreter, sequences, observer }
	}

	/// Appends a checked chunk to its caches. The sequence's length stays as it is.
	fn append(&mut self, chunk: &Chunk<'_>) -> Result<Output, BackendError> {
		let sequence = self.sequences.get_mut(chunk.sequence)?;
		let first = sequence.extent().positions;
		let pass = Pass { first, tokens: chunk.tokens, outputs: chunk.wanted.rows() };
		let logits = self.interpreter.pass(&pass, &mut sequence.state, &mut self.observer)?;
		Ok(match chunk.wanted {
			Wanted::Nothing => Output::Nothing,
			Wanted::Logits { .. } => Output::Logits(logits.elements),
			Wanted::Tokens { sampling, .. } => Output::Tokens(choose(&logits, sampling, &pass)),
		})
	}
}

impl<O: Observer + Send> Executor for ReferenceExecutor<'_, O> {
	fn limits(&self) -> Limits {
		self.sequences.limits()
	}

	fn open(&mut self, positions: u32) -> Result<SequenceId, BackendError> {
		self.sequences.open(positions, || Ok(self.interpreter.caches()))
	}

	fn close(&mut self, sequence: SequenceId) {
		self.sequences.close(sequence);
	}

	fn extent(&self, sequence: SequenceId) -> Result<Extent, BackendError> {
		Ok(self.sequences.get(sequence)?.extent())
	}

	fn truncate(&mut self, sequence: SequenceId, positions: u32) -> Result<(), BackendError> {
		let caches = self.sequences.truncate(sequence, positions)?;
		caches.iter_mut().for_each(|cache| cache.truncate(positions as usize));
		Ok(())
	}

	fn step(&mut self, batch: &[Chunk<'_>]) -> Result<Vec<Output>, BackendError> {
		self.sequences.check_step(batch)?;
		let outputs: Result<_, _> = batch.iter().map(|chunk| self.append(chunk)).collect();
		if outputs.is_ok() {
			self.sequences.grow(batch);
		} else {
			// Some caches may have grown.
			for chunk in batch {
				let positions = self.extent(chunk.sequence)?.positions;
				self.truncate(chunk.sequence, positions)?;
			}
		}
		outputs
	}

	fn embed(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<f32>>, BackendError> {
		self.sequences.check_texts(texts)?;
		let mut embedding =
			|text: &&[u32]| Ok(self.interpreter.run(text, 1, &mut self.observer)?.elements);
		texts.iter().map(&mut embedding).collect()
	}

	fn trace(&mut self, run: &TracedRun<'_>, sink: &mut dyn TileSink) -> Result<(), BackendError> {
		let shape = self.sequences.check_run(run)?;
		traced::trace(&self.interpreter, run.tokens, shape, &mut self.observer, sink)
	}
}

/// The token chosen after each of a pass's output positions.
fn choose(logits: &FloatRows, sampling: &Sampling, pass: &Pass<'_>) -> Vec<u32> {
	let first = pass.tokens.len() - logits.len();
	let token = |row: usize| {
		sample(logits.row(row), sampling, pass.position(first + row) + 1)
			.expect("a valid program has a vocabulary that the sampler takes")
	};
	(0..logits.len()).map(token).collect()
}
