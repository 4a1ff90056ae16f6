//! Which backends there are. Every other place speaks of them through this file.

use assay_kernels_backend::{reference::Reference, Backend};
use assay_kernels_cpu::{
	backend::Cpu,
	replay::{replay, Replay},
};
use assay_kernels_vectors::{run, Case, Error};
use clap::ValueEnum;
use serde::Serialize;

use crate::{
	cli::BackendArgs,
	status::{Failure, Status},
};

/// The exact kernels, where another backend has no code of its own.
const SHARED: &str = "exact (shared)";

/// A backend by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BackendName {
	/// The definition: slow, and right.
	Exact,
	/// The processor, with the vector instructions that it has.
	#[default]
	Cpu,
}

/// A backend with its threads.
pub(crate) enum OpenBackend {
	Exact(Reference),
	Cpu(Cpu),
}

impl BackendArgs {
	/// The backend that the command line asks for.
	pub(crate) fn open(&self) -> Result<OpenBackend, Failure> {
		Ok(match self.backend {
			BackendName::Exact => OpenBackend::Exact(Reference),
			BackendName::Cpu => {
				// As many threads as the rest of the program: all cores unless told.
				let threads = rayon::current_num_threads();
				let cpu = Cpu::with_threads(threads);
				OpenBackend::Cpu(cpu.map_err(|error| no_threads(threads, error))?)
			}
		})
	}

	/// Sets how many threads compute; all cores unless told.
	pub(crate) fn set_threads(&self) -> Result<(), Failure> {
		let Some(threads) = self.threads.map(usize::from) else { return Ok(()) };
		let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
		pool.map_err(|error| no_threads(threads, error))
	}
}

fn no_threads(threads: usize, error: impl std::fmt::Display) -> Failure {
	Failure::new(Status::Failed, format!("starting {threads} threads: {error}"))
}

impl OpenBackend {
	/// The backend.
	pub(crate) fn backend(&self) -> &dyn Backend {
		match self {
			Self::Exact(reference) => reference,
			Self::Cpu(cpu) => cpu,
		}
	}

	/// What it computes on.
	pub(crate) fn device(&self) -> String {
		match self {
			Self::Exact(_) => format!("{} threads", rayon::current_num_threads()),
			Self::Cpu(cpu) => {
				format!("{}, {} threads", cpu.level(), cpu.pool().current_num_threads())
			}
		}
	}

	/// Replays a vector's case on the code that computes it for this backend, and compares the result.
	/// Tells which code that is.
	pub(crate) fn replay(&self, case: &Case) -> (String, Result<(), Error>) {
		let exact = || run(case).and_then(|outputs| case.check(&outputs));
		let Self::Cpu(cpu) = self else { return ("exact".to_owned(), exact()) };
		let own = format!("cpu: {}", cpu.level());
		match replay(cpu, case) {
			Ok(Replay::Own(outputs)) => (own, case.check(&outputs)),
			Ok(Replay::Within(outputs)) => (format!("{own}, {SHARED}"), case.check(&outputs)),
			Ok(Replay::Exact) => (SHARED.to_owned(), exact()),
			Err(error) => (own, Err(error)),
		}
	}
}
