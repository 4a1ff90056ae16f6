//! `selftest`: every vector, a verdict for every operation and the code that computes it.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use assay_kernels_vectors::{cases, FILES, OPS};
use common::{has_form, json_of, success, worker};

/// The JSON of a self-test in which nothing fails, its form checked.
fn report(backend: &str) -> serde_json::Value {
	let report = json_of(&worker(&["selftest", "--backend", backend, "--json"]));
	has_form(
		&report,
		&[
			("backend", "text"),
			("device", "text"),
			("cases", "number"),
			("failed", "number"),
			("operations", "list"),
		],
	);
	for verdict in report["operations"].as_array().unwrap() {
		has_form(
			verdict,
			&[("operation", "text"), ("code", "text"), ("cases", "number"), ("failed", "list")],
		);
	}
	assert_eq!(report["backend"], backend);
	assert_eq!(report["cases"], all_cases());
	assert_eq!(report["failed"], 0);
	assert_eq!(operations(&report), OPS.iter().copied().flatten().map(|(name, _)| *name).collect());
	report
}

fn all_cases() -> u64 {
	FILES.iter().map(|(_, text)| cases(text).unwrap().len() as u64).sum()
}

fn operations(report: &serde_json::Value) -> BTreeSet<&str> {
	let verdicts = report["operations"].as_array().unwrap().iter();
	verdicts.map(|verdict| verdict["operation"].as_str().unwrap()).collect()
}

/// Cases by the code that computed them.
fn by_code(report: &serde_json::Value) -> BTreeMap<&str, u64> {
	let mut by_code = BTreeMap::new();
	for verdict in report["operations"].as_array().unwrap() {
		let code = verdict["code"].as_str().unwrap();
		*by_code.entry(code).or_default() += verdict["cases"].as_u64().unwrap();
	}
	by_code
}

#[test]
fn the_definition_replays_everything() {
	let report = report("exact");
	assert_eq!(by_code(&report), [("exact", all_cases())].into());

	let page = success(&worker(&["selftest", "--backend", "exact", "--threads", "1"]));
	assert_eq!(
		page.lines().filter(|line| line.ends_with(" pass")).count(),
		operations(&report).len()
	);
	assert!(!page.contains("FAIL"));
}

#[test]
fn the_processor_replays_everything_and_says_by_what() {
	let report = report("cpu");
	let level = report["device"].as_str().unwrap().split(',').next().unwrap();
	let (own, shared) = (format!("cpu: {level}"), "exact (shared)");
	let by_code = by_code(&report);
	let within = format!("{own}, {shared}");
	assert_eq!(by_code.keys().copied().collect::<Vec<_>>(), [&own[..], &within, shared]);
	assert_eq!(by_code.values().sum::<u64>(), all_cases());
	// What a model is made of is the processor's own, draws with chance are not.
	let is_by = |operation: &str, code: &str| {
		let mut verdicts = report["operations"].as_array().unwrap().iter();
		verdicts.any(|verdict| verdict["operation"] == operation && verdict["code"] == code)
	};
	for operation in ["program", "linear", "attention", "rms_stats", "quantise_symmetric"] {
		assert!(is_by(operation, &own), "{operation}");
	}
	assert!(is_by("gumbel", shared) && !is_by("gumbel", &own));

	// The default, and the same for people.
	let page = success(&worker(&["selftest", "--threads", "1"]));
	let verdicts = report["operations"].as_array().unwrap().len();
	assert_eq!(page.lines().filter(|line| line.ends_with(" pass")).count(), verdicts);
	assert!(!page.contains("FAIL"));
	let last = page.lines().last().unwrap();
	let start = format!("{} vectors replayed on {level}, 1 threads, 0 failed; ", all_cases());
	assert!(last.starts_with(&start), "{last}");
	assert!(last.contains(&format!("{} by {own}", by_code[&own[..]])), "{last}");
}
