//! `selftest`: every vector, a verdict for every operation.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::collections::BTreeSet;

use assay_kernels_vectors::{cases, FILES, OPS};
use common::{has_form, json_of, success, worker};

/// The JSON of a self-test without differences, its form checked.
fn report(backend: &str) -> serde_json::Value {
	let report = json_of(&worker(&["selftest", "--backend", backend, "--json"]));
	has_form(
		&report,
		&[
			("backend", "text"),
			("device", "text"),
			("cases", "number"),
			("skipped", "number"),
			("differences", "number"),
			("operations", "list"),
		],
	);
	for verdict in report["operations"].as_array().unwrap() {
		has_form(
			verdict,
			&[
				("operation", "text"),
				("cases", "number"),
				("skipped", "list"),
				("differences", "list"),
			],
		);
		for skipped in verdict["skipped"].as_array().unwrap() {
			has_form(skipped, &[("case", "text"), ("reason", "text")]);
		}
	}
	assert_eq!(report["backend"], backend);
	assert_eq!(report["differences"], 0);
	report
}

fn all_cases() -> usize {
	FILES.iter().map(|(_, text)| cases(text).unwrap().len()).sum()
}

/// The operations of a report of which a case was replayed.
fn replayed(report: &serde_json::Value) -> BTreeSet<&str> {
	let operations = report["operations"].as_array().unwrap().iter();
	operations
		.filter(|verdict| verdict["cases"] != 0)
		.map(|verdict| verdict["operation"].as_str().unwrap())
		.collect()
}

#[test]
fn every_operation_has_a_verdict() {
	let report = report("exact");
	assert_eq!(report["cases"], all_cases());
	assert_eq!(report["skipped"], 0);
	let known: BTreeSet<&str> = OPS.iter().copied().flatten().map(|(name, _)| *name).collect();
	assert_eq!(replayed(&report), known);

	let page = success(&worker(&["selftest", "--backend", "exact", "--threads", "1"]));
	assert_eq!(page.lines().filter(|line| line.ends_with(" ok")).count(), known.len());
	assert!(!page.contains("DIFFERS"));
}

#[test]
fn a_backend_of_fused_operations_says_what_it_skips() {
	let report = report("cpu");
	let count = |name: &str| usize::try_from(report[name].as_u64().unwrap()).unwrap();
	assert_eq!(count("cases") + count("skipped"), all_cases());
	let replayed = replayed(&report);
	for operation in ["program", "linear", "attention", "quantise_symmetric", "mean_pool"] {
		assert!(replayed.contains(operation), "{operation}");
	}

	// The default, and the same for people.
	let page = success(&worker(&["selftest", "--threads", "1"]));
	assert_eq!(page.lines().filter(|line| line.ends_with(" ok")).count(), replayed.len());
	assert!(!page.contains("DIFFERS"));
	let last = page.lines().last().unwrap();
	let threads_and_skipped = format!("1 threads; {} skipped", count("skipped"));
	assert!(last.ends_with(&threads_and_skipped), "{last}");
}
