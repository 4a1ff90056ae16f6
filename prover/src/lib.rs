//! What a party to a dispute needs of a machine.
//!
//! A run was answered, its output committed, and somebody doubts it. Each side has to show parts of its
//! trace: the root, nodes of the tree, in the end one tile with everything that it is computed from.
//! None of that is kept while runs are answered; it is computed when it is asked for, by any backend,
//! from the tokens alone.
//!
//! | question | owner |
//! | --- | --- |
//! | which run is meant | [`run`] |
//! | a whole trace, in memory that does not grow with it | [`tracer`] |
//! | the protocol's leaves | `epilogue` |
//! | some leaves again | [`replay`] |
//! | openings, paths, witnesses | [`prover`] |
//! | the tree of the weights | [`weights`] |
//! | a trace across a restart | [`store`] |
//! | a party that lies, for tests and demonstrations | [`lie`] |
//! | how many moves and bytes a dispute takes | [`size`] |
//!
//! # What a game costs
//! One pass for the root, one for the openings below the levels that are kept, one for the witness; the
//! last two end at the leaf in question. Nothing is computed a fourth time, however many moves there are.

#![forbid(unsafe_code)]

pub mod error;
pub mod lie;
pub mod prover;
pub mod replay;
pub mod run;
pub mod size;
pub mod store;
pub mod tracer;
pub mod weights;

mod epilogue;
mod tokens;

pub use error::ProverError;
pub use lie::Lie;
pub use prover::Prover;
pub use run::Run;
pub use size::TraceSize;
pub use store::{load, save};
pub use tracer::{trace, Keep, Meter, Traced};
pub use weights::WeightTree;
