//! The list of a model's best offers: in order, with a bound.

use assay_market::{ModelId, ProviderId};
use frame_support::defensive;

use crate::{
	types::{Candidate, Ledger, Standing},
	BestOffers, Config, Event, Ledgers, Pallet,
};

impl<T: Config> Pallet<T> {
	/// Puts an offer on the list. Returns whether it found a place; the dearest offer makes room for a
	/// cheaper one.
	pub(crate) fn enlist(model: &ModelId, candidate: Candidate) -> bool {
		let (listed, displaced) = BestOffers::<T>::mutate(model, |list| {
			let Err(place) = list.binary_search(&candidate) else {
				defensive!("an offer is listed once");
				return (true, None);
			};
			let mut displaced = None;
			if list.is_full() {
				if list.last().is_some_and(|dearest| dearest.is_no_dearer_than(&candidate)) {
					return (false, None);
				}
				displaced = list.pop();
			}
			(list.try_insert(place, candidate).is_ok(), displaced)
		});
		if let Some(Candidate { provider, .. }) = displaced {
			// A provider has one offer for a model, so this is never the ledger that is being written.
			Ledgers::<T>::mutate(provider, model, |ledger| {
				match ledger.as_mut().and_then(|ledger| ledger.offer.as_mut()) {
					Some(posted) => posted.standing = Standing::Displaced,
					None => {
						defensive!("a listed offer has a ledger");
					}
				}
			});
			Self::deposit_event(Event::OfferDisplaced { provider, model: *model });
		}
		listed
	}

	/// Takes an offer off the list, if it is on it. Its standing is then idle until it is decided anew.
	pub(crate) fn strike(provider: ProviderId, model: &ModelId, ledger: &mut Ledger) {
		let Some(posted) = ledger.offer.as_mut() else { return };
		if posted.standing != Standing::Listed {
			return;
		}
		posted.standing = Standing::Idle;
		let candidate = Candidate::of(provider, &posted.offer);
		BestOffers::<T>::mutate_exists(model, |list| {
			let place = list.as_ref().and_then(|list| list.binary_search(&candidate).ok());
			let (Some(entries), Some(place)) = (list.as_mut(), place) else {
				defensive!("a listed offer is on the list");
				return;
			};
			entries.remove(place);
			if entries.is_empty() {
				*list = None;
			}
		});
	}
}
