//! Counts over all jobs, for explorers and for checks.

use assay_market::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::state::{Ending, Stage};

/// Counts over all jobs since genesis.
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
pub struct JobTotals {
	/// Jobs that were ever submitted.
	pub submitted: u64,
	/// Jobs that are stored.
	pub open: OpenJobs,
	/// Jobs that are over.
	pub ended: EndedJobs,
	/// Vouchers of all series that went into escrow, in units.
	pub units_escrowed: Balance,
	/// Of these, those that paid for an answer.
	pub units_paid: Balance,
	/// Of these, those that went back.
	pub units_refunded: Balance,
}

/// Jobs that are stored, by stage.
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
pub struct OpenJobs {
	/// Waiting for a provider.
	pub submitted: u64,
	/// Waiting for an answer.
	pub accepted: u64,
	/// Waiting for the end of the window or of a dispute.
	pub committed: u64,
	/// Waiting for a payment that failed.
	pub unpaid: u64,
}

/// Jobs that are over, by ending.
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
pub struct EndedJobs {
	/// Answered and paid.
	pub settled: u64,
	/// Taken back by their users.
	pub cancelled: u64,
	/// Declined.
	pub declined: u64,
	/// Not accepted in time.
	pub expired: u64,
	/// Not answered in time.
	pub late: u64,
	/// Answered wrongly.
	pub refuted: u64,
	/// Answered, and the data or the trace withheld.
	pub silent: u64,
	/// Void.
	pub void: u64,
}

impl OpenJobs {
	/// All of them; `None` on overflow.
	pub fn all(&self) -> Option<u64> {
		[self.submitted, self.accepted, self.committed, self.unpaid]
			.into_iter()
			.try_fold(0_u64, u64::checked_add)
	}
}

impl EndedJobs {
	/// All of them; `None` on overflow.
	pub fn all(&self) -> Option<u64> {
		[
			self.settled,
			self.cancelled,
			self.declined,
			self.expired,
			self.late,
			self.refuted,
			self.silent,
			self.void,
		]
		.into_iter()
		.try_fold(0_u64, u64::checked_add)
	}
}

impl JobTotals {
	/// The count of a stage.
	pub fn of(&mut self, stage: Stage) -> &mut u64 {
		match stage {
			Stage::Submitted => &mut self.open.submitted,
			Stage::Accepted => &mut self.open.accepted,
			Stage::Committed => &mut self.open.committed,
			Stage::Unpaid => &mut self.open.unpaid,
			Stage::Ended(Ending::Settled) => &mut self.ended.settled,
			Stage::Ended(Ending::Cancelled) => &mut self.ended.cancelled,
			Stage::Ended(Ending::Declined) => &mut self.ended.declined,
			Stage::Ended(Ending::Expired) => &mut self.ended.expired,
			Stage::Ended(Ending::Late) => &mut self.ended.late,
			Stage::Ended(Ending::Refuted) => &mut self.ended.refuted,
			Stage::Ended(Ending::Silent) => &mut self.ended.silent,
			Stage::Ended(Ending::Void) => &mut self.ended.void,
		}
	}

	/// Moves a job from one count to another; `None` if a count would leave its range.
	pub fn count(&mut self, from: Option<Stage>, to: Stage) -> Option<()> {
		let before = match from {
			Some(stage) => self.of(stage),
			None => {
				self.submitted = self.submitted.checked_add(1)?;
				return self.add(to);
			}
		};
		*before = before.checked_sub(1)?;
		self.add(to)
	}

	fn add(&mut self, stage: Stage) -> Option<()> {
		let count = self.of(stage);
		*count = count.checked_add(1)?;
		Some(())
	}

	/// Vouchers that are in escrow; `None` if more left than went in.
	pub fn units_in_escrow(&self) -> Option<Balance> {
		self.units_escrowed.checked_sub(self.units_paid)?.checked_sub(self.units_refunded)
	}
}
