//! The one place where a model's status changes.

use assay_market::ModelId;

use crate::{
	availability::Availability, types::ModelRecord, Availabilities, Config, Event, Pallet, Records,
};

impl<T: Config> Pallet<T> {
	/// Stores what changed, with the status that follows from it.
	pub(crate) fn store(
		model: &ModelId,
		mut record: ModelRecord<T::AccountId>,
		availability: &Availability<T>,
	) {
		let (attested, missing) = (availability.is_attested(), availability.has_missing());
		if let Some(from) = record.restate(attested, missing) {
			let to = record.facts.status;
			Self::deposit_event(Event::StatusChanged { model: *model, from, to });
		}
		Records::<T>::insert(model, record);
		if availability.is_empty() {
			Availabilities::<T>::remove(model);
		} else {
			Availabilities::<T>::insert(model, availability);
		}
	}
}
