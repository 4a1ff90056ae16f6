//! What is stored of auditors and of audits.

use assay_market::{
	traits::{ClaimEnd, Finding, PenaltyTerms, TraceClaim},
	Balance, CommitmentHash, ModelId, ProviderId, Tick,
};
use assay_primitives::{merkle::Path, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// Auditors of an answer.
pub const SEATS: u32 = 2;

/// Most times that somebody can be drawn in the place of who fell silent.
pub const REDRAWS_MAX: u8 = 8;

/// Auditors that can fall silent in an audit: both of each draw.
pub const SILENT_MAX: u32 = SEATS * (REDRAWS_MAX as u32 + 1);

/// Most siblings of the path of a trace's last leaf: 15 at each of 10 levels of a tree of 2^40
/// leaves.
pub const SIBLINGS_MAX: u32 = 150;

/// An auditor of a model: what it has bound, and what of it answers for audits.
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
pub struct Enrolment {
	/// Who.
	pub provider: ProviderId,
	/// What of its bond for the model it has bound: its weight in draws.
	pub stake: Balance,
	/// Of it: what answers for audits that are not over.
	pub engaged: Balance,
	/// Its seats in such audits.
	pub seats: u32,
	/// Whether it can be drawn. Who cannot leaves with its last seat.
	pub is_active: bool,
}

impl Enrolment {
	/// What can answer for one more audit.
	pub const fn free(&self) -> Balance {
		self.stake.saturating_sub(self.engaged)
	}
}

/// An answer that waits for its draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PendingDraw {
	/// What the answer is named by.
	pub commitment: CommitmentHash,
	/// The probability with which it is audited.
	pub share: Perbill,
	/// When it was committed.
	pub answered_at: Tick,
}

/// The answers of a round that wait for their draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RoundDraws {
	/// How many.
	pub waiting: u32,
	/// What they are drawn with; `None` until the blocks after them are authored.
	pub seed: Option<Hash>,
}

/// What an audit waits for.
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
pub enum Stage {
	/// For the seals of all auditors.
	#[codec(index = 0)]
	Sealing,
	/// All have sealed: for the roots.
	#[codec(index = 1)]
	Revealing,
	/// It is decided; auditors answer for what they signed until the answer is closed and their
	/// games have ended.
	#[codec(index = 2)]
	Concluded,
}

/// How far an auditor is.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Step<AccountId> {
	/// It was drawn.
	#[codec(index = 0)]
	Drawn,
	/// It posted a seal.
	#[codec(index = 1)]
	Sealed {
		/// The seal.
		seal: Hash,
		/// The account that posted it.
		by: AccountId,
		/// When.
		at: Tick,
	},
	/// It showed its root.
	#[codec(index = 2)]
	Revealed {
		/// The root.
		root: Hash,
		/// In what the trace ends.
		finding: Finding,
		/// When its seal was posted.
		sealed_at: Tick,
	},
}

/// A game that an auditor's claim became.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ClaimGame<AccountId> {
	/// In whose name.
	pub claimant: AccountId,
	/// How it ended.
	pub end: Option<ClaimEnd>,
}

/// An auditor of an answer.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Seat<AccountId> {
	/// Who.
	pub auditor: ProviderId,
	/// What it is promised for the check, in the native token.
	pub fee: Balance,
	/// How far it is.
	pub step: Step<AccountId>,
	/// The game that its claim became. Of several claims of the same root, the first one's is
	/// everybody's.
	pub game: Option<ClaimGame<AccountId>>,
}

impl<AccountId> Seat<AccountId> {
	/// What it showed.
	pub const fn revealed(&self) -> Option<(Hash, Finding)> {
		match self.step {
			Step::Revealed { root, finding, .. } => Some((root, finding)),
			Step::Drawn | Step::Sealed { .. } => None,
		}
	}

	/// Whether somebody else has to wait for it in this stage.
	pub const fn is_missing(&self, stage: Stage) -> bool {
		match (&self.step, stage) {
			(Step::Drawn, Stage::Sealing | Stage::Revealing)
			| (Step::Sealed { .. }, Stage::Revealing) => true,
			(Step::Drawn, Stage::Concluded) | (Step::Sealed { .. } | Step::Revealed { .. }, _) => {
				false
			}
		}
	}
}

/// What an audit keeps of the parameters and of its job's rules.
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
pub struct AuditTerms {
	/// Ticks for computing a trace and sealing its root.
	pub seal_ticks: Tick,
	/// Ticks for showing the root.
	pub reveal_ticks: Tick,
	/// What silence costs.
	pub silence_penalty: Balance,
	/// What an auditor has at stake: enough for silence and for a signed falsehood.
	pub at_risk: Balance,
	/// The fee that is promised to each auditor as far as there is money.
	pub fee: Balance,
	/// What the provider has at stake.
	pub exposure: Balance,
	/// The version of the arithmetic.
	pub numerics_version: u32,
	/// The rules of punishment that the job keeps.
	pub penalty: PenaltyTerms,
}

/// An audit, from its draw until nobody answers for it any more.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Audit<AccountId> {
	/// What the answer is named by.
	pub commitment: CommitmentHash,
	/// The model.
	pub model: ModelId,
	/// Who answered.
	pub provider: ProviderId,
	/// When the answer was committed.
	pub answered_at: Tick,
	/// What was pinned at the draw.
	pub terms: AuditTerms,
	/// What it waits for.
	pub stage: Stage,
	/// The tick under which it waits in the queue; `None` while it waits for others.
	pub due_at: Option<Tick>,
	/// The auditors.
	pub seats: BoundedVec<Seat<AccountId>, ConstU32<SEATS>>,
	/// Who fell silent.
	pub silent: BoundedVec<ProviderId, ConstU32<SILENT_MAX>>,
	/// Draws so far, the first included.
	pub draws: u8,
	/// How often somebody can still be drawn in the place of who fell silent.
	pub redraws_left: u8,
	/// Whether a claim against the answer won a game.
	pub is_lost: bool,
	/// Whether the answer stands for good, fell, or is void.
	pub is_closed: bool,
}

impl<AccountId> Audit<AccountId> {
	/// Whether nobody answers for it any more. Whoever showed NOT_OK for a closed answer cannot be
	/// shown to be wrong; whoever signed OK in a game that is open may have won it.
	pub fn is_over(&self) -> bool {
		let is_open = |seat: &Seat<_>| {
			let signed_ok = matches!(seat.revealed(), Some((_, Finding::Ok)));
			signed_ok && seat.game.as_ref().is_some_and(|game| game.end.is_none())
		};
		self.is_closed && !self.seats.iter().any(is_open)
	}

	/// Whether somebody showed that the answer is wrong.
	pub fn has_finding(&self) -> bool {
		self.seats.iter().any(|seat| matches!(seat.revealed(), Some((_, Finding::NotOk))))
	}

	/// Whether all auditors have done what this stage asks for.
	pub fn is_complete(&self, stage: Stage) -> bool {
		!self.seats.iter().any(|seat| seat.is_missing(stage))
	}

	/// The first root that was shown to be right.
	pub fn first_ok(&self) -> Option<(usize, Hash)> {
		self.seats.iter().enumerate().find_map(|(place, seat)| match seat.revealed() {
			Some((root, Finding::Ok)) => Some((place, root)),
			_ => None,
		})
	}

	/// How the game about a seat's root ended: its own or that of another seat with the same root.
	pub fn claim_end(&self, seat: &Seat<AccountId>) -> Option<ClaimEnd> {
		let (root, _) = seat.revealed()?;
		let same = |other: &&Seat<_>| other.revealed().is_some_and(|(other, _)| other == root);
		self.seats.iter().filter(same).find_map(|seat| seat.game.as_ref()?.end)
	}
}

/// A claim of OK that waits for another auditor's: if they differ, both become games.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct KeptClaim {
	/// The root.
	pub root: Hash,
	/// See [`Path::index`].
	pub index: u64,
	/// See [`Path::leaves`].
	pub leaves: u64,
	/// See [`Path::siblings`].
	pub siblings: BoundedVec<Hash, ConstU32<SIBLINGS_MAX>>,
}

impl KeptClaim {
	/// What is kept of a claim of OK; `None` if its path is longer than any.
	pub fn of(claim: &TraceClaim) -> Option<Self> {
		let TraceClaim { root, last_leaf, .. } = claim;
		let siblings = last_leaf.siblings.clone().try_into().ok()?;
		Some(Self { root: *root, index: last_leaf.index, leaves: last_leaf.leaves, siblings })
	}

	/// The claim.
	pub fn claim(self) -> TraceClaim {
		let Self { root, index, leaves, siblings } = self;
		let last_leaf = Path { index, leaves, siblings: siblings.into_inner() };
		TraceClaim { root, finding: Finding::Ok, last_leaf }
	}
}
