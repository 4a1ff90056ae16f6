//! What the CPU backend shows of a run is what the reference shows, tile by tile.
#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod models;

use core::ops::Range;

use assay_kernels_backend::{
	trace::{Interest, TileSink, Tiles, TracedRun},
	BackendError, Executor,
};
use assay_primitives::merkle::LeafBatch;
use assay_programs::{dataflow::StepId, samples, stage::Stage, Kind, Program};
use models::{backends, bits, decoders, encoders, load, reference, tokens, weights, Bytes};
use proptest::prelude::*;

/// Writes down everything, or some stages up to some point.
#[derive(Debug, Default, PartialEq)]
struct Notes {
	/// Every so many stages is looked at.
	every: usize,
	/// The pass ends at this stage.
	end: Option<usize>,
	stages: Vec<(StepId, Stage)>,
	/// The tiles of each stage.
	tiles: Vec<Vec<Vec<u8>>>,
	result: Vec<u32>,
}

impl Notes {
	fn of(executor: &mut dyn Executor, tokens: &[u32], outputs: u32) -> Self {
		let notes = Self { every: 1, ..Self::default() };
		notes.take(executor, tokens, outputs)
	}

	fn take(mut self, executor: &mut dyn Executor, tokens: &[u32], outputs: u32) -> Self {
		executor.trace(&TracedRun { tokens, outputs }, &mut self).unwrap();
		self
	}
}

impl TileSink for Notes {
	fn stage(&mut self, step: StepId, stage: Stage) -> Interest {
		let number = self.stages.len();
		self.stages.push((step, stage));
		self.tiles.push(Vec::new());
		if self.end == Some(number) {
			Interest::End
		} else if number.is_multiple_of(self.every) {
			Interest::Tiles
		} else {
			Interest::Nothing
		}
	}

	fn tiles(&mut self, tiles: Range<u64>, source: &dyn Tiles) {
		let stage = self.tiles.last_mut().unwrap();
		assert_eq!(tiles.start, stage.len() as u64);
		// In parts that begin anywhere.
		let mut start = tiles.start;
		while start < tiles.end {
			let end = tiles.end.min(start + 1 + start % 37);
			let mut batch = LeafBatch::default();
			source.write(start..end, &mut batch);
			assert_eq!(batch.len() as u64, end - start);
			stage.extend(batch.contents().map(<[u8]>::to_vec));
			start = end;
		}
	}

	fn result(&mut self, rows: &[f32]) {
		self.result.extend(bits(rows));
	}
}

fn check(program: &Program, seed: u64, positions: usize, outputs: u32) {
	let weights = weights(program, seed, Bytes::Honest);
	let mut tokens = tokens(program, positions, seed);
	// Ids that the vocabulary does not have read row 0.
	tokens[positions / 2] = program.vocabulary + 7;
	let outputs = if matches!(program.kind, Kind::Embed) { 1 } else { outputs };
	let mut reference = reference(program, &weights);
	let expected = Notes::of(&mut *reference, &tokens, outputs);
	assert!(expected.tiles.iter().all(|tiles| !tiles.is_empty()));
	for cpu in backends() {
		let mut executor = load(&cpu, program, &weights);
		let notes = Notes::of(&mut *executor, &tokens, outputs);
		assert_eq!(notes.stages, expected.stages);
		for (at, (notes, expected)) in
			notes.stages.iter().zip(notes.tiles.iter().zip(&expected.tiles))
		{
			assert_eq!(notes, expected, "{at:?} on {}", cpu.level());
		}
		assert_eq!(notes.result, expected.result);
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(24))]

	#[test]
	fn decoders_show_the_same_tiles(
		program in decoders(),
		seed in any::<u64>(),
		positions in 1_usize..30,
		outputs in 1_u32..5,
	) {
		check(&program, seed, positions, outputs.min(positions as u32));
	}

	#[test]
	fn encoders_show_the_same_tiles(
		program in encoders(),
		seed in any::<u64>(),
		positions in 1_usize..40,
	) {
		check(&program, seed, positions, 1);
	}
}

#[test]
fn only_what_is_wanted_is_shown_and_nothing_after_the_end() {
	for program in [samples::decoder(), samples::encoder()] {
		let weights = weights(&program, 4, Bytes::Honest);
		let tokens = tokens(&program, 6, 4);
		let cpu = backends().pop().unwrap();
		let executors = [reference(&program, &weights), load(&cpu, &program, &weights)];
		for mut executor in executors {
			let all = Notes::of(&mut *executor, &tokens, 1);
			for every in [2, 3, 5, usize::MAX] {
				let some = Notes { every, ..Notes::default() };
				let some = some.take(&mut *executor, &tokens, 1);
				assert_eq!((&some.stages, &some.result), (&all.stages, &all.result));
				for (number, (some, all)) in some.tiles.iter().zip(&all.tiles).enumerate() {
					let expected = if number.is_multiple_of(every) { &all[..] } else { &[] };
					assert_eq!(some, expected, "stage {number}, every {every}");
				}
			}
			for end in 0..all.stages.len() {
				let some = Notes { every: 1, end: Some(end), ..Notes::default() };
				let some = some.take(&mut *executor, &tokens, 1);
				assert_eq!(some.stages, all.stages[..=end]);
				assert_eq!(some.tiles[..end], all.tiles[..end]);
				assert!(some.result.is_empty());
			}
		}
	}
}

#[test]
fn runs_that_the_program_does_not_have_are_refused() {
	let refused = |program: &Program, tokens: &[u32], outputs: u32| {
		let weights = weights(program, 4, Bytes::Honest);
		let cpu = backends().pop().unwrap();
		[reference(program, &weights), load(&cpu, program, &weights)].map(|mut executor| {
			let mut notes = Notes::default();
			let run = TracedRun { tokens, outputs };
			let error = executor.trace(&run, &mut notes).unwrap_err();
			assert!(notes.stages.is_empty());
			error
		})
	};
	let (decoder, encoder) = (samples::decoder(), samples::encoder());
	let long = vec![0; decoder.max_positions as usize + 1];
	for error in refused(&decoder, &[], 1).into_iter().chain(refused(&encoder, &[1], 0)) {
		assert!(matches!(error, BackendError::NoTokens), "{error}");
	}
	for error in refused(&decoder, &[1, 2], 3).into_iter().chain(refused(&encoder, &[1, 2], 2)) {
		assert!(matches!(error, BackendError::Rows { .. }), "{error}");
	}
	for error in refused(&decoder, &long, 1) {
		assert!(matches!(error, BackendError::Context { .. }), "{error}");
	}
}
