//! Demands of data queue up at each provider: whoever demands thousands of lists at once gives the
//! provider the time that posting them takes.

use assay_market::{traits::Clock, ProviderId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::defensive;
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

use crate::{Clocks, Config, DataLoads, Error, Pallet};

/// What was demanded of a provider.
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
pub struct DataLoad {
	/// Open requests of its jobs.
	pub open: u32,
	/// When it could have posted all that was demanded so far, at the rate of its jobs.
	pub busy_until: Tick,
}

impl DataLoad {
	/// One more request, of so many leaves: the load with it, and when its time begins. `None` on
	/// overflow.
	fn with(self, leaves: u32, clocks: &Clocks, now: Tick) -> Option<(Self, Tick)> {
		let begins = self.busy_until.max(now);
		let ticks = leaves.div_ceil(clocks.data_leaves_per_tick.max(1));
		let load = Self { open: self.open.checked_add(1)?, busy_until: begins.checked_add(ticks)? };
		Some((load, begins))
	}
}

impl<T: Config> Pallet<T> {
	/// Puts a request behind those that a provider has. Returns the tick from which on the provider is
	/// silent.
	pub(crate) fn queue_request(
		provider: ProviderId,
		leaves: u32,
		clocks: &Clocks,
	) -> Result<Tick, DispatchError> {
		let before = DataLoads::<T>::get(provider).unwrap_or_default();
		let (load, begins) =
			before.with(leaves, clocks, T::Clock::now()).ok_or(Error::<T>::TickOverflow)?;
		let answer_by = begins.checked_add(clocks.data_ticks).ok_or(Error::<T>::TickOverflow)?;
		DataLoads::<T>::insert(provider, load);
		Ok(answer_by)
	}

	/// So many requests of a provider are no longer open. Whoever has none left is free at once.
	pub(crate) fn unqueue_requests(provider: ProviderId, requests: u32) {
		if requests == 0 {
			return;
		}
		DataLoads::<T>::mutate_exists(provider, |load| {
			let before = load.take().unwrap_or_default();
			let Some(open) = before.open.checked_sub(requests) else {
				defensive!("more requests were answered than made");
				return;
			};
			*load = (open > 0).then_some(DataLoad { open, ..before });
		});
	}
}
