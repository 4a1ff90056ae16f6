//! In what compute, money and time are counted.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An amount of the native token or of an asset, in its smallest units.
pub type Balance = u128;

/// Number of an asset.
pub type AssetId = u32;

/// The market's time: blocks of normal operation since genesis. It stands still where parties cannot
/// act (migrations, full stops, just after upgrades) and slows down while blocks are full.
pub type Tick = u32;

/// What a voucher's price is quoted in.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Quote {
	/// The native token.
	#[codec(index = 0)]
	Native,
	/// A registered asset.
	#[codec(index = 1)]
	Asset(AssetId),
}

/// An amount of what a price is quoted in.
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
pub struct Price {
	/// Of what.
	pub quote: Quote,
	/// How much, in the quote's smallest units.
	pub amount: Balance,
}
