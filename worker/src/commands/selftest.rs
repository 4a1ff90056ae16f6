//! `selftest`: the code that a backend computes with against the golden vectors, which are part of this
//! program.

use std::collections::BTreeMap;

use assay_kernels_vectors::{cases, Case, FILES};
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
	/// Cases that were replayed, which is all there are.
	cases: usize,
	/// Cases whose result is not the stated one.
	failed: usize,
	operations: Vec<Verdict>,
}

/// What became of the cases of one operation that the same code computes.
#[derive(Serialize)]
struct Verdict {
	operation: String,
	/// The backend's own with its instructions, or the exact kernels.
	code: String,
	cases: usize,
	failed: Vec<Fault>,
}

/// A case that failed.
#[derive(Serialize)]
struct Fault {
	case: String,
	/// What differs, and where it is stated.
	reason: String,
}

/// A case with the name of its file.
type NamedCase = (&'static str, Case);

impl Report {
	fn new(name: BackendName, backend: &OpenBackend, cases: Vec<NamedCase>) -> Self {
		let operations = replay(backend, cases);
		Self {
			backend: name,
			device: backend.device(),
			cases: operations.iter().map(|verdict| verdict.cases).sum(),
			failed: operations.iter().map(|verdict| verdict.failed.len()).sum(),
			operations,
		}
	}
}

pub(super) fn run(args: &SelftestArgs) -> Result<(), Failure> {
	args.backend.set_threads()?;
	let backend = args.backend.open()?;
	let report = Report::new(args.backend.backend, &backend, all_cases()?);
	if args.json {
		console::json(&report)?;
	} else {
		show(&report)?;
	}
	judge(&report)
}

fn all_cases() -> Result<Vec<NamedCase>, Failure> {
	let mut all = Vec::new();
	for &(file, text) in FILES {
		let cases = cases(text)
			.map_err(|error| Failure::new(Status::Failed, format!("vectors {file}: {error}")))?;
		all.extend(cases.into_iter().map(|case| (file, case)));
	}
	Ok(all)
}

/// The verdicts by operation, then by code.
fn replay(backend: &OpenBackend, cases: Vec<NamedCase>) -> Vec<Verdict> {
	let mut verdicts: BTreeMap<(String, String), Verdict> = BTreeMap::new();
	for (file, case) in cases {
		let (code, result) = backend.replay(&case);
		let operation = case.op;
		let verdict = verdicts
			.entry((operation.clone(), code.clone()))
			.or_insert_with(|| Verdict { operation, code, cases: 0, failed: Vec::new() });
		verdict.cases += 1;
		if let Err(error) = result {
			verdict.failed.push(Fault { case: case.name, reason: format!("{file} {error}") });
		}
	}
	verdicts.into_values().collect()
}

/// A backend with a case that failed must not be used.
fn judge(report: &Report) -> Result<(), Failure> {
	let Report { cases, failed, operations, .. } = report;
	let Some((operation, fault)) =
		operations.iter().find_map(|verdict| Some((&verdict.operation, verdict.failed.first()?)))
	else {
		return Ok(());
	};
	let reason = format!(
		"{failed} of {cases} vectors fail on this machine, {operation} {} first; do not serve with \
		 this backend",
		fault.case
	);
	Err(Failure::new(Status::Different, reason))
}

fn show(report: &Report) -> Result<(), Failure> {
	for line in lines(report) {
		console::line(line)?;
	}
	Ok(())
}

/// A line for each verdict and each case that failed, and how many cases each code computed.
fn lines(report: &Report) -> Vec<String> {
	let mut lines = Vec::new();
	let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
	for Verdict { operation, code, cases, failed } in &report.operations {
		*by_code.entry(code).or_default() += cases;
		let word = if failed.is_empty() { "pass" } else { "FAIL" };
		lines.push(format!("{operation:<26} {cases:>4}  {code:<34} {word}"));
		lines.extend(failed.iter().map(|Fault { case, reason }| format!("  {case}: {reason}")));
	}
	let by_code: Vec<String> =
		by_code.iter().map(|(code, cases)| format!("{cases} by {code}")).collect();
	let Report { cases, failed, device, .. } = report;
	lines.push(format!(
		"{cases} vectors replayed on {device}, {failed} failed; {}",
		by_code.join("; ")
	));
	lines
}

#[cfg(test)]
mod tests {
	use std::collections::BTreeSet;

	use super::*;
	use crate::cli::BackendArgs;

	/// A case of each operation and code, with one character of what it states changed.
	fn broken_cases(backend: &OpenBackend) -> Vec<NamedCase> {
		let mut seen = BTreeSet::new();
		let mut broken = Vec::new();
		for (file, mut case) in all_cases().unwrap() {
			let (code, result) = backend.replay(&case);
			assert_eq!(result, Ok(()), "{file} {}", case.op);
			if seen.insert((case.op.clone(), code)) {
				let stated = case.outputs.last_mut().unwrap();
				let other = if stated.pop() == Some('0') { '1' } else { '0' };
				stated.push(other);
				broken.push((file, case));
			}
		}
		broken
	}

	#[test]
	fn a_wrong_case_fails_whatever_code_computes_it() {
		for name in [BackendName::Exact, BackendName::Cpu] {
			let backend = BackendArgs { backend: name, threads: None }.open().unwrap();
			let broken = broken_cases(&backend);
			let report = Report::new(name, &backend, broken.clone());
			assert_eq!(report.cases, broken.len());
			assert_eq!(report.failed, broken.len());
			assert_eq!(report.operations.len(), broken.len());
			let page = lines(&report).join("\n");
			assert!(!page.contains(" pass"), "{page}");
			for (file, case) in &broken {
				let is_named = |verdict: &Verdict| {
					let [fault] = &verdict.failed[..] else { return false };
					verdict.operation == case.op
						&& fault.case == case.name
						&& fault.reason.contains(file)
				};
				assert!(report.operations.iter().any(is_named), "{} {}", case.op, case.name);
				assert!(page.contains(&format!("  {}: {file}", case.name)), "{page}");
			}
			assert_eq!(judge(&report).unwrap_err().status(), Status::Different);
		}
	}

	#[test]
	fn one_wrong_case_among_all_is_named() {
		let backend = BackendArgs { backend: BackendName::Cpu, threads: None }.open().unwrap();
		let mut cases = all_cases().unwrap();
		let all = cases.len();
		let (_, case) = cases.iter_mut().find(|(_, case)| case.op == "linear").unwrap();
		let name = case.name.clone();
		case.outputs[0].push('0');
		let report = Report::new(BackendName::Cpu, &backend, cases);
		assert_eq!((report.cases, report.failed), (all, 1));
		let message = format!("{:?}", judge(&report).unwrap_err());
		assert!(message.contains(&format!("1 of {all} vectors")), "{message}");
		assert!(message.contains(&format!("linear {name}")), "{message}");
	}

	#[test]
	fn operands_that_cannot_be_read_fail_too() {
		for name in [BackendName::Exact, BackendName::Cpu] {
			let backend = BackendArgs { backend: name, threads: None }.open().unwrap();
			let mut cases = all_cases().unwrap();
			cases.retain(|(_, case)| case.op == "linear" || case.op == "threshold");
			cases.iter_mut().for_each(|(_, case)| case.inputs.clear());
			let report = Report::new(name, &backend, cases);
			assert_eq!(report.failed, report.cases);
		}
	}
}
