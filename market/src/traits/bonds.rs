//! What the providers' pallet does for jobs, vouchers, models and slashing.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

use super::ExposureTerms;
use crate::{Balance, Lengths, ModelId, ProviderId, Tick};

/// What a provider offers for a model. Posted, not promised: an accepted job keeps what was posted
/// when it was submitted.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Offer {
	/// Least price of a unit that it takes, in the native token; other quotes by their rate.
	pub min_price_per_unit: Balance,
	/// Vouchers for a unit of compute, in percent: 25 to 400.
	pub multiplier_percent: u16,
	/// Ticks from acceptance to the answer, whatever its length.
	pub deadline_base_ticks: Tick,
	/// Further ticks for each 1 000 tokens in and out, rounded up.
	pub deadline_ticks_per_1000_tokens: Tick,
	/// Most jobs at once.
	pub max_open_jobs: u32,
	/// Bytes of trace that it can post per tick.
	pub trace_bytes_per_tick: u64,
	/// Units of compute per day that it declares it can serve.
	pub units_per_day: u64,
}

impl Offer {
	/// Ticks from acceptance to the answer of a run of these lengths, at least one; `None` on
	/// overflow.
	pub fn deadline_ticks(&self, lengths: Lengths) -> Option<Tick> {
		let thousands = lengths.inputs.checked_add(lengths.outputs)?.div_ceil(1_000);
		let ticks = self
			.deadline_ticks_per_1000_tokens
			.checked_mul(thousands)?
			.checked_add(self.deadline_base_ticks)?;
		Some(ticks.max(1))
	}
}

/// What is asked of the offers for a run. Prices are for the multiplier of 100 percent, with what the
/// user adds for more exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferSearch {
	/// What ties are broken by: each run draws anew.
	pub tie: [u8; 32],
	/// Most providers to find.
	pub most: u32,
	/// Voucher units of the run. Not the price of one unit: that of a series in an asset may be less
	/// than the least native amount.
	pub run_units: Balance,
	/// Price of these units in the native token.
	pub run_price: Balance,
	/// The greatest multiplier that the user accepts.
	pub max_multiplier_percent: u16,
	/// Lengths of the run, which its deadline follows from.
	pub lengths: Lengths,
	/// Most ticks from acceptance to the answer.
	pub max_deadline_ticks: Tick,
	/// Bytes of the run's trace.
	pub trace_bytes: u64,
	/// What the run exposes.
	pub exposure: ExposureTerms,
}

impl OfferSearch {
	/// Whether user and provider agree about the price: the multiplier is not too great, and the
	/// series pays what the provider wants.
	pub fn agrees(&self, multiplier_percent: u16, min_price_per_unit: Balance) -> bool {
		let wanted = min_price_per_unit.checked_mul(self.run_units);
		multiplier_percent <= self.max_multiplier_percent
			&& wanted.is_some_and(|wanted| wanted <= self.run_price)
	}

	/// Whether the answer comes in time.
	pub fn is_in_time(&self, offer: &Offer) -> bool {
		offer.deadline_ticks(self.lengths).is_some_and(|ticks| ticks <= self.max_deadline_ticks)
	}

	/// What the run exposes of an offer's bond; `None` on overflow.
	pub fn exposure_at(&self, multiplier_percent: u16) -> Option<Balance> {
		let price = self.run_price.checked_mul(multiplier_percent.into())?.div_ceil(100);
		self.exposure.exposure(price)
	}
}

/// What a provider undertook by its subscriptions: as long as they last, it has an offer within these
/// bounds.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Subscribed {
	/// Greatest [`Offer::min_price_per_unit`]: what the series pays.
	pub max_min_price_per_unit: Balance,
	/// Greatest [`Offer::multiplier_percent`].
	pub max_multiplier_percent: u16,
	/// From this tick on it holds no more.
	pub until: Tick,
}

impl Subscribed {
	/// Whether an offer keeps the undertaking.
	pub fn admits(&self, offer: &Offer) -> bool {
		offer.min_price_per_unit <= self.max_min_price_per_unit
			&& offer.multiplier_percent <= self.max_multiplier_percent
	}

	/// The undertaking that keeps both.
	#[must_use]
	pub fn and(self, other: Self) -> Self {
		Self {
			max_min_price_per_unit: self.max_min_price_per_unit.min(other.max_min_price_per_unit),
			max_multiplier_percent: self.max_multiplier_percent.min(other.max_multiplier_percent),
			until: self.until.max(other.until),
		}
	}
}

/// What a bond answers for in open jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenStake {
	/// Reserved for accepted jobs.
	pub reserved: Balance,
	/// Exposed for committed jobs.
	pub exposed: Balance,
	/// Bytes of the traces of both.
	pub trace_bytes: u64,
}

/// Bonds: what providers have at stake for a model.
pub trait Bonds<AccountId> {
	/// The provider that `who` owns or is a delegate of.
	fn provider_of(who: &AccountId) -> Option<ProviderId>;

	/// Who owns a provider.
	fn owner(provider: ProviderId) -> Option<AccountId>;

	/// The offer of a provider that can be assigned a job of a model now: it is online, bonded,
	/// without debt, and has fewer open jobs than it offers.
	fn offer(provider: ProviderId, model: &ModelId) -> Option<Offer>;

	/// Offers that can take a run, least multiplier first, then by the hash of `tie` and the
	/// provider. Half of them, rounded up, are the best that a bounded search finds; the rest is drawn
	/// by that hash, so that those at the head of the list cannot keep everybody else away.
	///
	/// Whoever is found could [`Self::reserve`] the run's exposure now.
	fn best_offers(model: &ModelId, search: &OfferSearch) -> alloc::vec::Vec<ProviderId>;

	/// A candidate that [`Self::best_offers`] had found neither accepted nor declined while it was its
	/// turn and the model took jobs: it is not found again for a while, the longer the more often this
	/// happened since it last accepted. Not to be called for a provider that the user named, which
	/// anybody could do to it. The default forgets, for those who keep no list.
	fn turn_missed(_provider: ProviderId, _model: &ModelId) {}

	/// Whether a provider's bond for a model is at least its minimum, and the provider has no debt.
	fn is_bonded(provider: ProviderId, model: &ModelId) -> bool;

	/// What of a bond is neither exposed, reserved, pledged, leaving, nor owed.
	fn free_bond(provider: ProviderId, model: &ModelId) -> Balance;

	/// At acceptance: reserves `exposure` for a job with a trace of so many bytes. The trace is
	/// admitted by the rate of the offer as it is now: this is the rate to pin, not an earlier one.
	///
	/// # Errors
	/// Typed: not bonded, in debt, offline, too little free bond (5 % are kept free), too many open
	/// jobs, too much open trace.
	fn reserve(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
		trace_bytes: u64,
	) -> DispatchResult;

	/// At commitment: of what was reserved, `exposed` is at stake now; the rest is free again.
	///
	/// # Errors
	/// If less was reserved.
	fn expose(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
	) -> DispatchResult;

	/// At the end of a job: frees what was reserved and exposed for it, and its trace.
	///
	/// # Errors
	/// If the ledger has less.
	fn release(
		provider: ProviderId,
		model: &ModelId,
		reserved: Balance,
		exposed: Balance,
		trace_bytes: u64,
	) -> DispatchResult;

	/// What is reserved, exposed and traced for open jobs, for checks across pallets; `None` from
	/// those who keep no such ledger.
	fn open_stake(_provider: ProviderId, _model: &ModelId) -> Option<OpenStake> {
		None
	}

	/// Takes up to `amount` of the bond and moves it to `to`; what the bond lacks becomes a debt,
	/// which bars the provider from new jobs of any model. The job's exposure must have been released before. Returns what moved.
	///
	/// # Errors
	/// If the provider is unknown.
	fn slash(
		provider: ProviderId,
		model: &ModelId,
		amount: Balance,
		to: &AccountId,
	) -> Result<Balance, DispatchError>;

	/// All that is bonded for a model, in the native token.
	fn total_bonded(model: &ModelId) -> Balance;

	/// Binds `bond` of the free bond to a subscription, an attestation or an audit (`true`) or frees it
	/// again (`false`). What is bound can neither be withdrawn nor slashed for anything else: whoever
	/// may have to report an offence binds what it takes, and frees it in the same call just before
	/// the report.
	///
	/// # Errors
	/// Typed: too little free bond, in debt, overdue.
	fn pledge(provider: ProviderId, model: &ModelId, bond: Balance, bind: bool) -> DispatchResult;

	/// A job ended: what it burned and what was emitted for it, in the native token, for the
	/// provider's reputation; `None` if it failed.
	fn job_ended(provider: ProviderId, model: &ModelId, settled: Option<(Balance, Balance)>);

	/// What a provider's subscriptions for a model ask of its offer from now on, instead of what they
	/// asked before: the strictest of all that last, by [`Subscribed::and`]; `None` if none does. The
	/// offer can then neither be withdrawn nor leave these bounds. The default admits everything, for
	/// those who keep no offers.
	///
	/// # Errors
	/// Typed, for `Some` only: no offer, or one that is not within the bounds.
	fn set_subscribed(
		_provider: ProviderId,
		_model: &ModelId,
		_terms: Option<Subscribed>,
	) -> DispatchResult {
		Ok(())
	}

	/// A job of a listed model settled for so many voucher units: what providers have shown they can
	/// serve, counted as demand is. To be called once for each such job. The default forgets, for
	/// those who sell no capacity.
	fn units_served(_provider: ProviderId, _model: &ModelId, _units: Balance) {}

	/// Voucher units per day that can be sold: the least of what was declared, what follows from the
	/// demonstrated, and what was bonded, as means over the last days.
	fn capacity_units_per_day() -> Balance;

	/// A provider, owned by `owner`, with so much bond for a model and an offer.
	#[cfg(feature = "runtime-benchmarks")]
	fn bond_for_benchmark(owner: &AccountId, model: &ModelId, bond: Balance) -> ProviderId;
}

#[cfg(test)]
mod tests {
	use super::*;

	const OFFER: Offer = Offer {
		min_price_per_unit: 2,
		multiplier_percent: 150,
		deadline_base_ticks: 5,
		deadline_ticks_per_1000_tokens: 3,
		max_open_jobs: 1,
		trace_bytes_per_tick: 1,
		units_per_day: 1,
	};

	const SEARCH: OfferSearch = OfferSearch {
		tie: [0; 32],
		most: 4,
		run_units: 10,
		run_price: 25,
		max_multiplier_percent: 150,
		lengths: Lengths { inputs: 1_000, outputs: 1 },
		max_deadline_ticks: 11,
		trace_bytes: 0,
		exposure: ExposureTerms { factor: 160, minimum: 1_000 },
	};

	#[test]
	fn deadlines_should_grow_with_each_started_thousand() {
		let ticks = |inputs, outputs| OFFER.deadline_ticks(Lengths { inputs, outputs });
		assert_eq!([ticks(1, 0), ticks(999, 1), ticks(999, 2)], [8, 8, 11].map(Some));
		assert_eq!(ticks(u32::MAX, 1), None);
		let endless = Offer { deadline_base_ticks: u32::MAX, ..OFFER };
		assert_eq!(endless.deadline_ticks(SEARCH.lengths), None);
	}

	#[test]
	fn a_search_should_agree_within_multiplier_and_price() {
		assert!(SEARCH.agrees(150, 2) && SEARCH.agrees(25, 0));
		// The series pays 2.5 for a unit.
		assert!(!SEARCH.agrees(151, 2) && !SEARCH.agrees(150, 3));
		assert!(!SEARCH.agrees(150, Balance::MAX));
	}

	#[test]
	fn a_search_should_admit_answers_in_time() {
		assert!(SEARCH.is_in_time(&OFFER));
		assert!(!SEARCH.is_in_time(&Offer { deadline_base_ticks: 6, ..OFFER }));
		assert!(!SEARCH.is_in_time(&Offer { deadline_base_ticks: Tick::MAX, ..OFFER }));
	}

	#[test]
	fn exposure_should_follow_the_multiplier_rounded_up() {
		// 37.5 at 150 percent, 6.25 at 25.
		assert_eq!([150, 25].map(|percent| SEARCH.exposure_at(percent)), [6_080, 1_120].map(Some));
		let dear = OfferSearch { run_price: Balance::MAX, ..SEARCH };
		assert_eq!(dear.exposure_at(100), None);
	}

	#[test]
	fn subscriptions_should_bind_to_the_strictest_and_last_as_long_as_any() {
		let bounds = |max_min_price_per_unit, max_multiplier_percent, until| Subscribed {
			max_min_price_per_unit,
			max_multiplier_percent,
			until,
		};
		let both = bounds(2, 200, 50).and(bounds(7, 150, 40));
		assert_eq!(both, bounds(2, 150, 50));
		assert!(both.admits(&OFFER));
		assert!(!both.admits(&Offer { min_price_per_unit: 3, ..OFFER }));
		assert!(!both.admits(&Offer { multiplier_percent: 151, ..OFFER }));
	}
}
