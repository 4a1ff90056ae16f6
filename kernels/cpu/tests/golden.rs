//! The golden vectors on every level of instructions, on one thread and on two: a test for each, so that
//! the levels that this machine lacks are counted as skipped.

#![allow(
	clippy::cast_possible_truncation,
	reason = "weights are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod models;

use std::{collections::BTreeMap, io::Write};

use assay_kernels_cpu::{
	replay::{replay, Replay},
	Level,
};
use assay_kernels_vectors::{cases, FILES};

/// Operations with the number of their cases.
type Tally = BTreeMap<String, usize>;

#[test]
fn every_vector_replays_on_scalar() {
	every_vector_replays_on(Level::Scalar);
}

#[test]
fn every_vector_replays_on_neon() {
	every_vector_replays_on(Level::Neon);
}

#[test]
fn every_vector_replays_on_avx2() {
	every_vector_replays_on(Level::Avx2);
}

#[test]
fn every_vector_replays_on_avx_vnni() {
	every_vector_replays_on(Level::AvxVnni);
}

#[test]
fn every_vector_replays_on_avx512_vnni() {
	every_vector_replays_on(Level::Avx512Vnni);
}

#[test]
fn every_level_has_its_test() {
	let tests = include_str!("golden.rs").matches("#[test]\nfn every_vector_replays_on_").count();
	assert_eq!(tests, Level::ALL.len());
}

fn every_vector_replays_on(level: Level) {
	if !level.is_available() {
		// Past the capture of the test program, for those who count skipped tests.
		let skip = format!("assay-skip: this processor does not have {level}");
		let mut out = std::io::stdout();
		writeln!(out, "test kernels/cpu on {level} ... {skip}").unwrap();
		return;
	}
	for cpu in models::backends_of(level) {
		let (mut own, mut within, mut exact) = (Tally::new(), Tally::new(), Tally::new());
		for (file, text) in FILES {
			for case in cases(text).unwrap() {
				let result = replay(&cpu, &case).unwrap_or_else(|e| panic!("{cpu:?}, {file}: {e}"));
				let (tally, outputs) = match result {
					Replay::Own(outputs) => (&mut own, Some(outputs)),
					Replay::Within(outputs) => (&mut within, Some(outputs)),
					// Compared by the tests of `kernels/vectors`.
					Replay::Exact => (&mut exact, None),
				};
				if let Some(outputs) = outputs {
					case.check(&outputs).unwrap_or_else(|e| panic!("{cpu:?}, {file}: {e}"));
				}
				*tally.entry(case.op).or_default() += 1;
			}
		}
		assert_eq!(text_of(&own), OWN);
		assert_eq!(text_of(&within), WITHIN);
		assert_eq!(text_of(&exact), EXACT);
	}
}

/// By the code of this crate.
const OWN: &str = "absmax 4, activate 15, add 4, attention 8, attention_block 19, attention_merge 30, \
	canon 3, dequantise 7, embedding_lookup 4, embedding_sum 3, gated 3, key 2, l2_elements 6, \
	l2_stats 21, layer_elements 4, layer_stats 33, linear 28, mean_pool 8, mul 3, phi 3, pool_maxima 2, \
	pool_mean 3, pool_sums 1, program 13, quantise_asymmetric 18, quantise_symmetric 42, \
	rms_elements 4, rms_stats 33, rope_rotate 17, sample 3, scale 2, sigmoid 3, sincos 3, softcap 8, \
	tanh 3";

/// By the code of this crate within its bounds.
const WITHIN: &str = "exp2 3, rne 3, sqrt 3";

/// By the exact kernels: operations that the backend leaves to them, and operands that no program
/// gives.
const EXACT: &str = "attention 2, attention_block 3, attention_merge 7, best 10, best_noisy 5, \
	exp 2, gumbel 3, histogram 17, import_grouped 10, inverse_temperature 1, \
	linear_columns 6, linear_phases 3, llama3_phases 3, ln 3, moe_combine 3, moe_route 6, \
	next_digit 14, noise_word 1, philox 3, pool_add 2, pool_sums 1, quantise_asymmetric_codes 5, \
	quantise_symmetric_codes 13, query_scale 2, \
	reduce 2, rope_phases 7, sample 19, softmax_constant 1, split_digits 2, threshold 10, verdict 2, \
	verdict_all 3";

fn text_of(tally: &Tally) -> String {
	let counts = tally.iter().map(|(op, count)| format!("{op} {count}"));
	counts.collect::<Vec<_>>().join(", ")
}
