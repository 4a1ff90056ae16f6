//! What subscriptions ask of an offer: whoever sold the promise to serve at a series' price cannot ask
//! for more.

use assay_market::{
	traits::{Clock, Offer, Subscribed},
	ModelId, ProviderId,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{types::Ledger, Config, Error, Pallet};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_subscribed(
		provider: ProviderId,
		model: &ModelId,
		terms: Option<Subscribed>,
	) -> DispatchResult {
		let before = match (Self::ledger(provider, model), terms) {
			(Ok(ledger), _) => ledger,
			// Nothing is left that could be bound.
			(Err(_), None) => return Ok(()),
			(Err(error), Some(_)) => return Err(error.into()),
		};
		let ledger = Ledger { subscribed: terms, ..before };
		let offer = before.offer.map(|posted| posted.offer);
		Self::ensure_keeps_subscriptions(&ledger, offer.as_ref())?;
		Self::put_ledger_as_before(provider, model, ledger);
		Ok(())
	}

	/// Fails unless `offer` is what the subscriptions of this ledger ask for.
	pub(crate) fn ensure_keeps_subscriptions(
		ledger: &Ledger,
		offer: Option<&Offer>,
	) -> Result<(), Error<T>> {
		let Some(undertaken) = ledger.undertaken(T::Clock::now()) else { return Ok(()) };
		ensure!(
			offer.is_some_and(|offer| undertaken.admits(offer)),
			Error::<T>::SubscriptionBroken
		);
		Ok(())
	}
}
