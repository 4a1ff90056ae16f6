//! Kinds of leaves: by them and by the size of its witness, the weight of recomputing a leaf is known
//! before a call is dispatched.

use assay_programs::{op::OpKind, stage::Stage};
use assay_trace::{EpilogueLeaf, Layout, Leaf};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;

use crate::{Config, WeightInfo};

/// What kind of arithmetic gives a leaf.
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
pub enum LeafKind {
	/// Rows of tables.
	#[codec(index = 0)]
	Embed,
	/// Statistics of a norm, and what it normalises.
	#[codec(index = 1)]
	Norm,
	/// Ranges and codes.
	#[codec(index = 2)]
	Quantise,
	/// A layer.
	#[codec(index = 3)]
	Linear,
	/// Two layers, one of which gates the other.
	#[codec(index = 4)]
	Gated,
	/// Heads of queries, keys and values.
	#[codec(index = 5)]
	Heads,
	/// A record of attention.
	#[codec(index = 6)]
	Records,
	/// A row of attention.
	#[codec(index = 7)]
	Merge,
	/// Element by element, and rows that are taken as they are.
	#[codec(index = 8)]
	Elementwise,
	/// Maxima, sums and means over positions.
	#[codec(index = 9)]
	Pool,
	/// Choosing a token.
	#[codec(index = 10)]
	Sampling,
	/// Comparing with what was committed.
	#[codec(index = 11)]
	Verdict,
}

impl LeafKind {
	/// Every kind, in the order of the indices.
	pub const ALL: [Self; 12] = [
		Self::Embed,
		Self::Norm,
		Self::Quantise,
		Self::Linear,
		Self::Gated,
		Self::Heads,
		Self::Records,
		Self::Merge,
		Self::Elementwise,
		Self::Pool,
		Self::Sampling,
		Self::Verdict,
	];

	/// The kind of a leaf; `None` if the trace has no such leaf.
	pub fn of(layout: &Layout<'_, '_>, leaf: u64) -> Option<Self> {
		match layout.locate(leaf)? {
			Leaf::Program(location) => {
				let step = location.step;
				let op = layout.typed().program().blocks.get(step.block)?.ops.get(step.op)?;
				Some(Self::of_stage(&op.kind, location.section.stage))
			}
			Leaf::Epilogue(leaf) => Some(match leaf {
				EpilogueLeaf::Flags { .. } | EpilogueLeaf::Conjunction { .. } => Self::Verdict,
				_ => Self::Sampling,
			}),
		}
	}

	const fn of_stage(op: &OpKind, stage: Stage) -> Self {
		match (op, stage) {
			(_, Stage::NormStatistics) | (OpKind::Normalise { .. }, _) => Self::Norm,
			(OpKind::Embed(_), _) => Self::Embed,
			(OpKind::Quantise(_), _) => Self::Quantise,
			(OpKind::Linear(_), _) => Self::Linear,
			(OpKind::Gated(_), _) => Self::Gated,
			(OpKind::Heads(_), _) => Self::Heads,
			(OpKind::Attention(_), Stage::Records) => Self::Records,
			(OpKind::Attention(_), _) => Self::Merge,
			(OpKind::Elementwise(_) | OpKind::Take { .. }, _) => Self::Elementwise,
			(OpKind::MeanPool { .. }, _) => Self::Pool,
		}
	}

	/// Weight of recomputing a leaf of this kind from a witness of so many bytes, by a program of so
	/// many.
	pub fn weight<T: Config>(self, bytes: u32, program_bytes: u32) -> Weight {
		let leaf = match self {
			Self::Embed => T::WeightInfo::witness_embed(bytes),
			Self::Norm => T::WeightInfo::witness_norm(bytes),
			Self::Quantise => T::WeightInfo::witness_quantise(bytes),
			Self::Linear => T::WeightInfo::witness_linear(bytes),
			Self::Gated => T::WeightInfo::witness_gated(bytes),
			Self::Heads => T::WeightInfo::witness_heads(bytes),
			Self::Records => T::WeightInfo::witness_records(bytes),
			Self::Merge => T::WeightInfo::witness_merge(bytes),
			Self::Elementwise => T::WeightInfo::witness_elementwise(bytes),
			Self::Pool => T::WeightInfo::witness_pool(bytes),
			Self::Sampling => T::WeightInfo::witness_sampling(bytes),
			Self::Verdict => T::WeightInfo::witness_verdict(bytes),
		};
		leaf.saturating_add(T::WeightInfo::read_program(program_bytes))
	}

	/// The greatest weight of any kind.
	pub fn heaviest<T: Config>(bytes: u32, program_bytes: u32) -> Weight {
		Self::ALL
			.into_iter()
			.map(|kind| kind.weight::<T>(bytes, program_bytes))
			.fold(Weight::zero(), |greatest, weight| greatest.max(weight))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_list_of_kinds_should_be_complete() {
		let known = (0..=u8::MAX).filter(|index| LeafKind::decode(&mut &[*index][..]).is_ok());
		assert!(known.eq(LeafKind::ALL.iter().flat_map(Encode::encode)));
	}
}
