//! What disputing costs, by formula: nobody is paid by invoice.
//!
//! Each side of a game traces the run once and makes its moves. Tracing takes at most one and a half
//! times the pass itself, whose price is the job's; moves cost what the chain charges for them.

use assay_market::{traits::DisputeTerms, Balance};
use assay_programs::limits::MAX_WITNESS;
use assay_trace::{tree::LEVELS, TreeShape};
use frame_support::weights::Weight;
use sp_runtime::traits::Convert;

use crate::{
	kinds::LeafKind,
	types::{Costs, MAX_REVEALED},
	Config, Pallet, WeightInfo,
};

/// What tracing a run costs, in halves of the run's price.
const TRACE_HALVES: Balance = 3;
/// Bytes of a call beside what it shows: signature, extensions, names of job, answer and game.
const CALL_BYTES: u32 = 250;
/// Bytes of a path to the last leaf of the longest trace.
const PATH_BYTES: u32 = 10 * 15 * 32;
/// Bytes of the longest opening.
const OPENING_BYTES: u32 = MAX_REVEALED * 32;

/// Moves by which a side reveals its way to a leaf, at most.
pub fn reveals(shape: TreeShape) -> u32 {
	shape.depth().div_ceil(LEVELS)
}

impl<T: Config> Pallet<T> {
	/// What a dispute about an answer costs either side, and what a claim risks.
	pub(crate) fn costs_of(
		terms: &DisputeTerms<T::AccountId>,
		shape: TreeShape,
		program_bytes: u32,
	) -> Costs {
		let tracing = terms.price.saturating_mul(TRACE_HALVES).div_ceil(2);
		let reveal = Self::fee(T::WeightInfo::reveal(), OPENING_BYTES);
		let reveals = reveal.saturating_mul(reveals(shape).into());
		// At most 224 KiB.
		let witness_bytes = u32::try_from(MAX_WITNESS).unwrap_or(u32::MAX);
		let witness =
			Self::fee(LeafKind::heaviest::<T>(witness_bytes, program_bytes), witness_bytes);
		let playing = tracing.saturating_add(reveals).saturating_add(witness);
		let post = Self::fee(T::WeightInfo::post_trace(), PATH_BYTES);
		let seal = Self::fee(T::WeightInfo::challenge(program_bytes), 0);
		let show = Self::fee(T::WeightInfo::reveal_root(), PATH_BYTES);
		let defence = playing.saturating_add(post);
		let bond = defence.max(Self::reward_of(terms));
		Costs {
			defence,
			challenge: playing.saturating_add(seal).saturating_add(show),
			seal: tracing.saturating_add(seal),
			bond,
		}
	}

	/// What the winner of a dispute about an answer is paid beside its costs.
	pub(crate) fn reward_of(terms: &DisputeTerms<T::AccountId>) -> Balance {
		let shares = &terms.penalty.shares;
		shares.reward.mul_floor(terms.exposure).min(shares.reward_at_most)
	}

	/// Fee of a call of this weight that shows so many bytes.
	fn fee(weight: Weight, bytes: u32) -> Balance {
		T::CallFee::convert((weight, bytes.saturating_add(CALL_BYTES)))
	}
}
