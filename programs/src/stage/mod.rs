//! Stages: the parts of an operation that are computed one after the other, and where the tiles of
//! each lie in a trace.
//!
//! A trace is every tile of every [`Section`], in this order: steps as they are executed, the stages
//! of a step, and the tiles of a stage as its [`Layout`] numbers them. The protocol appends its
//! epilogue (sampling, comparison, verdict) as further sections; no part of it belongs to a program.

mod heads;
mod layout;
mod number;
mod pool;
mod section;
mod trace;
mod visible;

use core::fmt;

pub(crate) use section::Layer;
pub use {
	layout::{Layout, Tile},
	section::Section,
	trace::{Location, Trace},
};

/// A stage of an operation. Each is a section of the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
	/// Statistics of each row's norm: RMS: r; layer: mean, r; L2: norm.
	NormStatistics,
	/// Range of each row that is quantised: max, scale, or half range, scale, zero point.
	Range,
	/// Codes of a row.
	Codes,
	/// f32 rows, element by element.
	Elements,
	/// f32 rows of a layer.
	Product,
	/// Heads: each its scale, then its codes.
	Heads,
	/// Attention records, one per position, head, group of channels and visible block of keys: M, R,
	/// L, then O of the group.
	Records,
	/// Attention rows: merged records.
	Merge,
	/// Maxima of the pooled channels and their reductions.
	PoolMaxima,
	/// Sums of the pooled channels and their reductions.
	PoolSums,
	/// Means of the pooled channels.
	PoolMean,
}

impl Stage {
	/// How an operation gets around a witness that is too long.
	pub(crate) const fn advice(self) -> &'static str {
		match self {
			Self::Range => "normalise in an operation of its own, or leave out the multipliers",
			Self::Records => "use one-digit keys or narrower heads",
			_ => "use fewer digits, no groups, or narrower rows",
		}
	}
}

impl fmt::Display for Stage {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::NormStatistics => "norm statistics",
			Self::Range => "range",
			Self::Codes => "codes",
			Self::Elements => "elements",
			Self::Product => "product",
			Self::Heads => "heads",
			Self::Records => "attention records",
			Self::Merge => "merged attention",
			Self::PoolMaxima => "pooling maxima",
			Self::PoolSums => "pooling sums",
			Self::PoolMean => "mean",
		})
	}
}
