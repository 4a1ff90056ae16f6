//! A program unrolled: every operation with its weights, its widths and its place in the cache.

use assay_kernels_exact::{activation::Activation, quantise::Digits};
use assay_programs::op::{Elementwise, Register, TakeRows};

use super::{
	store::Store,
	weights::{MatrixId, VectorId},
};
use crate::{
	attention::{Attention, CacheShape},
	norm::Norm,
	quantise::Scheme,
};

/// The operations of a program in the order of execution.
#[derive(Debug)]
pub(super) struct Plan {
	pub(super) steps: Vec<PlannedStep>,
	/// The register that the result is in.
	pub(super) result: Register,
	/// What attention keeps of each position: a cache for each width and precision of heads.
	pub(super) caches: Vec<CacheShape>,
}

/// An operation at its place.
#[derive(Debug)]
pub(super) struct PlannedStep {
	pub(super) block: usize,
	pub(super) iteration: u16,
	pub(super) index: usize,
	pub(super) output: Register,
	pub(super) operation: Operation,
}

/// What is computed.
#[derive(Debug)]
pub(super) enum Operation {
	/// Rows of the word table, summed with those of an encoder's positions and kinds.
	Embed {
		words: MatrixId,
		encoder: Option<[MatrixId; 2]>,
	},
	Normalise {
		input: Register,
		columns: usize,
		norm: NormWeights,
	},
	Quantise(Quantise),
	Linear {
		input: Register,
		layer: MatrixId,
		activation: Option<Activation>,
		residual: Option<Register>,
	},
	Gated {
		input: Register,
		gate: MatrixId,
		up: MatrixId,
		activation: Activation,
	},
	Heads(Heads),
	Attention {
		query: Register,
		key: Register,
		value: Register,
		/// Index of the cache.
		cache: usize,
		attention: Attention,
	},
	Elementwise(Elementwise),
	Take {
		input: Register,
		columns: usize,
		rows: TakeRows,
	},
	MeanPool {
		input: Register,
		columns: usize,
	},
}

/// f32 rows to codes.
#[derive(Debug)]
pub(super) struct Quantise {
	pub(super) input: Register,
	pub(super) columns: usize,
	pub(super) norm: Option<NormWeights>,
	pub(super) scheme: Scheme,
	pub(super) multipliers: Option<VectorId>,
}

/// f32 rows to quantised heads.
#[derive(Debug)]
pub(super) struct Heads {
	pub(super) input: Register,
	pub(super) heads: usize,
	pub(super) head_dim: usize,
	/// Gain and epsilon.
	pub(super) norm: Option<(VectorId, f32)>,
	/// Index of the rotation.
	pub(super) rotation: Option<usize>,
	pub(super) digits: Digits,
}

/// A norm and its weights.
#[derive(Clone, Copy, Debug)]
pub(super) enum NormWeights {
	Rms { gain: VectorId, eps: f32 },
	Layer { gain: VectorId, bias: VectorId, eps: f32 },
	L2,
}

impl NormWeights {
	/// The norm as the kernels take it.
	pub(super) fn with(self, weights: &impl Store) -> Norm<'_> {
		match self {
			Self::Rms { gain, eps } => Norm::Rms { gain: weights.vector(gain), eps },
			Self::Layer { gain, bias, eps } => {
				Norm::Layer { gain: weights.vector(gain), bias: weights.vector(bias), eps }
			}
			Self::L2 => Norm::L2,
		}
	}
}
