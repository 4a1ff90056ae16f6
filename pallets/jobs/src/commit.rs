//! The answer, and the rules that it must keep.

use assay_kernels_exact::float::canon;
use assay_market::{
	traits::{Audits, Bonds, Clock, ModelFacts, ModelKind, Models},
	Commitment, JobId, Lengths, ModelId, TermsHash, TokenList,
};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	data::Publication,
	state::{After, Move},
	words::MAX_LEAVES,
	Answer, Blake2, Config, Error, Event, Job, JobOf, Pallet, Promise, State, Words,
};

impl<T: Config> Pallet<T> {
	/// A provider answers. Returns the size of the program that was priced, which the weight follows;
	/// `None` if the same had been answered before.
	pub(crate) fn do_commit(
		who: &T::AccountId,
		id: JobId,
		terms_hash: TermsHash,
		output: Words,
	) -> Result<Option<u32>, DispatchError> {
		let provider = Self::acting_provider(who)?;
		let job = Self::open_job(&id)?;
		let promise = *job.promise().ok_or(Error::<T>::NotAccepted)?;
		ensure!(promise.candidate.provider == provider, Error::<T>::NotTheProvider);
		ensure!(job.terms_hash(&promise) == terms_hash, Error::<T>::TermsMismatch);
		let model = job.request.model;
		let facts = T::Models::facts(&model).ok_or(Error::<T>::UnknownModel)?;
		let list = output.list();
		let commitment = match facts.kind {
			ModelKind::Generate => Commitment::Tokens(list),
			ModelKind::Embed { .. } => Commitment::Embedding(list),
		};
		if let Some(answer) = job.answer() {
			ensure!(answer.commitment == commitment, Error::<T>::AlreadyCommitted);
			return Ok(None);
		}
		ensure!(T::Clock::now() < promise.deadline_at, Error::<T>::DeadlineOver);
		let outputs = Self::check_output(&job, &facts, &list, output.inline())?;
		let answer = Self::answer(&job, &promise, commitment, outputs, &output)?;
		T::Bonds::expose(provider, &model, promise.reserved, answer.exposed)?;

		let commitment_hash = commitment.hash::<Blake2>(&id, &terms_hash);
		let committed = Event::Committed {
			job: id,
			provider,
			commitment,
			commitment_hash,
			units: answer.units,
			exposed: answer.exposed,
			window_closes_at: answer.window_closes_at,
		};
		let state = State::Committed(promise, answer);
		Self::transition(&id, Move::Commit, After::Open(Job { state, ..job }))?;
		Self::deposit_event(committed);
		if promise.listed {
			T::Audits::answered(&id, &commitment_hash, promise.audit_share);
		}
		Ok(Some(facts.program_bytes))
	}

	/// What an answer costs, what is at stake for it, and until when.
	fn answer(
		job: &JobOf<T>,
		promise: &Promise,
		commitment: Commitment,
		outputs: u32,
		output: &Words,
	) -> Result<Answer<T::AccountId>, DispatchError> {
		let lengths = Lengths { inputs: job.request.input.length, outputs };
		let run = T::Models::run(&job.request.model, lengths, &job.weights)?;
		let rate = promise.candidate.rate;
		let (units, longest) = (rate.units(run.units), rate.units(job.longest.units));
		ensure!(units <= longest, Error::<T>::CostsMoreThanLongest);
		let price_native = promise.native_price(units, longest).ok_or(Error::<T>::PriceOverflow)?;
		let exposed = promise.exposure.exposure(price_native).ok_or(Error::<T>::PriceOverflow)?;
		let now = T::Clock::now();
		let after = |ticks| now.checked_add(ticks).ok_or(Error::<T>::TickOverflow);
		Ok(Answer {
			commitment,
			run,
			units,
			price_native,
			exposed,
			requests_close_at: after(promise.clocks.window_ticks / 2)?,
			window_closes_at: after(promise.clocks.window_ticks)?,
			open_games: 0,
			output_data: Publication::of(output),
		})
	}

	/// Whether an answer keeps the rules, as far as the chain sees it. Of an answer that is only
	/// named by its root, a game shows the rest. Returns the number of its tokens; 0 for vectors.
	fn check_output(
		job: &JobOf<T>,
		facts: &ModelFacts,
		list: &TokenList,
		words: Option<&[u32]>,
	) -> Result<u32, DispatchError> {
		ensure!(list.leaves() <= MAX_LEAVES, Error::<T>::ListTooLong);
		match facts.kind {
			ModelKind::Generate => {
				let limit = job.request.limits.max_tokens;
				ensure!(list.length > 0, Error::<T>::OutputEmpty);
				ensure!(list.length <= limit, Error::<T>::OutputTooLong);
				if let Some(tokens) = words {
					let known = tokens.iter().all(|token| *token < facts.vocabulary);
					ensure!(known, Error::<T>::TokenOutOfVocabulary);
					Self::check_stop(&job.request.model, tokens, list.length == limit)?;
				}
				Ok(list.length)
			}
			ModelKind::Embed { dimension } => {
				ensure!(list.length == dimension, Error::<T>::WrongDimension);
				let canonical = |words: &[u32]| words.iter().copied().all(is_canonical);
				ensure!(words.is_none_or(canonical), Error::<T>::NotCanonical);
				Ok(0)
			}
		}
	}

	/// A stop token ends the answer, and nothing else does but the limit.
	fn check_stop(model: &ModelId, tokens: &[u32], at_limit: bool) -> DispatchResult {
		let stop = T::Models::first_stop_token(model, tokens);
		let is_last = stop.is_none_or(|place| place.saturating_add(1) == tokens.len());
		ensure!(is_last, Error::<T>::StopTokenInside);
		ensure!(stop.is_some() || at_limit, Error::<T>::StopsEarly);
		Ok(())
	}
}

/// Whether these are the bits of a value that the arithmetic can give.
fn is_canonical(bits: u32) -> bool {
	canon(f32::from_bits(bits)).to_bits() == bits
}
