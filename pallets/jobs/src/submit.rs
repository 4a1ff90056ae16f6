//! Submission: what a request must be, who may accept it, what waits in escrow for it.

use alloc::vec;

use assay_market::{
	traits::{Bonds, Clock, ModelFacts, ModelKind, Models, Offences, Run, Vouchers},
	Assignment, JobId, Lengths, Limits, Price, ProviderId, Request, Sampling, TokenList,
};
use frame_support::{
	ensure,
	traits::{ConstU32, Get},
	BoundedVec,
};
use sp_runtime::DispatchError;

use crate::{
	data::Publication,
	parameters::JobParameters,
	price::deadline_ticks,
	state::{After, Move},
	words::MAX_LEAVES,
	Blake2, Candidate, Config, Error, Event, Job, Jobs, NextNonce, Pallet, Parameters, Search,
	State, UnitRate, Words, MAX_CANDIDATES,
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
		ensure!(nonce >= NextNonce::<T>::get(&user), Error::<T>::NonceUsed);
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
		let candidates =
			Self::candidates(&id, &request, lengths, &longest, unit_price, &parameters)?;
		// The dearest candidate: whoever accepts, the escrow suffices.
		let escrow = candidates
			.iter()
			.map(|candidate| candidate.rate.units(longest.units))
			.max()
			.ok_or(Error::<T>::NoOffer)?;
		Self::escrow(&user, request.series, escrow)?;

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
		let search = Search { candidates, turn_ticks: parameters.turn_ticks, expires_at };
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

	/// Who may accept, best first, and at which price.
	fn candidates(
		id: &JobId,
		request: &Request<TokenList>,
		lengths: Lengths,
		longest: &Run,
		unit_price: Price,
		parameters: &JobParameters,
	) -> Result<BoundedVec<Candidate, ConstU32<MAX_CANDIDATES>>, DispatchError> {
		let (factor, base) = Self::exposure_factors(request.exposure_factor)?;
		let candidate = |provider: ProviderId| {
			let offer = T::Bonds::offer(provider, &request.model).ok_or(Error::<T>::NoOffer)?;
			let surcharge = parameters.exposure_surcharge;
			let rate = UnitRate::new(offer.multiplier_percent, factor, base, surcharge)
				.ok_or(Error::<T>::PriceOverflow)?;
			let units = rate.units(longest.units);
			ensure!(units <= request.max_price, Error::<T>::PriceAboveMaximum);
			Self::ensure_worth_serving(&offer, unit_price, units)?;
			let deadline_ticks = deadline_ticks(&offer, lengths).ok_or(Error::<T>::TickOverflow)?;
			Ok(Candidate { provider, rate, deadline_ticks })
		};
		let providers = match request.assignment {
			Assignment::Named(provider) => vec![provider],
			Assignment::BestOffer => {
				let turns = request.accept_within.div_ceil(parameters.turn_ticks.max(1));
				T::Bonds::best_offers(&request.model, &id.0 .0, turns.min(MAX_CANDIDATES))
			}
		};
		let mut candidates = BoundedVec::new();
		// Whoever cannot serve this request is passed over; if nobody can, the best one's reason is
		// the reason.
		let mut refusal = None;
		for provider in providers {
			match candidate(provider) {
				Ok(candidate) => {
					let full = candidates.try_push(candidate).is_err();
					ensure!(!full, Error::<T>::TooManyCandidates);
				}
				Err(error) => {
					refusal.get_or_insert(error);
				}
			}
		}
		if candidates.is_empty() {
			return Err(refusal.unwrap_or(Error::<T>::NoOffer.into()));
		}
		Ok(candidates)
	}
}
