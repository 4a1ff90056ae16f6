//! Trees of arity 16, as `assay_primitives::merkle` hashes them, seen from a dispute.

mod opening;
mod proof;
mod segment;
mod shape;
mod skeleton;

pub use opening::{Opening, LEVELS, MAX_HASHES};
pub use proof::{climb, root_of, ProofError};
pub use segment::{Segment, SegmentError};
pub use shape::{Node, TreeShape};
pub use skeleton::{Leaves, OpeningError, Skeleton, SkeletonBuilder};

/// Greatest number of children of a node, as a number of nodes.
const ARITY: u64 = assay_primitives::merkle::ARITY as u64;
