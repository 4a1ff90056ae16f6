//! The properties that the crate's documentation promises, each a check of the same name.

use crate::{pallet::*, Duty, Series, SeriesStatus};
use alloc::collections::BTreeMap;
use assay_market::{AssetId, Balance, Quote, SeriesId};
use frame_support::{
	ensure,
	traits::{
		fungible::Inspect as _,
		fungibles::{hold::Inspect as _, Inspect as _},
		Get,
	},
};
use sp_runtime::TryRuntimeError;

use crate::Team;

/// Adds up; `Err` with the name of the property if it does not fit.
fn sum(
	property: &'static str,
	amounts: impl IntoIterator<Item = Option<Balance>>,
) -> Result<Balance, TryRuntimeError> {
	amounts
		.into_iter()
		.try_fold(0, |sum: Balance, amount| sum.checked_add(amount?))
		.ok_or(TryRuntimeError::Other(property))
}

/// All live series.
fn live<T: Config>() -> impl Iterator<Item = (SeriesId, Series)> {
	AllSeries::<T>::iter().filter(|(_, series)| series.status == SeriesStatus::Live)
}

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::reserve_ledger_covers_vouchers()?;
		Self::account_covers_ledger()?;
		Self::subscriptions_cover_mint()?;
		Self::duties_match_subscriptions()?;
		Self::escrow_matches_holds()?;
		Self::outstanding_covers_supply()?;
		Self::premium_pool_covered()?;
		Self::vouchers_are_keyless()?;
		Self::quotes_count_their_series()
	}

	fn reserve_ledger_covers_vouchers() -> Result<(), TryRuntimeError> {
		for (_, series) in live::<T>() {
			ensure!(
				Some(series.reserve) == series.price_of(series.outstanding),
				"reserve_ledger_covers_vouchers"
			);
		}
		Ok(())
	}

	fn account_covers_ledger() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "account_covers_ledger";
		let mut ledgers = BTreeMap::<Quote, Balance>::new();
		for (_, series) in AllSeries::<T>::iter() {
			let ledger = ledgers.entry(series.quote).or_default();
			*ledger = sum(PROPERTY, [Some(*ledger), series.ledger()])?;
		}
		for (_, quote, owed) in Owed::<T>::iter() {
			let ledger = ledgers.entry(quote).or_default();
			*ledger = sum(PROPERTY, [Some(*ledger), Some(owed)])?;
		}
		for (quote, ledger) in ledgers.into_iter().filter(|(_, ledger)| *ledger > 0) {
			let account = Self::account();
			let owned = match quote {
				Quote::Native => {
					T::Native::balance(&account).saturating_sub(T::Native::minimum_balance())
				}
				Quote::Asset(asset) => T::Assets::balance(asset, &account),
			};
			ensure!(owned >= ledger, PROPERTY);
		}
		Ok(())
	}

	fn subscriptions_cover_mint() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "subscriptions_cover_mint";
		for (id, series) in AllSeries::<T>::iter() {
			let mut stored = 0;
			let mut units = series.released;
			for (_, subscription) in Subscriptions::<T>::iter_prefix((id,)) {
				ensure!(subscription.served <= subscription.units, PROPERTY);
				ensure!(subscription.units > 0, PROPERTY);
				units = sum(PROPERTY, [Some(units), Some(subscription.units)])?;
				stored += 1;
			}
			ensure!(units == series.subscribed, PROPERTY);
			ensure!(stored == series.subscribers, PROPERTY);
			ensure!(series.minted <= series.subscribed, PROPERTY);
		}
		let orphaned =
			Subscriptions::<T>::iter_keys().any(|(id, ..)| !AllSeries::<T>::contains_key(id));
		ensure!(!orphaned, PROPERTY);
		Ok(())
	}

	fn duties_match_subscriptions() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "duties_match_subscriptions";
		for (provider, model, duties) in DutiesOf::<T>::iter() {
			ensure!(!duties.is_empty(), PROPERTY);
			let undertaken =
				|duty: &Duty| Subscriptions::<T>::contains_key((duty.series, provider, model));
			ensure!(duties.iter().all(undertaken), PROPERTY);
		}
		for (id, provider, model) in Subscriptions::<T>::iter_keys() {
			let duties = DutiesOf::<T>::get(provider, model);
			let duty = duties.iter().find(|duty| duty.series == id);
			// That no subscription lacks its series is another property.
			let Some(series) = AllSeries::<T>::get(id) else { continue };
			let lasts = duty.is_some_and(|duty| duty.terms.until == series.expires_at);
			ensure!(lasts || (duty.is_none() && Self::is_expired(&series)), PROPERTY);
		}
		Ok(())
	}

	fn escrow_matches_holds() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "escrow_matches_holds";
		for (id, series) in AllSeries::<T>::iter() {
			let mut escrowed = 0;
			for (who, units) in Escrows::<T>::iter_prefix(id) {
				let reason = HoldReason::Escrow.into();
				let held = T::AssetsHold::balance_on_hold(series.asset, &reason, &who);
				ensure!(units > 0 && held == units, PROPERTY);
				escrowed = sum(PROPERTY, [Some(escrowed), Some(units)])?;
			}
			ensure!(escrowed == series.escrowed, PROPERTY);
			ensure!(series.escrowed <= series.outstanding, PROPERTY);
		}
		let orphaned = Escrows::<T>::iter_keys().any(|(id, _)| !AllSeries::<T>::contains_key(id));
		ensure!(!orphaned, PROPERTY);
		Ok(())
	}

	fn outstanding_covers_supply() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "outstanding_covers_supply";
		for (_, series) in live::<T>() {
			ensure!(T::Assets::total_issuance(series.asset) <= series.outstanding, PROPERTY);
			let accounted = sum(PROPERTY, [Some(series.outstanding), Some(series.redeemed)])?;
			ensure!(accounted <= series.minted, PROPERTY);
		}
		Ok(())
	}

	fn premium_pool_covered() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "premium_pool_covered";
		for (_, series) in AllSeries::<T>::iter() {
			ensure!(series.premium_pool == 0 || series.outstanding > 0, PROPERTY);
			let owes = sum(PROPERTY, [series.ledger(), Some(series.outstanding)])?;
			ensure!(series.status == SeriesStatus::Live || owes == 0, PROPERTY);
		}
		Ok(())
	}

	fn vouchers_are_keyless() -> Result<(), TryRuntimeError> {
		let owner = Some(Self::owner_account());
		let keyless = Team {
			owner: owner.clone(),
			issuer: owner.clone(),
			admin: owner.clone(),
			freezer: owner,
		};
		for (_, series) in live::<T>() {
			let asset: AssetId = series.asset;
			ensure!(asset >= T::FirstAssetId::get(), "vouchers_are_keyless");
			ensure!(Self::team_of(asset) == keyless, "vouchers_are_keyless");
			ensure!(T::Assets::minimum_balance(asset) == 1, "vouchers_are_keyless");
		}
		Ok(())
	}

	fn quotes_count_their_series() -> Result<(), TryRuntimeError> {
		const PROPERTY: &str = "quotes_count_their_series";
		let mut counts = BTreeMap::<Quote, u32>::new();
		for (_, series) in live::<T>() {
			let count = counts.entry(series.quote).or_default();
			*count = count.saturating_add(1);
		}
		for (quote, record) in Quotes::<T>::iter() {
			ensure!(counts.remove(&quote).unwrap_or(0) == record.live_series, PROPERTY);
			if let Quote::Asset(asset) = quote {
				ensure!(Rates::<T>::contains_key(asset), PROPERTY);
			}
		}
		// What is left are series of quotes that are not registered.
		ensure!(counts.is_empty(), PROPERTY);
		Ok(())
	}
}
