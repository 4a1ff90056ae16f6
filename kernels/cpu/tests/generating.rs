//! The backend computes what the reference computes, whatever the batch, the chunks, the level of
//! instructions and the number of threads.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod models;

use assay_kernels_backend::{
	Backend, BackendError, Chunk, Continuation, Executor, Limits, Output, Resource, SequenceId,
	Wanted,
};
use assay_kernels_exact::sampler::{sample, Sampling};
use assay_kernels_vectors::stream;
use assay_programs::{
	samples::{self, Decoder},
	Program,
};
use models::{backends, bits, decoders, load, reference, tokens, weights, Bytes};
use proptest::prelude::*;

const GREEDY: Sampling =
	Sampling { temperature: 0.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0; 4] };
const CHANCE: Sampling =
	Sampling { temperature: 0.9, top_k: 20, top_p: 60_000, min_p: 10, seed: [7, 1, 2, 3] };

/// A sequence with its logits after every position, as the reference gives them.
struct Known {
	tokens: Vec<u32>,
	logits: Vec<Vec<f32>>,
}

fn known(executor: &mut dyn Executor, program: &Program, length: usize, seed: u64) -> Known {
	let tokens = tokens(program, length, seed);
	let sequence = executor.open(length as u32).unwrap();
	let wanted = Wanted::Logits { rows: length as u32 };
	let outputs = executor.step(&[Chunk { sequence, tokens: &tokens, wanted }]).unwrap();
	executor.close(sequence);
	let [Output::Logits(logits)] = &outputs[..] else { panic!("{outputs:?}") };
	let logits = logits.chunks(program.vocabulary as usize).map(<[f32]>::to_vec).collect();
	Known { tokens, logits }
}

/// Compares the output of the chunk that ends at position `end`.
fn check(known: &Known, end: usize, wanted: &Wanted<'_>, output: &Output, what: &str) {
	let rows = end - wanted.rows() as usize..end;
	match (wanted, output) {
		(Wanted::Nothing, Output::Nothing) => {}
		(Wanted::Logits { .. }, Output::Logits(logits)) => {
			assert_eq!(bits(logits), bits(&known.logits[rows].concat()), "{what}");
		}
		(Wanted::Tokens { sampling, .. }, Output::Tokens(tokens)) => {
			let token = |p: usize| sample(&known.logits[p], sampling, p as u32 + 1).unwrap();
			assert_eq!(*tokens, rows.map(token).collect::<Vec<_>>(), "{what}");
		}
		_ => panic!("{what}: {output:?} for {wanted:?}"),
	}
}

/// How sequences are fed.
#[derive(Clone, Copy, Debug)]
enum Feeding {
	/// All tokens in one step.
	Whole,
	/// Pieces of any length, some sequences in each step, going back now and then.
	Chunks,
	/// One token of each sequence in each step.
	Tokens,
}

/// Feeds sequences to their ends, together.
fn feed(executor: &mut dyn Executor, all: &[Known], how: Feeding, seed: u64, what: &str) {
	let mut count = 0;
	let mut below = |bound: usize| {
		count += 1;
		(stream(seed, count) >> 20) as usize % bound
	};
	let open = |known: &Known| executor.open(known.tokens.len() as u32).unwrap();
	let ids: Vec<SequenceId> = all.iter().map(open).collect();
	let mut done = vec![0; all.len()];
	while done.iter().zip(all).any(|(&done, known)| done < known.tokens.len()) {
		let mut chunks = Vec::new();
		let mut ends = Vec::new();
		for (index, (known, &sequence)) in all.iter().zip(&ids).enumerate() {
			if matches!(how, Feeding::Chunks) && below(4) == 0 {
				done[index] = below(done[index] + 1);
				executor.truncate(sequence, done[index] as u32).unwrap();
			}
			let rest = &known.tokens[done[index]..];
			let length = match how {
				Feeding::Whole => rest.len(),
				Feeding::Tokens => rest.len().min(1),
				Feeding::Chunks if rest.is_empty() || below(3) == 0 => 0,
				Feeding::Chunks => 1 + below(rest.len()),
			};
			if length == 0 {
				continue;
			}
			let rows = below(length + 1) as u32;
			let wanted = match below(4) {
				0 => Wanted::Nothing,
				1 => Wanted::Logits { rows },
				2 => Wanted::Tokens { rows, sampling: &GREEDY },
				_ => Wanted::Tokens { rows, sampling: &CHANCE },
			};
			chunks.push(Chunk { sequence, tokens: &rest[..length], wanted });
			ends.push((index, done[index] + length));
		}
		let outputs = executor.step(&chunks).unwrap();
		assert_eq!(outputs.len(), chunks.len());
		for ((chunk, output), (index, end)) in chunks.iter().zip(&outputs).zip(ends) {
			check(&all[index], end, &chunk.wanted, output, what);
			done[index] = end;
			assert_eq!(executor.extent(chunk.sequence).unwrap().positions as usize, end);
		}
	}
	for id in ids {
		executor.close(id);
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn every_feeding_gives_the_bytes_of_the_reference(
		program in decoders(),
		hostile: bool,
		seed: u64,
		batch in prop::sample::select(vec![1_usize, 3, 8]),
		how in prop::sample::select(vec![Feeding::Whole, Feeding::Chunks, Feeding::Tokens]),
	) {
		let weights = weights(&program, seed, if hostile { Bytes::Hostile } else { Bytes::Honest });
		let mut exact = reference(&program, &weights);
		let all: Vec<Known> = (0..batch as u64)
			.map(|i| known(&mut *exact, &program, 1 + (stream(seed, i) % 12) as usize, seed ^ i))
			.collect();
		for cpu in backends() {
			let what = format!("{cpu:?}, {how:?}");
			let mut executor = load(&cpu, &program, &weights);
			feed(&mut *executor, &all, how, seed, &what);
		}
	}
}

/// A small model that takes many positions fast.
fn narrow() -> Decoder {
	Decoder {
		vocabulary: 40,
		hidden: 8,
		heads: 2,
		key_heads: 1,
		head_dim: 4,
		inner: 8,
		layers: 1,
		max_positions: 2600,
		..Decoder::default()
	}
}

#[test]
fn a_prompt_longer_than_a_pass_and_than_pages_is_cut_and_joined() {
	use assay_programs::op::{Digits, Mask};
	for decoder in [
		narrow(),
		Decoder { mask: Mask::Sliding { window: 700 }, key_digits: Digits::Two, ..narrow() },
	] {
		let program = decoder.program();
		let weights = weights(&program, 5, Bytes::Honest);
		let mut exact = reference(&program, &weights);
		let all = [2500, 3].map(|length| known(&mut *exact, &program, length, 9));
		for cpu in backends() {
			let mut executor = load(&cpu, &program, &weights);
			for seed in 0..3 {
				feed(&mut *executor, &all, Feeding::Whole, seed, &format!("{cpu:?}"));
			}
			feed(&mut *executor, &all, Feeding::Chunks, 7, &format!("{cpu:?}"));
		}
	}
}

#[test]
fn continuations_are_those_of_the_reference() {
	let program = samples::decoder();
	let weights = weights(&program, 3, Bytes::Honest);
	let decode = |executor: &mut dyn Executor| {
		let ids = [(); 3].map(|()| executor.open(12).unwrap());
		let batch: Vec<Continuation<'_>> = ids
			.iter()
			.zip([(&GREEDY, 12), (&CHANCE, 12), (&CHANCE, 5)])
			.map(|(&sequence, (sampling, tokens))| Continuation {
				sequence,
				token: 3,
				tokens,
				stop_ids: &[2],
				sampling,
			})
			.collect();
		executor.decode(&batch).unwrap()
	};
	let expected = decode(&mut *reference(&program, &weights));
	for cpu in backends() {
		assert_eq!(decode(&mut *load(&cpu, &program, &weights)), expected, "{cpu:?}");
	}
}

#[test]
fn a_refused_step_changes_nothing() {
	let program = samples::decoder();
	let weights = weights(&program, 1, Bytes::Honest);
	let mut exact = reference(&program, &weights);
	let known = known(&mut *exact, &program, 6, 1);
	let unknown = [program.vocabulary];
	for cpu in backends() {
		let mut executor = load(&cpu, &program, &weights);
		let [one, other] = [(); 2].map(|()| executor.open(6).unwrap());
		let chunk = |sequence, tokens| Chunk { sequence, tokens, wanted: Wanted::Nothing };
		executor.step(&[chunk(one, &known.tokens[..4])]).unwrap();
		let (good, rest) = (chunk(one, &known.tokens[4..5]), &known.tokens[4..]);
		for bad in [
			chunk(one, &[1]),
			chunk(SequenceId(9), &[1]),
			chunk(other, &[]),
			chunk(other, &unknown),
			chunk(other, &[0; 7]),
			Chunk { wanted: Wanted::Logits { rows: 2 }, ..chunk(other, &[1]) },
		] {
			let error = executor.step(&[good, bad]).unwrap_err().to_string();
			let expected = exact_error(&program, &weights, &known, bad);
			assert_eq!(error, expected);
			assert_eq!(executor.extent(one).unwrap().positions, 4);
			assert_eq!(executor.extent(other).unwrap().positions, 0);
		}
		let wanted = Wanted::Logits { rows: 2 };
		let outputs = executor.step(&[Chunk { wanted, ..chunk(one, rest) }]).unwrap();
		check(&known, 6, &wanted, &outputs[0], "after refusals");
	}
}

/// How the reference refuses the same.
fn exact_error(
	program: &Program,
	weights: &assay_kernels_backend::MemoryWeights,
	known: &Known,
	bad: Chunk<'_>,
) -> String {
	let mut exact = reference(program, weights);
	let [one, _] = [(); 2].map(|()| exact.open(6).unwrap());
	let chunk = |tokens| Chunk { sequence: one, tokens, wanted: Wanted::Nothing };
	exact.step(&[chunk(&known.tokens[..4])]).unwrap();
	exact.step(&[chunk(&known.tokens[4..5]), bad]).unwrap_err().to_string()
}

#[test]
fn what_open_reserves_can_be_filled() {
	let program = narrow().program();
	let weights = weights(&program, 1, Bytes::Honest);
	let limits = Limits { sequences: 3, positions: 1540, step_tokens: 600 };
	for cpu in backends() {
		let mut executor = cpu.load(&program, &weights, &limits).unwrap();
		assert_eq!(executor.limits(), limits);
		// One position more than whole pages, for each.
		let ids = [513, 513, 514].map(|positions| executor.open(positions).unwrap());
		let tokens = tokens(&program, 514, 2);
		let fill = |executor: &mut dyn Executor, sequence, count| {
			for tokens in tokens[..count].chunks(512) {
				executor.step(&[Chunk { sequence, tokens, wanted: Wanted::Nothing }]).unwrap();
			}
		};
		for (id, count) in ids.into_iter().zip([513, 513, 514]) {
			fill(&mut *executor, id, count);
		}
		assert!(matches!(
			executor.open(1),
			Err(BackendError::NoRoom { resource: Resource::Sequences, .. })
		));
		// What is closed or cut off is free for others.
		executor.truncate(ids[1], 0).unwrap();
		fill(&mut *executor, ids[1], 513);
		executor.close(ids[0]);
		let next = executor.open(513).unwrap();
		fill(&mut *executor, next, 513);
	}
}
