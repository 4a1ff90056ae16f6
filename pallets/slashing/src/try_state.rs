//! The promised properties.

use alloc::collections::BTreeMap;

use assay_market::Balance;
use frame_support::{
	ensure,
	traits::{
		fungible::Inspect,
		tokens::{Fortitude, Preservation},
	},
};
use sp_runtime::TryRuntimeError;

use crate::{
	types::EraPaid, Config, CurrentRules, InsurancePaid, Pallet, Pending, PendingCount,
	TotalPending,
};

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::account_covers_ledger()?;
		Self::pending_is_counted()?;
		Self::rules_are_valid()?;
		Self::insurance_within_caps()
	}

	fn account_covers_ledger() -> Result<(), TryRuntimeError> {
		let waiting: Balance = Pending::<T>::iter_values().map(|slash| slash.taken).sum();
		ensure!(waiting == TotalPending::<T>::get(), "account_covers_ledger: total");
		let account = Self::account();
		let held =
			T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite);
		ensure!(held >= waiting, "account_covers_ledger");
		Ok(())
	}

	fn pending_is_counted() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::<_, u32>::new();
		for slash in Pending::<T>::iter_values() {
			*counts.entry((slash.provider, slash.model)).or_default() += 1;
		}
		let stored: BTreeMap<_, _> = PendingCount::<T>::iter()
			.map(|(provider, model, count)| ((provider, model), count))
			.collect();
		ensure!(counts == stored, "pending_is_counted");
		Ok(())
	}

	fn rules_are_valid() -> Result<(), TryRuntimeError> {
		ensure!(CurrentRules::<T>::get().validate().is_ok(), "rules_are_valid");
		Ok(())
	}

	fn insurance_within_caps() -> Result<(), TryRuntimeError> {
		let EraPaid { paid, most, .. } = InsurancePaid::<T>::get();
		ensure!(paid <= most, "insurance_within_caps");
		Ok(())
	}
}
