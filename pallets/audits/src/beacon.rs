//! The randomness of the latest blocks' authors.

use assay_primitives::Hash;
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::hashing;

/// Blocks whose authors draw an answer's audit. To know the draw when the answer is committed, one
/// must author all of them.
pub const DRAW_BLOCKS: u32 = 32;

/// Rounds from an answer to its draw. The first contribution that is collected after an answer is
/// that of the author of its own block, who knew it before, so one round more than [`DRAW_BLOCKS`].
pub const DRAW_ROUNDS: u32 = DRAW_BLOCKS + 1;

/// Places of the ring.
const PLACES: usize = DRAW_BLOCKS as usize;

/// What the authors of the last [`DRAW_BLOCKS`] blocks contributed. A round is one contribution:
/// where hooks do not run, as during migrations, the rounds wait, and so does what is drawn by
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Beacon {
	/// Contributions since genesis.
	pub round: u32,
	/// The last of them: that of round `r` at place `r` modulo [`DRAW_BLOCKS`].
	recent: [Hash; PLACES],
}

impl Default for Beacon {
	fn default() -> Self {
		Self { round: 0, recent: [Hash::default(); PLACES] }
	}
}

impl Beacon {
	/// Takes one more contribution; the oldest goes. The author of a slot without a VRF contributes
	/// nothing, and the round counts: no job waits for a draw forever.
	pub fn push(&mut self, vrf: Option<[u8; 32]>) {
		let place = usize::try_from(self.round % DRAW_BLOCKS).unwrap_or(0);
		if let Some(oldest) = self.recent.get_mut(place) {
			*oldest = Hash(vrf.unwrap_or_default());
		}
		self.round = self.round.saturating_add(1);
	}

	/// What the last [`DRAW_BLOCKS`] contributions draw with.
	pub fn seed(&self) -> Hash {
		hashing::seed(self.round, &self.recent)
	}

	/// The latest round whose answers can be drawn now: exactly the contributions that followed
	/// their own blocks are in the ring. `None` if there is none yet.
	pub const fn ready(&self) -> Option<u32> {
		self.round.checked_sub(DRAW_ROUNDS)
	}
}
