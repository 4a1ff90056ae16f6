//! What is on offer, over time. A price follows from it, so no single moment may decide: who chooses
//! the moment at which a price moves could go offline, or declare more, for just that long.

use assay_market::{traits::Clock, Balance, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::Get;
use scale_info::TypeInfo;

use crate::{types::Supply, Config, Pallet, PastSupply, TotalSupply};

/// What was on offer since the beginning of the day before, summed over ticks.
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
pub struct SupplyDays {
	/// The day that is being summed up.
	pub day: u32,
	/// The tick up to which it has been.
	pub until: Tick,
	/// The sum over the ticks of this day so far.
	pub today: Supply,
	/// The sum over the ticks of the day before; `None` on the first day.
	pub yesterday: Option<Supply>,
}

impl Supply {
	/// The same on each of so many ticks, summed up.
	fn over(self, ticks: Tick) -> Self {
		let over = |amount: Balance| amount.saturating_mul(ticks.into());
		Self { units_per_day: over(self.units_per_day), bond: over(self.bond) }
	}

	fn and(self, other: Self) -> Self {
		Self {
			units_per_day: self.units_per_day.saturating_add(other.units_per_day),
			bond: self.bond.saturating_add(other.bond),
		}
	}

	/// The mean of a sum over so many ticks, rounded down; `None` of none.
	fn mean(self, ticks: Tick) -> Option<Self> {
		let ticks = Balance::from(ticks);
		Some(Self {
			units_per_day: self.units_per_day.checked_div(ticks)?,
			bond: self.bond.checked_div(ticks)?,
		})
	}
}

impl SupplyDays {
	/// Sums up to `now`; `supply` has been on offer since the last time.
	pub(crate) fn pass(&mut self, supply: Supply, now: Tick, ticks_per_day: Tick) {
		let day = now.checked_div(ticks_per_day).unwrap_or(0);
		if day > self.day {
			let start_of = |day: u32| day.saturating_mul(ticks_per_day);
			let next = self.day.saturating_add(1);
			self.sum_up_to(start_of(next), supply);
			// Nothing changed during days that are passed over.
			let whole = if day == next { self.today } else { supply.over(ticks_per_day) };
			let (until, today) = (start_of(day), Supply::default());
			*self = Self { day, until, today, yesterday: Some(whole) };
		}
		self.sum_up_to(now, supply);
	}

	fn sum_up_to(&mut self, tick: Tick, supply: Supply) {
		self.today = self.today.and(supply.over(tick.saturating_sub(self.until)));
		self.until = tick;
	}

	/// The mean since the beginning of the day before; `None` if no tick has passed.
	pub(crate) fn mean(&self, ticks_per_day: Tick) -> Option<Supply> {
		let so_far = self.until.saturating_sub(self.day.saturating_mul(ticks_per_day));
		match self.yesterday {
			Some(yesterday) => yesterday.and(self.today).mean(so_far.saturating_add(ticks_per_day)),
			None => self.today.mean(so_far),
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Replaces a ledger's part of what is on offer.
	pub(crate) fn change_supply(old: Supply, new: Supply) {
		if old == new {
			return;
		}
		let total = TotalSupply::<T>::get();
		PastSupply::<T>::mutate(|days| {
			days.pass(total, T::Clock::now(), T::TicksPerDay::get());
		});
		let moved = |total: Balance, old: Balance, new: Balance| {
			total.saturating_sub(old).saturating_add(new)
		};
		TotalSupply::<T>::put(Supply {
			units_per_day: moved(total.units_per_day, old.units_per_day, new.units_per_day),
			bond: moved(total.bond, old.bond, new.bond),
		});
	}

	/// What was on offer, as a mean over a day or two; at genesis, what is.
	pub(crate) fn mean_supply() -> Supply {
		let total = TotalSupply::<T>::get();
		let mut days = PastSupply::<T>::get();
		days.pass(total, T::Clock::now(), T::TicksPerDay::get());
		days.mean(T::TicksPerDay::get()).unwrap_or(total)
	}
}
