//! Who belongs to a provider: its owner and its delegates.

use assay_market::{traits::Clock, ProviderId};
use frame_support::{defensive, ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
	types::{Membership, ProviderRecord, Role},
	Config, Error, Event, Members, NextProviderId, Pallet, Providers, Reputations,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(owner: T::AccountId) -> Result<ProviderId, DispatchError> {
		Self::ensure_no_member(&owner)?;
		let provider = NextProviderId::<T>::get();
		let next = provider.0.checked_add(1).ok_or(Error::<T>::Overflow)?;
		let deposit = T::RegistrationDeposit::get();
		Self::hold_deposit(&owner, deposit)?;
		NextProviderId::<T>::put(ProviderId(next));
		Members::<T>::insert(&owner, Membership { provider, role: Role::Owner });
		let record = ProviderRecord {
			owner: owner.clone(),
			delegates: Default::default(),
			proposed_owner: None,
			deposit,
			models: 0,
			indebted: 0,
			heartbeat: None,
		};
		Providers::<T>::insert(provider, record);
		Self::deposit_event(Event::Registered { provider, owner, deposit });
		Ok(provider)
	}

	pub(crate) fn do_deregister(owner: T::AccountId) -> DispatchResult {
		let (provider, record) = Self::owned_by(&owner)?;
		ensure!(record.models == 0, Error::<T>::BondsRemain);
		Self::release_deposit(&owner, record.deposit)?;
		Members::<T>::remove(&owner);
		for delegate in &record.delegates {
			Members::<T>::remove(delegate);
		}
		Providers::<T>::remove(provider);
		Reputations::<T>::remove(provider);
		Self::deposit_event(Event::Deregistered { provider, owner });
		Ok(())
	}

	pub(crate) fn do_add_delegate(owner: T::AccountId, delegate: T::AccountId) -> DispatchResult {
		let (provider, mut record) = Self::owned_by(&owner)?;
		Self::ensure_no_member(&delegate)?;
		let too_many = Error::<T>::TooManyDelegates;
		record.delegates.try_push(delegate.clone()).map_err(|_| too_many)?;
		Providers::<T>::insert(provider, record);
		Members::<T>::insert(&delegate, Membership { provider, role: Role::Delegate });
		Self::deposit_event(Event::DelegateAdded { provider, delegate });
		Ok(())
	}

	pub(crate) fn do_remove_delegate(who: T::AccountId, delegate: T::AccountId) -> DispatchResult {
		let caller = Members::<T>::get(&who).ok_or(Error::<T>::NotMember)?;
		ensure!(caller.role == Role::Owner || who == delegate, Error::<T>::NotOwner);
		let provider = caller.provider;
		let mut record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		let place = record.delegates.iter().position(|key| *key == delegate);
		record.delegates.remove(place.ok_or(Error::<T>::NotDelegate)?);
		Providers::<T>::insert(provider, record);
		Members::<T>::remove(&delegate);
		Self::deposit_event(Event::DelegateRemoved { provider, delegate });
		Ok(())
	}

	/// The provider that an account owns.
	pub(crate) fn owned_by(
		owner: &T::AccountId,
	) -> Result<(ProviderId, ProviderRecord<T::AccountId>), Error<T>> {
		match Members::<T>::get(owner) {
			Some(Membership { provider, role: Role::Owner }) => {
				let record = Providers::<T>::get(provider).ok_or_else(|| {
					defensive!("a member's provider exists");
					Error::<T>::UnknownProvider
				})?;
				Ok((provider, record))
			}
			_ => Err(Error::<T>::NotOwner),
		}
	}

	/// The provider that an account owns, if no sign of life of it is overdue: otherwise it could
	/// spare itself the penalty.
	pub(crate) fn owned_and_not_overdue(
		owner: &T::AccountId,
	) -> Result<(ProviderId, ProviderRecord<T::AccountId>), Error<T>> {
		let (provider, record) = Self::owned_by(owner)?;
		ensure!(!record.is_overdue(T::Clock::now()), Error::<T>::Overdue);
		Ok((provider, record))
	}

	pub(crate) fn ensure_no_member(who: &T::AccountId) -> Result<(), Error<T>> {
		ensure!(!Members::<T>::contains_key(who), Error::<T>::AlreadyMember);
		Ok(())
	}
}
