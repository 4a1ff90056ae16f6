//! How large disputes are.
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

#[allow(dead_code, reason = "the program's main function is not called")]
#[path = "../examples/trace_sizes.rs"]
mod trace_sizes;

use assay_prover::TraceSize;
use assay_trace::tree::LEVELS;

#[test]
fn a_billion_parameters_take_at_most_eight_moves_a_side() {
	let shapes = trace_sizes::shapes();
	let billion = shapes.iter().find(|shape| shape.name == "1.1B").unwrap();
	let typed = billion.program.admit().unwrap();
	for (inputs, outputs) in [(2048, 1), (1024, 1025), (1, 2048)] {
		let size = TraceSize::new(&typed, inputs, outputs).unwrap();
		assert_eq!(size.positions, 2048);
		assert!(size.moves <= 8, "{size:?}");
		assert_eq!(size.moves, size.levels.div_ceil(LEVELS));
	}
}

#[test]
fn every_shape_stays_within_what_the_referee_admits() {
	use assay_programs::limits::{MAX_HASHED_LEAVES, MAX_TILE_WORK, MAX_WITNESS};
	for shape in trace_sizes::shapes() {
		let typed = shape.program.admit().unwrap();
		for (inputs, outputs) in shape.runs {
			let size = TraceSize::new(&typed, inputs, outputs).unwrap();
			assert!(size.witness <= MAX_WITNESS, "{}: {size:?}", shape.name);
			assert!(size.hashed <= MAX_HASHED_LEAVES, "{}: {size:?}", shape.name);
			assert!(size.work <= MAX_TILE_WORK, "{}: {size:?}", shape.name);
		}
	}
}

#[test]
fn the_page_is_the_printed_one() {
	let page = include_str!("../../docs/disputes-table.md");
	assert!(
		page == trace_sizes::page(),
		"docs/disputes-table.md is out of date: \
		 cargo run -p assay-prover --example trace_sizes > docs/disputes-table.md"
	);
}
