//! Offences: what is taken at once.

use assay_market::{
	traits::{Bonds, BurnReason, Clock, LostGame, Offence, OffenceKind, PenaltyTerms},
	Balance,
};
use frame_support::ensure;
use sp_runtime::{DispatchResult, Perbill};

use crate::{
	rules::Penalties,
	types::{Downtimes, PendingSlash},
	Config, CurrentRules, DowntimesOf, Error, Event, NextId, Pallet, Pending, PendingCount,
	TotalPending,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_report(offence: Offence<T::AccountId>) -> DispatchResult {
		ensure!(T::Bonds::owner(offence.provider).is_some(), Error::<T>::UnknownProvider);
		let PenaltyTerms { late, false_audit, .. } = offence.terms;
		match offence.kind {
			OffenceKind::WrongResult | OffenceKind::Silence => match offence.lost.clone() {
				Some(lost) => Self::defer(&offence, lost),
				// Silence about a model's weights injures no user.
				None if offence.kind == OffenceKind::Silence => {
					Self::burn_penalty(&offence, offence.exposure)
				}
				None => Err(Error::<T>::NobodyToPay.into()),
			},
			OffenceKind::Late => Self::burn_penalty(&offence, late.mul_ceil(offence.exposure)),
			OffenceKind::FalseAudit => {
				Self::burn_penalty(&offence, false_audit.mul_ceil(offence.exposure))
			}
			OffenceKind::Downtime => {
				let share = Self::downtime_share(&offence, &CurrentRules::<T>::get().penalties);
				Self::burn_penalty(&offence, share.mul_floor(offence.exposure))
			}
		}
	}

	/// Takes the exposure and lets it wait.
	fn defer(offence: &Offence<T::AccountId>, lost: LostGame<T::AccountId>) -> DispatchResult {
		let &Offence { kind, provider, model, job, numerics_version, exposure, terms, .. } =
			offence;
		let taken = Self::take(provider, &model, exposure)?;
		let due_at = T::Clock::now().saturating_add(terms.deferral_ticks);
		let id = NextId::<T>::get();
		let LostGame { user, price, challenger } = lost;
		let slash = PendingSlash {
			kind,
			provider,
			model,
			job,
			numerics_version,
			taken,
			user: (user, price),
			challenger,
			shares: terms.shares,
			due_at,
		};
		let total = TotalPending::<T>::get().checked_add(taken).ok_or(Error::<T>::Overflow)?;
		TotalPending::<T>::put(total);
		NextId::<T>::put(id.checked_add(1).ok_or(Error::<T>::Overflow)?);
		PendingCount::<T>::mutate(provider, model, |count| *count = count.saturating_add(1));
		Pending::<T>::insert(id, slash);
		Self::deposit_event(Event::Slashed {
			id,
			kind,
			provider,
			model,
			job,
			exposure,
			taken,
			due_at,
		});
		// Silence proves nothing about the arithmetic, and anybody can keep silent on purpose.
		if kind == OffenceKind::WrongResult {
			Self::note_loss(provider, &model, numerics_version, taken);
			Self::forget_old_losses();
		}
		Ok(())
	}

	/// Takes a penalty and burns it.
	fn burn_penalty(offence: &Offence<T::AccountId>, penalty: Balance) -> DispatchResult {
		let &Offence { kind, provider, model, job, .. } = offence;
		let taken = Self::take(provider, &model, penalty)?;
		Self::burn(taken, BurnReason::Slashes)?;
		Self::deposit_event(Event::Burned { kind, provider, model, job, penalty, taken });
		Ok(())
	}

	/// The share of the free bond that this downtime takes, and a note that there was one more.
	fn downtime_share(offence: &Offence<T::AccountId>, penalties: &Penalties) -> Perbill {
		let now = T::Clock::now();
		Self::forget_old_downtimes();
		DowntimesOf::<T>::mutate(offence.provider, offence.model, |earlier| {
			let old = earlier.are_old(now, penalties.downtime_memory_ticks);
			let count = if old { 0 } else { earlier.count };
			*earlier = Downtimes { count: count.saturating_add(1), last_at: now };
			let doubled = u64::from(penalties.downtime.deconstruct())
				.checked_shl(count.min(31))
				.and_then(|parts| u32::try_from(parts).ok())
				.map_or(Perbill::one(), Perbill::from_parts);
			doubled.min(penalties.downtime_at_most)
		})
	}
}
