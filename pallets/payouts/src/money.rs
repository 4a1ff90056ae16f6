//! Every movement of money: into the pallet's account and out of it.

use crate::{Config, Error, Pallet};
use assay_market::{Balance, Price, Quote};
use frame_support::traits::{
	fungible::{Inspect as _, Mutate as _},
	fungibles::{Inspect as _, Mutate as _},
	tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
	Get,
};
use sp_runtime::{
	traits::{AccountIdConversion, Zero},
	DispatchResult,
};

impl<T: Config> Pallet<T> {
	/// The keyless account that holds what the ledger promises.
	pub(crate) fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Gives the pallet's account the existential deposit that the ledger never counts.
	pub(crate) fn endow() -> DispatchResult {
		let minimum = T::Native::minimum_balance();
		if T::Native::balance(&Self::account()) < minimum {
			T::Native::mint_into(&Self::account(), minimum)?;
		}
		Ok(())
	}

	/// Moves money, or says why it cannot move.
	///
	/// Payers are accounts of pallets that live on a deposit in the native token, so none of it may
	/// leave. Of an asset everything may leave, but nothing may be lost.
	pub(crate) fn transfer(from: &T::AccountId, to: &T::AccountId, price: Price) -> DispatchResult {
		let Price { quote, amount } = price;
		match quote {
			Quote::Native => {
				Self::ensure_native_payable(from, amount)?;
				let can_receive = T::Native::can_deposit(to, amount, Provenance::Extant);
				Self::ensure_receivable(can_receive)?;
				T::Native::transfer(from, to, amount, Preservation::Preserve)?;
			}
			Quote::Asset(id) => {
				let can_pay = T::Assets::can_withdraw(id, from, amount);
				Self::ensure_asset_payable(can_pay)?;
				let can_receive = T::Assets::can_deposit(id, to, amount, Provenance::Extant);
				Self::ensure_receivable(can_receive)?;
				T::Assets::transfer(id, from, to, amount, Preservation::Expendable)?;
			}
		}
		Ok(())
	}

	fn ensure_native_payable(from: &T::AccountId, amount: Balance) -> Result<(), Error<T>> {
		let left = |fortitude| {
			T::Native::reducible_balance(from, Preservation::Preserve, fortitude)
				.checked_sub(amount)
		};
		match (left(Fortitude::Polite), left(Fortitude::Force)) {
			(Some(_), _) => Ok(()),
			(None, Some(_)) => Err(Error::Frozen),
			(None, None) => Err(Error::InsufficientFunds),
		}
	}

	fn ensure_asset_payable(consequence: WithdrawConsequence<Balance>) -> Result<(), Error<T>> {
		match consequence {
			WithdrawConsequence::Success => Ok(()),
			WithdrawConsequence::ReducedToZero(rest) if rest.is_zero() => Ok(()),
			WithdrawConsequence::ReducedToZero(_) => Err(Error::DustWouldBeLost),
			WithdrawConsequence::WouldDie | WithdrawConsequence::BalanceLow => {
				Err(Error::InsufficientFunds)
			}
			WithdrawConsequence::UnknownAsset => Err(Error::UnknownAsset),
			WithdrawConsequence::Frozen => Err(Error::Frozen),
			WithdrawConsequence::Underflow | WithdrawConsequence::Overflow => Err(Error::Overflow),
		}
	}

	fn ensure_receivable(consequence: DepositConsequence) -> Result<(), Error<T>> {
		match consequence {
			DepositConsequence::Success => Ok(()),
			DepositConsequence::BelowMinimum => Err(Error::ReceiverBelowMinimum),
			DepositConsequence::CannotCreate => Err(Error::ReceiverCannotCreate),
			DepositConsequence::Blocked => Err(Error::ReceiverBlocked),
			DepositConsequence::UnknownAsset => Err(Error::UnknownAsset),
			DepositConsequence::Overflow => Err(Error::Overflow),
		}
	}
}
