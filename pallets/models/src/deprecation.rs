//! A model leaves: announced, then taking no jobs, then removed.

use assay_market::{traits::Clock, ModelId};
use frame_support::{ensure, traits::EnsureOrigin};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
	AllClaims, Availabilities, Config, CurrentParameters, Error, Event, HoldReason, OpenJobs,
	Pallet, Programs, Records, StopIds,
};

impl<T: Config> Pallet<T> {
	/// See [`Pallet::announce_deprecation`].
	pub(crate) fn do_announce_deprecation(origin: OriginFor<T>, model: &ModelId) -> DispatchResult {
		let mut record = Self::record(model)?;
		if T::AdminOrigin::ensure_origin(origin.clone()).is_err() {
			let who = ensure_signed(origin)?;
			ensure!(record.registrant == Some(who), Error::<T>::NotRegistrant);
		}
		ensure!(record.deprecated_until.is_none(), Error::<T>::AlreadyDeprecated);
		let until = T::Clock::now()
			.checked_add(CurrentParameters::<T>::get().notice_ticks)
			.ok_or(ArithmeticError::Overflow)?;
		record.deprecated_until = Some(until);
		Self::deposit_event(Event::DeprecationAnnounced { model: *model, until });
		Self::store(model, record, &Availabilities::<T>::get(model));
		Ok(())
	}

	/// See [`Pallet::remove`]. Returns how many attestations it ended.
	///
	/// Nothing that somebody may keep up for ever stands against it: else whoever registered a model
	/// first could retire it for good, and a bond could lock its deposit.
	pub(crate) fn do_remove(model: &ModelId) -> Result<u32, DispatchError> {
		let record = Self::record(model)?;
		ensure!(record.deprecated_until.is_some(), Error::<T>::NotDeprecated);
		ensure!(record.is_retired(T::Clock::now()), Error::<T>::NoticeRunning);
		ensure!(!OpenJobs::<T>::contains_key(model), Error::<T>::JobsOpen);
		let mut availability = Availabilities::<T>::get(model);
		ensure!(!availability.has_open(), Error::<T>::RequestsOpen);

		let attesters = Self::end_attestations(model, &mut availability)?;
		if let Some(registrant) = &record.registrant {
			Self::give_back(HoldReason::Deposit, registrant, record.deposit)?;
		}
		Records::<T>::remove(model);
		Programs::<T>::remove(model);
		AllClaims::<T>::remove(model);
		StopIds::<T>::remove(model);
		Availabilities::<T>::remove(model);
		Self::deposit_event(Event::Removed { model: *model });
		Ok(attesters)
	}
}
