//! Inference of models that generate: a stream of text.

use std::time::Instant;

use assay_engine::{
	generation::{Answer, BatchLimits, Batcher, Generator, Request, TextEvent},
	sampling::{seed_text, GREEDY},
	text_model::TextModel,
};
use assay_kernels_backend::Limits;
use assay_kernels_exact::sampler::Sampling;
use serde::Serialize;

use super::Context;
use crate::{
	cli::{GenerationArgs, InferArgs},
	console,
	status::{Failure, Status},
};

/// Tokens of an answer unless told.
const DEFAULT_TOKENS: u32 = 256;

/// The JSON result.
#[derive(Serialize)]
struct Report {
	kind: &'static str,
	#[serde(flatten)]
	context: Context,
	/// Ids of the prompt's tokens.
	prompt_tokens: Vec<u32>,
	/// Ids of the answer's tokens, the one that ended it included.
	tokens: Vec<u32>,
	/// The answer without special tokens.
	text: String,
	/// `stop`, `stop_string` or `length`.
	finish_reason: &'static str,
	/// The hash of the answer's tokens.
	hash: String,
	sampling: SamplingReport,
	timing: Timing,
}

/// The parameters as a job states them.
#[derive(Serialize)]
struct SamplingReport {
	temperature: f32,
	top_k: u32,
	/// In 1/65536.
	top_p: u32,
	/// In 1/65536.
	min_p: u32,
	/// 16 bytes.
	seed: String,
}

/// Seconds since the model was loaded, except for loading itself.
#[derive(Clone, Copy, Serialize)]
struct Timing {
	load_seconds: f64,
	/// Reading the prompt and choosing the first token.
	first_token_seconds: f64,
	total_seconds: f64,
}

pub(super) fn run(args: &InferArgs, model: &TextModel) -> Result<(), Failure> {
	let program = &model.model.program;
	let prompt = super::tokens(args, model)?;
	let sampling = sampling(&args.generation);
	let request = Request {
		max_tokens: args.generation.max_tokens.unwrap_or_else(|| {
			// The last token needs no position.
			let left = (program.max_positions as usize + 1).saturating_sub(prompt.len());
			// A prompt that leaves no room is refused with what it needs for one token.
			u32::try_from(left).unwrap_or(u32::MAX).clamp(1, DEFAULT_TOKENS)
		}),
		prompt: prompt.clone(),
		sampling,
	};
	// Loading takes long; a request that cannot run should not wait for it.
	let positions = request.positions(program)?;
	let batch = BatchLimits::default();
	let limits = Limits {
		sequences: 1,
		positions: positions.into(),
		step_tokens: batch.step_tokens.min(positions),
	};
	let (executor, load_seconds) = super::load(&args.backend, model, &limits)?;
	let batcher = Batcher::new(executor, program, batch);
	let mut generator = Generator::new(batcher, model.tokenizer.clone());

	let begin = Instant::now();
	generator.submit(request, &args.generation.stop)?;
	let (answer, first_token_seconds) = answer(&mut generator, begin, !args.json)?;
	let total_seconds = begin.elapsed().as_secs_f64();
	let timing = Timing { load_seconds, first_token_seconds, total_seconds };
	if args.json {
		return console::json(&Report {
			kind: "generate",
			context: super::context(&args.backend, model),
			prompt_tokens: prompt,
			tokens: answer.tokens,
			text: answer.text,
			finish_reason: answer.reason.name(),
			hash: answer.hash.to_string(),
			sampling: SamplingReport {
				temperature: sampling.temperature,
				top_k: sampling.top_k,
				top_p: sampling.top_p,
				min_p: sampling.min_p,
				seed: seed_text(sampling.seed),
			},
			timing,
		});
	}
	console::line("")?;
	eprintln!(
		"{} tokens of prompt, {} of answer ({}), first after {first_token_seconds:.3} s, all after \
		 {total_seconds:.3} s\nhash {}",
		prompt.len(),
		answer.tokens.len(),
		answer.reason.name(),
		answer.hash
	);
	Ok(())
}

/// The answer and the seconds to its first token; shows its text meanwhile if wanted.
fn answer(generator: &mut Generator, begin: Instant, show: bool) -> Result<(Answer, f64), Failure> {
	let mut first_token_seconds = None;
	while !generator.is_idle() {
		let events = generator.step()?;
		if generator.has_tokens() {
			first_token_seconds.get_or_insert_with(|| begin.elapsed().as_secs_f64());
		}
		for event in events {
			match event {
				TextEvent::Text { text, .. } if show => console::write(&text)?,
				TextEvent::Text { .. } => {}
				TextEvent::Finished { answer, .. } => {
					let first = first_token_seconds.unwrap_or(begin.elapsed().as_secs_f64());
					return Ok((answer, first));
				}
				TextEvent::Failed { error, .. } => return Err(error.into()),
			}
		}
	}
	Err(Failure::new(Status::Failed, "the request ended without an answer"))
}

fn sampling(args: &GenerationArgs) -> Sampling {
	Sampling {
		temperature: args.temperature.unwrap_or(GREEDY.temperature),
		top_k: args.top_k.unwrap_or(GREEDY.top_k),
		top_p: args.top_p.unwrap_or(GREEDY.top_p),
		min_p: args.min_p.unwrap_or(GREEDY.min_p),
		seed: args.seed.unwrap_or(GREEDY.seed),
	}
}
