//! Whole programs: the backend `cpu`.
//!
//! A program is unrolled once (`planner`, `plan`), its weights are read once and kept in the packed
//! form only (`weights`). A step is cut into passes of many rows, of whatever sequences (`batch`). A
//! pass goes through the operations with all its rows together (`pass`, `steps`): values in registers
//! whose memory is kept (`registers`), keys and values in pages of 512 positions (`cache`). What all of
//! this takes is known before (`memory`).
//!
//! Traces (`traced`) are those of whole texts too: one pass, whatever the kind of the program.
//!
//! A [`Probe`] does the same for whole texts (`texts`), to show what is quantised on the way. What
//! operations do with weights (`store`) is then done a block at a time, and none are kept (`streamed`).

mod batch;
mod cache;
mod choose;
mod executor;
mod memory;
mod pass;
mod plan;
mod planner;
mod probe;
mod registers;
mod steps;
mod store;
mod streamed;
mod texts;
mod traced;
mod weights;

use std::sync::Arc;

use assay_kernels_backend::{Backend, BackendError, Executor, Limits, Memory, WeightSource};
use assay_programs::Program;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

pub(crate) use self::choose::{choose, Choice};
pub use self::probe::{Probe, ProbedRows};
use self::{executor::CpuExecutor, pass::Model, plan::Plan, weights::Weights};
use crate::{Engine, Error, Level};

/// The backend of processors with vector instructions.
#[derive(Clone, Debug)]
pub struct Cpu {
	pool: Arc<ThreadPool>,
	// Only an available level gets here.
	level: Level,
}

impl Cpu {
	/// The backend on the threads of a pool, with the processor's best level of instructions.
	pub fn new(pool: Arc<ThreadPool>) -> Self {
		Self { pool, level: Level::best() }
	}

	/// The backend on threads of its own, one for each core if `threads` is 0.
	///
	/// # Errors
	/// If the system does not grant the threads.
	pub fn with_threads(threads: usize) -> Result<Self, ThreadPoolBuildError> {
		let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
		Ok(Self::new(Arc::new(pool)))
	}

	/// The same with a given level of instructions.
	///
	/// # Errors
	/// [`Error::LevelUnavailable`] when the processor lacks it.
	pub fn with_level(self, level: Level) -> Result<Self, Error> {
		let level = Engine::with_level(&self.pool, level)?.level();
		Ok(Self { level, ..self })
	}

	/// The level of instructions.
	pub fn level(&self) -> Level {
		self.level
	}

	/// The threads.
	pub fn pool(&self) -> &ThreadPool {
		&self.pool
	}

	/// Runs `f` on a thread of the pool.
	fn install<R: Send>(
		&self,
		f: impl FnOnce(Engine<'_>) -> Result<R, BackendError> + Send,
	) -> Result<R, BackendError> {
		let engine = Engine::with_level(&self.pool, self.level).map_err(device)?;
		self.pool.install(|| f(engine))
	}

	fn executor(
		&self,
		program: &Program,
		weights: &dyn WeightSource,
		limits: &Limits,
	) -> Result<CpuExecutor, BackendError> {
		let (plan, list) = Plan::new(program)?;
		let weights = self.pool.install(|| Weights::load(&list, weights))?;
		let model = Model { plan, weights, rotations: program.rotations.clone() };
		CpuExecutor::new(self.clone(), program, model, *limits)
	}
}

impl Backend for Cpu {
	fn name(&self) -> &'static str {
		"cpu"
	}

	fn memory(&self, program: &Program, limits: &Limits) -> Result<Memory, BackendError> {
		memory::memory(program, limits, self.pool.current_num_threads())
	}

	fn load(
		&self,
		program: &Program,
		weights: &dyn WeightSource,
		limits: &Limits,
	) -> Result<Box<dyn Executor>, BackendError> {
		Ok(Box::new(self.executor(program, weights, limits)?))
	}
}

/// What cannot happen to a valid program, as an error all the same.
fn device(error: Error) -> BackendError {
	BackendError::Device(error.to_string())
}
