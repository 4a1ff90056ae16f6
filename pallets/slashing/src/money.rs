//! Every movement of money.

use assay_market::{
	traits::{Bonds, BurnReason, PayoutReason, Payouts, SupplyLedger},
	Balance, ModelId, Price, ProviderId, Quote,
};
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	tokens::{Fortitude, Preservation},
	Get,
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

use crate::{types::EraPaid, Config, CurrentRules, InsurancePaid, Pallet};

impl<T: Config> Pallet<T> {
	/// The account on which slashes wait.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// The insurance's account.
	pub fn insurance_account() -> T::AccountId {
		T::InsuranceId::get().into_account_truncating()
	}

	/// Gives both accounts the existential deposit that no ledger counts.
	pub(crate) fn endow() -> DispatchResult {
		let minimum = T::Currency::minimum_balance();
		for account in [Self::account(), Self::insurance_account()] {
			if T::Currency::balance(&account) < minimum {
				T::Currency::mint_into(&account, minimum)?;
			}
		}
		Ok(())
	}

	/// Takes a penalty from a bond onto the pallet's account. Returns what the bond had.
	pub(crate) fn take(
		provider: ProviderId,
		model: &ModelId,
		penalty: Balance,
	) -> Result<Balance, DispatchError> {
		if penalty == 0 {
			return Ok(0);
		}
		T::Bonds::slash(provider, model, penalty, &Self::account())
	}

	/// Burns what was taken.
	pub(crate) fn burn(amount: Balance, reason: BurnReason) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Supply::burn(&Self::account(), amount, reason)
	}

	/// Lets somebody claim a part of what was taken.
	pub(crate) fn pay(to: &T::AccountId, amount: Balance, reason: PayoutReason) -> DispatchResult {
		Self::pay_from(&Self::account(), to, amount, reason)
	}

	fn pay_from(
		from: &T::AccountId,
		to: &T::AccountId,
		amount: Balance,
		reason: PayoutReason,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		T::Payouts::pay(from, to, Price { quote: Quote::Native, amount }, reason)
	}

	/// Moves a part of what was taken to the insurance.
	pub(crate) fn insure(amount: Balance) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		let (from, to) = (Self::account(), Self::insurance_account());
		T::Currency::transfer(&from, &to, amount, Preservation::Preserve).map(drop)
	}

	/// What the insurance has beside the existential deposit.
	pub(crate) fn insured() -> Balance {
		let account = Self::insurance_account();
		T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite)
	}

	/// What the insurance may still pay in this era.
	pub(crate) fn insurance_left() -> Balance {
		let rules = CurrentRules::<T>::get().insurance;
		rules.per_era.saturating_sub(Self::insurance_paid(T::Era::get()))
	}

	fn insurance_paid(era: u32) -> Balance {
		let last = InsurancePaid::<T>::get();
		if last.era == era {
			last.paid
		} else {
			0
		}
	}

	/// Pays a challenger's costs from the insurance, as far as it has and may. Returns how much.
	pub(crate) fn cover(
		challenger: &T::AccountId,
		costs: Balance,
	) -> Result<Balance, DispatchError> {
		let rules = CurrentRules::<T>::get().insurance;
		let amount = rules.covered(costs, Self::insurance_left(), Self::insured());
		let reason = PayoutReason::ChallengeReward;
		Self::pay_from(&Self::insurance_account(), challenger, amount, reason)?;
		if amount > 0 {
			let era = T::Era::get();
			let paid = Self::insurance_paid(era).saturating_add(amount);
			InsurancePaid::<T>::put(EraPaid { era, paid, most: rules.per_era });
		}
		Ok(amount)
	}

	/// Burns what the insurance has above its target. Returns how much.
	pub(crate) fn burn_insurance_excess() -> Result<Balance, DispatchError> {
		let target = CurrentRules::<T>::get().insurance.target;
		let excess = Self::insured().saturating_sub(target);
		if excess > 0 {
			T::Supply::burn(&Self::insurance_account(), excess, BurnReason::InsuranceExcess)?;
		}
		Ok(excess)
	}
}
