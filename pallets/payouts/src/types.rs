//! What waits for an account.

use assay_market::{traits::PayoutReason, Balance, Price};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedBTreeMap};
use scale_info::TypeInfo;

/// Most reasons of a claim: more than there are, so that a new one needs no migration.
pub const REASONS_MAX: u32 = 16;

/// What waits for an account in one quote, by reason; no amount is zero.
pub type Claim = BoundedBTreeMap<PayoutReason, Balance, ConstU32<REASONS_MAX>>;

/// An amount that waits for an account.
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
pub struct Claimable {
	/// How much, of what.
	pub price: Price,
	/// Why.
	pub reason: PayoutReason,
}
