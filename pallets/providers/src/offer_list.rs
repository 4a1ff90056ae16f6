//! The list of a model's best offers: in order of price, with a bound.

use alloc::vec::Vec;

use assay_market::{traits::Clock, Balance, ModelId, ProviderId};
use codec::Encode;
use frame_support::defensive;
use sp_io::hashing::blake2_256;

use crate::{
	types::{Candidate, Ledger, Standing},
	BestOffers, Config, Event, Ledgers, Pallet, Providers,
};

/// Overdue providers, not yet reported, that a search for the best offers passes over; it ends at the
/// next.
pub const OVERDUE_SKIPPED: u32 = 16;

impl<T: Config> Pallet<T> {
	/// Puts an offer on the list. Returns whether it found a place; the dearest offer makes room for a
	/// cheaper one.
	pub(crate) fn enlist(provider: ProviderId, model: &ModelId, price: Balance) -> bool {
		let candidate = Candidate { price, provider };
		let (listed, displaced) = BestOffers::<T>::mutate(model, |list| {
			let Err(place) = list.binary_search(&candidate) else {
				defensive!("an offer is listed once");
				return (true, None);
			};
			let mut displaced = None;
			if list.is_full() {
				// At the same price, who was there first stays.
				if list.last().is_some_and(|dearest| dearest.price <= price) {
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
		let candidate = Candidate { price: posted.price, provider };
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

	/// At most `most` providers in the order of their offers: cheapest first, then by the hash of `tie`
	/// and the provider.
	pub(crate) fn best_listed(model: &ModelId, tie: &[u8; 32], most: u32) -> Vec<ProviderId> {
		let list = BestOffers::<T>::get(model);
		let now = T::Clock::now();
		let mut best = Vec::new();
		let (mut found, mut skipped) = (0, 0);
		for same_price in list.chunk_by(|one, other| one.price == other.price) {
			let mut drawn: Vec<_> = same_price
				.iter()
				.map(|one| ((tie, one.provider).using_encoded(blake2_256), one.provider))
				.collect();
			drawn.sort_unstable();
			for (_, provider) in drawn {
				if found == most || skipped > OVERDUE_SKIPPED {
					return best;
				}
				if Providers::<T>::get(provider).is_some_and(|record| record.is_up(now)) {
					best.push(provider);
					found += 1;
				} else {
					skipped += 1;
				}
			}
		}
		best
	}
}
