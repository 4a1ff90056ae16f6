//! What a subscription obliges to: an offer that takes its units, at no more than the series' price.
//!
//! A subscriber that could raise its prices, or leave, would have sold an option that nobody can
//! exercise. So each subscription notes what the offer must keep to, and the pallet of providers is
//! told the strictest of those that have not expired.

use crate::{pallet::*, Duty, Series};
use assay_market::{
	traits::{Bonds, Clock, ModelStatus, Models, Subscribed},
	ModelId, ProviderId, SeriesId,
};
use frame_support::{ensure, BoundedVec};
use sp_runtime::{DispatchError, DispatchResult};

/// The duties of a provider with a model.
type Duties<T> = BoundedVec<Duty, <T as Config>::MaxSubscriptions>;

impl<T: Config> Pallet<T> {
	/// What subscribing to a series obliges a provider to, which its offer keeps to already.
	///
	/// # Errors
	/// The reason why nobody would be served by such a subscription.
	pub(crate) fn duty_to(
		id: SeriesId,
		series: &Series,
		provider: ProviderId,
		model: &ModelId,
	) -> Result<Duty, DispatchError> {
		let listed =
			T::Models::facts(model).is_some_and(|facts| facts.status == ModelStatus::Listed);
		ensure!(listed, Error::<T>::ModelNotListed);
		let offer = T::Bonds::offer(provider, model).ok_or(Error::<T>::NotServing)?;
		let most = CurrentParameters::<T>::get().max_multiplier_percent;
		ensure!(offer.multiplier_percent <= most, Error::<T>::MultiplierTooHigh);
		let max_min_price_per_unit = Self::least_unit_value(series)?;
		ensure!(
			offer.min_price_per_unit <= max_min_price_per_unit,
			Error::<T>::OfferAboveSeriesPrice
		);
		let terms = Subscribed {
			max_min_price_per_unit,
			max_multiplier_percent: offer.multiplier_percent,
			until: series.expires_at,
		};
		Ok(Duty { series: id, terms })
	}

	/// Binds a provider's offer by one duty more.
	pub(crate) fn oblige(provider: ProviderId, model: &ModelId, duty: Duty) -> DispatchResult {
		let mut duties = Self::lasting_duties(provider, model);
		match duties.iter_mut().find(|one| one.series == duty.series) {
			Some(one) => one.terms = one.terms.and(duty.terms),
			None => duties.try_push(duty).map_err(|_| Error::<T>::TooManySubscriptions)?,
		}
		Self::put_duties(provider, model, duties)
	}

	/// A provider's offer is no longer bound by a series.
	pub(crate) fn relieve(provider: ProviderId, model: &ModelId, id: SeriesId) -> DispatchResult {
		let mut duties = Self::lasting_duties(provider, model);
		duties.retain(|duty| duty.series != id);
		Self::put_duties(provider, model, duties)
	}

	/// The duties that have not expired.
	fn lasting_duties(provider: ProviderId, model: &ModelId) -> Duties<T> {
		let now = T::Clock::now();
		let mut duties = DutiesOf::<T>::get(provider, model);
		duties.retain(|duty| now < duty.terms.until);
		duties
	}

	/// Stores duties, and tells the pallet of providers.
	fn put_duties(provider: ProviderId, model: &ModelId, duties: Duties<T>) -> DispatchResult {
		let terms = duties.iter().map(|duty| duty.terms).reduce(Subscribed::and);
		if duties.is_empty() {
			DutiesOf::<T>::remove(provider, model);
		} else {
			DutiesOf::<T>::insert(provider, model, duties);
		}
		T::Bonds::set_subscribed(provider, model, terms)
	}
}
