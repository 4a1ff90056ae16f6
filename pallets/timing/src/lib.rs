//! # Timing
//!
//! The length of a slot and of an epoch, written once by genesis and never again.
//!
//! ## Pallet API
//!
//! No calls, no events. Other pallets read [`MinimumPeriod`], [`SlotDurationMs`] and
//! [`EpochDurationSlots`] through `Get`; [`blocks_in`] turns a span of time into blocks.
//!
//! ## Overview
//!
//! A development chain wants a block every second, a public one every six. BABE takes both figures
//! from the runtime, where they are usually constants, so that each network needs a Wasm of its
//! own. Here they are state: the genesis preset chooses, and the same Wasm runs everywhere.
//!
//! There is deliberately no way to change them later. BABE computes the current slot as time
//! divided by the slot's length, and every node caches the figures of genesis: a change would send
//! the chain to another slot number and stop it.
//!
//! ## Properties
//!
//! - **slot_duration_is_usable**: the slot is an even number of milliseconds within
//!   [`SLOT_DURATION_MS_MIN`] and [`SLOT_DURATION_MS_MAX`] (the timestamp's minimum period is half
//!   of it).
//! - **epoch_duration_is_usable**: the epoch has at least [`EPOCH_DURATION_SLOTS_MIN`] slots.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(test)]
mod tests;

use core::marker::PhantomData;
use frame_support::traits::Get;

pub use pallet::*;

/// Shortest slot that a chain may choose, in milliseconds: below it, blocks cannot be built, sent
/// and checked in time even on one machine.
pub const SLOT_DURATION_MS_MIN: u64 = 200;

/// Longest slot that a chain may choose, in milliseconds.
pub const SLOT_DURATION_MS_MAX: u64 = 60_000;

/// Fewest slots of an epoch: validators learn their keys and randomness an epoch ahead.
pub const EPOCH_DURATION_SLOTS_MIN: u64 = 5;

/// Slot of a chain whose genesis names none, in milliseconds.
pub const SLOT_DURATION_MS_DEFAULT: u64 = 6_000;

/// Epoch of a chain whose genesis names none: an hour of default slots.
pub const EPOCH_DURATION_SLOTS_DEFAULT: u64 = 600;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::{pallet_prelude::*, traits::ConstU64};
	use frame_system::pallet_prelude::BlockNumberFor;
	#[cfg(any(feature = "try-runtime", feature = "std"))]
	use sp_runtime::TryRuntimeError;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Nothing to configure: the figures come from genesis.
	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// Length of a slot in milliseconds.
	#[pallet::storage]
	pub type SlotDuration<T> = StorageValue<_, u64, ValueQuery, ConstU64<SLOT_DURATION_MS_DEFAULT>>;

	/// Length of an epoch in slots.
	#[pallet::storage]
	pub type EpochDuration<T> =
		StorageValue<_, u64, ValueQuery, ConstU64<EPOCH_DURATION_SLOTS_DEFAULT>>;

	/// The figures of a new chain.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// Length of a slot in milliseconds: even, from [`SLOT_DURATION_MS_MIN`] to
		/// [`SLOT_DURATION_MS_MAX`].
		pub slot_duration_ms: u64,
		/// Length of an epoch in slots: at least [`EPOCH_DURATION_SLOTS_MIN`].
		pub epoch_duration_slots: u64,
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self {
				slot_duration_ms: SLOT_DURATION_MS_DEFAULT,
				epoch_duration_slots: EPOCH_DURATION_SLOTS_DEFAULT,
				_config: PhantomData,
			}
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			// A wrong genesis must not become a chain, and genesis has no other way to refuse.
			assert!(
				is_usable_slot_duration_ms(self.slot_duration_ms),
				"timing.slotDurationMs = {}: choose an even number from {} to {}",
				self.slot_duration_ms,
				SLOT_DURATION_MS_MIN,
				SLOT_DURATION_MS_MAX,
			);
			assert!(
				is_usable_epoch_duration_slots(self.epoch_duration_slots),
				"timing.epochDurationSlots = {}: choose at least {}",
				self.epoch_duration_slots,
				EPOCH_DURATION_SLOTS_MIN,
			);
			SlotDuration::<T>::put(self.slot_duration_ms);
			EpochDuration::<T>::put(self.epoch_duration_slots);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[cfg(any(feature = "try-runtime", feature = "std"))]
	impl<T: Config> Pallet<T> {
		/// Checks every property that the crate's documentation promises.
		pub fn do_try_state() -> Result<(), TryRuntimeError> {
			Self::slot_duration_is_usable()?;
			Self::epoch_duration_is_usable()
		}

		fn slot_duration_is_usable() -> Result<(), TryRuntimeError> {
			ensure!(
				is_usable_slot_duration_ms(SlotDuration::<T>::get()),
				"slot_duration_is_usable"
			);
			Ok(())
		}

		fn epoch_duration_is_usable() -> Result<(), TryRuntimeError> {
			ensure!(
				is_usable_epoch_duration_slots(EpochDuration::<T>::get()),
				"epoch_duration_is_usable"
			);
			Ok(())
		}
	}
}

fn is_usable_slot_duration_ms(ms: u64) -> bool {
	(SLOT_DURATION_MS_MIN..=SLOT_DURATION_MS_MAX).contains(&ms) && ms.is_multiple_of(2)
}

fn is_usable_epoch_duration_slots(slots: u64) -> bool {
	slots >= EPOCH_DURATION_SLOTS_MIN
}

/// Length of a slot in milliseconds, for `Config` types that take a `Get`.
pub struct SlotDurationMs<T>(PhantomData<T>);

impl<T: Config> Get<u64> for SlotDurationMs<T> {
	fn get() -> u64 {
		SlotDuration::<T>::get()
	}
}

/// Least time between two blocks in milliseconds: half a slot, so that an author can propose at
/// any moment of most of its slot. BABE derives the slot's length by doubling this.
pub struct MinimumPeriod<T>(PhantomData<T>);

impl<T: Config> Get<u64> for MinimumPeriod<T> {
	fn get() -> u64 {
		SlotDuration::<T>::get() / 2
	}
}

/// Length of an epoch in slots, for `Config` types that take a `Get`.
pub struct EpochDurationSlots<T>(PhantomData<T>);

impl<T: Config> Get<u64> for EpochDurationSlots<T> {
	fn get() -> u64 {
		EpochDuration::<T>::get()
	}
}

/// `seconds` in blocks of this chain when every slot has a block, rounded up, at least one.
pub fn blocks_in<T: Config>(seconds: u64) -> u64 {
	seconds.saturating_mul(1_000).div_ceil(SlotDuration::<T>::get().max(1)).max(1)
}
