//! Lists of accounts that recommend models or warn of them. Clients may use them; the chain does
//! not.

use assay_market::ModelId;
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
	types::Curation, Config, Curations, CurrentParameters, Error, Event, HoldReason, Pallet,
	Records,
};

impl<T: Config> Pallet<T> {
	/// See [`Pallet::curate`].
	pub(crate) fn do_curate(
		curator: &T::AccountId,
		model: &ModelId,
		approved: bool,
	) -> DispatchResult {
		ensure!(Records::<T>::contains_key(model), Error::<T>::UnknownModel);
		Curations::<T>::try_mutate(curator, |list| {
			if let Some(entry) = list.get_mut(model) {
				entry.approved = approved;
			} else {
				let deposit = CurrentParameters::<T>::get().curation_deposit;
				list.try_insert(*model, Curation { approved, deposit })
					.map_err(|_| Error::<T>::TooManyCurations)?;
				Self::take(HoldReason::Curation, curator, deposit)?;
			}
			let (curator, model) = (curator.clone(), *model);
			Self::deposit_event(Event::Curated { curator, model, approved });
			Ok(())
		})
	}

	/// See [`Pallet::uncurate`]. The model may have been removed.
	pub(crate) fn do_uncurate(curator: &T::AccountId, model: &ModelId) -> DispatchResult {
		Curations::<T>::try_mutate_exists(curator, |stored| {
			let mut list = stored.take().unwrap_or_default();
			let entry = list.remove(model).ok_or(Error::<T>::NotCurated)?;
			*stored = (!list.is_empty()).then_some(list);
			Self::give_back(HoldReason::Curation, curator, entry.deposit)?;
			let (curator, model) = (curator.clone(), *model);
			Self::deposit_event(Event::CurationRemoved { curator, model });
			Ok(())
		})
	}
}
