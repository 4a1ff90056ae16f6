//! What [`Executor::decode`] means.

use alloc::{vec, vec::Vec};

use crate::{BackendError, Chunk, Continuation, Executor, Output, Wanted};

/// Continuations by steps of one token for each that has not ended.
pub(crate) fn decode_by_steps<E: Executor + ?Sized>(
	executor: &mut E,
	batch: &[Continuation<'_>],
) -> Result<Vec<Vec<u32>>, BackendError> {
	let mut before = Vec::with_capacity(batch.len());
	for continuation in batch {
		if continuation.tokens == 0 {
			return Err(BackendError::NoTokens);
		}
		let extent = executor.extent(continuation.sequence)?;
		extent.check(continuation.tokens.into())?;
		before.push(extent.positions);
	}
	let chosen = choose(executor, batch);
	if chosen.is_err() {
		for (continuation, &positions) in batch.iter().zip(&before) {
			// A device that has failed cannot go back; the error to tell is the first one.
			if executor.truncate(continuation.sequence, positions).is_err() {
				break;
			}
		}
	}
	chosen
}

fn choose<E: Executor + ?Sized>(
	executor: &mut E,
	batch: &[Continuation<'_>],
) -> Result<Vec<Vec<u32>>, BackendError> {
	let mut chosen: Vec<Vec<u32>> = vec![Vec::new(); batch.len()];
	let mut running: Vec<usize> = (0..batch.len()).collect();
	while !running.is_empty() {
		let inputs: Vec<u32> = running
			.iter()
			.map(|&index| chosen[index].last().copied().unwrap_or(batch[index].token))
			.collect();
		let chunks: Vec<Chunk<'_>> = running
			.iter()
			.zip(inputs.chunks(1))
			.map(|(&index, tokens)| Chunk {
				sequence: batch[index].sequence,
				tokens,
				wanted: Wanted::Tokens { rows: 1, sampling: batch[index].sampling },
			})
			.collect();
		for (&index, output) in running.iter().zip(executor.step(&chunks)?) {
			if let Output::Tokens(tokens) = output {
				chosen[index].extend(tokens);
			}
		}
		running.retain(|&index| {
			let Continuation { tokens, stop_ids, .. } = batch[index];
			let chosen = &chosen[index];
			let stopped = chosen.last().is_some_and(|token| stop_ids.contains(token));
			!stopped && chosen.len() < tokens as usize
		});
	}
	Ok(chosen)
}
