//! Every movement of money that is not a payout, and the accounts.

use crate::{Config, Event, Lots, Pallet, WeightInfo};
use assay_market::{
	traits::{BurnReason, MintReason},
	AssetId, Balance, Price, Quote,
};
use frame_support::{
	dispatch::DispatchClass,
	traits::{
		fungible::{Inspect as _, Mutate as _},
		fungibles::{Inspect as _, Mutate as _},
		tokens::{Fortitude, Precision, Preservation},
		Defensive, Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

/// Name of the pot among the accounts of the pallet.
const POT: &[u8; 3] = b"pot";

impl<T: Config> Pallet<T> {
	/// The keyless account that settles jobs and holds the lots.
	pub(crate) fn settlement_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// The keyless account where the validators' share waits.
	pub(crate) fn pot() -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating(POT)
	}

	/// Gives both accounts the existential deposit that no ledger counts.
	pub(crate) fn endow() -> DispatchResult {
		let minimum = T::Native::minimum_balance();
		for account in [Self::settlement_account(), Self::pot()] {
			if T::Native::balance(&account) < minimum {
				T::Native::mint_into(&account, minimum)?;
			}
		}
		Ok(())
	}

	/// Whether a price lies on the pallet's account, besides its deposit and what lots need.
	pub(crate) fn holds_unspoken(price: Price) -> bool {
		let account = Self::settlement_account();
		let (balance, spoken_for) = match price.quote {
			Quote::Native => (T::Native::balance(&account), Some(T::Native::minimum_balance())),
			Quote::Asset(id) => {
				let lot = Lots::<T>::get(id);
				(T::Assets::balance(id, &account), lot.map_or(Some(0), |lot| lot.units()))
			}
		};
		spoken_for
			.and_then(|spoken_for| balance.checked_sub(spoken_for))
			.is_some_and(|unspoken| unspoken >= price.amount)
	}

	/// Burns and notes it. The account keeps its existential deposit.
	pub(crate) fn burn_from(
		from: &T::AccountId,
		amount: Balance,
		reason: BurnReason,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Native::burn_from(
			from,
			amount,
			Preservation::Preserve,
			Precision::Exact,
			Fortitude::Polite,
		)?;
		Self::do_note_burned(amount, reason);
		Ok(())
	}

	/// Burns for another pallet.
	pub(crate) fn do_burn(
		from: &T::AccountId,
		amount: Balance,
		reason: BurnReason,
	) -> DispatchResult {
		Self::burn_from(from, amount, reason)?;
		if amount > 0 {
			Self::deposit_event(Event::Burned { from: from.clone(), amount, reason });
		}
		Ok(())
	}

	/// Mints to the pallet's account and notes it.
	pub(crate) fn mint(amount: Balance, reason: MintReason) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Native::mint_into(&Self::settlement_account(), amount)?;
		Self::note_minted(amount, reason);
		Ok(())
	}

	/// Moves the validators' part from the pallet's account to the pot.
	pub(crate) fn fill_pot(amount: Balance) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		let account = Self::settlement_account();
		T::Native::transfer(&account, &Self::pot(), amount, Preservation::Preserve)?;
		Ok(())
	}

	/// Moves what was sold for the insurance from the pallet's account to it.
	pub(crate) fn insure(amount: Balance) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		let account = Self::settlement_account();
		T::Native::transfer(&account, &T::Insurance::get(), amount, Preservation::Preserve)?;
		Ok(())
	}

	/// Takes what the insurance has of an asset onto the pallet's account. The least balance stays, so
	/// that the insurance need not be able to open an account in the asset again. Returns how much.
	pub(crate) fn take_from_insurance(asset: AssetId) -> Result<Balance, DispatchError> {
		let insurance = T::Insurance::get();
		let (keep, fortitude) = (Preservation::Preserve, Fortitude::Polite);
		let amount = T::Assets::reducible_balance(asset, &insurance, keep, fortitude);
		if amount == 0 {
			return Ok(0);
		}
		T::Assets::transfer(asset, &insurance, &Self::settlement_account(), amount, keep)
	}

	/// Burns what is in the pot, for staking to mint the same amount as a part of an era's reward,
	/// and returns it. For the runtime's `EraPayout`.
	///
	/// Runs in hooks of sessions, which are not metered, so it registers its weight itself.
	pub fn take_for_era() -> Balance {
		frame_system::Pallet::<T>::register_extra_weight_unchecked(
			T::WeightInfo::take_for_era(),
			DispatchClass::Mandatory,
		);
		let pot = Self::pot();
		let amount = T::Native::reducible_balance(&pot, Preservation::Preserve, Fortitude::Polite);
		// What is reducible can be burned.
		if amount == 0
			|| Self::burn_from(&pot, amount, BurnReason::ValidatorShare).defensive().is_err()
		{
			return 0;
		}
		Self::deposit_event(Event::PotBurned { amount });
		amount
	}
}
