//! Counting.

use crate::{
	types::QUARTERS_PER_TICK, Config, LastBlockFull, LastReading, Pace, Pallet, PauseLeft,
};
use frame_support::{migrations::MultiStepMigrator, traits::Get};

impl<T: Config> Pallet<T> {
	/// How fast the clock runs in this block. Of several reasons to stand still, the one that ends
	/// last comes first.
	pub(crate) fn pace() -> Pace {
		if T::MultiBlockMigrator::ongoing() {
			return Pace::Migrating;
		}
		if T::Stopped::get() {
			return Pace::Stopped;
		}
		match PauseLeft::<T>::get() {
			0 if LastBlockFull::<T>::get() => Pace::Quarter,
			0 => Pace::Full,
			blocks_left => Pace::AfterUpgrade { blocks_left },
		}
	}

	/// Counts this block.
	pub(crate) fn do_tick() {
		let quarters = match Self::pace() {
			Pace::Full => QUARTERS_PER_TICK,
			Pace::Quarter => 1,
			Pace::AfterUpgrade { blocks_left } => {
				PauseLeft::<T>::put(blocks_left.saturating_sub(1));
				0
			}
			Pace::Stopped | Pace::Migrating => 0,
		};
		LastReading::<T>::mutate(|reading| *reading = reading.after(quarters));
	}
}
