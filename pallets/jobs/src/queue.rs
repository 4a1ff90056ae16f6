//! The queue of jobs with a deadline, worked off by the block's hook.

use alloc::vec::Vec;

use assay_market::{traits::Clock, JobId};
use frame_support::{
	defensive,
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use sp_runtime::DispatchError;

use crate::{
	state::{After, Move},
	Config, Event, Jobs, Pallet, Queue, QueueCursor, Totals, WeightInfo,
};

impl<T: Config> Pallet<T> {
	/// Does what has become due, tick by tick, as far as the meter and the block's bound allow. The
	/// cursor stays at the current tick, under which more may still be put.
	pub(crate) fn work_off_queue(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::on_poll_base()).is_err() {
			return;
		}
		let now = T::Clock::now();
		let start = QueueCursor::<T>::get();
		let mut cursor = start;
		// Without jobs there is nothing under any tick, and the cursor need not look there.
		if Totals::<T>::get().open.all() == Some(0) {
			cursor = now.max(start);
		}
		let mut left = T::MaxDuePerBlock::get();
		let mut has_settled = false;
		loop {
			left = left.saturating_sub(1);
			let most = Self::most_due(left, meter);
			if most == 0 || meter.try_consume(T::WeightInfo::on_poll_tick()).is_err() {
				break;
			}
			// Read before anything is done, since that changes the map.
			let jobs: Vec<_> = Queue::<T>::iter_key_prefix(cursor).take(most).collect();
			for id in &jobs {
				meter.consume(Self::do_or_delay(id, &mut has_settled));
			}
			left = left.saturating_sub(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
			// There may be more under this tick, and room for it: most jobs weigh less than the dearest.
			if jobs.len() == most {
				continue;
			}
			if cursor >= now {
				break;
			}
			cursor = cursor.saturating_add(1);
		}
		if cursor != start {
			QueueCursor::<T>::put(cursor);
		}
	}

	/// How many jobs of a tick there is room for: at most so many, and no more than the meter can
	/// take at their dearest.
	fn most_due(most: u32, meter: &WeightMeter) -> usize {
		let room = meter.remaining().saturating_sub(T::WeightInfo::on_poll_tick());
		let fit = room.checked_div_per_component(&T::WeightInfo::poke()).unwrap_or(0);
		// A number of at most 32 bits fits into the target's word.
		usize::try_from(fit.min(most.into())).unwrap_or(0)
	}

	/// Does what is due for a job; what fails changes nothing and is tried again later, so that it
	/// cannot stand in the way of others. Returns what it weighed.
	///
	/// `has_settled`: whether this block settled a job before, which paid for what jobs share.
	fn do_or_delay(id: &JobId, has_settled: &mut bool) -> Weight {
		let done = with_storage_layer(|| Self::do_poke(id));
		match done {
			Ok(Move::Settle) if *has_settled => T::WeightInfo::settle_another(),
			Ok(due) => {
				*has_settled |= due == Move::Settle;
				Self::weight_of(due)
			}
			Err(error) => {
				if Self::delay(id, error).is_err() {
					defensive!("the queue holds a job that is not stored");
				}
				T::WeightInfo::poke()
			}
		}
	}

	fn delay(id: &JobId, error: DispatchError) -> Result<(), DispatchError> {
		let job = Self::open_job(id)?;
		Self::transition(id, Move::Delay, After::Open(job))?;
		let until = Jobs::<T>::get(id).and_then(|job| job.queued_at);
		Self::deposit_event(Event::Delayed { job: *id, error, until });
		Ok(())
	}
}
