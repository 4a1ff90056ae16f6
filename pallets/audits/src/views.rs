//! What may be read without a transaction.

use alloc::vec::Vec;

use assay_market::{traits::Bonds, CommitmentHash, JobId, ModelId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use crate::{
	beacon::DRAW_ROUNDS, types::Stage, Audit, Audits, BeaconState, Config, Pallet, RoundOf,
};

/// What an auditor is expected to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Expected {
	/// To seal the root of its trace.
	#[codec(index = 0)]
	Seal,
	/// To show it.
	#[codec(index = 1)]
	Reveal,
	/// Nothing, until the others have sealed.
	#[codec(index = 2)]
	Wait,
}

/// An audit that awaits an auditor.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Awaited {
	/// The job.
	pub job: JobId,
	/// What its answer is named by.
	pub commitment: CommitmentHash,
	/// Its model.
	pub model: ModelId,
	/// What the auditor is expected to do.
	pub expected: Expected,
	/// The last tick at which it, or who has to go first, can.
	pub until: Tick,
}

/// How far the audit of an answer is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[allow(clippy::large_enum_variant, reason = "taken apart as soon as it is read")]
pub enum AuditView<AccountId> {
	/// It is not known yet whether it will be audited.
	#[codec(index = 0)]
	AwaitsDraw {
		/// Blocks until the draw; 0 if only its turn in the queue is missing.
		blocks_left: u32,
	},
	/// It is audited.
	#[codec(index = 1)]
	Drawn(Audit<AccountId>),
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_awaited(who: &T::AccountId) -> Vec<Awaited> {
		let Some(auditor) = T::Bonds::provider_of(who) else { return Vec::new() };
		let mut awaited: Vec<_> = Audits::<T>::iter()
			.filter(|(_, audit)| !audit.is_closed)
			.filter_map(|(job, audit)| {
				let seat = audit.seats.iter().find(|seat| seat.auditor == auditor)?;
				let expected = match (audit.stage, seat.is_missing(audit.stage)) {
					(Stage::Concluded, _) => return None,
					(Stage::Sealing, true) => Expected::Seal,
					(Stage::Revealing, true) => Expected::Reveal,
					(_, false) => Expected::Wait,
				};
				let until = audit.due_at?.saturating_sub(1);
				let Audit { commitment, model, .. } = audit;
				Some(Awaited { job, commitment, model, expected, until })
			})
			.collect();
		awaited.sort_by_key(|one| (one.until, one.job));
		awaited
	}

	pub(crate) fn view_audit(job: &JobId) -> Option<AuditView<T::AccountId>> {
		if let Some(round) = RoundOf::<T>::get(job) {
			let drawn_at = round.saturating_add(DRAW_ROUNDS);
			let blocks_left = drawn_at.saturating_sub(BeaconState::<T>::get().round);
			return Some(AuditView::AwaitsDraw { blocks_left });
		}
		Audits::<T>::get(job).map(AuditView::Drawn)
	}
}
