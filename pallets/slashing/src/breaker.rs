//! When the arithmetic itself may be at fault.

use assay_market::{
	traits::{Bonds, Clock},
	Balance, ModelId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{
	types::{EraLoss, Pause},
	Config, CurrentRules, Error, Event, FaultyVersions, Losses, Pallet, Paused,
};

impl<T: Config> Pallet<T> {
	/// Counts what a model lost in this era, and pauses it when that is more than the breaker's share of
	/// what was bonded for it.
	pub(crate) fn note_loss(model: &ModelId, numerics_version: u32, taken: Balance) {
		let era = T::Era::get();
		let lost = Losses::<T>::mutate(model, |loss| {
			if loss.era != era {
				*loss = EraLoss { era, lost: 0 };
			}
			loss.lost = loss.lost.saturating_add(taken);
			loss.lost
		});
		let bonded = T::Bonds::total_bonded(model);
		// What was lost is no longer bonded.
		let before = bonded.saturating_add(lost);
		let most = CurrentRules::<T>::get().breaker_share.mul_floor(before);
		if lost > most && !Paused::<T>::contains_key(model) {
			Paused::<T>::insert(model, Pause { since: T::Clock::now(), numerics_version });
			Self::deposit_event(Event::BreakerTripped {
				model: *model,
				numerics_version,
				lost,
				bonded,
			});
		}
	}

	pub(crate) fn do_declare_faulty(numerics_version: u32) -> DispatchResult {
		ensure!(!FaultyVersions::<T>::contains_key(numerics_version), Error::<T>::AlreadyFaulty);
		FaultyVersions::<T>::insert(numerics_version, ());
		Self::deposit_event(Event::DeclaredFaulty { numerics_version });
		Ok(())
	}

	pub(crate) fn do_resume(model: ModelId) -> DispatchResult {
		ensure!(Paused::<T>::take(model).is_some(), Error::<T>::NotPaused);
		// What was looked at counts no more, or the next loss would trip the breaker again.
		Losses::<T>::remove(model);
		Self::deposit_event(Event::Resumed { model });
		Ok(())
	}

	pub(crate) fn do_burn_excess() -> DispatchResult {
		let amount = Self::burn_insurance_excess()?;
		ensure!(amount > 0, Error::<T>::NoExcess);
		Self::deposit_event(Event::ExcessBurned { amount });
		Ok(())
	}
}
