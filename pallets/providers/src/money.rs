//! Every movement of money of this pallet.
//!
//! | from | to | when |
//! | --- | --- | --- |
//! | owner's free balance | deposit on hold | registration |
//! | deposit on hold | owner's free balance | the provider leaves |
//! | owner's free balance | bond on hold | bonding |
//! | bond on hold | owner's free balance | withdrawal |
//! | owner's free balance or bond on hold | the insurance | a debt is paid |
//! | bond on hold | the account that the slasher names | a slash |
//! | deposit and bond on hold | the same holds of the new owner | rotation |
//!
//! Nothing is minted or burned here.

use assay_market::{Balance, ModelId};
use frame_support::traits::{
	fungible::{InspectHold, Mutate, MutateHold},
	tokens::{Fortitude, Precision, Preservation, Restriction},
	Get,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{Config, Error, HoldReason, Pallet, TotalBonded};

impl<T: Config> Pallet<T> {
	/// Holds the deposit of a registration.
	pub(crate) fn hold_deposit(owner: &T::AccountId, amount: Balance) -> DispatchResult {
		T::Currency::hold(&HoldReason::Registration.into(), owner, amount)
	}

	/// Frees the deposit of a registration.
	pub(crate) fn release_deposit(owner: &T::AccountId, amount: Balance) -> DispatchResult {
		let reason = HoldReason::Registration.into();
		T::Currency::release(&reason, owner, amount, Precision::Exact).map(|_| ())
	}

	/// Holds a bond.
	pub(crate) fn hold_bond(
		owner: &T::AccountId,
		model: &ModelId,
		amount: Balance,
	) -> DispatchResult {
		T::Currency::hold(&HoldReason::Bond.into(), owner, amount)?;
		TotalBonded::<T>::try_mutate(model, |total| {
			*total = total.checked_add(amount).ok_or(Error::<T>::Overflow)?;
			Ok(())
		})
	}

	/// Frees a bond.
	pub(crate) fn release_bond(
		owner: &T::AccountId,
		model: &ModelId,
		amount: Balance,
	) -> DispatchResult {
		T::Currency::release(&HoldReason::Bond.into(), owner, amount, Precision::Exact)?;
		Self::note_unbonded(model, amount);
		Ok(())
	}

	/// Moves a part of a bond to another account, whatever else locks the owner's money. Returns what
	/// moved: all of it, or nothing if `to` cannot receive it.
	pub(crate) fn take_bond(
		owner: &T::AccountId,
		model: &ModelId,
		amount: Balance,
		to: &T::AccountId,
	) -> Balance {
		if amount == 0 {
			return 0;
		}
		let moved = T::Currency::transfer_on_hold(
			&HoldReason::Bond.into(),
			owner,
			to,
			amount,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		)
		.unwrap_or(0);
		Self::note_unbonded(model, moved);
		moved
	}

	/// Pays a debt from the owner's free balance.
	pub(crate) fn pay_debt(owner: &T::AccountId, amount: Balance) -> DispatchResult {
		let insurance = T::InsuranceAccount::get();
		T::Currency::transfer(owner, &insurance, amount, Preservation::Preserve).map(|_| ())
	}

	/// Moves all that one owner has on hold here to another's holds. Returns the bonds.
	///
	/// Polite: money that the old owner also locked for something else, such as a vote, does not
	/// escape the lock this way.
	pub(crate) fn hand_over(
		from: &T::AccountId,
		to: &T::AccountId,
		deposit: Balance,
	) -> Result<Balance, DispatchError> {
		let bonded = Self::held_bonds(from);
		for (reason, amount) in [(HoldReason::Registration, deposit), (HoldReason::Bond, bonded)] {
			if amount > 0 {
				T::Currency::transfer_on_hold(
					&reason.into(),
					from,
					to,
					amount,
					Precision::Exact,
					Restriction::OnHold,
					Fortitude::Polite,
				)?;
			}
		}
		Ok(bonded)
	}

	/// All bonds of an owner.
	pub(crate) fn held_bonds(owner: &T::AccountId) -> Balance {
		T::Currency::balance_on_hold(&HoldReason::Bond.into(), owner)
	}

	fn note_unbonded(model: &ModelId, amount: Balance) {
		TotalBonded::<T>::mutate_exists(model, |total| {
			let rest = total.unwrap_or(0).saturating_sub(amount);
			*total = (rest > 0).then_some(rest);
		});
	}
}
