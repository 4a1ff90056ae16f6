//! How stages and audits end.

use alloc::vec::Vec;

use assay_market::{
	traits::{ClaimEnd, Clock, Disputable, Finding, Verdict},
	JobId,
};
use frame_support::{defensive, dispatch::DispatchResult, BoundedVec};

use crate::{
	plants::{AuditOutcome, MEMORY_TICKS},
	types::{Seat, Stage},
	Audit, Audits, Config, Due, Event, KeptClaims, Outcomes, Pallet,
};

impl<T: Config> Pallet<T> {
	/// The time of a stage is over: whoever is missing pays, and others are drawn in its place.
	pub(crate) fn end_stage(job: &JobId, mut audit: Audit<T::AccountId>) -> DispatchResult {
		let stage = audit.stage;
		let seats = core::mem::take(&mut audit.seats).into_inner();
		let (missing, present): (Vec<_>, _) =
			seats.into_iter().partition(|seat| seat.is_missing(stage));
		// A part of what fitted.
		audit.seats = BoundedVec::truncate_from(present);
		for seat in missing {
			Self::punish(job, &audit, seat.auditor, Self::silence(&audit));
			Self::give_up(seat.fee);
			Self::count(|tally| tally.silent = tally.silent.saturating_add(1));
			if audit.silent.try_push(seat.auditor).is_err() {
				defensive!("no more fall silent than can be drawn");
			}
		}
		// Whoever showed a fault needs no second auditor: a game decides.
		if audit.redraws_left > 0 && !audit.has_finding() {
			let auditors = Self::redraw(job, &mut audit)?;
			if !auditors.is_empty() {
				let seal_by = Self::seal_until(&audit);
				audit.stage = Stage::Sealing;
				Self::put_in_queue(job, &mut audit, Some(seal_by));
				Audits::<T>::insert(job, audit);
				Self::deposit_event(Event::Redrawn { job: *job, auditors, seal_by });
				return Ok(());
			}
		}
		if audit.is_complete(Stage::Revealing) {
			return Self::conclude(job, audit);
		}
		Self::ask_for_roots(job, &mut audit);
		Audits::<T>::insert(job, audit);
		Ok(())
	}

	/// Nothing more is to be shown: the answer is held by games only.
	pub(crate) fn conclude(job: &JobId, mut audit: Audit<T::AccountId>) -> DispatchResult {
		audit.stage = Stage::Concluded;
		Self::put_in_queue(job, &mut audit, None);
		KeptClaims::<T>::remove(job);
		let checked_by = u32::try_from(audit.seats.len()).unwrap_or(u32::MAX);
		if checked_by == 0 {
			Self::count(|tally| tally.unchecked = tally.unchecked.saturating_add(1));
			Audits::<T>::remove(job);
		} else {
			// Stored first: what ends with the audit is told at once.
			Audits::<T>::insert(job, audit);
		}
		Self::deposit_event(Event::Concluded { job: *job, checked_by });
		T::Jobs::decide(job, Verdict::Upheld)
	}

	/// Nobody answers for the audit any more: auditors are paid, or lose what they had at stake.
	pub(crate) fn close(job: &JobId, mut audit: Audit<T::AccountId>) -> DispatchResult {
		Self::put_in_queue(job, &mut audit, None);
		KeptClaims::<T>::remove(job);
		let (mut found, mut missed) = (0_u8, 0_u8);
		for seat in &audit.seats {
			match seat.revealed() {
				// It was not given the time.
				None => {
					Self::dismiss(&audit, seat.auditor);
					Self::give_up(seat.fee);
				}
				Some(_) if Self::signed_falsehood(&audit, seat) => {
					Self::punish(job, &audit, seat.auditor, Self::falsehood(&audit));
					Self::give_up(seat.fee);
				}
				Some(_) => {
					Self::dismiss(&audit, seat.auditor);
					Self::pay(job, seat.auditor, seat.fee);
				}
			}
			match seat.revealed() {
				Some((_, Finding::Ok)) => missed = missed.saturating_add(1),
				Some((_, Finding::NotOk)) if audit.claim_end(seat) != Some(ClaimEnd::Lost) => {
					found = found.saturating_add(1);
				}
				_ => {}
			}
		}
		let forgotten_at = T::Clock::now().saturating_add(MEMORY_TICKS);
		let outcome = AuditOutcome { answered_at: audit.answered_at, forgotten_at, found, missed };
		Outcomes::<T>::insert(job, outcome);
		Due::<T>::insert(forgotten_at, job, ());
		Audits::<T>::remove(job);
		Self::deposit_event(Event::Closed { job: *job, found, missed });
		Ok(())
	}

	/// Whether an auditor signed what a game showed to be false: its own root lost, or it signed OK
	/// on an answer that fell, and its own root did not win.
	fn signed_falsehood(audit: &Audit<T::AccountId>, seat: &Seat<T::AccountId>) -> bool {
		let signed_ok = matches!(seat.revealed(), Some((_, Finding::Ok)));
		match audit.claim_end(seat) {
			Some(ClaimEnd::Lost) => true,
			Some(ClaimEnd::Won) => false,
			Some(ClaimEnd::Undecided) | None => signed_ok && audit.is_lost,
		}
	}
}
