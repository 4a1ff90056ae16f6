//! Lists of words in calls: tokens, or the elements of a vector.

use assay_market::TokenList;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::hashing::Blake2;

/// Most words that a call may carry: 64 KiB.
pub const MAX_INLINE_WORDS: u32 = 16_384;

/// Most leaves of a list that the chain knows by its root: twice as many as the longest admitted run
/// has, and as many as the bits of the mask that says which were posted.
pub const MAX_LEAVES: u32 = u64::BITS;

/// A list in a call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Words {
	/// The words themselves. The chain keeps their root; they stay in the body of the block.
	#[codec(index = 0)]
	Inline(BoundedVec<u32, ConstU32<MAX_INLINE_WORDS>>),
	/// Their root, for lists that do not fit. Whoever signs the call must hold the words.
	#[codec(index = 1)]
	Root(TokenList),
}

impl Words {
	/// What the chain keeps.
	pub fn list(&self) -> TokenList {
		match self {
			Self::Inline(words) => TokenList::of::<Blake2>(words),
			Self::Root(list) => *list,
		}
	}

	/// The words, if the call carries them.
	pub fn inline(&self) -> Option<&[u32]> {
		match self {
			Self::Inline(words) => Some(words),
			Self::Root(_) => None,
		}
	}

	/// How many words the call carries.
	pub fn inline_length(&self) -> u32 {
		// At most `MAX_INLINE_WORDS`.
		self.inline().map_or(0, |words| u32::try_from(words.len()).unwrap_or(MAX_INLINE_WORDS))
	}
}
