//! Answers as text while they are generated.

use std::collections::BTreeMap;

use assay_kernels_backend::BackendError;
use assay_primitives::TokenRoot;

use super::{
	batcher::{Batcher, Event},
	request::{FinishReason, Request, RequestError, RequestId},
	stop::StopFilter,
};
use crate::{
	output::hash_of_tokens,
	tokenizer::{TextStream, Tokenizer},
};

/// A finished answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
	/// Its tokens, the one that ended it included.
	pub tokens: Vec<u32>,
	/// Its text, without special tokens, up to the stop string.
	pub text: String,
	/// Why it ended.
	pub reason: FinishReason,
	/// The hash of the tokens.
	pub hash: TokenRoot,
}

/// What happened to a request.
#[derive(Debug)]
pub enum TextEvent {
	/// More of the answer's text; never empty.
	Text {
		/// Whose.
		request: RequestId,
		/// Whole characters.
		text: String,
	},
	/// The answer is complete.
	Finished {
		/// Which.
		request: RequestId,
		/// All of it.
		answer: Answer,
	},
	/// There is no room for the request.
	Failed {
		/// Which.
		request: RequestId,
		/// What is lacking.
		error: BackendError,
	},
}

/// A batcher whose answers are text.
pub struct Generator {
	batcher: Batcher,
	tokenizer: Tokenizer,
	answers: BTreeMap<RequestId, Unfinished>,
}

struct Unfinished {
	tokens: Vec<u32>,
	stream: TextStream,
	filter: StopFilter,
	text: String,
}

impl Generator {
	/// Answers of this batcher as text of this tokenizer, both of the same model.
	pub fn new(batcher: Batcher, tokenizer: Tokenizer) -> Self {
		Self { batcher, tokenizer, answers: BTreeMap::new() }
	}

	/// Whether no request runs or waits.
	pub fn is_idle(&self) -> bool {
		self.batcher.is_idle()
	}

	/// Whether an unfinished answer has tokens, even if they make no text yet.
	pub fn has_tokens(&self) -> bool {
		self.answers.values().any(|answer| !answer.tokens.is_empty())
	}

	/// Takes a request on, to end at its limit, at a stop id of the model, or when its text holds one of the
	/// stop strings.
	///
	/// # Errors
	/// If it can never run, or too many wait.
	pub fn submit(
		&mut self,
		request: Request,
		stops: &[String],
	) -> Result<RequestId, RequestError> {
		let id = self.batcher.submit(request)?;
		let answer = Unfinished {
			tokens: Vec::new(),
			stream: TextStream::new(&self.tokenizer),
			filter: StopFilter::new(stops),
			text: String::new(),
		};
		self.answers.insert(id, answer);
		Ok(id)
	}

	/// Forgets a request.
	pub fn cancel(&mut self, id: RequestId) {
		self.batcher.cancel(id);
		self.answers.remove(&id);
	}

	/// Makes one pass and tells what it brought.
	///
	/// # Errors
	/// If the executor fails: make a new generator.
	pub fn step(&mut self) -> Result<Vec<TextEvent>, BackendError> {
		let mut told = Vec::new();
		for event in self.batcher.step()? {
			match event {
				Event::Token { request, token } => self.token(request, token, &mut told),
				Event::Finished { request, reason, .. } => {
					if let Some(answer) = self.answers.remove(&request) {
						answer.finish(request, reason, &mut told);
					}
				}
				Event::Failed { request, error } => {
					self.answers.remove(&request);
					told.push(TextEvent::Failed { request, error });
				}
			}
		}
		Ok(told)
	}

	/// Tokens that come after a stop string belong to no answer any more.
	fn token(&mut self, request: RequestId, token: u32, told: &mut Vec<TextEvent>) {
		let Some(answer) = self.answers.get_mut(&request) else { return };
		answer.tokens.push(token);
		let piece = answer.stream.push(token);
		answer.show(request, &piece, told);
		if answer.filter.has_stopped() {
			self.batcher.cancel(request);
			if let Some(answer) = self.answers.remove(&request) {
				answer.finish(request, FinishReason::StopString, told);
			}
		}
	}
}

impl Unfinished {
	fn show(&mut self, request: RequestId, piece: &str, told: &mut Vec<TextEvent>) {
		let text = self.filter.push(piece);
		self.tell(request, text, told);
	}

	fn tell(&mut self, request: RequestId, text: String, told: &mut Vec<TextEvent>) {
		if !text.is_empty() {
			self.text.push_str(&text);
			told.push(TextEvent::Text { request, text });
		}
	}

	fn finish(mut self, request: RequestId, reason: FinishReason, told: &mut Vec<TextEvent>) {
		let rest = self.stream.clone().finish();
		self.show(request, &rest, told);
		let held = self.filter.clone().finish();
		self.tell(request, held, told);
		let hash = hash_of_tokens(&self.tokens);
		let answer = Answer { tokens: self.tokens, text: self.text, reason, hash };
		told.push(TextEvent::Finished { request, answer });
	}
}
