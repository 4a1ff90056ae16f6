//! Choosing tokens one after the other.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use assay_kernels_backend::{Continuation, Executor, SequenceId};
use assay_kernels_exact::sampler::{sample, Sampling};
use common::{decoders, executor, interpreter, weights, Bytes};

const SAMPLING: Sampling =
	Sampling { temperature: 1.0, top_k: 0, top_p: 65_536, min_p: 0, seed: [4, 3, 2, 1] };

fn ask(sequence: SequenceId, tokens: u32, stop_ids: &[u32]) -> Continuation<'_> {
	Continuation { sequence, token: 3, tokens, stop_ids, sampling: &SAMPLING }
}

/// The tokens that follow token 3, each chosen from a pass over everything before.
fn expected(model: usize, count: usize) -> Vec<u32> {
	let program = &decoders()[model];
	let interpreter = interpreter(program, &weights(program, 9, Bytes::Honest));
	let mut sequence = vec![3];
	while sequence.len() <= count {
		let logits = interpreter.run(&sequence, 1, &mut ()).unwrap();
		sequence.push(sample(logits.row(0), &SAMPLING, sequence.len() as u32).unwrap());
	}
	sequence.split_off(1)
}

#[test]
fn each_choice_is_the_input_of_the_next() {
	for (model, program) in decoders().iter().enumerate() {
		let mut executor = executor(program, &weights(program, 9, Bytes::Honest));
		let sequence = executor.open(8).unwrap();
		let expected = expected(model, 8);
		assert_eq!(executor.decode(&[ask(sequence, 8, &[])]).unwrap(), [expected]);
		assert_eq!(executor.extent(sequence).unwrap().positions, 8);
	}
}

#[test]
fn continuations_of_a_batch_end_by_themselves() {
	let program = &decoders()[0];
	let mut executor = executor(program, &weights(program, 9, Bytes::Honest));
	let [free, stopped, short] = [(); 3].map(|()| executor.open(12).unwrap());
	let all = expected(0, 12);
	let stop = all[3];
	let first = all.iter().position(|&token| token == stop).unwrap();
	let stops = [39, stop];
	let batch = [ask(free, 12, &[]), ask(stopped, 12, &stops), ask(short, 2, &[])];
	let chosen = executor.decode(&batch).unwrap();
	assert_eq!(chosen, [all.clone(), all[..=first].to_vec(), all[..2].to_vec()]);
	let length = |sequence| executor.extent(sequence).unwrap().positions as usize;
	assert_eq!([free, stopped, short].map(length), [12, first + 1, 2]);
}

#[test]
fn a_refused_continuation_changes_nothing() {
	let program = &decoders()[0];
	let mut executor = executor(program, &weights(program, 9, Bytes::Honest));
	let [one, other] = [(); 2].map(|()| executor.open(4).unwrap());
	executor.decode(&[ask(one, 1, &[])]).unwrap();
	let unknown = Continuation { token: program.vocabulary, ..ask(other, 1, &[]) };
	for batch in [
		[ask(one, 2, &[]), ask(other, 5, &[])],
		[ask(one, 2, &[]), ask(one, 2, &[])],
		[ask(one, 2, &[]), ask(other, 0, &[])],
		[ask(one, 2, &[]), unknown],
		[ask(one, 2, &[]), ask(SequenceId(77), 1, &[])],
	] {
		assert!(executor.decode(&batch).is_err(), "{batch:?}");
		let length = |sequence| executor.extent(sequence).unwrap().positions;
		assert_eq!([one, other].map(length), [1, 0]);
	}
}
