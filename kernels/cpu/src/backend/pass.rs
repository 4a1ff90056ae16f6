//! Some rows on their way through a program.

use assay_kernels_backend::{BackendError, OperationError};
use assay_programs::program::Rotation;

use super::{
	batch::Part,
	cache::Caches,
	device,
	plan::{Operation, Plan, PlannedStep},
	probe::ProbedRows,
	registers::Registers,
	store::{Failure, Store},
	weights::Weights,
};
use crate::{
	attention::{Sequence, Slot},
	rope::Angles,
	Engine, Error,
};

/// A program with its weights.
#[derive(Debug)]
pub(super) struct Model<W = Weights> {
	pub(super) plan: Plan,
	pub(super) weights: W,
	pub(super) rotations: Vec<Rotation>,
}

/// Sees the rows of each quantisation.
pub(super) type Watcher<'f> = dyn FnMut(ProbedRows<'_>) + Send + 'f;

/// Memory of a pass, kept for the next one.
#[derive(Debug)]
pub(super) struct Space {
	pub(super) registers: Registers,
	pub(super) ids: Vec<u32>,
	pub(super) positions: Vec<u32>,
	/// Of each rotation.
	pub(super) angles: Vec<Angles>,
}

impl Space {
	/// No memory yet.
	pub(super) fn new<W>(model: &Model<W>) -> Self {
		Self {
			registers: Registers::new(),
			ids: Vec::new(),
			positions: Vec::new(),
			angles: model.rotations.iter().map(|_| Angles::new()).collect(),
		}
	}

	#[cfg(test)]
	pub(super) fn memory(&self) -> usize {
		self.registers.memory()
	}

	/// Looks up what the operations need to know of the rows.
	pub(super) fn enter<W>(&mut self, engine: Engine<'_>, model: &Model<W>, parts: &[Part<'_>]) {
		self.ids.clear();
		self.positions.clear();
		for part in parts {
			self.ids.extend(part.tokens);
			self.positions.extend((part.first as u32..).take(part.tokens.len()));
		}
		for (angles, rotation) in self.angles.iter_mut().zip(&model.rotations) {
			angles.fill(engine, &rotation.phases, &self.positions);
		}
	}
}

/// The rows of a pass and where each belongs.
pub(super) struct Rows<'a> {
	pub(super) parts: &'a [Part<'a>],
	/// The token of each row.
	pub(super) ids: &'a [u32],
	/// The position of each row.
	pub(super) positions: &'a [u32],
	/// Of each rotation, for each row.
	pub(super) angles: &'a [Angles],
	/// In each cache: the place of each row's keys and values.
	pub(super) slots: Vec<Vec<Slot>>,
	/// In each cache: the keys and values that each part sees.
	pub(super) sequences: Vec<Vec<Sequence<'a>>>,
}

/// Takes parts of sequences through the program, all rows together. The pages of each part hold its
/// positions. Returns the result's rows: those of the parts' outputs, or one for each part.
pub(super) fn run<'s, W: Store>(
	engine: Engine<'_>,
	model: &Model<W>,
	caches: &mut Caches,
	space: &'s mut Space,
	parts: &[Part<'_>],
	mut watcher: Option<&mut Watcher<'_>>,
) -> Result<&'s [f32], BackendError> {
	space.enter(engine, model, parts);
	let Space { registers, ids, positions, angles } = space;
	let (slots, sequences) = places(parts, caches.len()).map_err(device)?;
	let rows = Rows { parts, ids, positions, angles, slots, sequences };
	for step in &model.plan.steps {
		let mut pass = super::steps::Pass { engine, model, caches, registers, rows: &rows };
		if let (Some(watcher), Operation::Quantise(op)) = (&mut watcher, &step.operation) {
			let elements = pass.operand(op).map_err(|error| refused(step, error.into()))?;
			let &PlannedStep { block, iteration, index, .. } = step;
			watcher(ProbedRows {
				block,
				iteration,
				index,
				columns: op.columns,
				elements: &elements,
			});
		}
		pass.step(step).map_err(|failure| refused(step, failure))?;
	}
	Ok(registers.floats(model.plan.result))
}

pub(super) type Places<'a> = (Vec<Vec<Slot>>, Vec<Vec<Sequence<'a>>>);

pub(super) fn places<'a>(parts: &'a [Part<'a>], caches: usize) -> Result<Places<'a>, Error> {
	let (mut slots, mut sequences) = (Vec::new(), Vec::new());
	for cache in 0..caches {
		let mut all = Vec::new();
		for part in parts {
			let positions = part.first..part.first + part.tokens.len();
			for position in positions {
				all.push(Slot::of(part.pages.of(cache), position)?);
			}
		}
		slots.push(all);
		let sequence = |part: &'a Part<'a>| Sequence {
			pages: part.pages.of(cache),
			first: part.first,
			queries: part.tokens.len(),
			length: part.first + part.tokens.len(),
		};
		sequences.push(parts.iter().map(sequence).collect());
	}
	Ok((slots, sequences))
}

/// The error of an operation at its place.
pub(super) fn refused(step: &PlannedStep, failure: Failure) -> BackendError {
	let &PlannedStep { block, iteration, index, .. } = step;
	let reason = match failure {
		Failure::Kernel(Error::Shape(error)) => OperationError::Shape(error),
		Failure::Kernel(other) => return device(other),
		Failure::Weights(BackendError::Weights(error)) => OperationError::Weights(error),
		Failure::Weights(other) => return other,
	};
	BackendError::Operation { block, iteration, index, reason }
}
