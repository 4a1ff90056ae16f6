//! Offers, and how their standing follows from the ledgers.

use assay_market::{
	traits::{Models, Offer},
	Balance, ModelId, ProviderId,
};
use frame_support::{defensive, ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{
	types::{Ledger, PostedOffer, Standing},
	Config, Error, Event, Ledgers, Pallet, Providers, TotalSupply,
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
		let price = Self::price_of(&offer)?;
		let mut ledger = before;
		// The list is ordered by price: the old entry goes before the new one comes.
		Self::strike(provider, &model, &mut ledger);
		ledger.offer = Some(PostedOffer { offer, price, standing: Standing::Idle });
		Self::deposit_event(Event::OfferSet { provider, model, offer });
		let in_service = Self::may_serve(record.heartbeat.is_some(), &model, &ledger);
		Self::put_ledger(provider, &model, &before, ledger, in_service);
		Ok(())
	}

	pub(crate) fn do_withdraw_offer(owner: T::AccountId, model: ModelId) -> DispatchResult {
		let (provider, _) = Self::owned_and_not_overdue(&owner)?;
		let before = Self::ledger(provider, &model)?;
		ensure!(before.offer.is_some(), Error::<T>::NoOffer);
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

	/// Whether an offer of this ledger is in service.
	pub(crate) fn may_serve(online: bool, model: &ModelId, ledger: &Ledger) -> bool {
		online && ledger.debt == 0 && Self::reaches_minimum(model, ledger)
	}

	/// Writes a ledger whose bond changed, or whose provider went online or offline.
	pub(crate) fn put_ledger_after_change(
		provider: ProviderId,
		model: &ModelId,
		before: &Ledger,
		ledger: Ledger,
	) {
		// Without an offer there is nothing whose standing could change.
		let in_service = ledger.offer.is_some() && {
			let online = Providers::<T>::get(provider).is_some_and(|one| one.heartbeat.is_some());
			Self::may_serve(online, model, &ledger)
		};
		Self::put_ledger(provider, model, before, ledger, in_service);
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
		let (old, new) = (before.supply(), ledger.supply());
		if old != new {
			TotalSupply::<T>::mutate(|total| {
				let moved = |total: Balance, old: Balance, new: Balance| {
					total.saturating_sub(old).saturating_add(new)
				};
				total.units_per_day =
					moved(total.units_per_day, old.units_per_day, new.units_per_day);
				total.bond = moved(total.bond, old.bond, new.bond);
			});
		}
	}

	fn update_standing(
		provider: ProviderId,
		model: &ModelId,
		ledger: &mut Ledger,
		in_service: bool,
	) {
		let Some(posted) = ledger.offer.as_ref() else { return };
		let has_room = ledger.open_jobs < posted.offer.max_open_jobs;
		let standing = match (in_service, has_room, posted.standing) {
			(true, true, Standing::Listed) => return,
			(true, true, former) => {
				let price = posted.price;
				let listed = Self::enlist(provider, model, price);
				// Said once, not with every job of an offer that stays displaced.
				if !listed && former != Standing::Displaced {
					Self::deposit_event(Event::OfferDisplaced { provider, model: *model });
				}
				if listed {
					Standing::Listed
				} else {
					Standing::Displaced
				}
			}
			(true, false, _) => Standing::Full,
			(false, _, _) => Standing::Idle,
		};
		if standing != Standing::Listed {
			Self::strike(provider, model, ledger);
		}
		if let Some(posted) = ledger.offer.as_mut() {
			posted.standing = standing;
		}
	}

	/// What offers are ordered by.
	///
	/// # Errors
	/// If the offer is out of bounds.
	fn price_of(offer: &Offer) -> Result<Balance, Error<T>> {
		let multipliers = MULTIPLIER_PERCENT_MIN..=MULTIPLIER_PERCENT_MAX;
		ensure!(multipliers.contains(&offer.multiplier_percent), Error::<T>::MultiplierOutOfRange);
		let shortest = offer.deadline_base_ticks.min(offer.deadline_ticks_per_1000_tokens);
		ensure!(shortest >= 1, Error::<T>::DeadlineTooShort);
		ensure!(offer.max_open_jobs >= 1 && offer.units_per_day >= 1, Error::<T>::NoCapacity);
		let rate = offer.trace_bytes_per_tick;
		ensure!(rate >= T::MinTraceBytesPerTick::get(), Error::<T>::TraceRateTooLow);
		let price = offer.min_price_per_unit.checked_mul(offer.multiplier_percent.into());
		price.ok_or(Error::<T>::PriceTooHigh)
	}
}
