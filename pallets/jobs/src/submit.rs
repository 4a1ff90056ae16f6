//! Submission: what a request must be, and what waits in escrow for it.

use assay_market::{
	traits::{Clock, ModelFacts, ModelKind, Models, Offences, Vouchers},
	Lengths, Limits, Price, Request, Sampling, TokenList,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

use crate::{
	candidates::Wanted,
	data::Publication,
	state::{After, Move},
	words::MAX_LEAVES,
	Blake2, Config, Error, Event, Job, Jobs, NextNonce, Pallet, Parameters, Search, State, Words,
};

impl<T: Config> Pallet<T> {
	/// Opens a job. Returns the size of the program that was priced, which the weight follows; `None`
	/// if the job had been submitted before.
	pub(crate) fn do_submit(
		user: T::AccountId,
		nonce: u64,
		request: Request<Words>,
	) -> Result<Option<u32>, DispatchError> {
		let list = request.input.list();
		let (request, input) = request.with_input(list);
		let id = request.job::<Blake2>(&user, nonce);
		if Jobs::<T>::contains_key(id) {
			return Ok(None);
		}
		let least_nonce = NextNonce::<T>::get(&user);
		ensure!(nonce >= least_nonce, Error::<T>::NonceUsed);
		let next_nonce = nonce.checked_add(1).ok_or(Error::<T>::NonceUsed)?;

		let parameters = Parameters::<T>::get();
		let patience = 1..=parameters.accept_within_max;
		ensure!(patience.contains(&request.accept_within), Error::<T>::AcceptWithinOutOfRange);
		let facts = T::Models::ensure_takes_jobs(&request.model)?;
		let stopped = T::Offences::is_stopped(facts.numerics_version, &request.model);
		ensure!(!stopped, Error::<T>::NumericsStopped);
		Self::check_request(&request, input.inline(), &facts)?;

		let lengths = Lengths { inputs: request.input.length, outputs: request.limits.max_tokens };
		let weights = T::ComputeWeights::get();
		let longest = T::Models::run(&request.model, lengths, &weights)?;
		let series = T::Vouchers::terms(request.series)?;
		let unit_price = Price { quote: series.quote, amount: series.price_per_unit };
		let candidates = Self::candidates(&Wanted {
			id: &id,
			request: &request,
			lengths,
			longest,
			unit_price,
			parameters: &parameters,
		})?;
		// The dearest candidate: whoever accepts, the escrow suffices.
		let escrow = candidates
			.iter()
			.map(|candidate| candidate.rate.units(longest.units))
			.max()
			.ok_or(Error::<T>::NoOffer)?;
		Self::escrow(&user, request.series, escrow)?;
		if least_nonce == 0 {
			Self::hold_nonce_deposit(&user)?;
		}

		let now = T::Clock::now();
		let expires_at = now.checked_add(request.accept_within).ok_or(Error::<T>::TickOverflow)?;
		let submitted = Event::Submitted {
			job: id,
			user: user.clone(),
			nonce,
			request,
			escrow,
			candidates: candidates.clone(),
			expires_at,
		};
		let search = Search {
			candidates,
			declined: Default::default(),
			turn_ticks: parameters.turn_ticks,
			expires_at,
		};
		let job = Job {
			user: user.clone(),
			nonce,
			request,
			numerics_version: facts.numerics_version,
			escrow,
			unit_price,
			weights,
			longest,
			submitted_at: now,
			input_data: Publication::of(&input),
			state: State::Submitted(search),
			queued_at: None,
			failures: 0,
		};
		Self::transition(&id, Move::Submit, After::Open(job))?;
		NextNonce::<T>::insert(&user, next_nonce);
		Self::deposit_event(submitted);
		Ok(Some(facts.program_bytes))
	}

	/// What does not depend on who answers.
	fn check_request(
		request: &Request<TokenList>,
		tokens: Option<&[u32]>,
		facts: &ModelFacts,
	) -> Result<(), DispatchError> {
		let Request { input, sampling, limits, .. } = request;
		ensure!(sampling.has_admitted_temperature(), Error::<T>::TemperatureOutOfRange);
		ensure!(sampling.has_admitted_probabilities(), Error::<T>::ProbabilityOutOfRange);
		ensure!(input.length > 0, Error::<T>::InputEmpty);
		ensure!(input.leaves() <= MAX_LEAVES, Error::<T>::ListTooLong);
		match facts.kind {
			ModelKind::Generate => ensure!(limits.max_tokens > 0, Error::<T>::LimitZero),
			ModelKind::Embed { .. } => ensure!(
				*sampling == Sampling::default() && *limits == Limits { max_tokens: 0 },
				Error::<T>::NotForEmbeddings
			),
		}
		let positions =
			input.length.checked_add(limits.max_tokens).ok_or(Error::<T>::ContextOverflow)?;
		ensure!(positions <= facts.max_positions, Error::<T>::ContextOverflow);
		let known = |tokens: &[u32]| tokens.iter().all(|token| *token < facts.vocabulary);
		ensure!(tokens.is_none_or(known), Error::<T>::TokenOutOfVocabulary);
		Ok(())
	}
}
