//! How both models predict the next token of the same text.

use assay_kernels_backend::{BackendError, Chunk, Executor, Output, SequenceId, Wanted};

use super::{Sequence, SEQUENCES};
use crate::{float::FloatDecoder, metrics::Predictions, QualityError};

/// Most positions of a sequence whose logits are held at a time. They are large: a row has the width of
/// the vocabulary.
const POSITIONS: usize = 4;

/// What stands for the tokens of a sequence that has ended before the others of its batch. Nothing of
/// what comes of it is used.
const AFTER_THE_END: u32 = 0;

/// Lets both models predict the tokens of the sequences, each from those before it. After each
/// batch `on_progress` hears how many sequences are done.
///
/// # Errors
/// If one of the models cannot be run.
pub fn compare_predictions(
	float: &mut FloatDecoder,
	exact: &mut dyn Executor,
	sequences: &[Sequence],
	mut on_progress: impl FnMut(usize),
) -> Result<Predictions, QualityError> {
	// Together with others of their length, few rows are computed in vain.
	let mut order: Vec<&Sequence> = sequences.iter().collect();
	order.sort_by_key(|sequence| std::cmp::Reverse(sequence.tokens.len()));
	let mut predictions = Predictions::default();
	let mut done = 0;
	while let Some(longest) = order.get(done) {
		let size = batch_size(exact, longest.tokens.len()).min(order.len() - done);
		compare_batch(float, exact, &order[done..done + size], &mut predictions)?;
		done += size;
		on_progress(done);
	}
	Ok(predictions)
}

/// How many sequences of at most so many tokens the executor holds.
fn batch_size(exact: &dyn Executor, tokens: usize) -> usize {
	let limits = exact.limits();
	let by_positions = limits.positions / (tokens as u64).max(1);
	let sequences = by_positions.min(limits.sequences.min(SEQUENCES).into());
	usize::try_from(sequences).unwrap_or(usize::MAX).max(1)
}

fn compare_batch(
	float: &mut FloatDecoder,
	exact: &mut dyn Executor,
	batch: &[&Sequence],
	predictions: &mut Predictions,
) -> Result<(), QualityError> {
	float.restart();
	let open = |sequence: &&Sequence| exact.open(count(sequence.tokens.len() - 1));
	let ids = batch.iter().map(open).collect::<Result<Vec<_>, _>>()?;
	let step_tokens = exact.limits().step_tokens as usize;
	let at_once = (step_tokens / batch.len()).clamp(1, POSITIONS);
	// The last token is predicted and not read.
	let positions = batch.iter().map(|sequence| sequence.tokens.len() - 1).max().unwrap_or(0);
	for first in (0..positions).step_by(at_once) {
		let end = (first + at_once).min(positions);
		let float_rows = (first..end)
			.map(|position| float.step(&tokens_at(batch, position)))
			.collect::<Result<Vec<_>, _>>()?;
		for (number, logits) in exact_logits(exact, batch, &ids, first..end)? {
			let Sequence { tokens, first_predicted, .. } = batch[number];
			let read = end.min(tokens.len() - 1) - first;
			let rows = logits.chunks_exact(logits.len() / read);
			for ((position, exact_row), float_rows) in (first..).zip(rows).zip(&float_rows) {
				if position + 1 >= *first_predicted {
					let token = tokens[position + 1] as usize;
					predictions.add(&float_rows[number], exact_row, token);
				}
			}
		}
	}
	ids.into_iter().for_each(|id| exact.close(id));
	Ok(())
}

fn tokens_at(batch: &[&Sequence], position: usize) -> Vec<u32> {
	batch
		.iter()
		.map(|sequence| sequence.tokens.get(position).copied().unwrap_or(AFTER_THE_END))
		.collect()
}

/// The logits of each sequence of a batch that has positions in this range, by its number.
fn exact_logits(
	exact: &mut dyn Executor,
	batch: &[&Sequence],
	ids: &[SequenceId],
	range: std::ops::Range<usize>,
) -> Result<Vec<(usize, Vec<f32>)>, QualityError> {
	let mut numbers = Vec::with_capacity(batch.len());
	let mut chunks = Vec::with_capacity(batch.len());
	for (number, (sequence, &id)) in batch.iter().zip(ids).enumerate() {
		let end = range.end.min(sequence.tokens.len() - 1);
		if range.start < end {
			let tokens = &sequence.tokens[range.start..end];
			let wanted = Wanted::Logits { rows: count(tokens.len()) };
			chunks.push(Chunk { sequence: id, tokens, wanted });
			numbers.push(number);
		}
	}
	let logits = exact.step(&chunks)?.into_iter().map(|output| match output {
		Output::Logits(logits) => Ok(logits),
		Output::Nothing | Output::Tokens(_) => {
			Err(BackendError::Device("the backend gave no logits".into()))
		}
	});
	let logits = logits.collect::<Result<Vec<_>, _>>()?;
	Ok(numbers.into_iter().zip(logits).collect())
}

/// A number of tokens, which programs bound far below.
fn count(tokens: usize) -> u32 {
	u32::try_from(tokens).unwrap_or(u32::MAX)
}
