//! The promised properties, checked over the whole storage.

use alloc::collections::{BTreeMap, BTreeSet};

use assay_market::{traits::Clock, Balance, JobId, ModelId, ProviderId, Tick};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

use crate::{
	plants::{PlantList, PLANTS_MAX},
	types::{Stage, SEATS},
	Audits, BeaconState, Config, Due, DueCursor, InRound, KeptClaims, OldestRound, Outcomes,
	Pallet, Parameters, PlantLists, Promised, Roster, RoundOf, Rounds,
};

impl<T: Config> Pallet<T> {
	/// Checks every property that the crate's documentation promises.
	///
	/// # Errors
	/// The name of the first property that does not hold.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::every_answer_is_drawn_once()?;
		Self::draws_wait_for_later_authors()?;
		Self::nobody_audits_its_own_answer()?;
		Self::stakes_cover_what_auditors_answer_for()?;
		Self::fund_covers_promises()?;
		Self::every_clock_is_in_the_queue()?;
		Self::claims_are_kept_for_the_other_auditor()?;
		Self::planted_lists_name_jobs()?;
		Self::parameters_are_valid()
	}

	/// - Each answer that waits is in one round, which counts it, and has no audit.
	/// - No round that waits lies behind the cursor.
	fn every_answer_is_drawn_once() -> Result<(), TryRuntimeError> {
		const NAME: &str = "every_answer_is_drawn_once";
		let mut waiting = BTreeMap::<u32, u32>::new();
		for (round, job, _) in InRound::<T>::iter() {
			ensure!(RoundOf::<T>::get(job) == Some(round), NAME);
			ensure!(!Audits::<T>::contains_key(job), NAME);
			*waiting.entry(round).or_default() += 1;
		}
		let counted: BTreeMap<_, _> =
			Rounds::<T>::iter().map(|(round, draws)| (round, draws.waiting)).collect();
		ensure!(counted == waiting, NAME);
		ensure!(RoundOf::<T>::iter().count() == InRound::<T>::iter().count(), NAME);
		let oldest = OldestRound::<T>::get();
		ensure!(waiting.keys().all(|round| *round >= oldest), NAME);
		Ok(())
	}

	/// - A round has its seed if and only if the blocks after it were authored.
	fn draws_wait_for_later_authors() -> Result<(), TryRuntimeError> {
		let beacon = BeaconState::<T>::get();
		for (round, draws) in Rounds::<T>::iter() {
			let is_ready = beacon.ready().is_some_and(|ready| round <= ready);
			ensure!(round <= beacon.round, "draws_wait_for_later_authors");
			ensure!(draws.seed.is_some() == is_ready, "draws_wait_for_later_authors");
		}
		Ok(())
	}

	/// - Auditors are others than who answered, and than each other.
	fn nobody_audits_its_own_answer() -> Result<(), TryRuntimeError> {
		for audit in Audits::<T>::iter_values() {
			let seated = audit.seats.iter().map(|seat| seat.auditor);
			let once: BTreeSet<_> = seated.chain(audit.silent.iter().copied()).collect();
			let all = audit.seats.len().saturating_add(audit.silent.len());
			ensure!(once.len() == all, "nobody_audits_its_own_answer");
			ensure!(!once.contains(&audit.provider), "nobody_audits_its_own_answer");
		}
		Ok(())
	}

	/// - What an auditor answers with is what its audits have at risk, and no more than its stake.
	/// - Whoever has no audit can be drawn: everybody else has left.
	fn stakes_cover_what_auditors_answer_for() -> Result<(), TryRuntimeError> {
		const NAME: &str = "stakes_cover_what_auditors_answer_for";
		let mut answered = BTreeMap::<(ModelId, ProviderId), (Balance, u32)>::new();
		for audit in Audits::<T>::iter_values() {
			for seat in &audit.seats {
				let (engaged, seats) = answered.entry((audit.model, seat.auditor)).or_default();
				*engaged = engaged.checked_add(audit.terms.at_risk).ok_or(NAME)?;
				*seats += 1;
			}
			ensure!(audit.terms.at_risk >= audit.terms.silence_penalty, NAME);
		}
		for (model, roster) in Roster::<T>::iter() {
			let once: BTreeSet<_> = roster.iter().map(|entry| entry.provider).collect();
			ensure!(once.len() == roster.len() && !roster.is_empty(), NAME);
			for entry in roster {
				let expected = answered.remove(&(model, entry.provider)).unwrap_or_default();
				ensure!((entry.engaged, entry.seats) == expected, NAME);
				ensure!(entry.engaged <= entry.stake, NAME);
				ensure!(entry.is_active || entry.seats > 0, NAME);
			}
		}
		ensure!(answered.is_empty(), NAME);
		Ok(())
	}

	/// - The account has what auditors were promised.
	fn fund_covers_promises() -> Result<(), TryRuntimeError> {
		const NAME: &str = "fund_covers_promises";
		let fees = Audits::<T>::iter_values()
			.flat_map(|audit| audit.seats.into_iter().map(|seat| seat.fee))
			.try_fold(0, Balance::checked_add);
		ensure!(fees == Some(Promised::<T>::get()), NAME);
		ensure!(Self::spendable(&Self::account()) >= Promised::<T>::get(), NAME);
		Ok(())
	}

	/// - The queue holds each audit and each outcome once, under its own tick, and nothing else.
	/// - An audit waits for a clock unless it is concluded and its answer or a game is open.
	fn every_clock_is_in_the_queue() -> Result<(), TryRuntimeError> {
		const NAME: &str = "every_clock_is_in_the_queue";
		let cursor = DueCursor::<T>::get();
		let queued: BTreeSet<(Tick, JobId)> = Due::<T>::iter_keys().collect();
		let mut expected = BTreeSet::new();
		for (job, audit) in Audits::<T>::iter() {
			let waits = audit.stage != Stage::Concluded || audit.is_over();
			ensure!(audit.due_at.is_some() == waits, NAME);
			expected.extend(audit.due_at.map(|tick| (tick, job)));
			ensure!(!Outcomes::<T>::contains_key(job), NAME);
			ensure!((1..=SEATS as usize).contains(&audit.seats.len()), NAME);
		}
		expected.extend(Outcomes::<T>::iter().map(|(job, outcome)| (outcome.forgotten_at, job)));
		ensure!(queued == expected, NAME);
		ensure!(queued.iter().all(|(tick, _)| *tick >= cursor), NAME);
		Ok(())
	}

	/// - A claim is kept as long as it is the only one that was shown, and no longer.
	fn claims_are_kept_for_the_other_auditor() -> Result<(), TryRuntimeError> {
		const NAME: &str = "claims_are_kept_for_the_other_auditor";
		for (job, kept) in KeptClaims::<T>::iter() {
			let audit = Audits::<T>::get(job).ok_or(NAME)?;
			ensure!(audit.stage != Stage::Concluded, NAME);
			ensure!(audit.first_ok().is_some_and(|(_, root)| root == kept.root), NAME);
		}
		Ok(())
	}

	/// - Each list of planted faults names jobs, was posted, and is there once.
	fn planted_lists_name_jobs() -> Result<(), TryRuntimeError> {
		const NAME: &str = "planted_lists_name_jobs";
		let lists = PlantLists::<T>::get();
		let now = T::Clock::now();
		let is_right =
			|list: &PlantList| (1..=PLANTS_MAX).contains(&list.count) && list.posted_at <= now;
		ensure!(lists.iter().all(is_right), NAME);
		let once: BTreeSet<_> = lists.iter().map(|list| (list.hash, list.count)).collect();
		ensure!(once.len() == lists.len(), NAME);
		Ok(())
	}

	/// - The governed values keep their rules.
	fn parameters_are_valid() -> Result<(), TryRuntimeError> {
		ensure!(Parameters::<T>::get().validate().is_ok(), "parameters_are_valid");
		Ok(())
	}
}
