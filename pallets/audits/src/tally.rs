//! How honestly answers are audited, as far as planted faults show it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	traits::{ConstU32, Get},
	BoundedVec,
};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

use crate::{Config, Pallet, Tallies};

/// Eras of which counts are kept.
pub const TALLY_ERAS: u32 = 30;

/// What was counted in an era.
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
pub struct Tally {
	/// Answers that were drawn.
	pub drawn: u32,
	/// Of these, those that nobody checked, for lack of auditors or of words.
	pub unchecked: u32,
	/// Auditors that fell silent.
	pub silent: u32,
	/// Auditors that found a planted fault.
	pub found: u32,
	/// Auditors that signed OK on a planted fault.
	pub missed: u32,
	/// Jobs of lists of planted faults that were never opened.
	pub abandoned: u32,
}

/// An era with its counts.
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
pub struct EraTally {
	/// Which era.
	pub era: u32,
	/// Its counts.
	pub tally: Tally,
}

/// Eras with their counts, oldest first.
pub type EraTallies = BoundedVec<EraTally, ConstU32<TALLY_ERAS>>;

/// How honestly answers were audited in the last [`TALLY_ERAS`] eras with an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Honesty {
	/// Auditors that found a planted fault.
	pub found: u32,
	/// Auditors that signed OK on one.
	pub missed: u32,
	/// h: `(found + 1) ÷ (found + missed + 2)`, one half as long as nothing was measured.
	pub estimate: Perbill,
}

impl Honesty {
	/// What follows from so many findings.
	pub fn of(found: u32, missed: u32) -> Self {
		let all = u64::from(found) + u64::from(missed) + 2;
		let estimate = Perbill::from_rational(u64::from(found) + 1, all);
		Self { found, missed, estimate }
	}
}

impl<T: Config> Pallet<T> {
	/// Counts something in the current era.
	pub(crate) fn count(change: impl FnOnce(&mut Tally)) {
		let era = T::Era::get();
		Tallies::<T>::mutate(|eras| {
			if eras.last().is_none_or(|last| last.era != era) {
				if eras.is_full() {
					eras.remove(0);
				}
				// There is room: one was removed.
				let _room = eras.try_push(EraTally { era, tally: Tally::default() });
			}
			if let Some(last) = eras.last_mut() {
				change(&mut last.tally);
			}
		});
	}

	/// How honestly answers are audited.
	pub(crate) fn view_honesty() -> Honesty {
		let eras = Tallies::<T>::get();
		let sum = |part: fn(&Tally) -> u32| {
			eras.iter().fold(0_u32, |sum, era| sum.saturating_add(part(&era.tally)))
		};
		Honesty::of(sum(|tally| tally.found), sum(|tally| tally.missed))
	}
}
