//! What can be asked of a generating model, and why it may be refused.

use assay_kernels_exact::sampler::Sampling;
use assay_programs::Program;

/// Names a request of a batcher. Never given twice by the same batcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Tokens to continue.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
	/// The prompt, at least one token.
	pub prompt: Vec<u32>,
	/// Most tokens of the answer, at least one.
	pub max_tokens: u32,
	/// How tokens are chosen.
	pub sampling: Sampling,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
	/// The model chose a token that ends the output.
	Stop,
	/// The text came to one of the request's stop strings.
	StopString,
	/// All tokens that were asked for.
	Length,
}

impl FinishReason {
	/// The reason's name in machine-readable output.
	pub const fn name(self) -> &'static str {
		match self {
			Self::Stop => "stop",
			Self::StopString => "stop_string",
			Self::Length => "length",
		}
	}
}

/// Why a request is refused, before any work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
	/// No tokens to continue.
	#[error("the prompt has no tokens; give at least one")]
	EmptyPrompt,
	/// No tokens asked for.
	#[error("an answer of 0 tokens is asked for; ask for at least 1")]
	NoTokens,
	/// A token id of no token.
	#[error(
		"token {token} does not exist; the model's vocabulary has {vocabulary} tokens, from 0"
	)]
	Token {
		/// The id.
		token: u32,
		/// Tokens of the model.
		vocabulary: u32,
	},
	/// Prompt and answer are longer than the model's context.
	#[error(
		"{prompt} tokens of prompt and {max_tokens} of answer need {positions} positions, the model has \
		 {limit}; shorten the prompt or ask for fewer tokens"
	)]
	Context {
		/// Tokens of the prompt.
		prompt: usize,
		/// Tokens asked for.
		max_tokens: u32,
		/// Positions that they need; the last token needs none.
		positions: u64,
		/// Positions that there are.
		limit: u32,
	},
	/// The machine could never hold the sequence.
	#[error(
		"the request needs {positions} positions, this machine has room for {limit}; shorten the prompt \
		 or ask for fewer tokens"
	)]
	Room {
		/// Positions needed.
		positions: u32,
		/// Positions of all sequences together.
		limit: u64,
	},
	/// Too many requests wait already.
	#[error("overloaded: {waiting} requests are waiting, which is the limit; try again later")]
	Overloaded {
		/// Requests that wait.
		waiting: usize,
	},
}

impl Request {
	/// How many positions of the program the request needs: one for each token that is read, which the
	/// last one of the answer is not.
	///
	/// # Errors
	/// If the program cannot run it.
	pub fn positions(&self, program: &Program) -> Result<u32, RequestError> {
		let vocabulary = program.vocabulary;
		if self.prompt.is_empty() {
			return Err(RequestError::EmptyPrompt);
		}
		if self.max_tokens == 0 {
			return Err(RequestError::NoTokens);
		}
		if let Some(&token) = self.prompt.iter().find(|&&token| token >= vocabulary) {
			return Err(RequestError::Token { token, vocabulary });
		}
		let (prompt, max_tokens) = (self.prompt.len(), self.max_tokens);
		let positions = prompt as u64 + u64::from(max_tokens) - 1;
		let limit = program.max_positions;
		u32::try_from(positions)
			.ok()
			.filter(|&positions| positions <= limit)
			.ok_or(RequestError::Context { prompt, max_tokens, positions, limit })
	}
}
