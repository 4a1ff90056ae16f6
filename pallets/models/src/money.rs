//! Every movement of money of this pallet: deposits, fees, what attesters risk.

use assay_market::{
	traits::{Bonds, Offence, OffenceKind, Offences, PayoutReason, Payouts},
	Balance, ModelId, Price, ProviderId, Quote,
};
use frame_support::{
	storage::with_storage_layer,
	traits::{
		fungible::MutateHold,
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError, DispatchResult};

use crate::{Config, HoldReason, Pallet};

impl<T: Config> Pallet<T> {
	/// The account through which fees pass. It keeps nothing from one call to the next.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
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

	/// Pays a request's fee from who asked to who answered.
	///
	/// Straight from the hold, whatever locks lie on the account: else who asked could lock it, and
	/// attesters could not answer.
	pub(crate) fn pay_fee(
		from: &T::AccountId,
		to: &T::AccountId,
		fee: Balance,
	) -> Result<Balance, DispatchError> {
		let account = Self::account();
		let amount = T::Currency::transfer_on_hold(
			&HoldReason::RequestFee.into(),
			from,
			&account,
			fee,
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Force,
		)?;
		let price = Price { quote: Quote::Native, amount };
		T::Payouts::pay(&account, to, price, PayoutReason::DataFee)?;
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
				lost: None,
			})
		})
	}
}
