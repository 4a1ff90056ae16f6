//! Traces: the list of all tiles that a run computes, as the leaves of one tree.
//!
//! The trace of a run is never stored. It is walked: two parties who disagree about a run reveal
//! nodes of their trees, two levels a move, until one leaf is left, and the referee recomputes that
//! leaf. Chain and workers must agree on what every leaf and node means; this crate is where they do.
//!
//! | question | owner |
//! | --- | --- |
//! | which tile a leaf is, and where a tile lies | [`layout`] |
//! | which leaves the protocol appends: sampling, comparison, verdict | [`epilogue`] |
//! | how many elements its tiles have | [`grid`] |
//! | how the numbers of a tile are written | [`bytes`] |
//! | form of a tree, proofs of leaves, what a move reveals, which nodes are kept | [`tree`] |
//! | from tiles to the tree, in memory that does not grow with the trace | [`builder`] |
//!
//! The layout follows from the program, the number of input tokens and the number of output tokens
//! alone. `kernels/SPEC.md` defines the program's part of it, `SPEC.md` beside this crate the rest.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod builder;
pub mod bytes;
pub mod epilogue;
pub mod grid;
pub mod layout;
pub mod tree;

pub use builder::{BuildError, TraceBuilder};
pub use epilogue::{Epilogue, EpilogueLeaf, Filter};
pub use layout::{Layout, Leaf};
pub use tree::{
	Leaves, Node, Opening, OpeningError, ProofError, Segment, SegmentError, Skeleton,
	SkeletonBuilder, TreeShape,
};
