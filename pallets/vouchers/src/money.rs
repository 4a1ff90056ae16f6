//! Every movement of money and of vouchers, so that an auditor reads one screen.
//!
//! | money | from | to |
//! | --- | --- | --- |
//! | price and the subscribers' part of the premium | buyer | the pallet's account |
//! | the rest of the premium | buyer | insurance, treasury |
//! | reserve of redeemed vouchers | the pallet's account | whom the job names |
//! | premium of served vouchers | the pallet's account | claimable by the subscriber |
//! | reserve of reclaimed vouchers | the pallet's account | their holder |
//! | reserve of vouchers that expired in escrow | the pallet's account | claimable by their holder |
//! | the same, if it cannot be paid | stays on the pallet's account | owed to their holder |
//! | what nobody claimed or earned | the pallet's account | insurance, a fee to the sweeper |
//!
//! The pallet's account may own more than the ledgers say, never less: nothing here reads its
//! balance.

use crate::pallet::*;
use alloc::{format, vec::Vec};
use assay_market::{
	traits::{PayoutReason, Payouts},
	AssetId, Balance, Price, Quote, SeriesId,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::Mutate as _,
		fungibles::{
			hold::Mutate as _, metadata::Mutate as _, roles::Inspect as _, Create as _,
			Destroy as _, Inspect as _, Mutate as _,
		},
		tokens::{DepositConsequence, Fortitude, Precision, Preservation, Provenance},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

use crate::{ledger::PremiumShares, Cost, Team, DECIMALS};

/// Distinguishes the account that owns the voucher assets from the one that has the reserves.
const OWNER: &[u8; 5] = b"owner";

impl<T: Config> Pallet<T> {
	/// Has the reserves and premium pools of all series. Nobody has its key.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Has every role of the voucher assets, and the deposits for their names. Nobody has its key.
	///
	/// It is another account than [`Self::account`], so that deposits are never taken from reserves.
	pub fn owner_account() -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating(OWNER)
	}

	/// Moves `price`; nothing happens for nothing.
	///
	/// An account keeps its existential deposit of the native token. Of an asset it may give the
	/// last unit: the ledgers promise all of it, and the account comes back with the next unit.
	pub(crate) fn transfer(
		from: &T::AccountId,
		to: &T::AccountId,
		Price { quote, amount }: Price,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		match quote {
			Quote::Native => T::Native::transfer(from, to, amount, Preservation::Preserve)?,
			Quote::Asset(id) => {
				T::Assets::transfer(id, from, to, amount, Preservation::Expendable)?
			}
		};
		Ok(())
	}

	/// Takes what minting costs from a buyer.
	pub(crate) fn charge(
		buyer: &T::AccountId,
		quote: Quote,
		cost: &Cost,
		shares: &PremiumShares,
	) -> DispatchResult {
		let kept = cost.price.checked_add(shares.pool).ok_or(Error::<T>::Overflow)?;
		for (to, amount) in [
			(Self::account(), kept),
			(T::InsuranceAccount::get(), shares.insurance),
			(T::TreasuryAccount::get(), shares.treasury),
		] {
			Self::transfer(buyer, &to, Price { quote, amount })?;
		}
		Ok(())
	}

	/// Lets `to` claim `price`, out of the pallet's account; nothing happens for nothing.
	pub(crate) fn pay(to: &T::AccountId, price: Price, reason: PayoutReason) -> DispatchResult {
		if price.amount == 0 {
			return Ok(());
		}
		T::Payouts::pay(&Self::account(), to, price, reason)
	}

	/// Lets `to` claim `price`, as far as that is possible now; otherwise it is owed.
	///
	/// For what falls due when a job ends: its bonds must not depend on what the issuer of the
	/// quote's asset does.
	pub(crate) fn pay_or_owe(
		to: &T::AccountId,
		price: Price,
		reason: PayoutReason,
	) -> DispatchResult {
		// What a payment did before it failed is undone.
		let paid = with_storage_layer(|| Self::pay(to, price, reason));
		let Err(error) = paid else { return Ok(()) };
		let Price { quote, amount } = price;
		Owed::<T>::try_mutate(to, quote, |owed| -> DispatchResult {
			*owed = owed.checked_add(amount).ok_or(Error::<T>::Overflow)?;
			Ok(())
		})?;
		Self::deposit_event(Event::PaymentOwed { who: to.clone(), quote, amount, error });
		Ok(())
	}

	/// Gives what a series leaves behind to the insurance.
	pub(crate) fn insure(price: Price) -> DispatchResult {
		Self::transfer(&Self::account(), &T::InsuranceAccount::get(), price)
	}

	/// Whether the accounts that will have to own an asset can.
	pub(crate) fn can_be_owned(asset: AssetId) -> bool {
		[Self::account(), T::InsuranceAccount::get(), T::TreasuryAccount::get()].iter().all(|who| {
			let consequence = T::Assets::can_deposit(asset, who, 1, Provenance::Extant);
			consequence == DepositConsequence::Success
		})
	}

	/// Who has the roles of an asset.
	pub(crate) fn team_of(asset: AssetId) -> Team<T::AccountId> {
		Team {
			owner: T::Assets::owner(asset),
			issuer: T::Assets::issuer(asset),
			admin: T::Assets::admin(asset),
			freezer: T::Assets::freezer(asset),
		}
	}

	/// Creates the asset of a series, whose number must be free. Its holders' accounts are not
	/// sufficient by themselves: their existential deposit pays for the storage.
	pub(crate) fn create_asset(asset: AssetId, series: SeriesId) -> DispatchResult {
		T::Assets::create(asset, Self::owner_account(), false, 1)?;
		let (name, symbol): (Vec<u8>, Vec<u8>) =
			(format!("Compute voucher {series}").into(), format!("CU{series}").into());
		T::Assets::set(asset, &Self::owner_account(), name, symbol, DECIMALS)
			.map_err(|_| Error::<T>::OwnerCannotDeposit.into())
	}

	/// Starts to destroy the asset of a series. What is left of its units is worth nothing then.
	pub(crate) fn destroy_asset(asset: AssetId) -> DispatchResult {
		T::Assets::start_destroy(asset, Some(Self::owner_account()))
	}

	/// Gives vouchers to a buyer.
	pub(crate) fn issue_vouchers(
		asset: AssetId,
		to: &T::AccountId,
		units: Balance,
	) -> DispatchResult {
		T::Assets::mint_into(asset, to, units)?;
		Ok(())
	}

	/// Burns free vouchers.
	pub(crate) fn burn_vouchers(
		asset: AssetId,
		of: &T::AccountId,
		units: Balance,
	) -> DispatchResult {
		let free =
			T::Assets::reducible_balance(asset, of, Preservation::Expendable, Fortitude::Polite);
		ensure!(units <= free, Error::<T>::TooFewVouchers);
		T::Assets::burn_from(
			asset,
			of,
			units,
			Preservation::Expendable,
			Precision::Exact,
			Fortitude::Polite,
		)?;
		Ok(())
	}

	/// Units that `who` could put in escrow: all free ones but the one that keeps the account.
	pub(crate) fn escrowable(asset: AssetId, who: &T::AccountId) -> Balance {
		T::AssetsHold::reducible_balance(asset, who, Preservation::Protect, Fortitude::Force)
	}

	/// Holds vouchers of `who`.
	pub(crate) fn hold_vouchers(
		asset: AssetId,
		who: &T::AccountId,
		units: Balance,
	) -> DispatchResult {
		ensure!(units <= Self::escrowable(asset, who), Error::<T>::TooFewVouchers);
		T::AssetsHold::hold(asset, &HoldReason::Escrow.into(), who, units)
	}

	/// Gives held vouchers back to `who`.
	pub(crate) fn release_vouchers(
		asset: AssetId,
		who: &T::AccountId,
		units: Balance,
	) -> DispatchResult {
		let reason = HoldReason::Escrow.into();
		T::AssetsHold::release(asset, &reason, who, units, Precision::Exact)?;
		Ok(())
	}

	/// Burns held vouchers of `who`.
	pub(crate) fn burn_escrowed(
		asset: AssetId,
		who: &T::AccountId,
		units: Balance,
	) -> Result<Balance, DispatchError> {
		let reason = HoldReason::Escrow.into();
		T::AssetsHold::burn_held(asset, &reason, who, units, Precision::Exact, Fortitude::Force)
	}
}
