//! Another owner for a provider.

use assay_market::{traits::Payouts, ProviderId};
use frame_support::ensure;
use sp_runtime::DispatchResult;

use crate::{
	types::{Membership, Role},
	Config, Error, Event, Members, Pallet, Providers,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_propose_rotation(
		owner: T::AccountId,
		new_owner: T::AccountId,
	) -> DispatchResult {
		let (provider, mut record) = Self::owned_by(&owner)?;
		Self::ensure_no_member(&new_owner)?;
		record.proposed_owner = Some(new_owner.clone());
		Providers::<T>::insert(provider, record);
		Self::deposit_event(Event::RotationProposed { provider, new_owner });
		Ok(())
	}

	pub(crate) fn do_cancel_rotation(owner: T::AccountId) -> DispatchResult {
		let (provider, mut record) = Self::owned_by(&owner)?;
		record.proposed_owner.take().ok_or(Error::<T>::NotProposed)?;
		Providers::<T>::insert(provider, record);
		Self::deposit_event(Event::RotationCancelled { provider });
		Ok(())
	}

	/// Ledgers, offers and reputation belong to the provider's number and stay where they are; what
	/// belongs to accounts moves. Delegates go: the new owner's money would answer for keys that it does
	/// not know.
	pub(crate) fn do_accept_rotation(
		provider: ProviderId,
		new_owner: T::AccountId,
	) -> DispatchResult {
		let mut record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		ensure!(record.proposed_owner.as_ref() == Some(&new_owner), Error::<T>::NotProposed);
		// It may have become a member since it was proposed.
		Self::ensure_no_member(&new_owner)?;
		let old_owner = core::mem::replace(&mut record.owner, new_owner.clone());
		let bonded = Self::hand_over(&old_owner, &new_owner, record.deposit)?;
		T::Payouts::rotate(&old_owner, &new_owner)?;
		record.proposed_owner = None;
		for delegate in core::mem::take(&mut record.delegates) {
			Members::<T>::remove(&delegate);
			Self::deposit_event(Event::DelegateRemoved { provider, delegate });
		}
		Providers::<T>::insert(provider, record);
		Members::<T>::remove(&old_owner);
		Members::<T>::insert(&new_owner, Membership { provider, role: Role::Owner });
		Self::deposit_event(Event::Rotated { provider, from: old_owner, to: new_owner, bonded });
		Ok(())
	}
}
