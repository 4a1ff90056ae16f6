//! What a block does by itself: forget an era, visit a lot; each at most once, and only if the meter
//! has room.

use crate::{Config, Lots, Pallet, WeightInfo};
use frame_support::weights::WeightMeter;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_poll(meter: &mut WeightMeter) {
		// Looking whether there is anything to do.
		if meter.try_consume(T::WeightInfo::on_poll()).is_err() {
			return;
		}
		if let Some(era) = Self::era_to_forget() {
			if meter.try_consume(T::WeightInfo::forget_era()).is_ok() {
				Self::forget(era);
			}
		}
		if Lots::<T>::count() > 0 && meter.try_consume(T::WeightInfo::visit_lot()).is_ok() {
			if let Some((asset, lot)) = Self::next_lot() {
				Self::visit(asset, lot);
			}
		}
	}
}
