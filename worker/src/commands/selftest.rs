//! `selftest`: a backend's operations against the golden vectors, which are part of this program.

use std::collections::BTreeMap;

use assay_kernels_vectors::{cases, FILES};
use serde::Serialize;

use crate::{
	backend::{BackendName, OpenBackend},
	cli::SelftestArgs,
	console,
	status::{Failure, Status},
};

/// The JSON result.
#[derive(Serialize)]
struct Report {
	backend: BackendName,
	/// What the backend computes on.
	device: String,
	/// Cases that were replayed.
	cases: usize,
	/// Cases that the backend has no operation for by itself, or whose operands it never has.
	skipped: usize,
	/// Cases whose result is not the stated one.
	differences: usize,
	operations: Vec<Verdict>,
}

/// What became of one operation.
#[derive(Default, Serialize)]
struct Verdict {
	operation: String,
	/// Cases that were replayed.
	cases: usize,
	skipped: Vec<Skipped>,
	/// What differs, case by case.
	differences: Vec<String>,
}

/// A case that was not replayed.
#[derive(Serialize)]
struct Skipped {
	case: String,
	reason: &'static str,
}

pub(super) fn run(args: &SelftestArgs) -> Result<(), Failure> {
	args.backend.set_threads()?;
	let report = replay(args.backend.backend, &args.backend.open()?)?;
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

fn replay(name: BackendName, backend: &OpenBackend) -> Result<Report, Failure> {
	let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
	for (file, text) in FILES {
		let cases = cases(text)
			.map_err(|error| Failure::new(Status::Failed, format!("vectors {file}: {error}")))?;
		for case in cases {
			let result = backend.replay(&case);
			let operation = case.op.clone();
			let verdict = verdicts
				.entry(case.op)
				.or_insert_with(|| Verdict { operation, ..Verdict::default() });
			match result {
				Ok(Some(reason)) => verdict.skipped.push(Skipped { case: case.name, reason }),
				Ok(None) => verdict.cases += 1,
				Err(difference) => {
					verdict.cases += 1;
					verdict.differences.push(format!("{file} {difference}"));
				}
			}
		}
	}
	let operations: Vec<Verdict> = verdicts.into_values().collect();
	Ok(Report {
		backend: name,
		device: backend.device(),
		cases: operations.iter().map(|verdict| verdict.cases).sum(),
		skipped: operations.iter().map(|verdict| verdict.skipped.len()).sum(),
		differences: operations.iter().map(|verdict| verdict.differences.len()).sum(),
		operations,
	})
}

fn show(report: &Report) -> Result<(), Failure> {
	for Verdict { operation, cases, skipped, differences } in &report.operations {
		// Cases of an operation that is skipped altogether have one reason.
		if let (0, [Skipped { reason, .. }, ..]) = (cases, &skipped[..]) {
			console::line(format!("{operation:<26} {:>4} skipped: {reason}", skipped.len()))?;
			continue;
		}
		let word = if differences.is_empty() { "ok" } else { "DIFFERS" };
		console::line(format!("{operation:<26} {cases:>4} {word}"))?;
		for difference in differences {
			console::line(format!("  {difference}"))?;
		}
		for Skipped { case, reason } in skipped {
			console::line(format!("  {case} skipped: {reason}"))?;
		}
	}
	let Report { cases, skipped, operations, device, .. } = report;
	let replayed = operations.iter().filter(|verdict| verdict.cases > 0).count();
	console::line(format!(
		"{cases} vectors of {replayed} operations replayed on {device}; {skipped} skipped"
	))
}
