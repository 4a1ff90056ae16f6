//! `infer`: one input, one answer.

mod embed;
mod generate;

use std::{
	fs,
	io::{self, Read},
	path::Path,
	time::Instant,
};

use assay_engine::{chat::Chat, text_model::TextModel};
use assay_kernels_backend::{Executor, Limits};
use assay_model::Kind;
use serde::Serialize;

use crate::{
	backend::BackendName,
	cli::{BackendArgs, InferArgs},
	memory,
	status::{Failure, Status},
};

/// What an answer was computed with; part of every JSON result.
#[derive(Serialize)]
struct Context {
	/// Which program.
	program_hash: String,
	/// Which weights.
	weights_root: String,
	/// Which backend.
	backend: BackendName,
}

pub(super) fn run(args: &InferArgs) -> Result<(), Failure> {
	args.backend.set_threads()?;
	let model = TextModel::open(&args.model)?;
	match model.model.manifest.kind {
		Kind::Generate => generate::run(args, &model),
		Kind::Embed => embed::run(args, &model),
	}
}

/// The tokens that the command line asks to run.
fn tokens(args: &InferArgs, model: &TextModel) -> Result<Vec<u32>, Failure> {
	if let Some(tokens) = &args.tokens {
		model.tokenizer.check_tokens(tokens)?;
		return Ok(tokens.clone());
	}
	if let Some(chat) = &args.chat {
		let chat = Chat::from_json(&read(chat)?).map_err(|error| {
			Failure::new(Status::Refused, format!("{}: {error}", chat.display()))
		})?;
		return Ok(model.encode_chat(&chat)?);
	}
	let text = match (&args.text, &args.file) {
		(Some(text), _) => text.clone(),
		(None, Some(file)) => String::from_utf8(read(file)?).map_err(|error| {
			let place = error.utf8_error().valid_up_to();
			let reason =
				format!("{}: no UTF-8 at byte {place}; convert the file to UTF-8", file.display());
			Failure::new(Status::Refused, reason)
		})?,
		// The command line has exactly one input.
		(None, None) => String::new(),
	};
	Ok(model.encode(&text)?)
}

/// The content of a file, or of stdin for `-`.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
	if file == Path::new("-") {
		let mut content = Vec::new();
		io::stdin().read_to_end(&mut content).map_err(|error| Failure::io(file, error))?;
		return Ok(content);
	}
	fs::read(file).map_err(|error| Failure::io(file, error))
}

/// The model on the chosen backend with room for one text, and how many seconds loading took.
fn load(
	args: &BackendArgs,
	model: &TextModel,
	limits: &Limits,
) -> Result<(Box<dyn Executor>, f64), Failure> {
	let begin = Instant::now();
	let backend = args.open()?;
	let (program, weights) = (&model.model.program, &model.model.weights);
	let generates = model.model.manifest.kind == Kind::Generate;
	memory::check(&backend.backend().memory(program, limits)?, generates)?;
	// The root that stands beside an answer must be that of the weights which computed it.
	model.model.verify(|_bytes| ())?;
	let executor = backend.backend().load(program, weights, limits)?;
	let seconds = begin.elapsed().as_secs_f64();
	tracing::info!(
		backend = backend.backend().name(),
		device = backend.device(),
		seconds,
		"model loaded"
	);
	Ok((executor, seconds))
}

fn context(args: &BackendArgs, model: &TextModel) -> Context {
	let manifest = &model.model.manifest;
	Context {
		program_hash: manifest.program_hash.to_string(),
		weights_root: manifest.weights_root.to_string(),
		backend: args.backend,
	}
}
