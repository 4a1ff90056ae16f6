//! A loaded model with its sequences.

use assay_kernels_backend::{
	trace::{TileSink, TracedRun},
	BackendError, Chunk, Executor, Extent, Limits, Output, SequenceId, Sequences, Wanted,
};
use assay_programs::Program;

use super::{
	batch::{cut, group, Part, PASS_ROWS},
	cache::{Caches, Pages},
	choose::{choose, Choice},
	device,
	pass::{run, Model, Space},
	texts::run_texts,
	traced, Cpu,
};
use crate::Engine;

/// A model in this machine's memory.
#[derive(Debug)]
pub(super) struct CpuExecutor {
	cpu: Cpu,
	model: Model,
	caches: Caches,
	sequences: Sequences<Pages>,
	space: Space,
	program: Program,
}

impl CpuExecutor {
	/// An executor without open sequences.
	pub(super) fn new(
		cpu: Cpu,
		program: &Program,
		model: Model,
		limits: Limits,
	) -> Result<Self, BackendError> {
		let caches = Caches::new(&model.plan.caches, &limits)?;
		let sequences = Sequences::new(program, limits);
		let space = Space::new(&model);
		Ok(Self { cpu, model, caches, sequences, space, program: program.clone() })
	}

	/// What is taken now, except for what is needed for a while.
	#[cfg(test)]
	pub(super) fn taken(&self) -> assay_kernels_backend::Memory {
		assay_kernels_backend::Memory {
			weights: self.model.weights.memory() as u64,
			cache: self.caches.memory() as u64,
			work: self.space.memory() as u64,
		}
	}

	/// Runs `f` on a thread of the pool.
	fn on_pool<R: Send>(
		&mut self,
		f: impl FnOnce(&mut Self, Engine<'_>) -> Result<R, BackendError> + Send,
	) -> Result<R, BackendError> {
		let cpu = self.cpu.clone();
		cpu.install(|engine| f(self, engine))
	}

	/// Computes a checked batch whose sequences have the pages for it. No sequence's length changes,
	/// so what is written for positions beyond it does not count yet.
	fn compute(
		&mut self,
		engine: Engine<'_>,
		batch: &[Chunk<'_>],
	) -> Result<Vec<Output>, BackendError> {
		let mut outputs: Vec<Output> = batch
			.iter()
			.map(|chunk| match chunk.wanted {
				Wanted::Nothing => Output::Nothing,
				Wanted::Logits { .. } => Output::Logits(Vec::new()),
				Wanted::Tokens { .. } => Output::Tokens(Vec::new()),
			})
			.collect();
		let mut parts = Vec::with_capacity(batch.len());
		for (index, chunk) in batch.iter().enumerate() {
			let sequence = self.sequences.get(chunk.sequence)?;
			parts.push(Part {
				chunk: index,
				first: sequence.extent().positions as usize,
				tokens: chunk.tokens,
				outputs: chunk.wanted.rows() as usize,
				pages: &sequence.state,
			});
		}
		for pass in cut(parts) {
			let (caches, space) = (&mut self.caches, &mut self.space);
			let logits = run(engine, &self.model, caches, space, &pass, None)?;
			deliver(engine, batch, &pass, logits, &mut outputs)?;
		}
		Ok(outputs)
	}

	/// Embeds texts that share a pass.
	fn embed_together(
		&mut self,
		engine: Engine<'_>,
		texts: &[&[u32]],
	) -> Result<Vec<Vec<f32>>, BackendError> {
		let (caches, space) = (&mut self.caches, &mut self.space);
		let rows = run_texts(engine, &self.model, caches, space, texts, None)?;
		Ok(rows.chunks(rows.len() / texts.len().max(1)).map(<[f32]>::to_vec).collect())
	}
}

/// Hands the logits of a pass to the chunks that they belong to.
fn deliver(
	engine: Engine<'_>,
	batch: &[Chunk<'_>],
	pass: &[Part<'_>],
	logits: &[f32],
	outputs: &mut [Output],
) -> Result<(), BackendError> {
	let count: usize = pass.iter().map(|part| part.outputs).sum();
	let vocabulary = logits.len() / count.max(1);
	let mut rest = logits;
	let (mut choices, mut choosers) = (Vec::new(), Vec::new());
	for part in pass {
		let (rows, others) = rest.split_at(part.outputs * vocabulary);
		rest = others;
		match (batch[part.chunk].wanted, &mut outputs[part.chunk]) {
			(Wanted::Tokens { sampling, .. }, _) => {
				for (position, logits) in
					part.output_positions().zip(rows.chunks(vocabulary.max(1)))
				{
					choices.push(Choice { logits, sampling, position: position as u32 + 1 });
					choosers.push(part.chunk);
				}
			}
			(_, Output::Logits(logits)) => logits.extend_from_slice(rows),
			_ => {}
		}
	}
	let chosen = choose(engine, &choices).map_err(device)?;
	for (chunk, token) in choosers.into_iter().zip(chosen) {
		if let Output::Tokens(tokens) = &mut outputs[chunk] {
			tokens.push(token);
		}
	}
	Ok(())
}

impl Executor for CpuExecutor {
	fn limits(&self) -> Limits {
		self.sequences.limits()
	}

	fn open(&mut self, positions: u32) -> Result<SequenceId, BackendError> {
		self.sequences.open(positions, || Ok(self.caches.no_pages()))
	}

	fn close(&mut self, sequence: SequenceId) {
		if let Some(mut pages) = self.sequences.close(sequence) {
			self.caches.truncate(&mut pages, 0);
		}
	}

	fn extent(&self, sequence: SequenceId) -> Result<Extent, BackendError> {
		Ok(self.sequences.get(sequence)?.extent())
	}

	fn truncate(&mut self, sequence: SequenceId, positions: u32) -> Result<(), BackendError> {
		let pages = self.sequences.truncate(sequence, positions)?;
		self.caches.truncate(pages, positions as usize);
		Ok(())
	}

	fn step(&mut self, batch: &[Chunk<'_>]) -> Result<Vec<Output>, BackendError> {
		self.sequences.check_step(batch)?;
		for chunk in batch {
			let sequence = self.sequences.get_mut(chunk.sequence)?;
			let positions = sequence.extent().positions as usize + chunk.tokens.len();
			self.caches.extend(&mut sequence.state, positions)?;
		}
		let outputs = self.on_pool(|executor, engine| executor.compute(engine, batch))?;
		self.sequences.grow(batch);
		Ok(outputs)
	}

	fn embed(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<f32>>, BackendError> {
		self.sequences.check_texts(texts)?;
		self.on_pool(|executor, engine| {
			let mut rows = Vec::with_capacity(texts.len());
			for texts in group(texts, PASS_ROWS) {
				rows.extend(executor.embed_together(engine, texts)?);
			}
			Ok(rows)
		})
	}

	fn trace(&mut self, run: &TracedRun<'_>, sink: &mut dyn TileSink) -> Result<(), BackendError> {
		let shape = self.sequences.check_run(run)?;
		let Self { cpu, model, program, .. } = self;
		cpu.install(|engine| traced::trace(engine, model, program, run.tokens, shape, sink))
	}
}
