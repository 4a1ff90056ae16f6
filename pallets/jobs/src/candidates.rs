//! Who may accept a job: found at submission, with turns that nobody else's doings move.

use alloc::vec;

use assay_market::{
	traits::{Bonds, Clock, ExposureRule, Models, Offences, OfferSearch, Run, Vouchers},
	Assignment, JobId, Lengths, Price, ProviderId, Request, TokenList,
};
use frame_support::{
	ensure,
	traits::{ConstU32, Get},
	BoundedVec,
};
use sp_runtime::DispatchError;

use crate::{
	parameters::JobParameters, price::price, Candidate, Config, Error, JobOf, Pallet, State,
	UnitRate, MAX_CANDIDATES,
};

/// A request with what is known of the longest answer, before anybody is found for it.
pub(crate) struct Wanted<'a> {
	/// The job that it becomes.
	pub id: &'a JobId,
	/// What was asked for.
	pub request: &'a Request<TokenList>,
	/// Lengths of the longest answer.
	pub lengths: Lengths,
	/// What it takes.
	pub longest: Run,
	/// Price of a unit of the series.
	pub unit_price: Price,
	/// The governed values.
	pub parameters: &'a JobParameters,
}

impl<T: Config> Pallet<T> {
	/// Who may accept, best first, and at which price. Of the best offers, whoever cannot serve this
	/// request is passed over; that of a named provider says why it cannot.
	pub(crate) fn candidates(
		wanted: &Wanted,
	) -> Result<BoundedVec<Candidate, ConstU32<MAX_CANDIDATES>>, DispatchError> {
		let candidates = match wanted.request.assignment {
			Assignment::Named(provider) => vec![Self::candidate(wanted, provider)?],
			Assignment::BestOffer => {
				let search = Self::search(wanted)?;
				let providers = T::Bonds::best_offers(&wanted.request.model, &search);
				providers
					.into_iter()
					.filter_map(|provider| Self::candidate(wanted, provider).ok())
					.collect()
			}
		};
		ensure!(!candidates.is_empty(), Error::<T>::NoOffer);
		BoundedVec::try_from(candidates).map_err(|_| Error::<T>::TooManyCandidates.into())
	}

	/// A provider with its offer, if it can serve the request.
	fn candidate(wanted: &Wanted, provider: ProviderId) -> Result<Candidate, DispatchError> {
		let Wanted { request, lengths, longest, unit_price, parameters, .. } = wanted;
		let (factor, base) = Self::exposure_factors(request.exposure_factor)?;
		let offer = T::Bonds::offer(provider, &request.model).ok_or(Error::<T>::NoOffer)?;
		let surcharge = parameters.exposure_surcharge;
		let rate = UnitRate::new(offer.multiplier_percent, factor, base, surcharge)
			.ok_or(Error::<T>::PriceOverflow)?;
		let units = rate.units(longest.units);
		ensure!(units <= request.max_price, Error::<T>::PriceAboveMaximum);
		Self::ensure_worth_serving(&offer, *unit_price, units)?;
		let deadline_ticks = Self::deadline_ticks(&offer, *lengths, request.max_deadline_ticks)?;
		Ok(Candidate { provider, rate, deadline_ticks })
	}

	/// What is asked of the best offers: as many as have a turn, and only those who can serve.
	fn search(wanted: &Wanted) -> Result<OfferSearch, DispatchError> {
		let Wanted { id, request, lengths, longest, unit_price, parameters } = wanted;
		let (factor, base) = Self::exposure_factors(request.exposure_factor)?;
		let surcharge = parameters.exposure_surcharge;
		let rate = UnitRate::new(100, factor, base, surcharge).ok_or(Error::<T>::PriceOverflow)?;
		let run_units = rate.units(longest.units);
		let run_price = price(*unit_price, run_units).ok_or(Error::<T>::PriceOverflow)?;
		let turns = request.accept_within.div_ceil(parameters.turn_ticks.max(1));
		Ok(OfferSearch {
			tie: id.0 .0,
			most: turns.min(MAX_CANDIDATES),
			run_units,
			run_price: T::Vouchers::native_value(run_price)?,
			max_multiplier_percent: UnitRate::greatest_multiplier(
				longest.units,
				request.max_price,
				factor,
				base,
				surcharge,
			),
			lengths: *lengths,
			max_deadline_ticks: request.max_deadline_ticks.min(T::MaxDeadlineTicks::get()),
			trace_bytes: longest.trace_bytes,
			exposure: T::ExposureRule::terms(factor),
		})
	}

	/// Tells the providers' pallet which of the best offers let their turns pass, at the end of the
	/// search. `accepts`: who ended it, and missed nothing.
	pub(crate) fn note_missed_turns(job: &JobOf<T>, accepts: Option<ProviderId>) {
		let model = &job.request.model;
		let State::Submitted(search) = &job.state else { return };
		// A named provider owes nobody an answer, and nobody could accept what is stopped.
		if job.request.assignment != Assignment::BestOffer
			|| T::Models::ensure_takes_jobs(model).is_err()
			|| T::Offences::is_stopped(job.numerics_version, model)
		{
			return;
		}
		for provider in search.missed(job.submitted_at, T::Clock::now()) {
			if Some(provider) != accepts {
				T::Bonds::turn_missed(provider, model);
			}
		}
	}
}
