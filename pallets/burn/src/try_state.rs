//! The properties of the crate's documentation as checks over the state at the end of a block.

use crate::{Config, Eras, Lots, OldestEra, Pallet, Settings, Supply};
use assay_market::traits::{BurnReason, MintReason};
use frame_support::{
	ensure,
	traits::{fungible::Inspect as _, fungibles::Inspect as _, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::conservation()?;
		Self::emission_within_burn()?;
		Self::account_covers_ledger()?;
		Self::shares_sum_to_whole()?;
		Self::ledger_is_bounded()
	}

	fn conservation() -> Result<(), TryRuntimeError> {
		ensure!(Supply::<T>::get().now() == T::Native::total_issuance(), "conservation");
		Ok(())
	}

	fn emission_within_burn() -> Result<(), TryRuntimeError> {
		for era in Eras::<T>::iter_values() {
			let emitted = era.minted.get(&MintReason::Emission).copied().unwrap_or_default();
			let burned = era.burned.get(&BurnReason::Jobs).copied().unwrap_or_default();
			ensure!(emitted <= burned, "emission_within_burn");
		}
		Ok(())
	}

	fn account_covers_ledger() -> Result<(), TryRuntimeError> {
		let account = Self::settlement_account();
		for who in [&account, &Self::pot()] {
			let is_alive = T::Native::balance(who) >= T::Native::minimum_balance();
			ensure!(is_alive, "account_covers_ledger");
		}
		for (asset, lot) in Lots::<T>::iter() {
			let is_covered =
				lot.units().is_some_and(|units| T::Assets::balance(asset, &account) >= units);
			ensure!(is_covered, "account_covers_ledger");
		}
		Ok(())
	}

	fn shares_sum_to_whole() -> Result<(), TryRuntimeError> {
		ensure!(Settings::<T>::get().validate::<T>().is_ok(), "shares_sum_to_whole");
		Ok(())
	}

	fn ledger_is_bounded() -> Result<(), TryRuntimeError> {
		let kept = OldestEra::<T>::get()..=T::Era::get();
		ensure!(Eras::<T>::iter_keys().all(|era| kept.contains(&era)), "ledger_is_bounded");
		ensure!(Lots::<T>::count() <= T::MaxQuotes::get(), "ledger_is_bounded");
		Ok(())
	}
}
