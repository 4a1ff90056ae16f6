//! The committed vectors against the exact kernels.

use std::{collections::BTreeSet, path::Path};

use assay_kernels_vectors::{cases, refreshed, replay, FILES, OPS};

#[test]
fn every_vector_replays() {
	let mut total = 0;
	for (name, text) in FILES {
		let count = replay(text).unwrap_or_else(|error| panic!("{name}: {error}"));
		assert!(count > 0, "{name} holds no case");
		total += count;
	}
	println!("{total} cases");
}

#[test]
fn data_files_are_as_the_generator_writes_them() {
	for (name, text) in FILES {
		let fresh = refreshed(text).unwrap_or_else(|error| panic!("{name}: {error}"));
		assert!(fresh == *text, "{name} is stale: run `cargo run --example regenerate`");
	}
}

#[test]
fn every_operation_has_a_case_and_every_case_outputs() {
	let mut named = BTreeSet::new();
	for (name, text) in FILES {
		for case in cases(text).unwrap_or_else(|error| panic!("{name}: {error}")) {
			assert!(!case.outputs.is_empty(), "{name}: {} {} states nothing", case.op, case.name);
			assert!(
				named.insert((case.op.clone(), case.name.clone())),
				"{} {}",
				case.op,
				case.name
			);
		}
	}
	for (op, _) in OPS.iter().copied().flatten() {
		assert!(named.iter().any(|(name, _)| name == op), "no case for {op}");
	}
}

#[test]
fn every_operation_is_in_the_table_of_the_specification() {
	let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../SPEC.md");
	let text = std::fs::read_to_string(path).unwrap();
	let operations: BTreeSet<&str> = text
		.lines()
		.filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
		.flat_map(|cell| cell.split(", "))
		.collect();
	for (op, _) in OPS.iter().copied().flatten() {
		assert!(operations.contains(op), "SPEC.md section 17 does not list {op}");
	}
}

#[test]
fn every_file_of_the_folder_is_replayed() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
	let found: BTreeSet<String> = std::fs::read_dir(folder)
		.unwrap()
		.map(|entry| entry.unwrap().file_name().into_string().unwrap())
		.collect();
	let listed: BTreeSet<String> = FILES.iter().map(|(name, _)| name.to_string()).collect();
	assert_eq!(found, listed);
}

/// States which denormal mode the other tests ran in. An ordinary process keeps denormals. Linking
/// with `-C link-arg=-ffast-math` makes the C runtime start with flush-to-zero and
/// denormals-are-zero; the variable ASSAY_FLUSH_TO_ZERO then demands that it did.
#[test]
fn denormals_are_handled_as_this_run_expects() {
	let half = std::hint::black_box(f32::MIN_POSITIVE) * std::hint::black_box(0.5);
	let flushed = std::env::var_os("ASSAY_FLUSH_TO_ZERO").is_some();
	assert_eq!(half == 0.0, flushed, "flush-to-zero expected: {flushed}");
}
