//! The properties of the crate's documentation as checks over the state.

use crate::{ledger::sum, Claims, Config, Pallet, Totals};
use alloc::collections::BTreeMap;
use assay_market::{Balance, Quote};
use frame_support::{
	ensure,
	traits::{fungible::Inspect as _, fungibles::Inspect as _, Get},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::account_covers_ledger()?;
		Self::totals_match_entries()
	}

	fn account_covers_ledger() -> Result<(), TryRuntimeError> {
		let account = Self::account();
		let waiting = |quote| Totals::<T>::get(quote).unwrap_or_default();
		let native = waiting(Quote::Native).checked_add(T::Native::minimum_balance());
		let is_covered = native.is_some_and(|native| T::Native::balance(&account) >= native);
		ensure!(is_covered, "account_covers_ledger");
		for quote in Totals::<T>::iter_keys() {
			if let Quote::Asset(id) = quote {
				let is_covered = T::Assets::balance(id, &account) >= waiting(quote);
				ensure!(is_covered, "account_covers_ledger");
			}
		}
		Ok(())
	}

	fn totals_match_entries() -> Result<(), TryRuntimeError> {
		let mut sums = BTreeMap::<Quote, Balance>::new();
		let most = T::MaxQuotes::get();
		for (owner, quote, claim) in Claims::<T>::iter() {
			ensure!(Self::assets_of(&owner) <= most, "totals_match_entries");
			ensure!(
				!claim.is_empty() && claim.values().all(|amount| *amount > 0),
				"totals_match_entries"
			);
			let total = sums.entry(quote).or_default();
			*total =
				sum(&claim).and_then(|sum| total.checked_add(sum)).ok_or("totals_match_entries")?;
		}
		let totals: BTreeMap<Quote, Balance> = Totals::<T>::iter().collect();
		ensure!(totals == sums, "totals_match_entries");
		Ok(())
	}
}
