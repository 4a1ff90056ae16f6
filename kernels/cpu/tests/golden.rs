//! The golden vectors, as far as they state an operation that exists here by itself, and those of whole
//! programs. What has no vectors of its own here is compared with the definition by the other tests.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;
mod models;

use std::{cell::RefCell, collections::BTreeMap};

use assay_kernels_cpu::replay::{replay, Replay};
use assay_kernels_vectors::{cases, run_on, FILES};
use common::on_every_engine;

/// Operations with the number of their cases.
type Tally = BTreeMap<String, usize>;

const PROGRAM: &str = "program";

#[test]
fn every_vector_of_an_operation_of_this_crate_replays() {
	let tallies: RefCell<(Tally, Tally)> = RefCell::default();
	on_every_engine(|engine| {
		let (replayed, skipped) = &mut *tallies.borrow_mut();
		for (file, text) in FILES {
			for case in cases(text).unwrap() {
				let result = replay(engine, &case).unwrap_or_else(|e| panic!("{file}: {e}"));
				let tally = match result {
					Replay::Skipped(_) => &mut *skipped,
					Replay::Outputs(outputs) => {
						let level = engine.level();
						let same = case.check_given(&outputs);
						same.unwrap_or_else(|e| panic!("{level}, {file}: {e}"));
						&mut *replayed
					}
				};
				*tally.entry(case.op).or_default() += 1;
			}
		}
	});
	let (replayed, skipped) = tallies.into_inner();
	let names: Vec<&str> = replayed.keys().map(String::as_str).collect();
	assert_eq!(
		names,
		[
			"activate",
			"add",
			"attention",
			"dequantise",
			"embedding_sum",
			"gated",
			"linear",
			"mean_pool",
			"mul",
			"quantise_asymmetric",
			"quantise_symmetric",
			"rope_rotate",
			"scale",
			"softcap",
		]
	);
	for (op, count) in &skipped {
		// Empty rows, and operands that are no heads of a cache.
		assert!(replayed.get(op).is_none_or(|replayed| replayed > count), "{op}");
	}
	println!("replayed {replayed:?}\nskipped {skipped:?}");
}

#[test]
fn every_vector_of_a_whole_program_replays() {
	let mut count = 0;
	for (file, text) in FILES {
		for case in cases(text).unwrap().iter().filter(|case| case.op == PROGRAM) {
			count += 1;
			for cpu in models::backends() {
				let outputs = run_on(&cpu, case).unwrap_or_else(|e| panic!("{cpu:?}, {file}: {e}"));
				case.check(&outputs).unwrap_or_else(|e| panic!("{cpu:?}, {file}: {e}"));
			}
		}
	}
	assert_ne!(count, 0);
}
