//! How many problems the models solve, choosing the likeliest token each time.

use assay_engine::{
	generation::{BatchLimits, Batcher, Event, Request},
	sampling::GREEDY,
	tokenizer::{TextStream, Tokenizer},
};
use assay_kernels_backend::Executor;
use assay_programs::Program;

use super::{SEQUENCES, STEP_TOKENS};
use crate::{float::FloatDecoder, metrics::argmax, QualityError};

/// Tokens that are generated per call of the executor.
const DECODE_TOKENS: u32 = 16;

/// A prompt with the only right answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
	/// At least one token.
	pub prompt: Vec<u32>,
	/// To the letter, spaces around it aside.
	pub answer: String,
	/// Tokens of the answer and the one that ends it, at least one. An answer that takes more is wrong.
	pub max_tokens: usize,
}

impl Problem {
	/// Whether tokens are the answer and its end.
	pub fn is_solved_by(&self, tokens: &[u32], tokenizer: &Tokenizer, stop_ids: &[u32]) -> bool {
		let Some((last, answer)) = tokens.split_last() else { return false };
		if !stop_ids.contains(last) {
			return false;
		}
		let mut stream = TextStream::new(tokenizer);
		let mut text: String = answer.iter().map(|&token| stream.push(token)).collect();
		text.push_str(&stream.finish());
		text.trim() == self.answer.trim()
	}
}

/// The float model's answers, each with its end if one comes in time. `on_progress` hears how many there
/// are.
///
/// # Errors
/// If the model cannot be run.
pub fn float_answers(
	float: &mut FloatDecoder,
	problems: &[Problem],
	stop_ids: &[u32],
	mut on_progress: impl FnMut(usize),
) -> Result<Vec<Vec<u32>>, QualityError> {
	let mut answers = Vec::with_capacity(problems.len());
	for batch in problems.chunks(SEQUENCES as usize) {
		float.restart();
		let mut running: Vec<Running<'_>> = batch.iter().map(Running::new).collect();
		for position in 0.. {
			if running.iter().all(|one| one.is_done(stop_ids)) {
				break;
			}
			let tokens: Vec<u32> = running.iter().map(|one| one.token(position)).collect();
			let rows = float.step(&tokens)?;
			for (one, logits) in running.iter_mut().zip(rows) {
				if position + 1 >= one.problem.prompt.len() && !one.is_done(stop_ids) {
					let token = argmax(&logits);
					one.answer.push(u32::try_from(token).unwrap_or(u32::MAX));
				}
			}
		}
		answers.extend(running.into_iter().map(|one| one.answer));
		on_progress(answers.len());
	}
	Ok(answers)
}

/// A problem that is being answered.
struct Running<'p> {
	problem: &'p Problem,
	answer: Vec<u32>,
}

impl<'p> Running<'p> {
	fn new(problem: &'p Problem) -> Self {
		Self { problem, answer: Vec::new() }
	}

	fn is_done(&self, stop_ids: &[u32]) -> bool {
		self.answer.len() >= self.problem.max_tokens
			|| self.answer.last().is_some_and(|token| stop_ids.contains(token))
	}

	/// The token at a position; any after the end, where nothing is used any more.
	fn token(&self, position: usize) -> u32 {
		let prompt = &self.problem.prompt;
		let after = position.checked_sub(prompt.len());
		let token = after.map_or(prompt.get(position), |after| self.answer.get(after));
		token.copied().unwrap_or(0)
	}
}

/// The exact model's answers, each with its end if one comes in time. `on_progress` hears how many there
/// are.
///
/// # Errors
/// If a problem is refused, or the executor fails.
pub fn exact_answers(
	executor: Box<dyn Executor>,
	program: &Program,
	problems: &[Problem],
	mut on_progress: impl FnMut(usize),
) -> Result<Vec<Vec<u32>>, QualityError> {
	let limits = BatchLimits {
		sequences: SEQUENCES,
		step_tokens: STEP_TOKENS,
		decode_tokens: DECODE_TOKENS,
		queue: problems.len(),
	};
	let mut batcher = Batcher::new(executor, program, limits);
	let mut places = std::collections::BTreeMap::new();
	for (place, problem) in problems.iter().enumerate() {
		let request = Request {
			prompt: problem.prompt.clone(),
			max_tokens: u32::try_from(problem.max_tokens).unwrap_or(u32::MAX),
			sampling: GREEDY,
		};
		places.insert(batcher.submit(request)?, place);
	}
	let mut answers = vec![Vec::new(); problems.len()];
	let (mut done, mut failed) = (0, None);
	batcher.run(|event| match event {
		Event::Token { .. } => {}
		Event::Finished { request, tokens, .. } => {
			if let Some(&place) = places.get(&request) {
				answers[place] = tokens;
			}
			done += 1;
			on_progress(done);
		}
		Event::Failed { error, .. } => failed = Some(error),
	})?;
	match failed {
		Some(error) => Err(error.into()),
		None => Ok(answers),
	}
}
