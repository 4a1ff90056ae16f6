//! Claims against answers.

use assay_market::{Balance, Tick};
use assay_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Who came first: by tick, then by the order of seals.
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
pub struct Rank {
	/// When the seal was made.
	pub sealed_at: Tick,
	/// Its number among the job's.
	pub number: u32,
}

/// A [`Rank`] whose bytes are ordered as ranks are.
pub type RankKey = [u8; 8];

impl Rank {
	/// The key under which it is stored.
	pub const fn key(self) -> RankKey {
		let [a, b, c, d] = self.sealed_at.to_be_bytes();
		let [e, f, g, h] = self.number.to_be_bytes();
		[a, b, c, d, e, f, g, h]
	}

	/// The rank that is stored under a key.
	pub const fn of_key([a, b, c, d, e, f, g, h]: RankKey) -> Self {
		Self {
			sealed_at: Tick::from_be_bytes([a, b, c, d]),
			number: u32::from_be_bytes([e, f, g, h]),
		}
	}
}

/// What is on hold for a claim. An auditor's claim has nothing on hold: what it costs to be wrong is
/// the audits' affair.
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
pub struct Stake {
	/// Lost with the claim: the provider's costs to the provider, the rest burns.
	pub bond: Balance,
	/// Lost with the claim, to the provider: what it costs to put a trace into its queue.
	pub fee: Balance,
	/// Comes back in any case: for what is stored.
	pub deposit: Balance,
}

impl Stake {
	/// All of it; `None` on overflow.
	pub fn total(&self) -> Option<Balance> {
		self.bond.checked_add(self.fee)?.checked_add(self.deposit)
	}
}

/// A claim against an answer.
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
pub struct Claim {
	/// Who came first.
	pub rank: Rank,
	/// What is on hold for it.
	pub stake: Stake,
	/// Whether an auditor made it.
	pub audited: bool,
	/// Where it is in its life.
	pub state: ClaimState,
}

/// Where a claim is in its life.
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
pub enum ClaimState {
	/// Nobody knows its root.
	#[codec(index = 0)]
	Sealed {
		/// [`seal`](crate::seal) of root, salt and account.
		seal: Hash,
		/// When it was made.
		at: Tick,
	},
	/// An auditor has shown its root; it waits for the provider's.
	#[codec(index = 1)]
	Shown {
		/// The root.
		root: Hash,
	},
	/// It is one side of a game.
	#[codec(index = 2)]
	Playing {
		/// The root.
		root: Hash,
	},
	/// Its game is won.
	#[codec(index = 3)]
	Won {
		/// The root.
		root: Hash,
	},
}

impl ClaimState {
	/// The root, once it is known.
	pub const fn root(&self) -> Option<Hash> {
		match self {
			Self::Sealed { .. } => None,
			Self::Shown { root } | Self::Playing { root } | Self::Won { root } => Some(*root),
		}
	}
}
