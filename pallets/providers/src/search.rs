//! The search for offers that can take a run.

use alloc::vec::Vec;

use assay_market::{traits::OfferSearch, Balance, ModelId, ProviderId};
use codec::Encode;
use sp_io::hashing::blake2_256;

use crate::{
	types::{Candidate, PostedOffer},
	BestOffers, Config, Pallet, Providers,
};

/// Offers that a search looks at for the best half of what it is asked for, and once more for the drawn
/// half.
pub const SEARCHED: usize = 16;

/// An offer in the order of a search: by what the user pays, then by the draw.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
	multiplier_percent: u16,
	draw: [u8; 32],
	provider: ProviderId,
}

impl Ranked {
	fn of(candidate: &Candidate, search: &OfferSearch) -> Self {
		let Candidate { multiplier_percent, provider, .. } = *candidate;
		Self {
			multiplier_percent,
			draw: (search.tie, provider).using_encoded(blake2_256),
			provider,
		}
	}

	/// The second half of the hash: the first one has decided already who of those with the same
	/// multiplier is left over, which must not lessen their chances in a second draw.
	fn second_draw(&self) -> &[u8] {
		let (_, second) = self.draw.split_at(16);
		second
	}
}

impl<T: Config> Pallet<T> {
	/// See [`Bonds::best_offers`](assay_market::traits::Bonds::best_offers).
	///
	/// What the list knows costs no read, however many offers it concerns. What only the ledgers know
	/// is asked of at most [`SEARCHED`] offers at the head and as many drawn from the others, so that
	/// nobody shuts out the others by filling the head with offers that take no job.
	pub(crate) fn search_offers(model: &ModelId, search: &OfferSearch) -> Vec<ProviderId> {
		let most = usize::try_from(search.most).unwrap_or(usize::MAX);
		let list = BestOffers::<T>::get(model);
		let agreeing =
			list.iter().filter(|one| search.agrees(one.multiplier_percent, one.min_price_per_unit));
		let mut ranked: Vec<_> = agreeing.map(|one| Ranked::of(one, search)).collect();
		ranked.sort_unstable();

		let minimum = Self::minimum_bond(model);
		let can_take = |one: &&Ranked| Self::can_take_run(one.provider, model, minimum, search);
		let mut unseen = ranked.iter();
		let head = unseen.by_ref().take(SEARCHED).filter(can_take);
		let mut found: Vec<_> = head.take(most.div_ceil(2)).collect();
		let mut others: Vec<_> = unseen.collect();
		others.sort_unstable_by(|one, other| one.second_draw().cmp(other.second_draw()));
		let drawn = others.into_iter().take(SEARCHED).filter(can_take);
		found.extend(drawn.take(most.saturating_sub(found.len())));
		found.sort_unstable();
		found.into_iter().map(|one| one.provider).collect()
	}

	/// Whether a provider could accept a run now.
	fn can_take_run(
		provider: ProviderId,
		model: &ModelId,
		minimum: Option<Balance>,
		search: &OfferSearch,
	) -> bool {
		let Some(record) = Providers::<T>::get(provider) else { return false };
		let Ok(ledger) = Self::ledger(provider, model) else { return false };
		let Some(PostedOffer { offer, .. }) = ledger.offer else { return false };
		let Some(exposure) = search.exposure_at(offer.multiplier_percent) else { return false };
		search.is_in_time(&offer)
			&& Self::admit(&record, ledger, minimum, exposure, search.trace_bytes).is_ok()
	}
}
