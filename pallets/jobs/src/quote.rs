//! Answers to who asks before acting.

use assay_market::{
	traits::{Audits, Bonds, Clock, ExposureRule, Models, Vouchers},
	Balance, JobId, Lengths, ModelId, Price, ProviderId, SeriesId, Terms, Tick,
};
use frame_support::traits::Get;
use sp_runtime::DispatchError;

use crate::{
	price::price, AnswerSecurity, Blake2, Config, Error, JobView, Jobs, Pallet, Parameters,
	Quotation, State, UnitRate,
};

/// Tokens that people compare prices by.
const MILLION: Balance = 1_000_000;

/// Price of a million tokens if so many cost `amount`, rounded up; `None` on overflow.
fn per_million(amount: Balance, tokens: Balance) -> Option<Balance> {
	Some(amount.checked_mul(MILLION)?.div_ceil(tokens.max(1)))
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_quote(
		model: ModelId,
		lengths: Lengths,
		series: SeriesId,
		provider: ProviderId,
		exposure_factor: Option<u32>,
	) -> Result<Quotation, DispatchError> {
		let overflow = || DispatchError::from(Error::<T>::PriceOverflow);
		let offer = T::Bonds::offer(provider, &model).ok_or(Error::<T>::NoOffer)?;
		let (factor, base) = Self::exposure_factors(exposure_factor)?;
		let surcharge = Parameters::<T>::get().exposure_surcharge;
		let rate = UnitRate::new(offer.multiplier_percent, factor, base, surcharge)
			.ok_or_else(overflow)?;
		let run = T::Models::run(&model, lengths, &T::ComputeWeights::get())?;
		let terms = T::Vouchers::terms(series)?;
		let unit_price = Price { quote: terms.quote, amount: terms.price_per_unit };
		let units = rate.units(run.units);
		let price = price(unit_price, units).ok_or_else(overflow)?;
		Self::ensure_worth_serving(&offer, unit_price, units)?;
		let price_native = T::Vouchers::native_value(price)?;
		let tokens = Balance::from(lengths.inputs).saturating_add(Balance::from(lengths.outputs));
		let amount = per_million(price.amount, tokens).ok_or_else(overflow)?;
		Ok(Quotation {
			compute_units: run.units,
			trace_bytes: run.trace_bytes,
			units,
			price,
			price_native,
			per_million_tokens: Price { amount, ..price },
			per_million_tokens_native: per_million(price_native, tokens).ok_or_else(overflow)?,
			exposure: T::ExposureRule::exposure(price_native, factor).ok_or_else(overflow)?,
			deadline_ticks: Self::deadline_ticks(&offer, lengths, Tick::MAX)?,
		})
	}

	pub(crate) fn view_job(id: &JobId) -> Option<JobView<T::AccountId>> {
		let job = Jobs::<T>::get(id)?;
		let now = T::Clock::now();
		let (provider, terms) = match &job.state {
			State::Submitted(search) if now >= search.expires_at => (None, None),
			State::Submitted(search) => {
				let turn = search.turn(job.submitted_at, now);
				let exposure = Self::exposure_now(&job);
				let terms = turn.map(|candidate| job.terms(candidate, exposure));
				(turn.map(|candidate| candidate.provider), terms)
			}
			State::Accepted(promise) | State::Committed(promise, _) | State::Unpaid(promise, _) => {
				let terms = job.terms(&promise.candidate, promise.exposure);
				(Some(promise.candidate.provider), Some(terms))
			}
		};
		Some(JobView {
			provider,
			terms_hash: terms.as_ref().map(Terms::hash::<Blake2>),
			terms,
			commitment_hash: job.commitment_hash(id),
			is_due: Self::due_move(&job).is_some(),
			job,
		})
	}

	pub(crate) fn view_answer_security(id: &JobId) -> Option<AnswerSecurity> {
		let job = Jobs::<T>::get(id)?;
		let Some(answer) = job.answer() else { return Some(AnswerSecurity::Unanswered) };
		let window_left = answer.window_closes_at.saturating_sub(T::Clock::now());
		let data_pending = job.data_due_at().is_some();
		let (exposure, open_games) = (answer.exposed, answer.open_games);
		let is_final =
			window_left == 0 && open_games == 0 && !data_pending && !T::Audits::awaits_draw(id);
		Some(if is_final {
			AnswerSecurity::Final { exposure }
		} else {
			AnswerSecurity::Provisional { exposure, open_games, window_left, data_pending }
		})
	}
}
