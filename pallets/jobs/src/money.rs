//! Every movement of money and of bonds that jobs cause, in one place.
//!
//! | what | from | to | when |
//! | --- | --- | --- | --- |
//! | vouchers | the user's free ones | escrow | submission |
//! | vouchers | escrow | burned; their reserve goes to the settlement | settlement |
//! | vouchers | escrow | the user's free ones | every end, what was not paid |
//! | bond | free | reserved | acceptance |
//! | bond | reserved | exposed, the rest free | answer |
//! | bond | reserved or exposed | free | every end; penalties follow |
//! | deposit | the requester's free balance | on hold | request of data |
//! | deposit | on hold | claimable by the provider's owner | all posted |
//! | deposit | on hold | the requester's free balance | every end, if not all was posted |
//! | deposit | the user's free balance | on hold, for ever | the first submission |

use assay_market::{
	traits::{Bonds, PayoutReason, Payouts, Redeemed, Settlement, Shares, Vouchers},
	Balance, JobId, Price, ProviderId, Quote, SeriesId,
};
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{hold::Mutate as HoldMutate, Inspect},
		tokens::{Fortitude, Precision, Restriction},
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError};

use crate::{
	data::DataRequest, Answer, Config, Error, HoldReason, JobOf, Pallet, Promise, State, Totals,
};

impl<T: Config> Pallet<T> {
	/// The account through which deposits pass on their way to whoever posted. It holds nothing but
	/// its existential deposit between two calls.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Vouchers of a user go into escrow.
	pub(crate) fn escrow(user: &T::AccountId, series: SeriesId, units: Balance) -> DispatchResult {
		T::Vouchers::escrow(user, series, units)?;
		Totals::<T>::try_mutate(|totals| {
			let escrowed = totals.units_escrowed.checked_add(units);
			totals.units_escrowed = escrowed.ok_or(Error::<T>::CountOverflow)?;
			Ok(())
		})
	}

	/// The deposit for a user's first nonce, which is kept for ever, goes on hold.
	pub(crate) fn hold_nonce_deposit(user: &T::AccountId) -> DispatchResult {
		T::Currency::hold(&HoldReason::Nonce.into(), user, T::NonceDeposit::get())
	}

	/// Vouchers in escrow go back to their user.
	pub(crate) fn refund(job: &JobOf<T>, units: Balance) -> DispatchResult {
		if units == 0 {
			return Ok(());
		}
		T::Vouchers::release(&job.user, job.request.series, units)?;
		Totals::<T>::try_mutate(|totals| {
			let refunded = totals.units_refunded.checked_add(units);
			totals.units_refunded = refunded.ok_or(Error::<T>::CountOverflow)?;
			Ok(())
		})
	}

	/// Vouchers in escrow pay for an answer: they burn, and their reserve is shared as it was when the
	/// job was accepted.
	pub(crate) fn pay(
		id: &JobId,
		job: &JobOf<T>,
		promise: &Promise,
		answer: &Answer<T::AccountId>,
		listed: bool,
	) -> Result<(Price, Shares), DispatchError> {
		let provider = promise.candidate.provider;
		let owner = Self::owner(provider)?;
		let Redeemed { price, .. } = T::Vouchers::redeem(
			&job.user,
			job.request.series,
			answer.units,
			(provider, job.request.model),
			&T::Settlement::account(),
			listed,
		)?;
		let shares = T::Settlement::distribute(id, price, &owner, listed, &promise.split)?;
		Totals::<T>::try_mutate(|totals| {
			let paid = totals.units_paid.checked_add(answer.units);
			totals.units_paid = paid.ok_or(Error::<T>::CountOverflow)?;
			Ok::<_, DispatchError>((price, shares))
		})
	}

	/// What is reserved or exposed for a job is free again.
	pub(crate) fn release_bond(job: &JobOf<T>) -> DispatchResult {
		let (promise, reserved, exposed) = match &job.state {
			State::Submitted(_) | State::Unpaid(..) => return Ok(()),
			State::Accepted(promise) => (promise, promise.reserved, 0),
			State::Committed(promise, answer) => (promise, 0, answer.exposed),
		};
		let provider = promise.candidate.provider;
		let trace_bytes = job.longest.trace_bytes;
		T::Bonds::release(provider, &job.request.model, reserved, exposed, trace_bytes)
	}

	/// A deposit goes on hold for a request of data.
	pub(crate) fn hold_deposit(who: &T::AccountId, deposit: Balance) -> DispatchResult {
		// Payouts leave the existential deposit on the account that pays; without one, the provider
		// could not post.
		let endowed = T::Currency::balance(&Self::account()) >= T::Currency::minimum_balance();
		ensure!(endowed, Error::<T>::AccountNotEndowed);
		T::Currency::hold(&HoldReason::DataRequest.into(), who, deposit)
	}

	/// The deposit of a request waits for the owner of the provider that posted everything. If that
	/// cannot be, it goes back: a fee must not keep the provider from answering.
	pub(crate) fn pay_poster(
		request: &DataRequest<T::AccountId>,
		provider: ProviderId,
	) -> DispatchResult {
		let owner = Self::owner(provider)?;
		with_storage_layer(|| Self::pay_deposit(request, &owner))
			.or_else(|_| Self::return_deposit(request))
	}

	fn pay_deposit(request: &DataRequest<T::AccountId>, owner: &T::AccountId) -> DispatchResult {
		let (account, amount) = (Self::account(), request.deposit);
		// By force: locks on the requester's account must not keep the provider from answering.
		T::Currency::transfer_on_hold(
			&HoldReason::DataRequest.into(),
			&request.requester,
			&account,
			amount,
			Precision::Exact,
			Restriction::Free,
			Fortitude::Force,
		)?;
		let price = Price { quote: Quote::Native, amount };
		T::Payouts::pay(&account, owner, price, PayoutReason::DataFee)
	}

	/// Deposits of requests that were not answered in full go back, and their provider owes them no
	/// more.
	pub(crate) fn return_deposits(job: &JobOf<T>) -> DispatchResult {
		let Some(promise) = job.promise() else { return Ok(()) };
		let mut requests = 0;
		for request in job.data_requests() {
			Self::return_deposit(request)?;
			requests = 1_u32.saturating_add(requests);
		}
		Self::unqueue_requests(promise.candidate.provider, requests);
		Ok(())
	}

	fn return_deposit(request: &DataRequest<T::AccountId>) -> DispatchResult {
		T::Currency::release(
			&HoldReason::DataRequest.into(),
			&request.requester,
			request.deposit,
			Precision::Exact,
		)?;
		Ok(())
	}

	pub(crate) fn owner(provider: ProviderId) -> Result<T::AccountId, DispatchError> {
		Ok(T::Bonds::owner(provider).ok_or(Error::<T>::UnknownProvider)?)
	}
}
