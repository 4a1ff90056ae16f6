//! What the final event of a job says.

use assay_market::{traits::Shares, Balance, Price, ProviderId};
use assay_programs::cost::ComputeUnits;
use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;

use crate::state::Ending;

/// Why a candidate steps aside. Free of charge, so that nobody is pressed into promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum DeclineReason {
	/// It has no capacity left.
	#[codec(index = 0)]
	Busy,
	/// It cannot get the input.
	#[codec(index = 1)]
	InputUnavailable,
	/// The input that it got is not the one that the root names, or has ids out of the vocabulary.
	#[codec(index = 2)]
	InputMismatch,
	/// It wants more for the exposure that the user asks for.
	#[codec(index = 3)]
	Exposure,
	/// It does not serve this user or this kind of request.
	#[codec(index = 4)]
	Policy,
	/// Anything else.
	#[codec(index = 5)]
	Other,
}

/// How a job ended, with what followed from it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Outcome<AccountId> {
	/// Answered and paid.
	#[codec(index = 0)]
	Settled {
		/// Compute of the run.
		compute_units: ComputeUnits,
		/// Vouchers that were burned, in units of the series.
		units: Balance,
		/// Their reserve.
		price: Price,
		/// Who got what of it.
		shares: Shares,
	},
	/// Taken back by its user.
	#[codec(index = 1)]
	Cancelled,
	/// Declined by the last candidate.
	#[codec(index = 2)]
	Declined {
		/// The last candidate.
		provider: ProviderId,
		/// Its reason.
		reason: DeclineReason,
	},
	/// Not accepted in time.
	#[codec(index = 3)]
	Expired,
	/// Not answered in time.
	#[codec(index = 4)]
	Late {
		/// What was reserved; the penalty is a part of it.
		exposure: Balance,
	},
	/// Answered wrongly.
	#[codec(index = 5)]
	Refuted {
		/// What was at stake.
		exposure: Balance,
		/// Who showed it.
		challenger: Option<AccountId>,
	},
	/// Answered, and the data or the trace withheld.
	#[codec(index = 6)]
	Silent {
		/// What was at stake.
		exposure: Balance,
		/// Who had challenged, or demanded the data.
		challenger: Option<AccountId>,
	},
	/// Nobody could be held to it any more: everybody got their own back.
	#[codec(index = 7)]
	Void,
}

impl<AccountId> Outcome<AccountId> {
	/// The outcome without its amounts.
	pub const fn ending(&self) -> Ending {
		match self {
			Self::Settled { .. } => Ending::Settled,
			Self::Cancelled => Ending::Cancelled,
			Self::Declined { .. } => Ending::Declined,
			Self::Expired => Ending::Expired,
			Self::Late { .. } => Ending::Late,
			Self::Refuted { .. } => Ending::Refuted,
			Self::Silent { .. } => Ending::Silent,
			Self::Void => Ending::Void,
		}
	}

	/// Vouchers that did not go back to the user.
	pub const fn units_paid(&self) -> Balance {
		match self {
			Self::Settled { units, .. } => *units,
			_ => 0,
		}
	}
}
