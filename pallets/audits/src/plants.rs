//! Planted faults: named by a hash before they are answered, opened when they are over.

use assay_market::{traits::Clock, JobId, Tick};
use assay_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{dispatch::DispatchResult, ensure, traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::{hashing, Audits, Config, Due, Error, Event, Outcomes, Pallet, PlantLists, RoundOf};

/// Most jobs of a list of planted faults.
pub const PLANTS_MAX: u32 = 64;

/// Ticks within which a list must be opened, and for which the outcome of an audit is kept: a day
/// of six-second blocks. An audit of a job of the list ends after the list was posted, so that its
/// outcome is there as long as the list can be opened.
pub const MEMORY_TICKS: Tick = 14_400;

/// The jobs of a list.
pub type Plants = BoundedVec<JobId, ConstU32<PLANTS_MAX>>;

/// A list of planted faults that was not opened yet.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct PlantList {
	/// See [`hashing::plants`].
	pub hash: Hash,
	/// How many jobs it names.
	pub count: u32,
	/// When it was posted.
	pub posted_at: Tick,
}

impl PlantList {
	/// The last tick at which it can be opened.
	pub const fn open_until(&self) -> Tick {
		self.posted_at.saturating_add(MEMORY_TICKS)
	}
}

/// What came of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct AuditOutcome {
	/// When the answer was committed.
	pub answered_at: Tick,
	/// When it is forgotten: the tick under which it waits in the queue.
	pub forgotten_at: Tick,
	/// Auditors that showed that it is wrong, and did not lose their game.
	pub found: u8,
	/// Auditors that signed OK.
	pub missed: u8,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_commit_plants(hash: Hash, count: u32) -> DispatchResult {
		ensure!((1..=PLANTS_MAX).contains(&count), Error::<T>::PlantCountOutOfRange);
		Self::forget_old_plants();
		let lists = PlantLists::<T>::get();
		if lists.iter().any(|list| (list.hash, list.count) == (hash, count)) {
			return Ok(());
		}
		let posted_at = T::Clock::now();
		let list = PlantList { hash, count, posted_at };
		PlantLists::<T>::try_append(list).map_err(|()| Error::<T>::TooManyPlantLists)?;
		Self::deposit_event(Event::PlantsCommitted { hash, count, open_until: list.open_until() });
		Ok(())
	}

	/// Counts who found the faults and who signed them. All jobs of a list at once: whoever plants
	/// cannot show only those that suit it.
	pub(crate) fn do_open_plants(jobs: &Plants, salt: &[u8; 32]) -> DispatchResult {
		Self::forget_old_plants();
		let hash = hashing::plants(salt, jobs);
		let mut lists = PlantLists::<T>::get();
		let known = |list: &PlantList| list.hash == hash && list.count as usize == jobs.len();
		let place = lists.iter().position(known).ok_or(Error::<T>::UnknownPlants)?;
		let list = lists.remove(place);
		let (mut found, mut missed, mut audited) = (0_u32, 0_u32, 0_u32);
		for job in jobs {
			let is_open = Audits::<T>::contains_key(job) || RoundOf::<T>::contains_key(job);
			ensure!(!is_open, Error::<T>::PlantStillAudited);
			// Most jobs are never drawn.
			let Some(outcome) = Outcomes::<T>::take(job) else { continue };
			ensure!(list.posted_at < outcome.answered_at, Error::<T>::PlantedTooLate);
			Due::<T>::remove(outcome.forgotten_at, job);
			audited = audited.saturating_add(1);
			found = found.saturating_add(outcome.found.into());
			missed = missed.saturating_add(outcome.missed.into());
		}
		PlantLists::<T>::put(lists);
		Self::count(|tally| {
			tally.found = tally.found.saturating_add(found);
			tally.missed = tally.missed.saturating_add(missed);
		});
		Self::deposit_event(Event::PlantsOpened { hash, audited, found, missed });
		Ok(())
	}

	/// Counts lists that were never opened: whoever plants would rather not show them.
	fn forget_old_plants() {
		let now = T::Clock::now();
		let mut lists = PlantLists::<T>::get();
		let before = lists.len();
		let mut abandoned = 0_u32;
		lists.retain(|list| {
			let is_old = list.open_until() < now;
			if is_old {
				abandoned = abandoned.saturating_add(list.count);
			}
			!is_old
		});
		if lists.len() == before {
			return;
		}
		PlantLists::<T>::put(lists);
		Self::count(|tally| tally.abandoned = tally.abandoned.saturating_add(abandoned));
		Self::deposit_event(Event::PlantsAbandoned { jobs: abandoned });
	}
}
