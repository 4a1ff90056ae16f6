//! Where operations run: a thread pool and a level of instructions.

#![allow(unsafe_code, reason = "entering a level of instructions")]

use rayon::ThreadPool;

use crate::{
	dot::{Dot, Kernel, Scalar},
	Error, Level,
};

/// Elements below which a batch is not worth more than one thread.
const SERIAL: usize = 1 << 14;
/// Tasks per thread, so that a thread that is held up does not hold up the operation.
const TASKS_PER_THREAD: usize = 4;

/// A thread pool and a level of instructions that this processor has.
///
/// Operations called from one of the pool's threads start at once, those from elsewhere after a
/// switch of threads: run a whole program inside one [`ThreadPool::install`].
#[derive(Clone, Copy, Debug)]
pub struct Engine<'p> {
	pool: &'p ThreadPool,
	// Only levels whose availability was checked get here; `run` relies on it.
	level: Level,
}

impl<'p> Engine<'p> {
	/// The engine with the processor's best level.
	pub fn new(pool: &'p ThreadPool) -> Self {
		Self { pool, level: Level::best() }
	}

	/// The engine with a given level.
	///
	/// # Errors
	/// [`Error::LevelUnavailable`] when the processor lacks it.
	pub fn with_level(pool: &'p ThreadPool, level: Level) -> Result<Self, Error> {
		if level.is_available() {
			return Ok(Self { pool, level });
		}
		Err(Error::LevelUnavailable { level, best: Level::best() })
	}

	/// The level of instructions.
	pub fn level(&self) -> Level {
		self.level
	}

	/// The threads that operations run on.
	pub fn pool(&self) -> &'p ThreadPool {
		self.pool
	}

	/// Runs a kernel compiled for the level, on this thread.
	pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
		match self.level {
			// SAFETY: the constructors checked that the processor has the level's instructions.
			#[cfg(target_arch = "x86_64")]
			Level::Avx512Vnni => unsafe { crate::dot::Avx512::new() }.enter(kernel),
			// SAFETY: as above.
			#[cfg(target_arch = "x86_64")]
			Level::AvxVnni => unsafe { crate::dot::AvxVnni::new() }.enter(kernel),
			// SAFETY: as above.
			#[cfg(target_arch = "x86_64")]
			Level::Avx2 => unsafe { crate::dot::Avx2::new() }.enter(kernel),
			#[cfg(target_arch = "aarch64")]
			Level::Neon => crate::dot::Neon.enter(kernel),
			_ => Scalar.enter(kernel),
		}
	}

	/// How many tasks are worth making where there is work for many.
	pub(crate) fn tasks(self) -> usize {
		match self.pool.current_num_threads() {
			1 => 1,
			threads => threads * TASKS_PER_THREAD,
		}
	}

	/// Rows per task for `rows` rows of `columns` elements: all of them where they are few.
	pub(crate) fn rows_per_task(self, rows: usize, columns: usize) -> usize {
		if rows.saturating_mul(columns) < SERIAL {
			return rows.max(1);
		}
		rows.div_ceil(self.tasks()).max(1)
	}

	/// Calls `task` for every item, on the pool's threads where there is more than one item.
	pub(crate) fn for_each<I, T>(self, items: I, task: impl Fn(T) + Sync + Send)
	where
		I: rayon::iter::IndexedParallelIterator<Item = T>,
		T: Send,
	{
		if items.len() == 0 {
			return;
		}
		self.pool.install(|| items.for_each(task));
	}
}
