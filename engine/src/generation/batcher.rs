//! Continuous batching: many requests share the passes of one executor.
//!
//! Requests join and leave between passes. A pass takes at most so many tokens, shared out evenly, the
//! shortest first: sequences that generate have one token to read and always advance, and what they
//! leave reads prompts, in pieces. Nobody waits for the end of somebody else's long prompt, and
//! requests begin in the order of their arrival.
//!
//! Which requests share a pass, and how prompts are cut, is timing and luck. No answer depends on
//! it: that is a promise of every backend, and a property test of this crate.

use std::collections::VecDeque;

use assay_kernels_backend::{
	BackendError, Chunk, Continuation, Executor, Output, SequenceId, Wanted,
};
use assay_kernels_exact::sampler::Sampling;
use assay_programs::{Kind, Program};

use super::request::{FinishReason, Request, RequestError, RequestId};

/// How much a batcher takes on. What the executor grants limits it further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
	/// Requests that run at a time.
	pub sequences: u32,
	/// Tokens of one pass: how long a generating sequence waits at most for others' prompts.
	pub step_tokens: u32,
	/// Tokens that are generated per call when nothing but generating is to be done. More of them spare
	/// a device round trips; a request that arrives meanwhile waits for as long.
	pub decode_tokens: u32,
	/// Requests that wait for their begin.
	pub queue: usize,
}

impl Default for BatchLimits {
	fn default() -> Self {
		Self { sequences: 64, step_tokens: 512, decode_tokens: 1, queue: 256 }
	}
}

/// What happened to a request in a pass.
#[derive(Debug)]
pub enum Event {
	/// A token of the answer.
	Token {
		/// Whose.
		request: RequestId,
		/// The token.
		token: u32,
	},
	/// The answer is complete.
	Finished {
		/// Which.
		request: RequestId,
		/// All tokens of the answer.
		tokens: Vec<u32>,
		/// Why it ended.
		reason: FinishReason,
	},
	/// The executor has no room for the request although it has nothing else to hold.
	Failed {
		/// Which.
		request: RequestId,
		/// What the executor lacks.
		error: BackendError,
	},
}

/// Runs requests on an executor.
pub struct Batcher {
	executor: Box<dyn Executor>,
	program: Program,
	stop_ids: Vec<u32>,
	limits: BatchLimits,
	next: u64,
	waiting: VecDeque<Waiting>,
	running: Vec<Running>,
}

struct Waiting {
	id: RequestId,
	request: Request,
	positions: u32,
}

struct Running {
	id: RequestId,
	sequence: SequenceId,
	/// The prompt, then the answer.
	tokens: Vec<u32>,
	/// Tokens of the prompt.
	prompt: usize,
	/// Tokens that the executor has read.
	read: usize,
	max_tokens: usize,
	sampling: Sampling,
}

impl Running {
	fn unread(&self) -> usize {
		self.tokens.len() - self.read
	}

	fn answer(&self) -> &[u32] {
		&self.tokens[self.prompt..]
	}

	/// Tokens that may still be generated.
	fn left(&self) -> u32 {
		u32::try_from(self.max_tokens - self.answer().len()).unwrap_or(u32::MAX)
	}
}

impl Batcher {
	/// A batcher without requests, for an executor of this program. Programs that embed have no stop ids
	/// and no use for it; the executor then refuses every request.
	pub fn new(executor: Box<dyn Executor>, program: &Program, limits: BatchLimits) -> Self {
		let granted = executor.limits();
		let step_tokens = limits.step_tokens.min(granted.step_tokens).max(1);
		// Each running sequence reads at least one token in a pass.
		let sequences = limits.sequences.min(granted.sequences).clamp(1, step_tokens);
		let decode_tokens = limits.decode_tokens.max(1);
		let stop_ids = match &program.kind {
			Kind::Generate { stop_ids } => stop_ids.clone(),
			Kind::Embed => Vec::new(),
		};
		Self {
			executor,
			program: program.clone(),
			stop_ids,
			limits: BatchLimits { sequences, step_tokens, decode_tokens, ..limits },
			next: 0,
			waiting: VecDeque::new(),
			running: Vec::new(),
		}
	}

	/// The program that is run.
	pub fn program(&self) -> &Program {
		&self.program
	}

	/// Whether no request runs or waits.
	pub fn is_idle(&self) -> bool {
		self.running.is_empty() && self.waiting.is_empty()
	}

	/// Takes a request on. It waits until there is room for all of its positions.
	///
	/// # Errors
	/// If it can never run, or too many wait.
	pub fn submit(&mut self, request: Request) -> Result<RequestId, RequestError> {
		let positions = request.positions(&self.program)?;
		let limit = self.executor.limits().positions;
		if u64::from(positions) > limit {
			return Err(RequestError::Room { positions, limit });
		}
		if self.waiting.len() >= self.limits.queue {
			return Err(RequestError::Overloaded { waiting: self.waiting.len() });
		}
		let id = RequestId(self.next);
		self.next += 1;
		self.waiting.push_back(Waiting { id, request, positions });
		Ok(id)
	}

	/// Forgets a request, running or not, and returns the tokens of its answer so far. `None` if there is
	/// no such request any more.
	pub fn cancel(&mut self, id: RequestId) -> Option<Vec<u32>> {
		if let Some(place) = self.waiting.iter().position(|waiting| waiting.id == id) {
			self.waiting.remove(place);
			return Some(Vec::new());
		}
		let place = self.running.iter().position(|running| running.id == id)?;
		let cancelled = self.running.remove(place);
		self.executor.close(cancelled.sequence);
		Some(cancelled.answer().to_vec())
	}

	/// Begins what can begin, makes one pass, and tells what it brought, in the order of arrival.
	///
	/// # Errors
	/// If the executor fails. Its sequences are then in an unknown state: make a new batcher.
	pub fn step(&mut self) -> Result<Vec<Event>, BackendError> {
		let mut events = self.begin()?;
		if self.running.is_empty() {
			return Ok(events);
		}
		let only_generating = self.running.iter().all(|running| running.unread() == 1);
		let chosen = if only_generating && self.limits.decode_tokens > 1 {
			self.decode()?
		} else {
			self.read_and_choose()?
		};
		self.deliver(&chosen, &mut events);
		Ok(events)
	}

	/// Steps until nothing is left to do.
	///
	/// # Errors
	/// If the executor fails.
	pub fn run(&mut self, mut on_event: impl FnMut(Event)) -> Result<(), BackendError> {
		while !self.is_idle() {
			self.step()?.into_iter().for_each(&mut on_event);
		}
		Ok(())
	}

	/// Opens sequences for waiting requests, in their order, while there is room.
	fn begin(&mut self) -> Result<Vec<Event>, BackendError> {
		let mut failed = Vec::new();
		while self.running.len() < self.limits.sequences as usize {
			let Some(Waiting { id, request, positions }) = self.waiting.pop_front() else { break };
			match self.executor.open(positions) {
				Ok(sequence) => self.running.push(Running {
					id,
					sequence,
					prompt: request.prompt.len(),
					tokens: request.prompt,
					read: 0,
					max_tokens: request.max_tokens as usize,
					sampling: request.sampling,
				}),
				Err(BackendError::NoRoom { .. }) if !self.running.is_empty() => {
					self.waiting.push_front(Waiting { id, request, positions });
					break;
				}
				Err(error @ BackendError::NoRoom { .. }) => {
					failed.push(Event::Failed { request: id, error });
				}
				Err(error) => return Err(error),
			}
		}
		Ok(failed)
	}

	/// One pass over a share of every sequence's unread tokens. Returns what was chosen for each.
	fn read_and_choose(&mut self) -> Result<Vec<Vec<u32>>, BackendError> {
		let shares = shares(
			self.running.iter().map(Running::unread).collect(),
			self.limits.step_tokens as usize,
		);
		let batch: Vec<Chunk<'_>> = self
			.running
			.iter()
			.zip(&shares)
			.map(|(running, &share)| {
				let wanted = if share == running.unread() {
					Wanted::Tokens { rows: 1, sampling: &running.sampling }
				} else {
					Wanted::Nothing
				};
				let tokens = &running.tokens[running.read..running.read + share];
				Chunk { sequence: running.sequence, tokens, wanted }
			})
			.collect();
		let outputs = self.executor.step(&batch)?;
		for (running, share) in self.running.iter_mut().zip(shares) {
			running.read += share;
		}
		let tokens = outputs.into_iter().map(|output| match output {
			Output::Tokens(tokens) => tokens,
			Output::Nothing | Output::Logits(_) => Vec::new(),
		});
		Ok(tokens.collect())
	}

	/// Several tokens for every sequence, without looking at them in between.
	fn decode(&mut self) -> Result<Vec<Vec<u32>>, BackendError> {
		let batch: Vec<Continuation<'_>> = self
			.running
			.iter()
			.map(|running| Continuation {
				sequence: running.sequence,
				token: running.tokens[running.read],
				tokens: running.left().min(self.limits.decode_tokens),
				stop_ids: &self.stop_ids,
				sampling: &running.sampling,
			})
			.collect();
		let chosen = self.executor.decode(&batch)?;
		for (running, chosen) in self.running.iter_mut().zip(&chosen) {
			running.read += chosen.len();
		}
		Ok(chosen)
	}

	/// Appends what was chosen, tells it, and closes what has ended.
	fn deliver(&mut self, chosen: &[Vec<u32>], events: &mut Vec<Event>) {
		let running = std::mem::take(&mut self.running);
		for (mut one, chosen) in running.into_iter().zip(chosen) {
			let request = one.id;
			one.tokens.extend(chosen);
			events.extend(chosen.iter().map(|&token| Event::Token { request, token }));
			let has_stopped = chosen.last().is_some_and(|token| self.stop_ids.contains(token));
			let reason = if has_stopped { FinishReason::Stop } else { FinishReason::Length };
			if has_stopped || one.left() == 0 {
				self.executor.close(one.sequence);
				events.push(Event::Finished { request, tokens: one.answer().to_vec(), reason });
			} else {
				self.running.push(one);
			}
		}
	}
}

/// Shares out a pass: each sequence gets at least one token and at most what it has to read, and
/// what one leaves goes to the others. There are at least as many tokens as sequences.
fn shares(unread: Vec<usize>, step_tokens: usize) -> Vec<usize> {
	let mut order: Vec<usize> = (0..unread.len()).collect();
	order.sort_by_key(|&one| unread[one]);
	let mut left = step_tokens;
	let mut shares = unread;
	for (done, &one) in order.iter().enumerate() {
		shares[one] = shares[one].min(left / (order.len() - done));
		left -= shares[one];
	}
	shares
}

#[cfg(test)]
mod tests {
	use super::shares;

	#[test]
	fn a_pass_is_shared_evenly_and_used_up() {
		assert_eq!(shares(vec![1, 100, 1, 3, 100], 25), [1, 10, 1, 3, 10]);
		assert_eq!(shares(vec![1, 100], 512), [1, 100]);
		assert_eq!(shares(vec![9, 9, 9], 3), [1, 1, 1]);
		assert_eq!(shares(vec![9, 9], 5), [2, 3]);
		assert_eq!(shares(vec![], 5), [0; 0]);
	}
}
