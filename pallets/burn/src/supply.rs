//! The ledger of what was burned and minted.

use crate::{Config, Eras, Event, OldestEra, Pallet, Supply};
use assay_market::{
	traits::{BurnReason, MintReason},
	Balance,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	defensive,
	traits::{fungible::Inspect as _, ConstU32, DefensiveSaturating, Get},
	BoundedBTreeMap,
};
use scale_info::TypeInfo;

/// Most reasons of an era: more than there are, so that a new one needs no migration.
pub const REASONS_MAX: u32 = 16;

/// Amounts by reason.
pub type ByReason<R> = BoundedBTreeMap<R, Balance, ConstU32<REASONS_MAX>>;

/// The issuance of genesis, and all that was minted and burned since.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Issuance {
	/// At genesis.
	pub genesis: Balance,
	/// Minted since.
	pub minted: Balance,
	/// Burned since.
	pub burned: Balance,
}

impl Issuance {
	/// What the issuance is, if every change was noted.
	pub fn now(&self) -> Balance {
		self.genesis.saturating_add(self.minted).saturating_sub(self.burned)
	}
}

/// What was minted and burned in an era, by reason.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct EraSupply {
	/// Minted.
	pub minted: ByReason<MintReason>,
	/// Burned.
	pub burned: ByReason<BurnReason>,
}

impl<T: Config> Pallet<T> {
	/// Notes native tokens that somebody minted.
	pub fn note_minted(amount: Balance, reason: MintReason) {
		if amount == 0 {
			return;
		}
		Supply::<T>::mutate(|supply| supply.minted.defensive_saturating_accrue(amount));
		Eras::<T>::mutate(T::Era::get(), |era| add(&mut era.minted, reason, amount));
	}

	/// Notes native tokens that somebody burned.
	pub(crate) fn do_note_burned(amount: Balance, reason: BurnReason) {
		if amount == 0 {
			return;
		}
		Supply::<T>::mutate(|supply| supply.burned.defensive_saturating_accrue(amount));
		Eras::<T>::mutate(T::Era::get(), |era| add(&mut era.burned, reason, amount));
	}

	/// Takes the issuance as it is for that of genesis.
	pub(crate) fn record_genesis() {
		Supply::<T>::put(Issuance { genesis: T::Native::total_issuance(), ..Default::default() });
		OldestEra::<T>::put(T::Era::get());
	}

	/// Notes what moved the issuance in this block without saying why.
	pub(crate) fn take_up_the_rest() {
		let noted = Supply::<T>::get().now();
		let issuance = T::Native::total_issuance();
		let (minted, burned) = (issuance.saturating_sub(noted), noted.saturating_sub(issuance));
		if minted == 0 && burned == 0 {
			return;
		}
		Self::note_minted(minted, MintReason::Other);
		Self::do_note_burned(burned, BurnReason::Other);
		Self::deposit_event(Event::TakenUp { minted, burned });
	}

	/// The oldest era, if the ledger need not keep it any more.
	pub(crate) fn era_to_forget() -> Option<u32> {
		let oldest = OldestEra::<T>::get();
		let kept_until = oldest.checked_add(T::HistoryDepth::get())?;
		(kept_until <= T::Era::get()).then_some(oldest)
	}

	/// Forgets an era.
	pub(crate) fn forget(era: u32) {
		Eras::<T>::remove(era);
		OldestEra::<T>::put(era.saturating_add(1));
	}
}

fn add<R: Ord>(sums: &mut ByReason<R>, reason: R, amount: Balance) {
	let sum = sums.get(&reason).copied().unwrap_or_default().defensive_saturating_add(amount);
	if sums.try_insert(reason, sum).is_err() {
		defensive!("the bound exceeds the number of reasons");
	}
}
