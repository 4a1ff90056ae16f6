//! The queue of traces that a provider owes: first come, first due.
//!
//! The clock of a trace starts when the one before is posted, or its time is over. So a flood of
//! claims in one block gives a provider as much time as its traces take, and none of them can be
//! missed by an honest one. Traces may be posted out of turn.

use assay_market::{traits::Clock, JobId, ProviderId, Tick};
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

use crate::{
	types::{TraceDuty, TraceQueue},
	Config, Error, Pallet, TraceDuties, TraceQueues,
};

impl<T: Config> Pallet<T> {
	/// Ticks of all traces that a provider owes.
	pub(crate) fn queued_ticks(provider: ProviderId) -> Tick {
		TraceQueues::<T>::get(provider).map_or(0, |queue| queue.ticks)
	}

	/// A provider owes one more trace.
	pub(crate) fn enqueue_trace(provider: ProviderId, job: JobId, ticks: Tick) -> DispatchResult {
		let now = T::Clock::now();
		let queue = match TraceQueues::<T>::get(provider) {
			None => {
				TraceDuties::<T>::insert(job, TraceDuty { ticks, before: None, after: None });
				TraceQueue { first: job, last: job, since: now, ticks, length: 1 }
			}
			Some(queue) => {
				let before = Some(queue.last);
				Self::link(queue.last, |duty| duty.after = Some(job))?;
				TraceDuties::<T>::insert(job, TraceDuty { ticks, before, after: None });
				TraceQueue {
					last: job,
					ticks: queue.ticks.saturating_add(ticks),
					length: queue.length.checked_add(1).ok_or(Error::<T>::CountOverflow)?,
					..queue
				}
			}
		};
		TraceQueues::<T>::insert(provider, queue);
		Ok(())
	}

	/// A provider owes a trace no more. If it was the first, the clock of the next one starts: now, or
	/// when the first one's time was over.
	pub(crate) fn dequeue_trace(provider: ProviderId, job: &JobId) -> DispatchResult {
		let duty = TraceDuties::<T>::take(job).ok_or(Error::<T>::NoTraceAwaited)?;
		let queue = TraceQueues::<T>::get(provider).ok_or(Error::<T>::NoTraceAwaited)?;
		if let Some(before) = duty.before {
			Self::link(before, |link| link.after = duty.after)?;
		}
		if let Some(after) = duty.after {
			Self::link(after, |link| link.before = duty.before)?;
		}
		let (first, since) = match (duty.before, duty.after) {
			(None, Some(after)) => {
				let over_at = queue.since.saturating_add(duty.ticks);
				(after, T::Clock::now().min(over_at))
			}
			_ => (queue.first, queue.since),
		};
		let last = if duty.after.is_none() { duty.before } else { Some(queue.last) };
		let queue = last.map(|last| TraceQueue {
			first,
			last,
			since,
			ticks: queue.ticks.saturating_sub(duty.ticks),
			length: queue.length.saturating_sub(1),
		});
		TraceQueues::<T>::set(provider, queue);
		Ok(())
	}

	/// The last tick at which a trace may be posted; `None` while others are due before.
	pub(crate) fn trace_deadline(
		provider: ProviderId,
		job: &JobId,
	) -> Result<Option<Tick>, DispatchError> {
		let duty = TraceDuties::<T>::get(job).ok_or(Error::<T>::NoTraceAwaited)?;
		let queue = TraceQueues::<T>::get(provider).ok_or(Error::<T>::NoTraceAwaited)?;
		Ok((queue.first == *job).then(|| queue.since.saturating_add(duty.ticks)))
	}

	/// The least tick at which a trace's time can be over, if all before it take theirs; `None` if there
	/// is no such trace. Takes time in the length of the queue: for whoever looks, not for moves.
	pub(crate) fn latest_trace_deadline(provider: ProviderId, job: &JobId) -> Option<Tick> {
		let queue = TraceQueues::<T>::get(provider)?;
		let (mut at, mut next) = (queue.since, Some(queue.first));
		while let Some(id) = next {
			let duty = TraceDuties::<T>::get(id)?;
			at = at.saturating_add(duty.ticks);
			if id == *job {
				return Some(at);
			}
			next = duty.after;
		}
		None
	}

	fn link(job: JobId, change: impl FnOnce(&mut TraceDuty)) -> DispatchResult {
		TraceDuties::<T>::try_mutate(job, |duty| {
			change(duty.as_mut().ok_or(Error::<T>::NoTraceAwaited)?);
			Ok(())
		})
	}

	/// Fails once the time for a trace is over.
	pub(crate) fn ensure_trace_in_time(provider: ProviderId, job: &JobId) -> DispatchResult {
		let deadline = Self::trace_deadline(provider, job)?;
		ensure!(deadline.is_none_or(|last| T::Clock::now() <= last), Error::<T>::TimeOver);
		Ok(())
	}
}
