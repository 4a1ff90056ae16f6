//! `selftest`: a backend's operations against the golden vectors, which are part of this program.

use std::collections::BTreeMap;

use assay_kernels_vectors::{cases, FILES};
use serde::Serialize;

use crate::{
	backend::{self, BackendName},
	cli::SelftestArgs,
	console,
	status::{Failure, Status},
};

/// The JSON result.
#[derive(Serialize)]
struct Report {
	backend: BackendName,
	/// Cases that were replayed.
	cases: usize,
	/// Cases of operations that the backend has only as a part of others.
	skipped: usize,
	/// Cases whose result is not the stated one.
	differences: usize,
	operations: Vec<Verdict>,
}

/// What became of one operation.
#[derive(Default, Serialize)]
struct Verdict {
	operation: String,
	cases: usize,
	skipped: usize,
	/// What differs, case by case.
	differences: Vec<String>,
}

pub(super) fn run(args: &SelftestArgs) -> Result<(), Failure> {
	backend::set_threads(args.backend.threads.map(usize::from))?;
	let report = replay(args.backend.backend)?;
	if args.json {
		console::json(&report)?;
	} else {
		show(&report)?;
	}
	if report.differences > 0 {
		let reason = format!(
			"{} of {} vectors differ on this machine; do not serve with this backend",
			report.differences, report.cases
		);
		return Err(Failure::new(Status::Different, reason));
	}
	Ok(())
}

fn replay(backend: BackendName) -> Result<Report, Failure> {
	let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
	for (file, text) in FILES {
		let cases = cases(text)
			.map_err(|error| Failure::new(Status::Failed, format!("vectors {file}: {error}")))?;
		for case in cases {
			let operation = case.op.clone();
			let verdict = verdicts
				.entry(operation.clone())
				.or_insert_with(|| Verdict { operation, ..Verdict::default() });
			match backend.replay(&case) {
				Ok(false) => verdict.skipped += 1,
				Ok(true) => verdict.cases += 1,
				Err(difference) => {
					verdict.cases += 1;
					verdict.differences.push(format!("{file} {difference}"));
				}
			}
		}
	}
	let operations: Vec<Verdict> = verdicts.into_values().collect();
	Ok(Report {
		backend,
		cases: operations.iter().map(|verdict| verdict.cases).sum(),
		skipped: operations.iter().map(|verdict| verdict.skipped).sum(),
		differences: operations.iter().map(|verdict| verdict.differences.len()).sum(),
		operations,
	})
}

fn show(report: &Report) -> Result<(), Failure> {
	for Verdict { operation, cases, skipped, differences } in &report.operations {
		let word = match (differences.is_empty(), cases) {
			(false, _) => "DIFFERS",
			(true, 0) => "not an operation of its own here",
			(true, _) => "ok",
		};
		console::line(format!("{operation:<26} {:>4} {word}", cases + skipped))?;
		for difference in differences {
			console::line(format!("  {difference}"))?;
		}
	}
	let Report { cases, skipped, operations, .. } = report;
	let operations = operations.len();
	console::line(format!("{cases} vectors of {operations} operations replayed, {skipped} skipped"))
}
