//! # Clock
//!
//! The market's time: ticks, counted only while the parties of a job or a dispute can act.
//!
//! ## Pallet API
//!
//! No calls, no events. Other pallets read the time through
//! [`assay_market::traits::Clock`]; users through the view function
//! [`status`](Pallet::status), which also says why the clock stands still, if it does.
//!
//! ## Overview
//!
//! Deadlines punish silence. A deadline in blocks would also punish those whom the chain itself
//! kept silent: during a migration, in safe mode, after an upgrade that made signed transactions
//! invalid, or while somebody fills the blocks. So deadlines count ticks, and whoever owed an
//! answer when the chain stopped has as much time left when it goes on.
//!
//! ## Terminology
//!
//! - **Tick**: one block of normal operation.
//! - **Quarter**: a fourth of a tick; what a block counts that follows a full one.
//! - **Full block**: one that left ordinary transactions less than a tenth of their room (the share
//!   is configured).
//!
//! ## When the clock runs
//!
//! | state of the chain | what a block counts |
//! | --- | --- |
//! | normal | a tick |
//! | the block before was full | a quarter |
//! | stopped by decision ([`Config::Stopped`]) | nothing |
//! | the first [`Config::PauseAfterUpgrade`] blocks after an upgrade | nothing |
//! | a migration of several blocks goes on | nothing: [`on_poll`](frame_support::traits::OnPoll) does not run |
//! | mandatory work left no weight | nothing: `on_poll` does not run |
//!
//! ## What if
//!
//! - **An upgrade starts a migration, or happens while the chain is stopped?** The pause counts
//!   blocks in which parties can act, so it begins when both are over.
//! - **Two upgrades follow each other?** The pause begins anew.
//! - **Blocks stay full for long?** The market slows down to a quarter and goes on.
//! - **Only operational transactions fit, because ordinary ones filled their share?** The block
//!   counts as full: those who owe an answer in an ordinary call had no room either.
//! - **The counter reaches its end, after 800 years of six-second blocks?** It stays there.
//!
//! Pallets that read the time in their own `on_poll` see this block's tick if they come after this
//! pallet in the runtime.
//!
//! ## Properties
//!
//! - **never_runs_backwards**: the clock never shows less than it showed a block before.
//! - **at_most_one_tick_a_block**: no block counts more than one tick, whatever quarters had been
//!   gathered.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod fullness;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod tick;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Pace, Reading, Status};
pub use weights::WeightInfo;

/// See the crate's documentation.
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use assay_market::{traits::Clock, Tick};
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::BlockNumberFor;
	use sp_runtime::Perbill;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// When the clock stands still.
	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Weights of the hooks.
		type WeightInfo: WeightInfo;

		/// Whether the chain refuses ordinary calls by decision, as in safe mode.
		type Stopped: Get<bool>;

		/// Blocks without ticks after an upgrade: time to sign anew what the upgrade made invalid.
		#[pallet::constant]
		type PauseAfterUpgrade: Get<u32>;

		/// A block that used more than this share of its room is full.
		#[pallet::constant]
		type FullBlock: Get<Perbill>;
	}

	/// What the clock shows.
	#[pallet::storage]
	pub type LastReading<T> = StorageValue<_, Reading, ValueQuery>;

	/// Blocks without ticks that are still to come after the last upgrade.
	#[pallet::storage]
	pub type PauseLeft<T> = StorageValue<_, u32, ValueQuery>;

	/// Whether the last block was full.
	#[pallet::storage]
	pub type LastBlockFull<T> = StorageValue<_, bool, ValueQuery>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_runtime_upgrade() -> Weight {
			PauseLeft::<T>::put(T::PauseAfterUpgrade::get());
			T::DbWeight::get().writes(1)
		}

		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			// `on_finalize` has no way of its own to account for its weight.
			T::WeightInfo::on_finalize()
		}

		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			if meter.try_consume(T::WeightInfo::on_poll()).is_ok() {
				Self::do_tick();
			}
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			LastBlockFull::<T>::put(Self::is_block_full());
		}

		fn integrity_test() {
			assert!(
				!T::FullBlock::get().is_zero(),
				"FullBlock is zero: every block would be full and the clock always slow"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What the clock shows, and what the next block will count and why.
		pub fn status() -> Status {
			let Reading { now, quarters, .. } = LastReading::<T>::get();
			Status { now, quarters, pace: Self::pace() }
		}
	}

	impl<T: Config> Clock for Pallet<T> {
		fn now() -> Tick {
			LastReading::<T>::get().now
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn set_for_benchmark(tick: Tick) {
			LastReading::<T>::put(Reading { now: tick, before: tick, quarters: 0 });
		}
	}
}
