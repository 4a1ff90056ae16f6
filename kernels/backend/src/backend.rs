//! The traits that a backend implements.

use alloc::{boxed::Box, vec::Vec};

use assay_programs::Program;

use crate::{
	decode::decode_by_steps,
	trace::{TileSink, TracedRun},
	BackendError, Chunk, Continuation, Extent, Limits, Memory, Output, SequenceId, WeightSource,
};

/// A way to compute programs: a kind of hardware with its kernels.
pub trait Backend {
	/// The backend's name in messages and measurements.
	fn name(&self) -> &'static str;

	/// How much memory a program takes with these limits; nothing is loaded.
	///
	/// # Errors
	/// If the program is not valid.
	fn memory(&self, program: &Program, limits: &Limits) -> Result<Memory, BackendError>;

	/// Validates a program, reads all of its weights and makes room for sequences.
	///
	/// # Errors
	/// If the program is not valid, a weight cannot be read, or the device cannot hold the weights.
	fn load(
		&self,
		program: &Program,
		weights: &dyn WeightSource,
		limits: &Limits,
	) -> Result<Box<dyn Executor>, BackendError>;
}

/// A loaded model with its open sequences.
///
/// One caller drives an executor; concurrency is what a batch holds. Programs that generate are run
/// by [`step`](Self::step) and [`decode`](Self::decode), programs that embed by
/// [`embed`](Self::embed).
pub trait Executor: Send {
	/// What was granted of the limits asked for; a device may have room for less.
	fn limits(&self) -> Limits;

	/// Makes room for a sequence of at most `positions` positions.
	///
	/// The room is reserved at once, so that a sequence that was opened can always be finished; a
	/// backend that pages its memory need not touch it yet.
	///
	/// # Errors
	/// [`BackendError::NoRoom`] until others are closed, [`BackendError::Context`] if the program
	/// admits no such length.
	fn open(&mut self, positions: u32) -> Result<SequenceId, BackendError>;

	/// Forgets a sequence. One that is not open is ignored.
	fn close(&mut self, sequence: SequenceId);

	/// How long a sequence is and may become.
	///
	/// # Errors
	/// If it is not open.
	fn extent(&self, sequence: SequenceId) -> Result<Extent, BackendError>;

	/// Keeps only the first `positions` positions of a sequence: after rejected speculation, or a stop
	/// inside a chunk.
	///
	/// # Errors
	/// If the sequence is not open or shorter.
	fn truncate(&mut self, sequence: SequenceId, positions: u32) -> Result<(), BackendError>;

	/// One pass over a batch of chunks of different sequences: appends each chunk's tokens to its
	/// sequence. Returns what each chunk wanted, in the batch's order.
	///
	/// # Errors
	/// If the program embeds, or a chunk does not fit its sequence, the program or the limits.
	fn step(&mut self, batch: &[Chunk<'_>]) -> Result<Vec<Output>, BackendError>;

	/// Chooses tokens one after the other, each the input of the next. Returns the chosen tokens of
	/// each continuation, at least one.
	///
	/// Afterwards a sequence holds the given token and all chosen ones but the last, which is the
	/// given token of what follows. Defined as repeated [steps](Self::step) of one token; a device
	/// overrides it to keep its choices to itself until the end.
	///
	/// # Errors
	/// As [`step`](Self::step), and if a sequence has no room for all of the tokens asked for, even
	/// when a stop would come earlier.
	fn decode(&mut self, batch: &[Continuation<'_>]) -> Result<Vec<Vec<u32>>, BackendError> {
		decode_by_steps(self, batch)
	}

	/// Embeds whole texts: one row of the program's result for each.
	///
	/// # Errors
	/// If the program generates, or a text is empty or longer than the program admits.
	fn embed(&mut self, texts: &[&[u32]]) -> Result<Vec<Vec<f32>>, BackendError>;

	/// Computes a whole run in one pass and shows its trace to `sink`, tile by tile. Open sequences
	/// stay as they are.
	///
	/// A value is dropped as soon as no later operation reads it. What is held besides follows from the
	/// number of positions and the widths of rows, not from the number of operations.
	///
	/// # Errors
	/// If the run is empty, longer than the program admits, or has other outputs than the program
	/// can give.
	fn trace(&mut self, run: &TracedRun<'_>, sink: &mut dyn TileSink) -> Result<(), BackendError>;
}
