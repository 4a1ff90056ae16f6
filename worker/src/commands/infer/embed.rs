//! Inference of models that embed: a vector.

use std::time::Instant;

use assay_engine::{embedding::Embedder, text_model::TextModel};
use assay_kernels_backend::Limits;
use serde::Serialize;

use super::Context;
use crate::{
	cli::{GenerationArgs, InferArgs},
	console,
	status::{Failure, Status},
};

/// The JSON result.
#[derive(Serialize)]
struct Report {
	kind: &'static str,
	#[serde(flatten)]
	context: Context,
	/// Ids of the text's tokens.
	tokens: Vec<u32>,
	/// The vector. The digits read back to the same f32.
	embedding: Vec<f32>,
	/// The hash of the vector's bits.
	hash: String,
	timing: Timing,
}

#[derive(Serialize)]
struct Timing {
	load_seconds: f64,
	embed_seconds: f64,
}

pub(super) fn run(args: &InferArgs, model: &TextModel) -> Result<(), Failure> {
	refuse(&args.generation)?;
	let tokens = super::tokens(args, model)?;
	let positions = model.model.program.max_positions;
	let limits = Limits { sequences: 1, positions: positions.into(), step_tokens: positions };
	let (executor, load_seconds) = super::load(&args.backend, model, &limits)?;
	let mut embedder = Embedder::new(executor, &model.model.program, model.tokenizer.clone());
	let begin = Instant::now();
	let embeddings = embedder.embed(vec![tokens], |_| {})?;
	let embed_seconds = begin.elapsed().as_secs_f64();
	for embedding in embeddings {
		if args.json {
			console::json(&Report {
				kind: "embed",
				context: super::context(&args.backend, model),
				tokens: embedding.tokens,
				embedding: embedding.vector,
				hash: embedding.hash.to_string(),
				timing: Timing { load_seconds, embed_seconds },
			})?;
		} else {
			let numbers: Vec<String> = embedding.vector.iter().map(f32::to_string).collect();
			console::line(numbers.join(" "))?;
			eprintln!(
				"{} tokens, {} dimensions, {embed_seconds:.3} s\nhash {}",
				embedding.tokens.len(),
				numbers.len(),
				embedding.hash
			);
		}
	}
	Ok(())
}

/// Flags that this model would ignore are mistakes.
fn refuse(generation: &GenerationArgs) -> Result<(), Failure> {
	let GenerationArgs { max_tokens, temperature, top_k, top_p, min_p, seed, stop } = generation;
	let given = [
		("--max-tokens", max_tokens.is_some()),
		("--temperature", temperature.is_some()),
		("--top-k", top_k.is_some()),
		("--top-p", top_p.is_some()),
		("--min-p", min_p.is_some()),
		("--seed", seed.is_some()),
		("--stop", !stop.is_empty()),
	];
	match given.iter().find(|(_, given)| *given) {
		Some((flag, _)) => {
			let reason = format!("{flag} means nothing to this model, which embeds; leave it out");
			Err(Failure::new(Status::Refused, reason))
		}
		None => Ok(()),
	}
}
