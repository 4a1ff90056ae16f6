//! The sequences of an executor: which are open, how long they are, and what may be asked of them.
//!
//! Every backend keeps its books here, so that all refuse the same calls with the same errors.

use alloc::collections::{BTreeMap, BTreeSet};

use assay_programs::{Kind, Program, Shape};

use crate::{
	trace::TracedRun, BackendError, Chunk, ContextLimit, Extent, Limits, Resource, SequenceId,
};

/// Open sequences, each with a backend's own state `T`: where its keys and values are.
#[derive(Clone, Debug)]
pub struct Sequences<T> {
	generates: bool,
	vocabulary: u32,
	max_positions: u32,
	limits: Limits,
	next: u64,
	open: BTreeMap<SequenceId, Sequence<T>>,
}

/// An open sequence.
#[derive(Clone, Debug)]
pub struct Sequence<T> {
	extent: Extent,
	/// The backend's state.
	pub state: T,
}

impl<T> Sequence<T> {
	/// How long the sequence is and may become.
	pub const fn extent(&self) -> Extent {
		self.extent
	}
}

impl Extent {
	/// Checks that `tokens` more positions fit.
	pub(crate) fn check(self, tokens: u64) -> Result<(), BackendError> {
		let positions = u64::from(self.positions) + tokens;
		if positions > self.capacity.into() {
			let (limit, by) = (self.capacity, ContextLimit::Sequence);
			return Err(BackendError::Context { positions, limit, by });
		}
		Ok(())
	}
}

impl<T> Sequences<T> {
	/// No sequence open, for one program and the limits granted to it.
	pub fn new(program: &Program, limits: Limits) -> Self {
		Self {
			generates: matches!(program.kind, Kind::Generate { .. }),
			vocabulary: program.vocabulary,
			max_positions: program.max_positions,
			limits,
			next: 0,
			open: BTreeMap::new(),
		}
	}

	/// The limits.
	pub const fn limits(&self) -> Limits {
		self.limits
	}

	/// Opens a sequence of at most `positions` positions.
	///
	/// # Errors
	/// As [`Executor::open`](crate::Executor::open); `state` is then not called. Its own error is
	/// passed on.
	pub fn open(
		&mut self,
		positions: u32,
		state: impl FnOnce() -> Result<T, BackendError>,
	) -> Result<SequenceId, BackendError> {
		self.generating("a sequence")?;
		self.admitted(positions as usize)?;
		let room = |resource, wanted, free: u64| {
			if wanted > free {
				return Err(BackendError::NoRoom { resource, wanted, free });
			}
			Ok(())
		};
		let free = u64::from(self.limits.sequences).saturating_sub(self.open.len() as u64);
		room(Resource::Sequences, 1, free)?;
		let reserved: u64 = self.open.values().map(|s| u64::from(s.extent.capacity)).sum();
		let free = self.limits.positions.saturating_sub(reserved);
		room(Resource::Positions, positions.into(), free)?;

		let id = SequenceId(self.next);
		let extent = Extent { positions: 0, capacity: positions };
		self.open.insert(id, Sequence { extent, state: state()? });
		self.next += 1;
		Ok(id)
	}

	/// Closes a sequence and returns its state.
	pub fn close(&mut self, id: SequenceId) -> Option<T> {
		self.open.remove(&id).map(|sequence| sequence.state)
	}

	/// An open sequence.
	///
	/// # Errors
	/// If it is not open.
	pub fn get(&self, id: SequenceId) -> Result<&Sequence<T>, BackendError> {
		self.open.get(&id).ok_or(BackendError::UnknownSequence(id))
	}

	/// An open sequence, to change its state.
	///
	/// # Errors
	/// If it is not open.
	pub fn get_mut(&mut self, id: SequenceId) -> Result<&mut Sequence<T>, BackendError> {
		self.open.get_mut(&id).ok_or(BackendError::UnknownSequence(id))
	}

	/// Shortens a sequence and returns its state, which has to follow.
	///
	/// # Errors
	/// If it is not open or shorter.
	pub fn truncate(&mut self, id: SequenceId, keep: u32) -> Result<&mut T, BackendError> {
		let sequence = self.get_mut(id)?;
		let positions = sequence.extent.positions;
		if keep > positions {
			return Err(BackendError::TooShort { sequence: id, keep, positions });
		}
		sequence.extent.positions = keep;
		Ok(&mut sequence.state)
	}

	/// Checks everything that [`Executor::step`](crate::Executor::step) asks of a batch.
	///
	/// # Errors
	/// The first chunk that is refused.
	pub fn check_step(&self, batch: &[Chunk<'_>]) -> Result<(), BackendError> {
		self.generating("a step")?;
		let tokens: u64 = batch.iter().map(|chunk| chunk.tokens.len() as u64).sum();
		if tokens > self.limits.step_tokens.into() {
			return Err(BackendError::StepTokens { tokens, limit: self.limits.step_tokens });
		}
		let mut named = BTreeSet::new();
		for chunk in batch {
			let extent = self.get(chunk.sequence)?.extent;
			if !named.insert(chunk.sequence) {
				return Err(BackendError::RepeatedSequence(chunk.sequence));
			}
			self.known(chunk.tokens)?;
			extent.check(chunk.tokens.len() as u64)?;
			let (rows, tokens) = (chunk.wanted.rows(), chunk.tokens.len());
			if rows as usize > tokens {
				return Err(BackendError::Rows { rows, tokens });
			}
		}
		Ok(())
	}

	/// Records that every chunk of a checked batch has been appended.
	pub fn grow(&mut self, batch: &[Chunk<'_>]) {
		for chunk in batch {
			if let Some(sequence) = self.open.get_mut(&chunk.sequence) {
				// A checked chunk fits the capacity, which has 32 bits.
				sequence.extent.positions += u32::try_from(chunk.tokens.len()).unwrap_or(u32::MAX);
			}
		}
	}

	/// Checks everything that [`Executor::embed`](crate::Executor::embed) asks of its texts.
	///
	/// # Errors
	/// The first text that is refused.
	pub fn check_texts(&self, texts: &[&[u32]]) -> Result<(), BackendError> {
		if self.generates {
			return Err(BackendError::WrongKind { call: "an embedding", needs: "embeds" });
		}
		texts.iter().try_for_each(|text| {
			self.known(text)?;
			self.admitted(text.len())
		})
	}

	/// Checks everything that [`Executor::trace`](crate::Executor::trace) asks of a run, and tells its
	/// shape.
	///
	/// # Errors
	/// If there is no such run of the program.
	pub fn check_run(&self, run: &TracedRun<'_>) -> Result<Shape, BackendError> {
		let (tokens, rows) = (run.tokens.len(), run.outputs);
		if tokens == 0 || rows == 0 {
			return Err(BackendError::NoTokens);
		}
		self.admitted(tokens)?;
		let most = if self.generates { tokens } else { 1 };
		if rows as usize > most {
			return Err(BackendError::Rows { rows, tokens });
		}
		// An admitted number has 32 bits.
		Ok(Shape { positions: u32::try_from(tokens).unwrap_or(u32::MAX), outputs: rows })
	}

	fn generating(&self, call: &'static str) -> Result<(), BackendError> {
		if self.generates {
			return Ok(());
		}
		Err(BackendError::WrongKind { call, needs: "generates" })
	}

	/// Checks that a length is one that the program admits.
	fn admitted(&self, positions: usize) -> Result<(), BackendError> {
		if positions > self.max_positions as usize {
			let (limit, by) = (self.max_positions, ContextLimit::Program);
			return Err(BackendError::Context { positions: positions as u64, limit, by });
		}
		Ok(())
	}

	/// Checks that there are tokens and that the vocabulary has them all.
	fn known(&self, tokens: &[u32]) -> Result<(), BackendError> {
		if tokens.is_empty() {
			return Err(BackendError::NoTokens);
		}
		match tokens.iter().find(|&&token| token >= self.vocabulary) {
			Some(&token) => Err(BackendError::Token { token, vocabulary: self.vocabulary }),
			None => Ok(()),
		}
	}
}
