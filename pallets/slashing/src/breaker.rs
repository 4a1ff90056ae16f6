//! When the arithmetic itself may be at fault.

use assay_market::{
	traits::{Bonds, Clock},
	Balance, ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchResult;

use crate::{
	rules::BreakerRules,
	types::{EraLoss, Pause},
	Config, CurrentRules, Error, Event, FaultyVersions, Losses, Pallet, Paused,
};

impl<T: Config> Pallet<T> {
	/// Counts what a provider lost in a game about a model, and pauses the model when enough providers
	/// together lost more than the breaker's share of what was bonded for it.
	pub(crate) fn note_loss(
		provider: ProviderId,
		model: &ModelId,
		numerics_version: u32,
		taken: Balance,
	) {
		let era = T::Era::get();
		let loss = Losses::<T>::mutate(model, |loss| {
			if loss.era != era {
				*loss = EraLoss { era, ..EraLoss::default() };
			}
			loss.lost = loss.lost.saturating_add(taken);
			// The rules ask for no more providers than fit, so who does not fit decides nothing.
			let _fits = loss.providers.try_insert(provider);
			loss.clone()
		});
		let bonded = T::Bonds::total_bonded(model);
		if Self::trips(&loss, bonded) && Self::pause_of(model).is_none() {
			let now = T::Clock::now();
			let until = now.saturating_add(CurrentRules::<T>::get().deferral_ticks);
			Paused::<T>::insert(model, Pause { since: now, until, numerics_version });
			// What tripped it once must not trip it again when the pause is over.
			Losses::<T>::remove(model);
			let (model, lost) = (*model, loss.lost);
			Self::deposit_event(Event::BreakerTripped {
				model,
				numerics_version,
				lost,
				bonded,
				until,
			});
		}
	}

	/// A fault of the arithmetic hits whoever uses it. So one provider alone, however much it loses,
	/// is no sign of one, and neither are small sums, of which a share is soon reached.
	fn trips(loss: &EraLoss, bonded: Balance) -> bool {
		let BreakerRules { share, providers, least } = CurrentRules::<T>::get().breaker;
		// What was lost is no longer bonded.
		let before = bonded.saturating_add(loss.lost);
		let losers = u32::try_from(loss.providers.len()).unwrap_or(u32::MAX);
		losers >= providers && loss.lost >= least && loss.lost > share.mul_floor(before)
	}

	/// The pause of a model, unless it is over.
	pub(crate) fn pause_of(model: &ModelId) -> Option<Pause> {
		Paused::<T>::get(model).filter(|pause| T::Clock::now() < pause.until)
	}

	/// Whether a model is paused; a pause that is over is forgotten.
	pub(crate) fn is_paused(model: &ModelId) -> bool {
		let paused = Self::pause_of(model).is_some();
		if !paused {
			Paused::<T>::remove(model);
		}
		paused
	}

	pub(crate) fn do_declare_faulty(numerics_version: u32) -> DispatchResult {
		ensure!(!FaultyVersions::<T>::contains_key(numerics_version), Error::<T>::AlreadyFaulty);
		FaultyVersions::<T>::insert(numerics_version, ());
		Self::deposit_event(Event::DeclaredFaulty { numerics_version });
		Ok(())
	}

	pub(crate) fn do_resume(model: ModelId) -> DispatchResult {
		ensure!(Self::pause_of(&model).is_some(), Error::<T>::NotPaused);
		Paused::<T>::remove(model);
		// What was lost meanwhile was looked at too.
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
