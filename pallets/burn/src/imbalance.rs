//! What staking mints and slashes, noted with its reason.

use crate::{Config, Pallet};
use assay_market::traits::{BurnReason, MintReason};
use core::marker::PhantomData;
use frame_support::traits::{
	fungible::{Balanced, Credit, Debt},
	Imbalance, OnUnbalanced,
};

/// For staking's `Reward`: notes what stakers were paid and mints it.
pub struct NoteRewards<T>(PhantomData<T>);

impl<T: Config> OnUnbalanced<Debt<T::AccountId, T::Native>> for NoteRewards<T>
where
	T::Native: Balanced<T::AccountId>,
{
	fn on_nonzero_unbalanced(paid: Debt<T::AccountId, T::Native>) {
		Pallet::<T>::note_minted(paid.peek(), MintReason::StakingRewards);
		// Dropping a debt raises the issuance: this is the mint.
		drop(paid);
	}
}

/// For staking's `Slash`: notes what stakers lost and burns it.
pub struct NoteSlashes<T>(PhantomData<T>);

impl<T: Config> OnUnbalanced<Credit<T::AccountId, T::Native>> for NoteSlashes<T>
where
	T::Native: Balanced<T::AccountId>,
{
	fn on_nonzero_unbalanced(lost: Credit<T::AccountId, T::Native>) {
		Pallet::<T>::do_note_burned(lost.peek(), BurnReason::Slashes);
		// Dropping a credit lowers the issuance: this is the burn.
		drop(lost);
	}
}
