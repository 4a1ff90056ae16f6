//! What the registry of models tells the market.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use assay_primitives::WeightsRoot;
use assay_programs::cost::{ComputeUnits, Weights};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

use crate::{manifest::ProgramBytes, Balance, Lengths, ModelId, Tick};

/// What goes into a model and what comes out.
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
pub enum ModelKind {
	/// Tokens in, tokens out.
	#[codec(index = 0)]
	Generate,
	/// Tokens in, one vector out.
	#[codec(index = 1)]
	Embed {
		/// Elements of the vector.
		dimension: u32,
	},
}

/// Whether a model takes new jobs, and what they count for.
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
pub enum ModelStatus {
	/// Served, but nobody attests that its weights can be had: never shown as verifiable; no
	/// emission, reputation or audits.
	#[codec(index = 0)]
	Unlisted,
	/// Enough bonded parties attest that its weights can be had.
	#[codec(index = 1)]
	Listed,
	/// Its weights were demanded and nobody had them: no new jobs.
	#[codec(index = 2)]
	Frozen,
	/// Takes new jobs until the tick, then none.
	#[codec(index = 3)]
	Deprecated {
		/// The last tick.
		until: Tick,
	},
}

/// What the market must know of a model.
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
pub struct ModelFacts {
	/// What goes in and what comes out.
	pub kind: ModelKind,
	/// Token ids are below this.
	pub vocabulary: u32,
	/// Most positions of a run.
	pub max_positions: u32,
	/// Version of the arithmetic.
	pub numerics_version: u32,
	/// Least bond of its providers, in the native token.
	pub min_bond: Balance,
	/// Whether it takes new jobs, and what they count for.
	pub status: ModelStatus,
	/// Size of the program, which the weight of pricing a run follows: its bytes, or 16 for each of
	/// its operations if that is more. At most 64 KiB.
	pub program_bytes: u32,
}

/// What a run costs.
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
	/// Compute.
	pub units: ComputeUnits,
	/// Bytes of its trace, should it be disputed.
	pub trace_bytes: u64,
}

/// The registry of models.
pub trait Models {
	/// What the market must know of a model; `None` if there is no such model.
	fn facts(model: &ModelId) -> Option<ModelFacts>;

	/// Fails with the reason if a model takes no new jobs.
	///
	/// # Errors
	/// The registry's typed errors: unknown, frozen, deprecated, numerics version faulty.
	fn ensure_takes_jobs(model: &ModelId) -> Result<ModelFacts, DispatchError>;

	/// What a run of these lengths costs. Grows, or stays, with each length.
	///
	/// # Errors
	/// If the model is unknown, or the lengths are none that it admits.
	fn run(model: &ModelId, lengths: Lengths, weights: &Weights) -> Result<Run, DispatchError>;

	/// What runs of a model are recomputed from: its program's bytes, and the root over its weights.
	/// `None` if there is no such model, and from registries that keep no programs.
	fn program(_model: &ModelId) -> Option<(ProgramBytes, WeightsRoot)> {
		None
	}

	/// Whether a token ends an answer.
	fn is_stop_token(model: &ModelId, token: u32) -> bool;

	/// Where the first token lies that ends an answer. Registries that keep the set in one place
	/// read it once here.
	fn first_stop_token(model: &ModelId, tokens: &[u32]) -> Option<usize> {
		tokens.iter().position(|token| Self::is_stop_token(model, *token))
	}

	/// A job was opened (`true`) or ended (`false`): a model stays while it has jobs.
	fn job_changed(model: &ModelId, opened: bool);

	/// Makes a model that takes jobs, with a program of about this many bytes.
	#[cfg(feature = "runtime-benchmarks")]
	fn register_for_benchmark(program_bytes: u32) -> ModelId;

	/// Makes a model of this program, which is admitted. Registries that keep no programs cannot, and
	/// benchmarks that need it fail.
	#[cfg(feature = "runtime-benchmarks")]
	fn register_program_for_benchmark(_program: ProgramBytes) -> Option<ModelId> {
		None
	}
}
