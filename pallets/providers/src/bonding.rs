//! Bonds: put up, topped up, asked back, withdrawn; debts, and how they are paid.

use assay_market::{
	traits::{Clock, Offences},
	Balance, ModelId, ProviderId,
};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{types::Ledger, Config, Error, Event, Ledgers, Pallet, Providers};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_bond(owner: T::AccountId, model: ModelId, amount: Balance) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let (provider, mut record) = Self::owned_by(&owner)?;
		let minimum = Self::minimum_bond(&model).ok_or(Error::<T>::UnknownModel)?;
		let before = match Ledgers::<T>::get(provider, model) {
			Some(ledger) => ledger,
			None => {
				ensure!(record.models < T::MaxModels::get(), Error::<T>::TooManyModels);
				record.models = record.models.saturating_add(1);
				Providers::<T>::insert(provider, record);
				Ledger::default()
			}
		};
		let mut ledger = before;
		let paid = ledger.debt.min(amount);
		if paid > 0 {
			Self::pay_debt(&owner, paid)?;
			ledger.debt = ledger.debt.saturating_sub(paid);
			Self::deposit_debt_paid(provider, model, paid, &ledger);
		}
		let added = amount.saturating_sub(paid);
		if added > 0 {
			ledger.bonded = ledger.bonded.checked_add(added).ok_or(Error::<T>::Overflow)?;
			ensure!(ledger.staying() >= minimum, Error::<T>::BelowMinimum);
			Self::hold_bond(&owner, &model, added)?;
			let bonded = ledger.bonded;
			Self::deposit_event(Event::Bonded { provider, model, amount: added, bonded });
		}
		Self::put_ledger_after_change(provider, &model, &before, ledger);
		Ok(())
	}

	pub(crate) fn do_collect_debt(provider: ProviderId, model: ModelId) -> DispatchResult {
		let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		let before = Self::ledger(provider, &model)?;
		let mut ledger = before;
		let amount = ledger.takeable(ledger.debt);
		let paid = Self::take_bond(&record.owner, &model, amount, &T::InsuranceAccount::get());
		ensure!(paid > 0, Error::<T>::NothingToCollect);
		ledger.take(paid);
		ledger.debt = ledger.debt.saturating_sub(paid);
		Self::deposit_debt_paid(provider, model, paid, &ledger);
		Self::put_ledger_after_change(provider, &model, &before, ledger);
		Ok(())
	}

	pub(crate) fn do_request_withdrawal(
		owner: T::AccountId,
		model: ModelId,
		amount: Balance,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let (provider, _) = Self::owned_and_not_overdue(&owner)?;
		let before = Self::ledger(provider, &model)?;
		let mut ledger = before;
		let ready_at = T::Clock::now().saturating_add(T::WithdrawalTicks::get());
		ledger.leave::<T>(amount, ready_at)?;
		Self::ensure_rest_is_usable(&model, &ledger)?;
		Self::deposit_event(Event::WithdrawalRequested { provider, model, amount, ready_at });
		Self::put_ledger_after_change(provider, &model, &before, ledger);
		Ok(())
	}

	pub(crate) fn do_cancel_withdrawal(owner: T::AccountId, model: ModelId) -> DispatchResult {
		let (provider, _) = Self::owned_by(&owner)?;
		let before = Self::ledger(provider, &model)?;
		let mut ledger = before;
		let amount = ledger.leaving.take().ok_or(Error::<T>::NothingLeaving)?.amount;
		Self::deposit_event(Event::WithdrawalCancelled { provider, model, amount });
		Self::put_ledger_after_change(provider, &model, &before, ledger);
		Ok(())
	}

	pub(crate) fn do_withdraw(owner: T::AccountId, model: ModelId) -> DispatchResult {
		let (provider, _) = Self::owned_by(&owner)?;
		let amount = Self::withdrawal(provider, model)?;
		let before = Self::ledger(provider, &model)?;
		let mut ledger = before;
		ledger.leaving = None;
		ledger.bonded = ledger.bonded.checked_sub(amount).ok_or(Error::<T>::LedgerHasLess)?;
		Self::release_bond(&owner, &model, amount)?;
		let bonded = ledger.bonded;
		Self::deposit_event(Event::Withdrawn { provider, model, amount, bonded });
		Self::put_ledger_after_change(provider, &model, &before, ledger);
		Ok(())
	}

	/// What can be withdrawn now.
	///
	/// # Errors
	/// Why nothing can.
	pub(crate) fn withdrawal(
		provider: ProviderId,
		model: ModelId,
	) -> Result<Balance, DispatchError> {
		let ledger = Self::ledger(provider, &model)?;
		let leaving = ledger.leaving.ok_or(Error::<T>::NothingLeaving)?;
		let record = Providers::<T>::get(provider).ok_or(Error::<T>::UnknownProvider)?;
		ensure!(record.indebted == 0, Error::<T>::InDebt);
		ensure!(T::Clock::now() >= leaving.ready_at, Error::<T>::WithdrawalTooEarly);
		ensure!(!T::Offences::is_pending(provider, &model), Error::<T>::OffencePending);
		if !Self::reaches_minimum(&model, &ledger) {
			ensure!(ledger.open_jobs == 0, Error::<T>::JobsOpen);
		}
		Self::ensure_rest_is_usable(&model, &ledger)?;
		ledger.ensure_buffer::<T>()?;
		Ok(leaving.amount)
	}

	/// What stays of a bond is nothing or enough for the model; a rest in between would answer for
	/// nothing and cost storage.
	fn ensure_rest_is_usable(model: &ModelId, ledger: &Ledger) -> Result<(), Error<T>> {
		let usable = ledger.staying() == 0 || Self::reaches_minimum(model, ledger);
		ensure!(usable, Error::<T>::BelowMinimum);
		Ok(())
	}

	fn deposit_debt_paid(provider: ProviderId, model: ModelId, amount: Balance, ledger: &Ledger) {
		let debt = ledger.debt;
		Self::deposit_event(Event::DebtPaid { provider, model, amount, debt });
	}
}
