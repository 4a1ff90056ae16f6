//! The properties that the crate's documentation promises, checked over the whole storage.

use alloc::collections::{BTreeMap, BTreeSet};

use assay_market::{traits::Clock, Balance, ModelId, ProviderId};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

use crate::{
	types::{Candidate, Ledger, Membership, Role, Standing, Supply},
	BestOffers, Config, HoldReason, Ledgers, Members, NextProviderId, Pallet, Providers,
	TotalBonded, TotalSupply,
};

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	///
	/// # Errors
	/// The name of the first property that does not hold.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::exposure_within_bond()?;
		Self::holds_match_ledgers()?;
		Self::no_exit_while_answerable()?;
		Self::delegates_are_unique()?;
		Self::offers_are_indexed()?;
		Self::subscriptions_are_kept()?;
		Self::open_counts_match()?;
		Self::supply_matches_offers()
	}

	fn exposure_within_bond() -> Result<(), TryRuntimeError> {
		for (_, _, ledger) in Ledgers::<T>::iter() {
			let bound = ledger
				.exposed
				.checked_add(ledger.reserved)
				.and_then(|sum| sum.checked_add(ledger.pledged));
			ensure!(bound.is_some_and(|bound| bound <= ledger.bonded), "exposure_within_bond");
		}
		Ok(())
	}

	fn holds_match_ledgers() -> Result<(), TryRuntimeError> {
		let mut by_provider = BTreeMap::<ProviderId, Balance>::new();
		let mut by_model = BTreeMap::<ModelId, Balance>::new();
		for (provider, model, ledger) in Ledgers::<T>::iter() {
			for sum in
				[by_provider.entry(provider).or_default(), by_model.entry(model).or_default()]
			{
				*sum = sum.saturating_add(ledger.bonded);
			}
		}
		for (provider, record) in Providers::<T>::iter() {
			let on_hold =
				|reason: HoldReason| T::Currency::balance_on_hold(&reason.into(), &record.owner);
			let bonded = by_provider.get(&provider).copied().unwrap_or(0);
			ensure!(on_hold(HoldReason::Bond) == bonded, "holds_match_ledgers");
			ensure!(on_hold(HoldReason::Registration) == record.deposit, "holds_match_ledgers");
		}
		by_model.retain(|_, bonded| *bonded > 0);
		let totals: BTreeMap<_, _> = TotalBonded::<T>::iter().collect();
		ensure!(totals == by_model, "holds_match_ledgers");
		Ok(())
	}

	fn no_exit_while_answerable() -> Result<(), TryRuntimeError> {
		for (_, _, ledger) in Ledgers::<T>::iter() {
			ensure!(ledger.leaving_amount() <= ledger.unbound(), "no_exit_while_answerable");
			ensure!(ledger.leaving.is_none_or(|it| it.amount > 0), "no_exit_while_answerable");
			ensure!(!ledger.is_vacant(), "no_exit_while_answerable");
		}
		Ok(())
	}

	fn delegates_are_unique() -> Result<(), TryRuntimeError> {
		let mut members = 0;
		for (provider, record) in Providers::<T>::iter() {
			let is = |who, role| Members::<T>::get(who) == Some(Membership { provider, role });
			ensure!(is(&record.owner, Role::Owner), "delegates_are_unique");
			let unique: BTreeSet<_> = record.delegates.iter().map(codec::Encode::encode).collect();
			ensure!(unique.len() == record.delegates.len(), "delegates_are_unique");
			for delegate in &record.delegates {
				ensure!(is(delegate, Role::Delegate), "delegates_are_unique");
			}
			members += 1 + record.delegates.len();
			ensure!(provider < NextProviderId::<T>::get(), "delegates_are_unique");
		}
		ensure!(Members::<T>::iter().count() == members, "delegates_are_unique");
		Ok(())
	}

	fn offers_are_indexed() -> Result<(), TryRuntimeError> {
		let now = T::Clock::now();
		let mut listed = 0;
		for (provider, model, ledger) in Ledgers::<T>::iter() {
			let Some(posted) = ledger.offer else { continue };
			let has_room = ledger.open_jobs < posted.offer.max_open_jobs;
			let fits = match posted.standing {
				Standing::Idle => true,
				Standing::Full => !has_room,
				Standing::Listed | Standing::Displaced => has_room && !ledger.is_resting(now),
				// A rest that is over ends with the next change.
				Standing::Resting => has_room && ledger.rest.is_some(),
			};
			ensure!(fits, "offers_are_indexed");
			if ledger.is_in_service() {
				let online = Providers::<T>::get(provider).is_some_and(|it| it.heartbeat.is_some());
				ensure!(online && ledger.debt == 0, "offers_are_indexed");
			}
			if posted.standing == Standing::Listed {
				let candidate = Candidate::of(provider, &posted.offer);
				let found = BestOffers::<T>::get(model).contains(&candidate);
				ensure!(found, "offers_are_indexed");
				listed += 1;
			}
		}
		let mut entries = 0;
		for (_, list) in BestOffers::<T>::iter() {
			// Strictly: no entry occurs twice.
			let in_order = list.is_sorted_by(|one, next| one < next);
			ensure!(in_order && !list.is_empty(), "offers_are_indexed");
			entries += list.len();
		}
		// As many entries as listed offers, and each of those has one: there is no other.
		ensure!(entries == listed, "offers_are_indexed");
		Ok(())
	}

	fn subscriptions_are_kept() -> Result<(), TryRuntimeError> {
		let now = T::Clock::now();
		for (_, _, ledger) in Ledgers::<T>::iter() {
			let Some(undertaken) = ledger.undertaken(now) else { continue };
			let kept = ledger.offer.is_some_and(|posted| undertaken.admits(&posted.offer));
			ensure!(kept, "subscriptions_are_kept");
		}
		Ok(())
	}

	fn open_counts_match() -> Result<(), TryRuntimeError> {
		// How many ledgers, and how many with a debt.
		let mut counts = BTreeMap::<ProviderId, (u32, u32)>::new();
		for (provider, _, ledger) in Ledgers::<T>::iter() {
			let (models, indebted) = counts.entry(provider).or_default();
			*models += 1;
			*indebted += u32::from(ledger.debt > 0);
			let Ledger { open_jobs, reserved, exposed, open_trace_bytes, .. } = ledger;
			let idle = reserved == 0 && exposed == 0 && open_trace_bytes == 0;
			ensure!(open_jobs > 0 || idle, "open_counts_match");
			ensure!(Providers::<T>::contains_key(provider), "open_counts_match");
		}
		for (provider, record) in Providers::<T>::iter() {
			let counted = counts.get(&provider).copied().unwrap_or_default();
			ensure!((record.models, record.indebted) == counted, "open_counts_match");
		}
		Ok(())
	}

	fn supply_matches_offers() -> Result<(), TryRuntimeError> {
		let mut sum = Supply::default();
		for (_, _, ledger) in Ledgers::<T>::iter() {
			let supply = ledger.supply();
			sum.units_per_day = sum.units_per_day.saturating_add(supply.units_per_day);
			sum.bond = sum.bond.saturating_add(supply.bond);
		}
		ensure!(TotalSupply::<T>::get() == sum, "supply_matches_offers");
		Ok(())
	}
}
