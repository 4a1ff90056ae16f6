//! Every movement of money that disputes cause, in one place.
//!
//! | what | from | to | when |
//! | --- | --- | --- | --- |
//! | bond, fee, deposit | the challenger's free balance | on hold | claim |
//! | bond, fee, deposit | on hold | the challenger's free balance | the claim won, or was never decided |
//! | deposit | on hold | the challenger's free balance | the claim lost |
//! | bond up to the provider's costs, fee | on hold | claimable by the provider's owner | the claim lost, and the provider has not |
//! | what is left of them | on hold | burned | the claim lost |
//! | costs by formula | the insurance | claimable by the challenger | the claim won, but an earlier seal did too |
//!
//! What a lost game costs the provider, and whom that pays, is the affair of slashing.

use assay_market::{
	traits::{Bonds, BurnReason, Offences, PayoutReason, Payouts, SupplyLedger},
	Balance, Price, ProviderId, Quote,
};
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{hold::Mutate as HoldMutate, Inspect},
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError};

use crate::{types::Stake, Config, Error, HoldReason, Pallet};

impl<T: Config> Pallet<T> {
	/// The account through which lost bonds pass. It holds nothing but its existential deposit between
	/// two calls.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// A claim's stake goes on hold.
	pub(crate) fn hold_stake(who: &T::AccountId, stake: &Stake) -> DispatchResult {
		// What passes through the account must not take its existential deposit along.
		let endowed = T::Currency::balance(&Self::account()) >= T::Currency::minimum_balance();
		ensure!(endowed, Error::<T>::AccountNotEndowed);
		let total = stake.total().ok_or(Error::<T>::AmountOverflow)?;
		T::Currency::hold(&HoldReason::Claim.into(), who, total)
	}

	/// A claim's stake comes back.
	pub(crate) fn return_stake(who: &T::AccountId, stake: &Stake) -> DispatchResult {
		let total = stake.total().ok_or(Error::<T>::AmountOverflow)?;
		Self::release(who, total)
	}

	/// A claim lost: the provider's costs are paid from it, if the provider is to have any, and the rest
	/// burns.
	pub(crate) fn forfeit_stake(
		who: &T::AccountId,
		stake: &Stake,
		defence: Option<(ProviderId, Balance)>,
	) -> DispatchResult {
		Self::release(who, stake.deposit)?;
		let lost = stake.bond.checked_add(stake.fee).ok_or(Error::<T>::AmountOverflow)?;
		if lost == 0 {
			return Ok(());
		}
		let account = Self::account();
		// By force: locks on the challenger's account must not save its bond.
		T::Currency::transfer_on_hold(
			&HoldReason::Claim.into(),
			who,
			&account,
			lost,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		)?;
		let paid = match defence {
			Some((provider, costs)) => {
				let amount = costs.min(stake.bond).saturating_add(stake.fee);
				Self::pay_defence(provider, amount)
			}
			None => 0,
		};
		match lost.saturating_sub(paid) {
			0 => Ok(()),
			burned => T::Supply::burn(&account, burned, BurnReason::Slashes),
		}
	}

	/// Lets a provider's owner claim what it is paid. Returns how much that is: what cannot be paid must
	/// not keep a claim from ending.
	fn pay_defence(provider: ProviderId, amount: Balance) -> Balance {
		let pay = || {
			let owner = T::Bonds::owner(provider).ok_or(Error::<T>::UnknownProvider)?;
			let price = Price { quote: Quote::Native, amount };
			T::Payouts::pay(&Self::account(), &owner, price, PayoutReason::DefenceCosts)
		};
		with_storage_layer(pay).map_or(0, |()| amount)
	}

	/// A claim that won, but was not the first: its costs, as far as the insurance pays them.
	pub(crate) fn cover_costs(
		who: &T::AccountId,
		costs: Balance,
	) -> Result<Balance, DispatchError> {
		T::Offences::cover_costs(who, costs)
	}

	fn release(who: &T::AccountId, amount: Balance) -> DispatchResult {
		if amount > 0 {
			T::Currency::release(&HoldReason::Claim.into(), who, amount, Precision::Exact)?;
		}
		Ok(())
	}
}
