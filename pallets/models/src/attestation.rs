//! Providers give and withdraw their word that a model's weights can be had.

use alloc::vec::Vec;

use assay_market::{
	traits::{Bonds, Clock},
	ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
	availability::{Attestation, Availability, Withdrawn},
	Availabilities, Config, CurrentParameters, Error, Event, Pallet,
};

impl<T: Config> Pallet<T> {
	/// See [`Pallet::attest`].
	pub(crate) fn do_attest(who: &T::AccountId, model: &ModelId) -> DispatchResult {
		let record = Self::record(model)?;
		let provider = Self::owned_by(who)?;
		ensure!(!record.is_retired(T::Clock::now()), Error::<T>::Retired);
		ensure!(T::Bonds::is_bonded(provider, model), Error::<T>::NotBonded);
		let mut availability = Availabilities::<T>::get(model);
		ensure!(!availability.attestations.contains_key(&provider), Error::<T>::AlreadyAttested);
		let exposure = CurrentParameters::<T>::get().silence_exposure;
		let answers_from = availability.next_request;
		let attestation = Attestation { exposure, answers_from, answers_below: None };
		availability
			.attestations
			.try_insert(provider, attestation)
			.map_err(|_| Error::<T>::TooManyAttesters)?;
		Self::bind(provider, model, exposure)?;
		Self::deposit_event(Event::Attested { model: *model, provider, exposure });
		Self::store(model, record, &availability);
		Ok(())
	}

	/// See [`Pallet::withdraw_attestation`].
	pub(crate) fn do_withdraw_attestation(who: &T::AccountId, model: &ModelId) -> DispatchResult {
		let record = Self::record(model)?;
		let provider = Self::owned_by(who)?;
		let mut availability = Availabilities::<T>::get(model);
		Self::withdraw(model, provider, &mut availability)?;
		Self::store(model, record, &availability);
		Ok(())
	}

	/// See [`Pallet::refresh`]. Returns how many attestations were looked at.
	pub(crate) fn do_refresh(model: &ModelId) -> Result<u32, DispatchError> {
		let record = Self::record(model)?;
		let mut availability = Availabilities::<T>::get(model);
		let all = availability.attestations.len();
		let to_withdraw: Vec<ProviderId> = availability
			.attestations
			.iter()
			.filter(|(provider, attestation)| {
				!T::Bonds::is_bonded(**provider, model) || attestation.answers_below.is_some()
			})
			.map(|(provider, _)| *provider)
			.collect();
		for provider in to_withdraw {
			Self::withdraw(model, provider, &mut availability)?;
		}
		Self::store(model, record, &availability);
		Ok(u32::try_from(all).unwrap_or_else(|_| T::MaxAttesters::get()))
	}

	/// The provider whose bond is at the account's disposal. A delegate's key lies on a server, and must
	/// not decide what its owner risks.
	fn owned_by(who: &T::AccountId) -> Result<ProviderId, Error<T>> {
		let provider = T::Bonds::provider_of(who).ok_or(Error::<T>::NotProvider)?;
		ensure!(T::Bonds::owner(provider).as_ref() == Some(who), Error::<T>::NotOwner);
		Ok(provider)
	}

	/// Ends every attestation, while nobody owes an answer. Returns how many there were.
	pub(crate) fn end_attestations(
		model: &ModelId,
		availability: &mut Availability<T>,
	) -> Result<u32, DispatchError> {
		let all: Vec<ProviderId> = availability.attestations.keys().copied().collect();
		let count = u32::try_from(all.len()).unwrap_or_else(|_| T::MaxAttesters::get());
		for provider in all {
			Self::withdraw(model, provider, availability)?;
		}
		Ok(count)
	}

	fn withdraw(
		model: &ModelId,
		provider: ProviderId,
		availability: &mut Availability<T>,
	) -> DispatchResult {
		match availability.withdraw(provider).ok_or(Error::<T>::NotAttester)? {
			Withdrawn::Gone(exposure) => {
				Self::unbind(provider, model, exposure)?;
				Self::deposit_event(Event::AttestationWithdrawn { model: *model, provider });
			}
			Withdrawn::Ending => {
				Self::deposit_event(Event::AttestationEnding { model: *model, provider });
			}
		}
		Ok(())
	}
}
