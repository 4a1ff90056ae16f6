//! What is due without anybody's will: the end of a stage, the end of an audit, the end of what is
//! remembered of it.

use alloc::vec::Vec;

use assay_market::{traits::Clock, JobId, Tick};
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	storage::with_storage_layer,
	traits::Get,
	weights::{Weight, WeightMeter},
};

use crate::{
	Audit, Audits, Config, Due, DueCursor, Error, Event, Outcomes, Pallet, RoundOf, WeightInfo,
};

/// Ticks after which work that failed is tried again.
pub(crate) const RETRY_TICKS: Tick = 50;

impl<T: Config> Pallet<T> {
	/// Does what has become due, tick by tick, as far as the meter and the block's bound allow. The
	/// cursor stays at the current tick, under which more may still be put.
	pub(crate) fn work_off_queue(meter: &mut WeightMeter) {
		let now = T::Clock::now();
		let start = DueCursor::<T>::get();
		let mut cursor = start;
		let mut left = T::MaxDuePerBlock::get();
		while left > 0 && meter.try_consume(T::WeightInfo::on_poll_tick()).is_ok() {
			left = left.saturating_sub(1);
			let most = Self::most_steps(left, meter, T::WeightInfo::poke());
			// Read before anything is done, since that changes the map.
			let jobs: Vec<_> = Due::<T>::iter_key_prefix(cursor).take(most).collect();
			for job in &jobs {
				meter.consume(Self::do_or_delay(job, cursor));
			}
			left = left.saturating_sub(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
			if cursor >= now || jobs.len() == most {
				break;
			}
			cursor = cursor.saturating_add(1);
		}
		if cursor != start {
			DueCursor::<T>::put(cursor);
		}
	}

	/// Puts an audit under a tick, or takes it out of the queue. The caller stores the audit.
	pub(crate) fn put_in_queue(job: &JobId, audit: &mut Audit<T::AccountId>, due_at: Option<Tick>) {
		if let Some(before) = audit.due_at {
			Due::<T>::remove(before, job);
		}
		// Under earlier ticks nobody looks any more.
		audit.due_at = due_at.map(|tick| tick.max(DueCursor::<T>::get()));
		if let Some(tick) = audit.due_at {
			Due::<T>::insert(tick, job, ());
		}
	}

	/// Does what is due; what fails changes nothing and is tried again later. Returns what it
	/// weighed.
	pub(crate) fn do_or_delay(job: &JobId, tick: Tick) -> Weight {
		if !Audits::<T>::contains_key(job) {
			Due::<T>::remove(tick, job);
			Outcomes::<T>::remove(job);
			return T::WeightInfo::forget();
		}
		if let Err(error) = with_storage_layer(|| Self::do_poke(job)) {
			Audits::<T>::mutate(job, |stored| {
				if let Some(audit) = stored {
					let later = T::Clock::now().saturating_add(RETRY_TICKS);
					Self::put_in_queue(job, audit, Some(later));
				}
			});
			Self::deposit_event(Event::Delayed { job: *job, error });
		}
		T::WeightInfo::poke()
	}

	/// Does what is due for an answer: its draw, or what its audit waits for.
	pub(crate) fn do_poke(job: &JobId) -> DispatchResult {
		if let Some(round) = RoundOf::<T>::get(job) {
			return Self::draw_now(job, round);
		}
		let audit = Audits::<T>::get(job).ok_or(Error::<T>::UnknownAudit)?;
		let is_due = audit.due_at.is_some_and(|due| due <= T::Clock::now());
		ensure!(is_due, Error::<T>::NothingDue);
		if audit.is_closed {
			Self::close(job, audit)
		} else {
			Self::end_stage(job, audit)
		}
	}
}
