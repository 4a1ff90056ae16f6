//! Offers, and how their standing follows from the ledgers.

use assay_market::{
	traits::{Clock, Models, Offer},
	Balance, ModelId, ProviderId,
};
use frame_support::{defensive, ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{
	types::{Candidate, Ledger, PostedOffer, ProviderRecord, Standing},
	Config, Error, Event, Ledgers, Pallet, Providers,
};

/// Least multiplier of an offer, in percent.
pub const MULTIPLIER_PERCENT_MIN: u16 = 25;

/// Greatest multiplier of an offer, in percent.
pub const MULTIPLIER_PERCENT_MAX: u16 = 400;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_offer(
		owner: T::AccountId,
		model: ModelId,
		offer: Offer,
	) -> DispatchResult {
		let (provider, record) = Self::owned_and_not_overdue(&owner)?;
		let before = Self::ledger(provider, &model)?;
		Self::ensure_within_bounds(&offer)?;
		Self::ensure_keeps_subscriptions(&before, Some(&offer))?;
		let mut ledger = before;
		// The list is ordered by what offers say: the old entry goes before the new one comes.
		Self::strike(provider, &model, &mut ledger);
		ledger.offer = Some(PostedOffer { offer, standing: Standing::Idle });
		Self::deposit_event(Event::OfferSet { provider, model, offer });
		let in_service = record.heartbeat.is_some() && Self::is_fit(&record, &model, &ledger);
		Self::put_ledger(provider, &model, &before, ledger, in_service);
		Ok(())
	}

	pub(crate) fn do_withdraw_offer(owner: T::AccountId, model: ModelId) -> DispatchResult {
		let (provider, _) = Self::owned_and_not_overdue(&owner)?;
		let before = Self::ledger(provider, &model)?;
		ensure!(before.offer.is_some(), Error::<T>::NoOffer);
		Self::ensure_keeps_subscriptions(&before, None)?;
		let mut ledger = before;
		Self::strike(provider, &model, &mut ledger);
		ledger.offer = None;
		Self::deposit_event(Event::OfferWithdrawn { provider, model });
		Self::put_ledger(provider, &model, &before, ledger, false);
		Ok(())
	}

	pub(crate) fn do_refresh_offer(provider: ProviderId, model: ModelId) -> DispatchResult {
		ensure!(Providers::<T>::contains_key(provider), Error::<T>::UnknownProvider);
		let ledger = Self::ledger(provider, &model)?;
		ensure!(ledger.offer.is_some(), Error::<T>::NoOffer);
		Self::put_ledger_after_change(provider, &model, &ledger, ledger);
		Ok(())
	}

	pub(crate) fn ledger(provider: ProviderId, model: &ModelId) -> Result<Ledger, Error<T>> {
		Ledgers::<T>::get(provider, model).ok_or(Error::<T>::NoBond)
	}

	/// The least bond for a model; `None` if there is no such model.
	pub(crate) fn minimum_bond(model: &ModelId) -> Option<Balance> {
		T::Models::facts(model).map(|facts| facts.min_bond.max(T::BondFloor::get()))
	}

	/// Whether a bond, without what was asked back, is large enough for the model.
	pub(crate) fn reaches_minimum(model: &ModelId, ledger: &Ledger) -> bool {
		Self::minimum_bond(model).is_some_and(|minimum| ledger.staying() >= minimum)
	}

	/// Whether jobs may rely on a provider's bond.
	pub(crate) fn is_fit(
		record: &ProviderRecord<T::AccountId>,
		model: &ModelId,
		ledger: &Ledger,
	) -> bool {
		record.indebted == 0 && Self::reaches_minimum(model, ledger)
	}

	/// Writes a ledger whose bond or debt changed, or whose provider went online or offline.
	pub(crate) fn put_ledger_after_change(
		provider: ProviderId,
		model: &ModelId,
		before: &Ledger,
		ledger: Ledger,
	) {
		let record = Self::note_debt(provider, before, &ledger);
		// Without an offer there is nothing whose standing could change.
		let in_service = ledger.offer.is_some()
			&& record.is_some_and(|record| {
				record.heartbeat.is_some() && Self::is_fit(&record, model, &ledger)
			});
		Self::put_ledger(provider, model, before, ledger, in_service);
	}

	/// Writes a ledger whose bond and debt are what they were, so that its offer is in service if it
	/// was.
	pub(crate) fn put_ledger_as_before(provider: ProviderId, model: &ModelId, ledger: Ledger) {
		let in_service = ledger.is_in_service();
		// Neither bond nor debt changed, so the supply is the same before and after.
		Self::put_ledger(provider, model, &ledger, ledger, in_service);
	}

	/// Counts a debt that began or ended. Returns the provider.
	fn note_debt(
		provider: ProviderId,
		before: &Ledger,
		ledger: &Ledger,
	) -> Option<ProviderRecord<T::AccountId>> {
		let mut record = Providers::<T>::get(provider)?;
		record.indebted = match (before.debt > 0, ledger.debt > 0) {
			(false, true) => record.indebted.saturating_add(1),
			(true, false) => record.indebted.saturating_sub(1),
			_ => return Some(record),
		};
		Providers::<T>::insert(provider, &record);
		Some(record)
	}

	/// Writes a ledger, after the standing of its offer, the list of best offers and the supply have
	/// followed. The only function that writes ledgers, except for the standing of an offer that
	/// another one displaces.
	pub(crate) fn put_ledger(
		provider: ProviderId,
		model: &ModelId,
		before: &Ledger,
		mut ledger: Ledger,
		in_service: bool,
	) {
		if ledger.is_vacant() {
			Self::strike(provider, model, &mut ledger);
			if ledger.offer.take().is_some() {
				Self::deposit_event(Event::OfferWithdrawn { provider, model: *model });
			}
			Ledgers::<T>::remove(provider, model);
			Providers::<T>::mutate(provider, |record| match record {
				Some(record) => record.models = record.models.saturating_sub(1),
				None => {
					defensive!("a ledger's provider exists");
				}
			});
		} else {
			Self::update_standing(provider, model, &mut ledger, in_service);
			Ledgers::<T>::insert(provider, model, ledger);
		}
		Self::change_supply(before.supply(), ledger.supply());
	}

	fn update_standing(
		provider: ProviderId,
		model: &ModelId,
		ledger: &mut Ledger,
		in_service: bool,
	) {
		let Some(posted) = ledger.offer.as_ref() else { return };
		let former = posted.standing;
		let standing = if !in_service {
			Standing::Idle
		} else if ledger.open_jobs >= posted.offer.max_open_jobs {
			Standing::Full
		} else if ledger.is_resting(T::Clock::now()) {
			Standing::Resting
		} else if former == Standing::Listed {
			return;
		} else if Self::enlist(model, Candidate::of(provider, &posted.offer)) {
			Standing::Listed
		} else {
			// Said once, not with every job of an offer that stays displaced.
			if former != Standing::Displaced {
				Self::deposit_event(Event::OfferDisplaced { provider, model: *model });
			}
			Standing::Displaced
		};
		if standing != Standing::Listed {
			Self::strike(provider, model, ledger);
		}
		if let Some(posted) = ledger.offer.as_mut() {
			posted.standing = standing;
		}
	}

	/// Fails unless an offer is one that anybody may post.
	fn ensure_within_bounds(offer: &Offer) -> Result<(), Error<T>> {
		let multipliers = MULTIPLIER_PERCENT_MIN..=MULTIPLIER_PERCENT_MAX;
		ensure!(multipliers.contains(&offer.multiplier_percent), Error::<T>::MultiplierOutOfRange);
		let shortest = offer.deadline_base_ticks.min(offer.deadline_ticks_per_1000_tokens);
		ensure!(shortest >= 1, Error::<T>::DeadlineTooShort);
		// No run is shorter than a started thousand of tokens.
		let least = offer.deadline_base_ticks.saturating_add(offer.deadline_ticks_per_1000_tokens);
		ensure!(least <= T::MaxDeadlineTicks::get(), Error::<T>::DeadlineTooLong);
		ensure!(offer.max_open_jobs >= 1 && offer.units_per_day >= 1, Error::<T>::NoCapacity);
		let rate = offer.trace_bytes_per_tick;
		ensure!(rate >= T::MinTraceBytesPerTick::get(), Error::<T>::TraceRateTooLow);
		Ok(())
	}
}
