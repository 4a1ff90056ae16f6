//! How much compute can be sold, in voucher units, as demand is counted: the least of what was declared,
//! what follows from the demonstrated, and what the bonds covered.

use assay_market::{traits::ExposureRule, Balance};
use frame_support::{defensive, traits::Get};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};

use crate::{
	types::{EraUnits, SERVED_ERAS},
	views::CapacityView,
	Config, Pallet, Served, ServedBefore,
};

impl<T: Config> Pallet<T> {
	/// Counts units of a settled job in the current era.
	pub(crate) fn note_units(units: Balance) {
		let era = Self::era();
		let mut served = Served::<T>::get();
		if served.era != era {
			if served.units > 0 {
				ServedBefore::<T>::mutate(|eras| {
					if eras.is_full() {
						eras.remove(0);
					}
					if eras.try_push(served).is_err() {
						defensive!("the oldest era has just made room");
					}
				});
			}
			served = EraUnits { era, units: 0 };
		}
		served.units = served.units.saturating_add(units);
		Served::<T>::put(served);
	}

	/// Units per day that were settled in the best of the last [`SERVED_ERAS`] eras. The current one
	/// counts with what it has so far.
	fn demonstrated() -> Balance {
		let era = Self::era();
		let latest = Served::<T>::get();
		let best = ServedBefore::<T>::get()
			.iter()
			.chain([&latest])
			.filter(|one| one.era.saturating_add(SERVED_ERAS) >= era)
			.map(|one| one.units)
			.max()
			.unwrap_or(0);
		let per_day = scaled(best, T::TicksPerDay::get().into(), T::TicksPerEra::get().into());
		per_day.max(T::ServedFloor::get())
	}

	/// Units per day that may be sold on what was demonstrated. More than that: idle compute has not
	/// been demonstrated, and if only the served counted, no market could be seen to be idle.
	fn expected(demonstrated: Balance) -> Balance {
		demonstrated.saturating_mul(T::DemonstratedFactor::get().into())
	}

	/// Units per day whose exposure `bond` covers: each ties up factor x price for as long as an answer
	/// can be disputed.
	fn covered(bond: Balance) -> Balance {
		let exposure = T::UnitPrice::get().checked_mul(T::Exposure::factor().into());
		let tied_up = exposure.and_then(|one| one.checked_mul(T::LockTicks::get().into()));
		// What exceeds the greatest amount cannot be covered by any bond.
		tied_up.map_or(0, |tied_up| scaled(bond, T::TicksPerDay::get().into(), tied_up))
	}

	pub(crate) fn view_capacity() -> CapacityView {
		let supply = Self::mean_supply();
		let declared = supply.units_per_day;
		let (demonstrated, covered) = (Self::demonstrated(), Self::covered(supply.bond));
		let units_per_day = declared.min(Self::expected(demonstrated)).min(covered);
		CapacityView { declared, demonstrated, covered, units_per_day }
	}
}

/// `amount` x `numerator` ÷ `denominator`, rounded down; the greatest amount if that is exceeded, as
/// when something costs nothing.
fn scaled(amount: Balance, numerator: Balance, denominator: Balance) -> Balance {
	multiply_by_rational_with_rounding(amount, numerator, denominator, Rounding::Down)
		.unwrap_or(Balance::MAX)
}
