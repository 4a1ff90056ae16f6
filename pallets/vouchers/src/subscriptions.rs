//! Who has written the option that a voucher is: providers undertake to serve units at the series'
//! price, pledge bond for it, and earn most of the premium as they serve. What they are held to
//! meanwhile is in the file `duties.rs`.

use crate::{ledger::mul_div, pallet::*, SeriesStatus, Subscription};
use assay_market::{traits::Bonds, Balance, ModelId, Price, ProviderId, SeriesId};
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult, Rounding};

impl Subscription {
	/// Units that it still has to serve.
	pub fn remaining(&self) -> Balance {
		self.units.saturating_sub(self.served)
	}
}

impl<T: Config> Pallet<T> {
	/// See [`Pallet::subscribe`].
	pub(crate) fn do_subscribe(
		who: &T::AccountId,
		id: SeriesId,
		model: ModelId,
		units: Balance,
	) -> DispatchResult {
		let provider = Self::owned_by(who)?;
		let mut series = Self::open(id)?;
		ensure!(units > 0, Error::<T>::ZeroUnits);
		let duty = Self::duty_to(id, &series, provider, &model)?;
		let parameters = CurrentParameters::<T>::get();
		let amount = series.price_of(units).ok_or(Error::<T>::Overflow)?;
		let value = Self::value_in_native(Price { quote: series.quote, amount })?;
		let pledged = parameters.pledge.mul_ceil(value);

		let key = (id, provider, model);
		let is_new = !Subscriptions::<T>::contains_key(key);
		let mut subscription = Subscriptions::<T>::get(key);
		let sum = |a: Balance, b: Balance| a.checked_add(b).ok_or(Error::<T>::Overflow);
		subscription.units = sum(subscription.units, units)?;
		subscription.pledged = sum(subscription.pledged, pledged)?;
		ensure!(
			subscription.units >= parameters.least_subscription,
			Error::<T>::SubscriptionTooSmall
		);
		series.subscribed = sum(series.subscribed, units)?;
		if is_new {
			series.subscribers = series.subscribers.checked_add(1).ok_or(Error::<T>::Overflow)?;
		}
		T::Bonds::pledge(provider, &model, pledged, true)?;
		Self::oblige(provider, &model, duty)?;
		Subscriptions::<T>::insert(key, subscription);
		AllSeries::<T>::insert(id, series);
		Self::deposit_event(Event::Subscribed { series: id, provider, model, units, pledged });
		Ok(())
	}

	/// See [`Pallet::unsubscribe`].
	pub(crate) fn do_unsubscribe(
		who: &T::AccountId,
		id: SeriesId,
		model: ModelId,
		units: Balance,
	) -> DispatchResult {
		let provider = Self::owned_by(who)?;
		let mut series = Self::live(id)?;
		ensure!(units > 0, Error::<T>::ZeroUnits);
		let key = (id, provider, model);
		let mut subscription = Self::subscription_at(key)?;
		ensure!(units <= subscription.remaining(), Error::<T>::AlreadyServed);
		ensure!(units <= series.unminted(), Error::<T>::AlreadyMinted);

		let freed = mul_div(subscription.pledged, units, subscription.units, Rounding::Down)
			.ok_or(Error::<T>::Overflow)?;
		subscription.units = subscription.units.saturating_sub(units);
		subscription.pledged = subscription.pledged.saturating_sub(freed);
		series.subscribed = series.subscribed.saturating_sub(units);
		if subscription.units == 0 {
			series.subscribers = series.subscribers.saturating_sub(1);
			Subscriptions::<T>::remove(key);
			Self::relieve(provider, &model, id)?;
		} else {
			let least = CurrentParameters::<T>::get().least_subscription;
			ensure!(subscription.units >= least, Error::<T>::SubscriptionTooSmall);
			Subscriptions::<T>::insert(key, subscription);
		}
		AllSeries::<T>::insert(id, series);
		T::Bonds::pledge(provider, &model, freed, false)?;
		Self::deposit_event(Event::Unsubscribed { series: id, provider, model, units, freed });
		Ok(())
	}

	/// See [`Pallet::release_subscription`].
	pub(crate) fn do_release_subscription(
		who: &T::AccountId,
		id: SeriesId,
		provider: ProviderId,
		model: ModelId,
	) -> DispatchResult {
		let mut series = AllSeries::<T>::get(id).ok_or(Error::<T>::UnknownSeries)?;
		let key = (id, provider, model);
		let subscription = Self::subscription_at(key)?;
		let unserved = subscription.remaining();
		let is_over = unserved == 0 || series.status == SeriesStatus::Closed;
		// Jobs that were escrowed before the expiry may still earn premium: giving that up is the
		// provider's own decision.
		let gives_up = Self::is_expired(&series) && T::Bonds::owner(provider).as_ref() == Some(who);
		ensure!(is_over || gives_up, Error::<T>::StillServing);

		series.released =
			series.released.checked_add(subscription.units).ok_or(Error::<T>::Overflow)?;
		series.subscribers = series.subscribers.saturating_sub(1);
		Subscriptions::<T>::remove(key);
		Self::relieve(provider, &model, id)?;
		AllSeries::<T>::insert(id, series);
		let freed = subscription.pledged;
		T::Bonds::pledge(provider, &model, freed, false)?;
		Self::deposit_event(Event::SubscriptionReleased {
			series: id,
			provider,
			model,
			unserved,
			freed,
		});
		Ok(())
	}

	/// Of `units` that a provider has just served, those that it had subscribed: they count as
	/// served from now on.
	pub(crate) fn serve(id: SeriesId, server: (ProviderId, ModelId), units: Balance) -> Balance {
		let key = (id, server.0, server.1);
		let Ok(mut subscription) = Subscriptions::<T>::try_get(key) else { return 0 };
		let served = units.min(subscription.remaining());
		if served > 0 {
			subscription.served = subscription.served.saturating_add(served);
			Subscriptions::<T>::insert(key, subscription);
		}
		served
	}

	/// A subscription, if there is one.
	fn subscription_at(
		key: (SeriesId, ProviderId, ModelId),
	) -> Result<Subscription, DispatchError> {
		Subscriptions::<T>::try_get(key).map_err(|()| Error::<T>::UnknownSubscription.into())
	}

	/// The provider that `who` owns. Delegates' keys lie on machines that serve: they bind no bond.
	fn owned_by(who: &T::AccountId) -> Result<ProviderId, Error<T>> {
		T::Bonds::provider_of(who)
			.filter(|provider| T::Bonds::owner(*provider).as_ref() == Some(who))
			.ok_or(Error::<T>::NotAnOwner)
	}
}
