//! Games between two traces.

use assay_primitives::Hash;
use assay_trace::{
	tree::{Opening, MAX_HASHES},
	Node,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use super::MAX_WAITING;
use crate::clocks::MoveClocks;

/// Most nodes that a move reveals.
pub const MAX_REVEALED: u32 = 256;
const _: () = assert!(MAX_REVEALED as usize == MAX_HASHES);

/// A side of a game.
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
pub enum Side {
	/// The provider's trace.
	#[codec(index = 0)]
	Provider,
	/// The trace that was claimed against it.
	#[codec(index = 1)]
	Challenger,
}

/// A game: the provider's trace against another one.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Game<AccountId> {
	/// Owner of the earliest seal of this root that was shown.
	pub owner: AccountId,
	/// Auditors who showed the same root, but not first. They are told how it ends.
	pub auditors: BoundedVec<AccountId, ConstU32<MAX_WAITING>>,
	/// Where it stands.
	pub state: GameState,
}

/// Where a game stands.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum GameState {
	/// Both sides owe a move.
	#[codec(index = 0)]
	Playing(Play),
	/// The provider lost it.
	#[codec(index = 1)]
	Won,
}

/// The first node at which two traces are known to differ, and who has opened it.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Play {
	/// The node that is to be opened; a leaf is to be recomputed.
	pub node: Node,
	/// Its hash by the provider's trace and by the other. `None` at the top, which the roots stand for.
	pub hashes: Option<(Hash, Hash)>,
	/// What one side has revealed while the other has not.
	pub revealed: Option<(Side, Revealed)>,
	/// Time that is left.
	pub clocks: MoveClocks,
}

/// Hashes that a move reveals.
pub type Revealed = BoundedVec<Hash, ConstU32<MAX_REVEALED>>;

impl Side {
	/// The other one.
	pub const fn other(self) -> Self {
		match self {
			Self::Provider => Self::Challenger,
			Self::Challenger => Self::Provider,
		}
	}
}

impl Play {
	/// The hash of the opened node by a side's trace; `None` at the top.
	pub fn hash_of(&self, side: Side) -> Option<Hash> {
		self.hashes.map(|(provider, challenger)| match side {
			Side::Provider => provider,
			Side::Challenger => challenger,
		})
	}

	/// Whether a side has made its move.
	pub fn has_moved(&self, side: Side) -> bool {
		self.revealed.as_ref().is_some_and(|(by, _)| *by == side)
	}

	/// Whether the way from the top to the node in question leads through another node.
	pub fn passed(&self, node: Node) -> bool {
		let levels = node.level.saturating_sub(self.node.level);
		// Sixteen children each: four bits of the place for a level.
		let above = self.node.index.checked_shr(levels.saturating_mul(4)).unwrap_or(0);
		levels > 0 && above == node.index
	}
}

/// What was revealed, as an opening.
pub(crate) fn opening(revealed: &Revealed) -> Opening {
	Opening(revealed.to_vec())
}
