//! Every movement of money of this pallet: deposits, fees, what attesters risk.

use assay_market::{
	traits::{
		Bonds, BurnReason, Offence, OffenceKind, Offences, PayoutReason, Payouts, SupplyLedger,
	},
	Balance, ModelId, Price, ProviderId, Quote,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{Inspect, Mutate, MutateHold},
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

use crate::{Config, Error, HoldReason, Pallet};

impl<T: Config> Pallet<T> {
	/// The account through which fees pass. From one call to the next it keeps nothing but its
	/// existential deposit, which payouts and burns leave on the account that pays.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Gives the account its existential deposit.
	pub(crate) fn endow() -> DispatchResult {
		let (account, minimum) = (Self::account(), T::Currency::minimum_balance());
		if T::Currency::balance(&account) < minimum {
			T::Currency::mint_into(&account, minimum)?;
		}
		Ok(())
	}

	/// Fails if no fee could pass through the account: then nobody could answer, and attesters would
	/// be reported for it.
	pub(crate) fn ensure_fees_can_pass() -> DispatchResult {
		let endowed = T::Currency::balance(&Self::account()) >= T::Currency::minimum_balance();
		ensure!(endowed, Error::<T>::AccountNotEndowed);
		Ok(())
	}

	/// Puts money of `who` on hold.
	pub(crate) fn take(reason: HoldReason, who: &T::AccountId, amount: Balance) -> DispatchResult {
		T::Currency::hold(&reason.into(), who, amount)
	}

	/// Gives back what was put on hold. Never fails for want of money: what is missing from the hold
	/// cannot be given back by refusing the call.
	pub(crate) fn give_back(
		reason: HoldReason,
		who: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		T::Currency::release(&reason.into(), who, amount, Precision::BestEffort).map(drop)
	}

	/// Pays a request's fee from who asked to who answered, and burns the surcharge. Returns the fee.
	///
	/// Straight from the hold, whatever locks lie on the account: else who asked could lock it, and
	/// attesters could not answer.
	pub(crate) fn pay_fee(
		from: &T::AccountId,
		to: &T::AccountId,
		fee: Balance,
		surcharge: Balance,
	) -> Result<Balance, DispatchError> {
		let account = Self::account();
		let held = T::Currency::transfer_on_hold(
			&HoldReason::RequestFee.into(),
			from,
			&account,
			fee.saturating_add(surcharge),
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Force,
		)?;
		// Who answers comes first, if the hold has less than it should.
		let amount = fee.min(held);
		let price = Price { quote: Quote::Native, amount };
		T::Payouts::pay(&account, to, price, PayoutReason::DataFee)?;
		let rest = held.saturating_sub(amount);
		if rest > 0 {
			T::Supply::burn(&account, rest, BurnReason::WeightRequests)?;
		}
		Ok(amount)
	}

	/// Binds what an attester risks in its bond.
	pub(crate) fn bind(provider: ProviderId, model: &ModelId, exposure: Balance) -> DispatchResult {
		T::Bonds::pledge(provider, model, exposure, true)
	}

	/// Frees what an attester risked.
	pub(crate) fn unbind(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
	) -> DispatchResult {
		T::Bonds::pledge(provider, model, exposure, false)
	}

	/// Reports an attester that did not answer. All or nothing, so that one report that fails stops
	/// no other.
	pub(crate) fn report_silence(
		provider: ProviderId,
		model: &ModelId,
		exposure: Balance,
	) -> DispatchResult {
		with_storage_layer(|| {
			Self::unbind(provider, model, exposure)?;
			T::Offences::report(Offence {
				kind: OffenceKind::Silence,
				provider,
				model: *model,
				job: None,
				numerics_version: 0,
				exposure,
				terms: T::Offences::terms(),
				lost: None,
			})
		})
	}
}
