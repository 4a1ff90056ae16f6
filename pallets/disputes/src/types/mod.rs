//! What is stored of a dispute.

mod claim;
mod duty;
mod game;

pub(crate) use game::opening;
pub use {
	claim::{Claim, ClaimState, Rank, RankKey, Stake},
	duty::{TraceDuty, TraceQueue},
	game::{Game, GameState, Play, Revealed, Side, MAX_REVEALED},
};

use assay_kernels_exact::sampler;
use assay_market::{Balance, CommitmentHash, Lengths, ModelId, ProviderId, Sampling, Tick};
use assay_primitives::Hash;
use assay_referee::Roots;
use assay_trace::TreeShape;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::parameters::DisputeParameters;

/// Most claims of auditors that wait for the provider's trace: two auditors, drawn twice.
pub const MAX_WAITING: u32 = 4;

/// Most claims beside the winner's whose costs the insurance is asked for. A provider can make as many
/// claims that win against its own wrong trace as it likes; that must not pay.
pub const MAX_COVERED: u32 = 2;

/// Everything that the games about a job have in common, pinned when the first claim is made.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Case<AccountId> {
	/// What the answer is named by.
	pub commitment: CommitmentHash,
	/// Who answered.
	pub provider: ProviderId,
	/// What the referee recomputes.
	pub run: Run,
	/// The rules as they were when the job was accepted.
	pub parameters: DisputeParameters,
	/// What a claim costs whoever is wrong.
	pub costs: Costs,
	/// The provider's claim.
	pub trace: Trace,
	/// Number of the next seal.
	pub next_seal: u32,
	/// Claims that are stored.
	pub claims: u32,
	/// Auditors whose claims become games with the provider's trace.
	pub waiting: BoundedVec<AccountId, ConstU32<MAX_WAITING>>,
	/// That the provider has lost, while earlier seals may still win.
	pub loss: Option<Loss<AccountId>>,
	/// Claims beside the winner's whose costs were paid.
	pub covered: u32,
	/// Whether the verdict is spoken. What is left are claims to be closed.
	pub over: bool,
}

/// What the referee recomputes.
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
pub struct Run {
	/// The model.
	pub model: ModelId,
	/// Version of the arithmetic.
	pub numerics_version: u32,
	/// Tokens in and out.
	pub lengths: Lengths,
	/// How tokens are chosen.
	pub sampling: Sampling,
	/// Root over the model's weights.
	pub weights: Hash,
	/// Root over the input tokens.
	pub input: Hash,
	/// Root over the committed output.
	pub output: Hash,
	/// Leaves of the trace.
	pub leaves: u64,
}

/// What disputing costs, by formula, at the prices of the first claim.
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
pub struct Costs {
	/// What the provider spends on a game.
	pub defence: Balance,
	/// What a challenger spends on a game.
	pub challenge: Balance,
	/// What a challenger spends on a claim whose game never began.
	pub seal: Balance,
	/// The bond of a claim: at least the provider's costs, and at least the reward.
	pub bond: Balance,
}

/// The provider's claim.
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
pub enum Trace {
	/// It waits in the provider's queue of traces.
	#[codec(index = 0)]
	Awaited,
	/// It was posted.
	#[codec(index = 1)]
	Posted {
		/// Its root.
		root: Hash,
		/// When.
		at: Tick,
		/// Ticks in which claims that were sealed before must be shown.
		reveal_ticks: Tick,
	},
	/// The provider fell silent.
	#[codec(index = 2)]
	Withheld,
}

/// That the provider has lost.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Loss<AccountId> {
	/// Whether a tile of the provider's trace was recomputed and found wrong; otherwise it fell silent.
	pub proven: bool,
	/// The earliest seal whose claim has won.
	pub winner: Option<(Rank, AccountId)>,
}

impl<AccountId> Case<AccountId> {
	/// The form of the traces' trees.
	pub const fn shape(&self) -> TreeShape {
		TreeShape::new(self.run.leaves)
	}

	/// The root of the provider's trace, once it was posted.
	pub const fn posted(&self) -> Option<Hash> {
		match self.trace {
			Trace::Posted { root, .. } => Some(root),
			Trace::Awaited | Trace::Withheld => None,
		}
	}

	/// The last tick at which a claim that was sealed at a tick may be shown; `None` before the
	/// provider's trace was posted.
	pub fn show_by(&self, sealed_at: Tick) -> Option<Tick> {
		match self.trace {
			Trace::Posted { at, reveal_ticks, .. } => {
				Some(sealed_at.max(at).saturating_add(reveal_ticks))
			}
			Trace::Awaited | Trace::Withheld => None,
		}
	}
}

impl Run {
	/// What both sides agree on.
	pub const fn roots(&self) -> Roots {
		Roots {
			weights: assay_primitives::WeightsRoot(self.weights),
			input: assay_primitives::TokenRoot(self.input),
			output: assay_primitives::TokenRoot(self.output),
		}
	}

	/// How tokens are chosen, as the arithmetic reads it.
	pub const fn sampling(&self) -> sampler::Sampling {
		let Sampling { temperature_bits, top_k, top_p, min_p, seed } = self.sampling;
		sampler::Sampling {
			temperature: f32::from_bits(temperature_bits),
			top_k,
			top_p,
			min_p,
			seed,
		}
	}
}
