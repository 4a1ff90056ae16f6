//! What is refused, with which error, and that nothing changes then.

#![allow(
	clippy::cast_possible_truncation,
	clippy::unwrap_used,
	reason = "lengths are small, and a failed `unwrap` in a test is a failed test"
)]

mod common;

use std::sync::atomic::{AtomicU32, Ordering};

use assay_kernels_backend::{
	reference::{Interpreter, Reference, ReferenceExecutor},
	Backend, BackendError, Chunk, ContextLimit, Executor, Limits, MemoryWeights, OperationError,
	Output, Resource, SequenceId, Wanted, WeightError, WeightSource,
};
use assay_programs::{Program, TensorId};
use common::{decoders, encoders, executor, weights, Bytes};

fn chunk(sequence: SequenceId, tokens: &[u32]) -> Chunk<'_> {
	Chunk { sequence, tokens, wanted: Wanted::Logits { rows: 1 } }
}

fn logits(executor: &mut dyn Executor, sequence: SequenceId, token: u32) -> Vec<Output> {
	executor.step(&[chunk(sequence, &[token])]).unwrap()
}

#[test]
fn a_refused_step_changes_nothing() {
	let program = &decoders()[0];
	let mut executor = executor(program, &weights(program, 1, Bytes::Honest));
	let [one, other, reference] = [(); 3].map(|()| executor.open(4).unwrap());
	executor.step(&[chunk(one, &[1, 2])]).unwrap();
	executor.step(&[chunk(reference, &[1, 2])]).unwrap();
	let good = chunk(one, &[3]);
	let rows = Chunk { wanted: Wanted::Logits { rows: 2 }, ..chunk(other, &[3]) };
	let cases = [
		(chunk(one, &[3]), "the batch names sequence 0 twice; join its chunks"),
		(chunk(SequenceId(9), &[3]), "sequence 9 is not open"),
		(chunk(other, &[]), "no token is given where at least one is needed"),
		(chunk(other, &[3, 40]), "token 40 is not in the vocabulary of 40 tokens"),
		(chunk(other, &[0; 5]), "5 positions are more than the 4 that the sequence was opened for"),
		(rows, "2 rows are wanted of a chunk of 1 tokens"),
	];
	for (bad, message) in cases {
		assert_eq!(executor.step(&[good, bad]).unwrap_err().to_string(), message);
		assert_eq!(executor.extent(one).unwrap().positions, 2);
		assert_eq!(executor.extent(other).unwrap().positions, 0);
	}
	assert_eq!(logits(&mut executor, one, 3), logits(&mut executor, reference, 3));
}

#[test]
fn sequences_are_refused_beyond_the_limits() {
	let program = &decoders()[0];
	let limits = Limits { sequences: 2, positions: 100, step_tokens: 3 };
	let weights = weights(program, 1, Bytes::Honest);
	let mut executor = Reference.load(program, &weights, &limits).unwrap();
	assert_eq!(executor.limits(), limits);
	assert!(matches!(
		executor.open(1201),
		Err(BackendError::Context { positions: 1201, limit: 1200, by: ContextLimit::Program })
	));
	let first = executor.open(60).unwrap();
	assert!(matches!(
		executor.open(41),
		Err(BackendError::NoRoom { resource: Resource::Positions, wanted: 41, free: 40 })
	));
	let second = executor.open(40).unwrap();
	assert!(matches!(
		executor.open(0),
		Err(BackendError::NoRoom { resource: Resource::Sequences, wanted: 1, free: 0 })
	));
	let batch = [chunk(first, &[1, 2]), chunk(second, &[1, 2])];
	assert!(matches!(executor.step(&batch), Err(BackendError::StepTokens { tokens: 4, limit: 3 })));
	executor.close(first);
	assert!(
		matches!(executor.extent(first), Err(BackendError::UnknownSequence(id)) if id == first)
	);
	let third = executor.open(60).unwrap();
	assert!(third != first, "names are not given twice");
}

#[test]
fn only_positions_that_are_there_can_be_kept() {
	let program = &decoders()[0];
	let mut executor = executor(program, &weights(program, 1, Bytes::Honest));
	let sequence = executor.open(4).unwrap();
	executor.step(&[chunk(sequence, &[1, 2])]).unwrap();
	assert!(matches!(
		executor.truncate(sequence, 3),
		Err(BackendError::TooShort { keep: 3, positions: 2, .. })
	));
	executor.truncate(sequence, 2).unwrap();
	assert_eq!(executor.extent(sequence).unwrap().positions, 2);
	assert!(executor.truncate(SequenceId(5), 0).is_err());
}

#[test]
fn calls_for_the_other_kind_are_refused() {
	let (decoder, encoder) = (&decoders()[0], &encoders()[0]);
	let error = executor(decoder, &weights(decoder, 1, Bytes::Honest)).embed(&[&[1]]).unwrap_err();
	assert_eq!(error.to_string(), "an embedding needs a program that embeds");
	let mut executor = executor(encoder, &weights(encoder, 1, Bytes::Honest));
	let error = executor.open(1).unwrap_err();
	assert_eq!(error.to_string(), "a sequence needs a program that generates");
	let error = executor.step(&[]).unwrap_err();
	assert_eq!(error.to_string(), "a step needs a program that generates");
}

fn load(program: &Program, weights: &MemoryWeights) -> BackendError {
	match Reference.load(program, weights, &Limits::NONE) {
		Ok(_) => panic!("loaded"),
		Err(error) => error,
	}
}

#[test]
fn programs_and_weights_that_do_not_fit_are_refused() {
	let program = &decoders()[0];
	let mut broken = program.clone();
	broken.blocks[0].ops.clear();
	assert!(matches!(load(&broken, &MemoryWeights::default()), BackendError::Program(_)));
	assert!(Interpreter::lazy(&broken, &MemoryWeights::default()).is_err());

	assert!(matches!(
		load(program, &MemoryWeights::default()),
		BackendError::Weights(WeightError::Missing { tensor: TensorId(0), copy: 0 })
	));
	let mut weights = weights(program, 1, Bytes::Honest);
	weights.insert(TensorId(2), 1, vec![0; 3]);
	let error = load(program, &weights);
	assert_eq!(error.to_string(), "copy 1 of tensor 2 has 3 bytes, the program states 256");
}

/// Weights that cannot be read any more after some reads.
struct Failing {
	weights: MemoryWeights,
	left: AtomicU32,
}

impl WeightSource for Failing {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		let left = self
			.left
			.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
		if left.is_err() {
			let source = std::io::Error::other("the disk is gone").into();
			return Err(WeightError::Read { tensor, copy, source });
		}
		self.weights.read(tensor, copy, out)
	}
}

#[test]
fn weights_are_read_when_needed_and_a_failure_changes_nothing() {
	let program = &decoders()[0];
	let weights = weights(program, 1, Bytes::Honest);
	let mut kept = executor(program, &weights);
	let source = Failing { weights, left: AtomicU32::new(u32::MAX) };
	let interpreter = Interpreter::lazy(program, &source).unwrap();
	let mut lazy = ReferenceExecutor::new(interpreter, Limits::NONE);
	for executor in [&mut kept, &mut lazy] {
		for _ in 0..2 {
			let sequence = executor.open(4).unwrap();
			logits(executor, sequence, 1);
		}
	}
	let both = [chunk(SequenceId(0), &[2, 3]), chunk(SequenceId(1), &[3, 2])];
	let expected = kept.step(&both).unwrap();
	// Early in the first chunk, in its second layer, and in the second chunk.
	for reads in [5, 30, 70] {
		source.left.store(reads, Ordering::Relaxed);
		let error = lazy.step(&both).unwrap_err();
		let BackendError::Operation { reason, .. } = &error else { panic!("{reads}: {error}") };
		assert!(matches!(reason, OperationError::Weights(_)), "{reads}: {error}");
		assert!(error.to_string().ends_with("cannot be read: the disk is gone"), "{error}");
	}
	source.left.store(u32::MAX, Ordering::Relaxed);
	assert_eq!(lazy.step(&both).unwrap(), expected);
}
