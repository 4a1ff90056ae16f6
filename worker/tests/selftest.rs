//! `selftest`: every vector, a verdict for every operation.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::collections::BTreeSet;

use assay_kernels_vectors::{cases, FILES, OPS};
use common::{has_form, json_of, success, worker};

#[test]
fn every_operation_has_a_verdict() {
	let report = json_of(&worker(&["selftest", "--json"]));
	has_form(
		&report,
		&[
			("backend", "text"),
			("cases", "number"),
			("skipped", "number"),
			("differences", "number"),
			("operations", "list"),
		],
	);
	let total: usize = FILES.iter().map(|(_, text)| cases(text).unwrap().len()).sum();
	assert_eq!(report["cases"], total);
	assert_eq!(report["skipped"], 0);
	assert_eq!(report["differences"], 0);
	let operations = report["operations"].as_array().unwrap();
	let named: BTreeSet<&str> =
		operations.iter().map(|verdict| verdict["operation"].as_str().unwrap()).collect();
	let known: BTreeSet<&str> = OPS.iter().copied().flatten().map(|(name, _)| *name).collect();
	assert_eq!(named, known);
	for verdict in operations {
		has_form(
			verdict,
			&[
				("operation", "text"),
				("cases", "number"),
				("skipped", "number"),
				("differences", "list"),
			],
		);
		assert_ne!(verdict["cases"], 0);
	}

	let page = success(&worker(&["selftest", "--threads", "1"]));
	assert_eq!(page.lines().filter(|line| line.ends_with(" ok")).count(), known.len());
	assert!(!page.contains("DIFFERS"));
}
