//! Dispute moves that are not possible now never enter the pool.
//!
//! ## Purpose
//!
//! Moves are operational: they have room of their own in blocks, and the pool prefers them. Without a
//! check, moves that will fail would fill both: eighty false witnesses of 224 KiB are a whole pool.
//!
//! ## How it works
//!
//! When a transaction is offered to the pool, and whenever the pool looks at it again, the move is
//! made and everything that it changed is taken back. So the check is as strict as the move itself (a
//! witness is wholly recomputed) and the two can never differ. When a block is executed nothing is
//! checked here, because the call itself does that: a block does each move once, and the extension
//! weighs nothing in it.
//!
//! ## Threats
//!
//! Whoever wants nodes to recompute witnesses for nothing has to send valid signatures of accounts that
//! can pay: the extension must come after those that check nonce and payment.

use core::{fmt, marker::PhantomData};

use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
	dispatch::DispatchInfo,
	pallet_prelude::TransactionSource,
	storage::{with_transaction, TransactionOutcome},
	traits::IsSubType,
	weights::Weight,
};
use scale_info::TypeInfo;
use sp_runtime::{
	traits::{
		AsSystemOriginSigner, DispatchInfoOf, DispatchOriginOf, Dispatchable, Implication,
		TransactionExtension, ValidateResult,
	},
	transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction},
	DispatchError,
};

use crate::{Call, Config};

/// Code of [`InvalidTransaction::Custom`] for a move that is not possible now.
pub const IMPOSSIBLE_MOVE: u8 = 64;

/// See the module's documentation.
#[derive(Clone, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct CheckDisputeMove<T>(PhantomData<T>);

impl<T> CheckDisputeMove<T> {
	/// The extension carries nothing.
	pub const fn new() -> Self {
		Self(PhantomData)
	}
}

impl<T> Default for CheckDisputeMove<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T> fmt::Debug for CheckDisputeMove<T> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("CheckDisputeMove")
	}
}

impl<T> TransactionExtension<T::RuntimeCall> for CheckDisputeMove<T>
where
	T: Config + Send + Sync,
	T::RuntimeCall:
		Dispatchable<Info = DispatchInfo, RuntimeOrigin = T::RuntimeOrigin> + IsSubType<Call<T>>,
	T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + Clone,
{
	const IDENTIFIER: &'static str = "CheckDisputeMove";

	type Implicit = ();
	type Val = ();
	type Pre = ();

	fn weight(&self, _: &T::RuntimeCall) -> Weight {
		// Nothing is done where weight counts.
		Weight::zero()
	}

	fn validate(
		&self,
		origin: DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
		_: (),
		_: &impl Implication,
		source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let is_move = call.is_sub_type().is_some_and(Call::<T>::is_move);
		if is_move && source != TransactionSource::InBlock {
			let possible = with_transaction(|| {
				let made = call.clone().dispatch(origin.clone());
				let made = made.map(drop).map_err(|failed| failed.error);
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(made.is_ok()))
			});
			if possible != Ok(true) {
				return Err(InvalidTransaction::Custom(IMPOSSIBLE_MOVE).into());
			}
		}
		Ok((ValidTransaction::default(), (), origin))
	}

	fn prepare(
		self,
		_: Self::Val,
		_: &DispatchOriginOf<T::RuntimeCall>,
		_: &T::RuntimeCall,
		_: &DispatchInfoOf<T::RuntimeCall>,
		_: usize,
	) -> Result<Self::Pre, TransactionValidityError> {
		Ok(())
	}
}
