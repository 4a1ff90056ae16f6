//! What the clock shows and how fast it runs.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_market::Tick;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Quarters of a tick.
pub(crate) const QUARTERS_PER_TICK: u8 = 4;

/// What the clock shows.
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
pub struct Reading {
	/// Ticks since genesis.
	pub now: Tick,
	/// What `now` was before the last block that could have counted.
	pub before: Tick,
	/// Quarters of the next tick that have passed: 0 to 3.
	pub quarters: u8,
}

impl Reading {
	/// The reading after a block that counts this many quarters, at most four.
	pub(crate) fn after(self, quarters: u8) -> Self {
		let quarters = self.quarters.saturating_add(quarters);
		Self {
			// At its end the counter stands still: starting anew would revive every deadline.
			now: self.now.saturating_add(Tick::from(quarters / QUARTERS_PER_TICK)),
			before: self.now,
			quarters: quarters % QUARTERS_PER_TICK,
		}
	}
}

/// How fast the clock runs, and why.
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
pub enum Pace {
	/// A tick per block.
	#[codec(index = 0)]
	Full,
	/// A quarter of a tick: the last block was full.
	#[codec(index = 1)]
	Quarter,
	/// Stands still: the chain refuses ordinary calls by decision.
	#[codec(index = 2)]
	Stopped,
	/// Stands still, so that transactions can be signed anew after an upgrade.
	#[codec(index = 3)]
	AfterUpgrade {
		/// For how many blocks.
		blocks_left: u32,
	},
	/// Stands still: a migration of several blocks goes on.
	#[codec(index = 4)]
	Migrating,
}

/// The clock as users see it.
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
pub struct Status {
	/// Ticks since genesis.
	pub now: Tick,
	/// Quarters of the next tick that have passed: 0 to 3.
	pub quarters: u8,
	/// How fast the clock runs, and why.
	pub pace: Pace,
}
