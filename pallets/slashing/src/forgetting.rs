//! What counts no more is forgotten.
//!
//! Nobody is paid to clean up, so whoever adds an entry looks at two others: at any time fewer stay
//! that count no more than were ever added at once.

use alloc::vec::Vec;

use assay_market::{traits::Clock, ModelId, ProviderId};
use frame_support::traits::Get;

use crate::{Config, CurrentRules, DowntimeCursor, DowntimesOf, LossCursor, Losses, Pallet};

/// Entries that are looked at for each that is written.
const LOOKED_AT: usize = 2;

impl<T: Config> Pallet<T> {
	/// Looks at the next few downtimes and forgets those that are old.
	pub(crate) fn forget_old_downtimes() {
		let (now, memory) =
			(T::Clock::now(), CurrentRules::<T>::get().penalties.downtime_memory_ticks);
		let entries = match DowntimeCursor::<T>::get() {
			Some((provider, model)) => {
				DowntimesOf::<T>::iter_from(DowntimesOf::<T>::hashed_key_for(provider, model))
			}
			None => DowntimesOf::<T>::iter(),
		};
		let entries: Vec<_> = entries.take(LOOKED_AT).collect();
		for (provider, model, downtimes) in &entries {
			if downtimes.are_old(now, memory) {
				DowntimesOf::<T>::remove(provider, model);
			}
		}
		let last: Option<(ProviderId, ModelId)> = entries
			.get(LOOKED_AT.saturating_sub(1))
			.map(|(provider, model, _)| (*provider, *model));
		// At the end it begins again.
		DowntimeCursor::<T>::set(last);
	}

	/// Looks at the losses of the next few models and forgets those of other eras.
	pub(crate) fn forget_old_losses() {
		let era = T::Era::get();
		let entries = match LossCursor::<T>::get() {
			Some(model) => Losses::<T>::iter_from(Losses::<T>::hashed_key_for(model)),
			None => Losses::<T>::iter(),
		};
		let entries: Vec<_> = entries.take(LOOKED_AT).collect();
		for (model, loss) in &entries {
			if loss.era != era {
				Losses::<T>::remove(model);
			}
		}
		LossCursor::<T>::set(entries.get(LOOKED_AT.saturating_sub(1)).map(|(model, _)| *model));
	}
}
