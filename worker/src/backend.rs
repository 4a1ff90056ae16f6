//! Which backends there are. Every other place speaks of them through this file.

use assay_kernels_backend::{reference::Reference, Backend};
use assay_kernels_vectors::{run, run_on, Case, Error};
use clap::ValueEnum;
use serde::Serialize;

use crate::status::{Failure, Status};

/// The operation of cases that are whole programs.
const PROGRAM: &str = "program";

/// A backend by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BackendName {
	/// The definition: slow, and right.
	#[default]
	Exact,
}

impl BackendName {
	/// The backend.
	pub(crate) fn backend(self) -> Box<dyn Backend> {
		match self {
			Self::Exact => Box::new(Reference),
		}
	}

	/// Replays a vector's case on the backend's own code and compares the result.
	///
	/// `false` if the backend has no such operation by itself, only as a part of others; whole
	/// programs, which every backend has, cover it.
	pub(crate) fn replay(self, case: &Case) -> Result<bool, Error> {
		if case.op == PROGRAM {
			return case.check(&run_on(&*self.backend(), case)?).map(|()| true);
		}
		match self {
			Self::Exact => case.check(&run(case)?).map(|()| true),
		}
	}
}

/// Sets how many threads compute; all cores unless told.
pub(crate) fn set_threads(threads: Option<usize>) -> Result<(), Failure> {
	let Some(threads) = threads else { return Ok(()) };
	rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(|error| {
		Failure::new(Status::Failed, format!("starting {threads} threads: {error}"))
	})
}
