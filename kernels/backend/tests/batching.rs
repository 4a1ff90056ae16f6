//! Chunks, batches, truncation and what is asked for do not show in the results.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_backend::{
	reference::ReferenceExecutor, Chunk, Executor, Output, SequenceId, Wanted,
};
use assay_kernels_exact::sampler::{sample, Sampling};
use assay_programs::Program;
use common::{bits, decoders, executor, interpreter, weights, Bytes, Words};
use proptest::prelude::*;

fn sampling(seed: u32) -> Sampling {
	Sampling { temperature: 0.9, top_k: 20, top_p: 60_000, min_p: 0, seed: [seed, 1, 2, 3] }
}

/// Logits of all positions, from one pass.
fn whole(program: &Program, seed: u64, kind: Bytes, tokens: &[u32]) -> Vec<Vec<u32>> {
	let interpreter = interpreter(program, &weights(program, seed, kind));
	let rows = interpreter.run(tokens, tokens.len() as u32, &mut ()).unwrap();
	(0..rows.len()).map(|row| bits(rows.row(row))).collect()
}

/// A sequence that is fed in pieces and compared with its logits from one pass.
struct Fed {
	id: SequenceId,
	tokens: Vec<u32>,
	expected: Vec<Vec<u32>>,
	done: usize,
}

impl Fed {
	/// Compares the output of a chunk of `count` tokens, of which the last `rows` were asked for.
	fn check(&mut self, count: usize, rows: usize, output: &Output, sampling: &Sampling) {
		self.done += count;
		let positions = self.done - rows..self.done;
		match output {
			Output::Nothing => {}
			Output::Logits(logits) => {
				assert_eq!(bits(logits), self.expected[positions].concat());
			}
			Output::Tokens(tokens) => {
				let chosen = positions.map(|position| {
					let logits: Vec<f32> =
						self.expected[position].iter().map(|&bits| f32::from_bits(bits)).collect();
					sample(&logits, sampling, position as u32 + 1).unwrap()
				});
				assert_eq!(*tokens, chosen.collect::<Vec<_>>());
			}
		}
	}
}

/// Feeds the sequences to their ends, in batches and chunks that `words` chooses, going back now
/// and then.
fn feed(executor: &mut ReferenceExecutor<'_>, sequences: &mut [Fed], words: &mut Words) {
	let sampling = sampling(7);
	while sequences.iter().any(|sequence| sequence.done < sequence.tokens.len()) {
		let mut chosen: Vec<(usize, usize, usize, usize)> = Vec::new();
		for (index, sequence) in sequences.iter_mut().enumerate() {
			if words.below(4) == 0 && sequence.done > 0 {
				sequence.done -= words.below(sequence.done + 1);
				executor.truncate(sequence.id, sequence.done as u32).unwrap();
			}
			let left = sequence.tokens.len() - sequence.done;
			if left > 0 && words.below(3) > 0 {
				let count = 1 + words.below(left);
				chosen.push((index, count, words.below(count + 1), words.below(3)));
			}
		}
		let chunks: Vec<Chunk<'_>> = chosen
			.iter()
			.map(|&(index, count, rows, wanted)| {
				let Fed { id, tokens, done, .. } = &sequences[index];
				let rows = rows as u32;
				let wanted = match wanted {
					0 => Wanted::Nothing,
					1 => Wanted::Logits { rows },
					_ => Wanted::Tokens { rows, sampling: &sampling },
				};
				Chunk { sequence: *id, tokens: &tokens[*done..done + count], wanted }
			})
			.collect();
		let outputs = executor.step(&chunks).unwrap();
		drop(chunks);
		for ((index, count, rows, _), output) in chosen.into_iter().zip(outputs) {
			sequences[index].check(count, rows, &output, &sampling);
			let extent = executor.extent(sequences[index].id).unwrap();
			assert_eq!(extent.positions as usize, sequences[index].done);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn results_depend_on_the_sequence_alone(
		model in 0..decoders().len(),
		hostile: bool,
		seed: u64,
		lengths in prop::collection::vec(1_usize..14, 1..4),
	) {
		let program = &decoders()[model];
		let kind = if hostile { Bytes::Hostile } else { Bytes::Honest };
		let mut executor = executor(program, &weights(program, seed, kind));
		let mut words = Words::new(seed);
		let mut sequences: Vec<Fed> = lengths
			.iter()
			.map(|&length| {
				let tokens = words.tokens(length, program);
				let expected = whole(program, seed, kind, &tokens);
				let id = executor.open(length as u32).unwrap();
				Fed { id, tokens, expected, done: 0 }
			})
			.collect();
		feed(&mut executor, &mut sequences, &mut words);
	}

	#[test]
	fn logits_depend_on_the_positions_before_alone(
		model in 0..decoders().len(),
		seed: u64,
		length in 2_usize..12,
	) {
		let program = &decoders()[model];
		let mut words = Words::new(seed);
		let mut tokens = words.tokens(length, program);
		let expected = whole(program, seed, Bytes::Honest, &tokens);
		let changed = 1 + words.below(length - 1);
		tokens[changed] = (tokens[changed] + 1) % program.vocabulary;
		let got = whole(program, seed, Bytes::Honest, &tokens);
		prop_assert_eq!(&got[..changed], &expected[..changed]);
		prop_assert_ne!(&got[changed], &expected[changed]);
	}
}

#[test]
fn a_sliding_window_forgets_and_causal_attention_does_not() {
	let rows = |model: usize, first: u32| {
		let program = &decoders()[model];
		let mut tokens = Words::new(2).tokens(9, program);
		tokens[0] = first;
		whole(program, 2, Bytes::Honest, &tokens)
	};
	let equal = |model| -> Vec<bool> {
		rows(model, 1).iter().zip(rows(model, 2)).map(|(a, b)| *a == b).collect()
	};
	// Two layers with a window of three: position 4 is the last that hears of position 0.
	assert_eq!(equal(7)[5..], [true; 4]);
	assert_eq!(equal(7)[..3], [false; 3]);
	assert_eq!(equal(0), [false; 9]);
}

#[test]
fn several_attention_blocks_come_in_any_chunks() {
	for (model, program) in decoders().iter().enumerate() {
		// Causal, two-digit keys, sliding.
		if ![0, 2, 7].contains(&model) {
			continue;
		}
		let tokens = Words::new(5).tokens(520, program);
		let expected = whole(program, 5, Bytes::Honest, &tokens);
		let mut executor = executor(program, &weights(program, 5, Bytes::Honest));
		for cut in [1, 511, 512, 513] {
			let sequence = executor.open(520).unwrap();
			for part in [&tokens[..cut], &tokens[cut..]] {
				let wanted = Wanted::Logits { rows: 1 };
				let outputs = executor.step(&[Chunk { sequence, tokens: part, wanted }]).unwrap();
				let [Output::Logits(logits)] = &outputs[..] else { panic!("{outputs:?}") };
				let positions = executor.extent(sequence).unwrap().positions as usize;
				assert_eq!(bits(logits), expected[positions - 1], "model {model}, cut {cut}");
			}
			executor.close(sequence);
		}
	}
}
